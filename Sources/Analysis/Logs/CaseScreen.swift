import EventLogs
import Rules

/// Decides whether a rule could have anything to say of a case: most cases are clean, and cost no more than this.
///
/// Only cases of one output are decided; whatever is not certain is left to the evaluator.
struct CaseScreen {
  private let plan: LogPlan
  private let screen: ScreenPlan
  /// The bound of two producers' clocks, where it was set by hand; `nil` has every disagreement looked at.
  private let bound: Int64.Magnitude?

  init(plan: LogPlan, screen: ScreenPlan, maximumSkew: Int64?) {
    self.plan = plan
    self.screen = screen
    bound = maximumSkew.map { $0.magnitude.multipliedReportingOverflow(by: 2).partialValue }
  }

  /// Whether nothing could be found in a case, whatever the clocks' offsets are; the records stand in the order of
  /// arrival, without redelivered ones.
  func isClean(_ records: [EventRecord], laneOfSource: [UInt16]) -> Bool {
    var present: UInt64 = 0
    var one = Simple()
    for record in records {
      present |= record.selections
      guard one.take(record) else { return false }
    }
    if present & plan.subjects == 0 { return true }
    guard one.isLinked(records) else { return false }
    // An output that asks for no proof is none.
    if present & bit(plan.exempt) != 0 {
      for record in records where record.selections & bit(plan.exempt) != 0 {
        if record.request != 0 { return true }
      }
      return false
    }
    if one.certificate != 0 {
      let others = plan.bystanders | bit(plan.use) | bit(plan.certificate)
      for record in records {
        if record.selections & bit(plan.certificate) != 0 {
          // A proof that names no certificate beside one that does: too much for a look.
          if record.certificate == 0 { return false }
        } else if present & bit(plan.certificate) == 0, record.certificate != 0,
          record.selections & others == 0
        {
          return false
        }
      }
    }
    let view = View(records: records, lanes: laneOfSource, ids: one, present: present)
    for check in screen.checks where present & check.on != 0 {
      for index in records.indices where records[index].selections & check.on != 0 {
        if !isSilent(check, index, view) { return false }
      }
    }
    return true
  }

  private func bit(_ selection: Int) -> UInt64 { 1 << UInt64(selection) }

  /// The identities of a case that has at most one of each.
  private struct Simple {
    var output: UInt64 = 0
    var request: UInt64 = 0
    var prompt: UInt64 = 0
    var certificate: UInt64 = 0

    mutating func take(_ record: EventRecord) -> Bool {
      if !record.links.isEmpty { return false }
      return Simple.join(&output, record.output) && Simple.join(&request, record.request)
        && Simple.join(&prompt, record.prompt) && Simple.join(&certificate, record.certificate)
    }

    private static func join(_ known: inout UInt64, _ met: UInt64) -> Bool {
      if met == 0 || met == known { return true }
      if known != 0 { return false }
      known = met
      return true
    }

    /// Whether every event is certain to be about the one output.
    func isLinked(_ records: [EventRecord]) -> Bool {
      if output == 0 && request == 0 { return false }
      var isJoined = output == 0 || request == 0
      for record in records {
        if record.output == 0 && record.request == 0 { return false }
        if record.output != 0 && record.request != 0 { isJoined = true }
      }
      return isJoined
    }
  }

  private struct View {
    let records: [EventRecord]
    let lanes: [UInt16]
    let ids: Simple
    let present: UInt64
  }

  private func isSilent(_ check: ScreenPlan.Check, _ event: Int, _ view: View) -> Bool {
    for condition in check.given where decide(condition, event, view) == .no { return true }
    for condition in check.unless where decide(condition, event, view) == .yes { return true }
    for condition in check.requires where decide(condition, event, view) != .yes { return false }
    return true
  }

  private func decide(
    _ condition: ScreenPlan.Condition, _ event: Int, _ view: View
  ) -> Certainty {
    switch condition {
    case .unknown: return .maybe
    case .all(let parts):
      var result = Certainty.yes
      for part in parts {
        switch decide(part, event, view) {
        case .no: return .no
        case .maybe: result = .maybe
        case .yes: break
        }
      }
      return result
    case .any(let parts):
      var result = Certainty.no
      for part in parts {
        switch decide(part, event, view) {
        case .yes: return .yes
        case .maybe: result = .maybe
        case .no: break
        }
      }
      return result
    case .not(let part): return decide(part, event, view).negated
    case .fact(let bit): return fact(bit, view.records[event])
    case .exists(let reference):
      return strongest(reference, event, view) { _ in .yes }
    case .earlier(let reference):
      return strongest(reference, event, view) { isBefore($0, event, view) }
    case .later(let reference, let limit):
      return strongest(reference, event, view) { candidate in
        let certainty = isBefore(event, candidate, view)
        guard certainty == .yes, let limit else { return certainty }
        let (gap, overflow) = view.records[candidate].time.subtractingReportingOverflow(
          view.records[event].time)
        // A tie by time is not after.
        return !overflow && gap <= limit && gap > 0 ? .yes : .maybe
      }
    case .absent(let reference):
      let found = strongest(reference, event, view) { candidate in
        isBefore(event, candidate, view) == .yes ? .no : .maybe
      }
      return found == .no ? .yes : .maybe
    case .between(let reference, let after, let before):
      return isBetween(reference, after, before, event, view) ? .maybe : .no
    case .atMost(let reference, let most):
      var count = view.records[event].selections & reference.selection == 0 ? 0 : 1
      _ = strongest(reference, event, view) { _ in
        count += 1
        return .maybe
      }
      return count <= most ? .yes : .maybe
    case .each(let of, let has, let by, let number):
      return isPaired(of, has, by, number, event, view) ? .yes : .maybe
    case .distinct(let reference, let value, let most):
      if most < 1 { return .maybe }
      let isAlone = strongest(reference, event, view, untested: true) { candidate in
        isSame(value, candidate, event, view, whereAbsent: .yes) == .yes ? .no : .maybe
      }
      return isAlone == .no ? .yes : .maybe
    case .none(let references):
      for reference in references
      where strongest(reference, event, view, { _ in .yes }) != .no { return .maybe }
      return .yes
    case .complete(let references):
      for reference in references
      where strongest(reference, event, view, { _ in .yes }) == .no { return .no }
      return .maybe
    }
  }

  /// Whether one of the events may stand in the interval; here the judged event counts like any other.
  private func isBetween(
    _ reference: ScreenPlan.Reference, _ after: ScreenPlan.Reference?,
    _ before: ScreenPlan.Reference?, _ event: Int, _ view: View
  ) -> Bool {
    if view.records[event].selections & reference.selection != 0 { return true }
    let found = strongest(reference, event, view) { candidate in
      if let before {
        let ended = strongest(before, event, view) { isBefore($0, candidate, view) }
        if ended == .yes { return .no }
      }
      guard let after else { return .maybe }
      // The judged event may itself begin the interval.
      if view.records[event].selections & after.selection != 0 { return .maybe }
      return strongest(after, event, view) { isBefore($0, candidate, view) }
    }
    return found != .no
  }

  private func isPaired(
    _ of: ScreenPlan.Reference, _ has: ScreenPlan.Reference, _ by: Int, _ number: Int?,
    _ event: Int, _ view: View
  ) -> Bool {
    var expected: UInt32 = 0
    var isCounted = true
    var values: Set<UInt32> = []
    let isMissing = strongest(of, event, view) { candidate in
      let value = view.records[candidate].values[by]
      if value == 0 { return .maybe }
      if let number, view.records[candidate].values[number] != 0 {
        let stated = EventRecord.smallNumber(view.records[candidate].values[number])
        if let stated { expected = max(expected, stated) } else { isCounted = false }
      }
      let found = strongest(has, event, view) { partner in
        view.records[partner].values[by] == value ? isBefore(partner, event, view) : .no
      }
      if found == .yes { values.insert(value) }
      return found == .yes ? .no : .maybe
    }
    return isMissing == .no && isCounted && values.count >= Int(expected)
  }

  private func fact(_ bit: UInt64, _ record: EventRecord) -> Certainty {
    record.facts & bit != 0 ? .yes : record.denials & bit != 0 ? .no : .maybe
  }

  /// The most that is certain of any candidate: that it is meant, and that `measure` holds of it.
  private func strongest(
    _ reference: ScreenPlan.Reference, _ event: Int, _ view: View, untested: Bool = false,
    _ measure: (Int) -> Certainty
  ) -> Certainty {
    if view.present & reference.selection == 0 { return .no }
    var by = reference.by
    let judged = view.records[event]
    var certificate = judged.certificate
    var result = Certainty.no
    if by == .proof {
      if certificate == 0 { certificate = proof(of: event, view) }
      by = certificate == 0 ? .output : .certificate
    }
    switch by {
    case .certificate: if certificate == 0 { return .no }
    case .prompt: if view.ids.prompt == 0 { return .no }
    // Without a hash an output goes by its request.
    case .output, .anything, .proof: break
    case .request: if view.ids.request == 0 { return .no }
    }
    for index in view.records.indices where index != event {
      let other = view.records[index]
      if other.selections & reference.selection == 0 { continue }
      if by == .certificate && other.certificate != certificate { continue }
      var certainty = Certainty.yes
      if !untested, let test = reference.test { certainty = decide(test, index, event, view) }
      if certainty == .no { continue }
      let measured = measure(index)
      if measured == .no { continue }
      if measured == .maybe || reference.isNarrowed { certainty = .maybe }
      if certainty == .yes { return .yes }
      result = .maybe
    }
    return result
  }

  /// The certificate of the output's other proofs, all of which name the same one.
  private func proof(of event: Int, _ view: View) -> UInt64 {
    for index in view.records.indices where index != event {
      if view.records[index].selections & bit(plan.certificate) != 0 {
        return view.records[index].certificate
      }
    }
    return 0
  }

  private func decide(
    _ test: ScreenPlan.Test, _ candidate: Int, _ event: Int, _ view: View
  ) -> Certainty {
    switch test {
    case .unknown: return .maybe
    case .all(let parts):
      var result = Certainty.yes
      for part in parts {
        switch decide(part, candidate, event, view) {
        case .no: return .no
        case .maybe: result = .maybe
        case .yes: break
        }
      }
      return result
    case .any(let parts):
      var result = Certainty.no
      for part in parts {
        switch decide(part, candidate, event, view) {
        case .yes: return .yes
        case .maybe: result = .maybe
        case .no: break
        }
      }
      return result
    case .not(let part): return decide(part, candidate, event, view).negated
    case .fact(let bit): return fact(bit, view.records[candidate])
    case .same(let value): return isSame(value, candidate, event, view, whereAbsent: .no)
    case .different(let value):
      return isSame(value, candidate, event, view, whereAbsent: .yes).negated
    case .alike(let value): return isAlike(value, candidate, event, view)
    }
  }

  private func isSame(
    _ value: ScreenPlan.Value, _ left: Int, _ right: Int, _ view: View,
    whereAbsent absent: Certainty
  ) -> Certainty {
    switch value {
    case .identity(let identity):
      switch identity {
      // All events of the case share them, or have none.
      case .output, .anything: return .yes
      case .request: return view.ids.request == 0 ? absent : .yes
      case .prompt: return view.ids.prompt == 0 ? absent : .yes
      case .certificate, .proof:
        let first = view.records[left].certificate
        let second = view.records[right].certificate
        return first == 0 || second == 0 ? absent : first == second ? .yes : .no
      }
    case .field(let place):
      let first = view.records[left].values[place]
      let second = view.records[right].values[place]
      return first == 0 || second == 0 ? absent : first == second ? .yes : .no
    }
  }

  private func isAlike(
    _ value: ScreenPlan.Value, _ left: Int, _ right: Int, _ view: View
  ) -> Certainty {
    switch value {
    case .identity(let identity):
      switch identity {
      case .output, .anything, .request, .prompt: return .yes
      case .certificate, .proof:
        return view.records[left].certificate == view.records[right].certificate ? .yes : .no
      }
    case .field(let place):
      return view.records[left].values[place] == view.records[right].values[place] ? .yes : .no
    }
  }

  /// Whether one event is certain to come before another, by every order that there is.
  private func isBefore(_ left: Int, _ right: Int, _ view: View) -> Certainty {
    let first = view.records[left]
    let second = view.records[right]
    guard first.isTimed && second.isTimed else { return .maybe }
    if view.lanes[Int(first.source)] != view.lanes[Int(second.source)] {
      let (gap, overflow) = second.time.subtractingReportingOverflow(first.time)
      if overflow || gap == 0 || gap.magnitude <= bound ?? 0 { return .maybe }
      return gap > 0 ? .yes : .no
    }
    let isLineBefore = first.serial < second.serial
    if first.time == second.time { return isLineBefore ? .yes : .no }
    if (first.time < second.time) == isLineBefore { return isLineBefore ? .yes : .no }
    let isOneClock = first.producer == second.producer && first.producer != Event.nobody
    guard isOneClock || bound == 0 else { return .maybe }
    return first.time < second.time ? .yes : .no
  }
}

extension TestEvaluator {
  /// Whether the field's text holds the identity as it is written.
  func holdsBytes(_ field: PlannedField, _ identity: EventIdentity, of event: CaseEvent) -> Bool {
    guard let value = value(field, event), value.kind == .text else { return false }
    let text = event.text(of: identity)
    return text != Event.nobody && texts.holds(value.payload, text)
  }
}

import EventLogs
import Rules

/// Decides whether a rule could have anything to say of a case: most cases are clean, and cost no more than this.
///
/// Only cases of one output are decided; whatever is not certain is left to the evaluator.
final class CaseScreen: Sendable {
  private let plan: LogPlan
  private let program: ScreenProgram
  /// The bound of two producers' clocks, where it was set by hand; `nil` has every disagreement looked at.
  private let bound: Int64.Magnitude?

  /// Finds nothing clean: for tests that compare.
  private let isOff: Bool

  /// Larger cases are looked at in full.
  static let mostRecords = 256

  init(plan: LogPlan, screen: ScreenPlan, maximumSkew: Int64?, isOff: Bool = false) {
    self.plan = plan
    self.isOff = isOff
    program = ScreenProgram(screen)
    bound = maximumSkew.map { $0.magnitude.multipliedReportingOverflow(by: 2).partialValue }
  }

  /// Whether a case is clean, whose records stand in the order of arrival.
  ///
  /// Then its uses are counted. Redelivered records go.
  func look(
    _ records: inout [EventRecord], _ laneOfSource: [UInt16], _ tally: inout UseTally
  ) -> Bool {
    tally.noteLatencies(of: records, plan)
    if isOff || records.count > CaseScreen.mostRecords { return false }
    let dropped = CaseScreen.dropRedelivered(&records)
    guard isClean(records, laneOfSource: laneOfSource) else { return false }
    tally.count(redelivered: dropped)
    tally.count(records, plan)
    return true
  }

  static func dropRedelivered(_ records: inout [EventRecord]) -> Int {
    var dropped = 0
    var index = 1
    while index < records.count {
      let delivery = records[index].delivery
      if (0..<index).contains(where: { records[$0].delivery == delivery }) {
        records.remove(at: index)
        dropped += 1
      } else {
        index += 1
      }
    }
    return dropped
  }

  /// Whether nothing could be found in a case, whatever the clocks' offsets are.
  func isClean(_ records: [EventRecord], laneOfSource: [UInt16]) -> Bool {
    var present: UInt64 = 0
    var one = Simple()
    for index in records.indices {
      present |= records[index].selections
      guard one.take(records, index) else { return false }
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
    for check in program.checks where present & check.on != 0 {
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

    mutating func take(_ records: [EventRecord], _ index: Int) -> Bool {
      if !records[index].links.isEmpty { return false }
      return Simple.join(&output, records[index].output)
        && Simple.join(&request, records[index].request)
        && Simple.join(&prompt, records[index].prompt)
        && Simple.join(&certificate, records[index].certificate)
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
      for index in records.indices {
        let (output, request) = (records[index].output, records[index].request)
        if output == 0 && request == 0 { return false }
        if output != 0 && request != 0 { isJoined = true }
      }
      return isJoined
    }
  }

  /// An object, so that the many closures that look at it share it.
  private final class View {
    let records: [EventRecord]
    let lanes: [UInt16]
    let ids: Simple
    let present: UInt64

    init(records: [EventRecord], lanes: [UInt16], ids: Simple, present: UInt64) {
      self.records = records
      self.lanes = lanes
      self.ids = ids
      self.present = present
    }
  }

  private func isSilent(_ check: ScreenProgram.Check, _ event: Int, _ view: View) -> Bool {
    for part in check.given where decide(at: part, event, view) == .no { return true }
    for part in check.unless where decide(at: part, event, view) == .yes { return true }
    for part in check.requires where decide(at: part, event, view) != .yes { return false }
    return true
  }

  private func decide(at part: Int32, _ event: Int, _ view: View) -> Certainty {
    let condition = program.conditions[Int(program.parts[Int(part)])]
    switch condition.operation {
    case .unknown: return .maybe
    case .all:
      return .all(of: condition.parts) { part in
        decide(at: part, event, view)
      }
    case .any:
      return .any(of: condition.parts) { part in
        decide(at: part, event, view)
      }
    case .not: return decide(at: condition.parts.lowerBound, event, view).negated
    case .fact: return fact(condition.fact, event, view)
    case .exists: return strongest(condition.reference, event, view) { _ in .yes }
    case .earlier:
      return strongest(condition.reference, event, view) { isBefore($0, event, view) }
    case .later:
      return strongest(condition.reference, event, view) { candidate in
        let certainty = isBefore(event, candidate, view)
        if certainty != .yes || condition.limit == .max { return certainty }
        let (gap, overflow) = view.records[candidate].time.subtractingReportingOverflow(
          view.records[event].time)
        return !overflow && gap <= condition.limit && gap > 0 ? .yes : .maybe
      }
    case .absent:
      let found = strongest(condition.reference, event, view) { candidate in
        isBefore(event, candidate, view) == .yes ? .no : .maybe
      }
      return found == .no ? .yes : .maybe
    case .between:
      return isBetween(condition.reference, condition.second, condition.third, event, view)
        ? .maybe : .no
    case .atMost:
      let selection = program.references[Int(condition.reference)].selection
      var count: Int64 = view.records[event].selections & selection == 0 ? 0 : 1
      _ = strongest(condition.reference, event, view) { _ in
        count += 1
        return .maybe
      }
      return count <= condition.limit ? .yes : .maybe
    case .each:
      return isPaired(condition, event, view) ? .yes : .maybe
    case .distinct:
      if condition.limit < 1 { return .maybe }
      let isAlone = strongest(condition.reference, event, view, untested: true) { candidate in
        isSame(condition.value, candidate, event, view, whereAbsent: .yes) == .yes ? .no : .maybe
      }
      return isAlone == .no ? .yes : .maybe
    case .none:
      for part in condition.parts
      where strongest(program.parts[Int(part)], event, view, { _ in .yes }) != .no {
        return .maybe
      }
      return .yes
    case .complete:
      for part in condition.parts
      where strongest(program.parts[Int(part)], event, view, { _ in .yes }) == .no { return .no }
      return .maybe
    }
  }

  /// Whether one of the events may stand in the interval; here the judged event counts like any other.
  private func isBetween(
    _ reference: Int32, _ after: Int32, _ before: Int32, _ event: Int, _ view: View
  ) -> Bool {
    let own = view.records[event].selections
    if own & program.references[Int(reference)].selection != 0 { return true }
    let found = strongest(reference, event, view) { candidate in
      if before >= 0 {
        let ended = strongest(before, event, view) { isBefore($0, candidate, view) }
        if ended == .yes { return .no }
      }
      if after < 0 { return .maybe }
      // The judged event may itself begin the interval.
      if own & program.references[Int(after)].selection != 0 { return .maybe }
      return strongest(after, event, view) { isBefore($0, candidate, view) }
    }
    return found != .no
  }

  private func isPaired(
    _ condition: ScreenProgram.Condition, _ event: Int, _ view: View
  ) -> Bool {
    guard case .field(let by) = condition.value else { return false }
    var number: Int?
    if case .field(let place) = condition.number { number = place }
    var expected: UInt32 = 0
    var isCounted = true
    var values: Set<UInt32> = []
    let isMissing = strongest(condition.reference, event, view) { candidate in
      let value = view.records[candidate].values[by]
      if value == 0 { return .maybe }
      if let number, view.records[candidate].values[number] != 0 {
        let stated = EventRecord.smallNumber(view.records[candidate].values[number])
        if let stated { expected = max(expected, stated) } else { isCounted = false }
      }
      let found = strongest(condition.second, event, view) { partner in
        view.records[partner].values[by] == value ? isBefore(partner, event, view) : .no
      }
      if found == .yes { values.insert(value) }
      return found == .yes ? .no : .maybe
    }
    return isMissing == .no && isCounted && values.count >= Int(expected)
  }

  private func fact(_ bit: UInt64, _ event: Int, _ view: View) -> Certainty {
    if view.records[event].facts & bit != 0 { return .yes }
    return view.records[event].denials & bit != 0 ? .no : .maybe
  }

  /// The most that is certain of any candidate: that it is meant, and that `measure` holds of it.
  private func strongest(
    _ place: Int32, _ event: Int, _ view: View, untested: Bool = false,
    _ measure: (Int) -> Certainty
  ) -> Certainty {
    let reference = program.references[Int(place)]
    if view.present & reference.selection == 0 { return .no }
    var by = reference.by
    var certificate = view.records[event].certificate
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
    for index in view.records.indices
    where view.records[index].selections & reference.selection != 0 && index != event {
      if by == .certificate && view.records[index].certificate != certificate { continue }
      var certainty = Certainty.yes
      if !untested, reference.test >= 0 {
        certainty = decide(test: reference.test, index, event, view)
      }
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
    test place: Int32, _ candidate: Int, _ event: Int, _ view: View
  ) -> Certainty {
    let test = program.tests[Int(place)]
    switch test.operation {
    case .unknown: return .maybe
    case .all:
      return .all(of: test.parts) { part in
        decide(test: program.parts[Int(part)], candidate, event, view)
      }
    case .any:
      return .any(of: test.parts) { part in
        decide(test: program.parts[Int(part)], candidate, event, view)
      }
    case .not:
      let part = program.parts[Int(test.parts.lowerBound)]
      return decide(test: part, candidate, event, view).negated
    case .fact: return fact(test.fact, candidate, view)
    case .same: return isSame(test.value, candidate, event, view, whereAbsent: .no)
    case .different:
      return isSame(test.value, candidate, event, view, whereAbsent: .yes).negated
    case .alike: return isAlike(test.value, candidate, event, view)
    }
  }

  private func isSame(
    _ value: ScreenProgram.Value, _ left: Int, _ right: Int, _ view: View,
    whereAbsent absent: Certainty
  ) -> Certainty {
    switch value {
    case .none: return .maybe
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
    _ value: ScreenProgram.Value, _ left: Int, _ right: Int, _ view: View
  ) -> Certainty {
    switch value {
    case .none: return .maybe
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
    let (first, second) = (view.records[left].time, view.records[right].time)
    let missing = Timestamp.missing.nanoseconds
    if first == missing || second == missing { return .maybe }
    let sources = (Int(view.records[left].source), Int(view.records[right].source))
    if sources.0 != sources.1, view.lanes[sources.0] != view.lanes[sources.1] {
      let (gap, overflow) = second.subtractingReportingOverflow(first)
      if overflow || gap == 0 || gap.magnitude <= bound ?? 0 { return .maybe }
      return gap > 0 ? .yes : .no
    }
    let isLineBefore = view.records[left].serial < view.records[right].serial
    if first == second || (first < second) == isLineBefore { return isLineBefore ? .yes : .no }
    let producer = view.records[left].producer
    let isOneClock = producer == view.records[right].producer && producer != Event.nobody
    guard isOneClock || bound == 0 else { return .maybe }
    return first < second ? .yes : .no
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

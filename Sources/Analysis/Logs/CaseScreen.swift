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
  static let mostRecords = LargeMask.capacity

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
    _ records: inout [EventRecord], _ laneOfSource: [UInt16], _ tally: inout UseTally,
    _ desk: inout ScreenDesk
  ) -> Bool {
    tally.noteLatencies(of: records, plan)
    if isOff || records.count > CaseScreen.mostRecords { return false }
    let dropped = CaseScreen.dropRedelivered(&records)
    guard isClean(records, laneOfSource, &desk) else { return false }
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
  private func isClean(
    _ records: [EventRecord], _ lanes: [UInt16], _ desk: inout ScreenDesk
  ) -> Bool {
    if records.isEmpty { return true }
    var present: UInt64 = 0
    var identities = CaseIdentities()
    for index in records.indices {
      present |= records[index].selections
      guard identities.take(records, index) else { return false }
    }
    if present & plan.subjects == 0 { return true }
    guard identities.isLinked(records) else { return false }
    // An output that asks for no proof is none.
    if present & bit(plan.exempt) != 0 {
      for index in records.indices where records[index].selections & bit(plan.exempt) != 0 {
        if records[index].request != 0 { return true }
      }
      return false
    }
    if identities.certificate != 0 {
      let others = plan.bystanders | bit(plan.use) | bit(plan.certificate)
      for index in records.indices {
        if records[index].selections & bit(plan.certificate) != 0 {
          // A proof that names no certificate beside one that does: too much for a look.
          if records[index].certificate == 0 { return false }
        } else if present & bit(plan.certificate) == 0, records[index].certificate != 0,
          records[index].selections & others == 0
        {
          return false
        }
      }
    }
    let selections = program.selections | bit(plan.certificate)
    if records.count <= SmallMask.capacity {
      desk.small.lay(
        records, identities, present: present, selections: selections, lanes: lanes, bound: bound)
      defer { desk.small.clear() }
      return isClean(desk.small, desk.programs.program(program, present: present))
    }
    desk.large.lay(
      records, identities, present: present, selections: selections, lanes: lanes, bound: bound)
    defer { desk.large.clear() }
    return isClean(desk.large, desk.programs.program(program, present: present))
  }

  private func bit(_ selection: Int) -> UInt64 { 1 << UInt64(selection) }

  private func isClean<Mask>(_ board: CaseBoard<Mask>, _ program: ScreenProgram) -> Bool {
    let run = ScreenRun(program: program, board: board, certificate: bit(plan.certificate))
    for check in program.checks where board.present & check.on != 0 {
      let loud = board.members(of: check.on).first { !run.isSilent(check, $0) }
      if loud != nil { return false }
    }
    return true
  }
}

/// What a thread screens with.
struct ScreenDesk: Sendable {
  fileprivate var programs = NarrowedScreens()
  fileprivate var small = CaseBoard<SmallMask>()
  fileprivate var large = CaseBoard<LargeMask>()

  init() {}
}

/// A screen's program over one case.
private struct ScreenRun<Mask: CaseMask> {
  let program: ScreenProgram
  let board: CaseBoard<Mask>
  /// The bit of proofs.
  let certificate: UInt64

  typealias Marks = CaseBoard<Mask>.Marks

  func isSilent(_ check: ScreenProgram.Check, _ event: Int) -> Bool {
    for part in check.given where decide(at: part, event) == .no { return true }
    for part in check.unless where decide(at: part, event) == .yes { return true }
    for part in check.requires where decide(at: part, event) != .yes { return false }
    return true
  }

  private func decide(at part: Int32, _ event: Int) -> Certainty {
    let condition = program.conditions[Int(program.parts[Int(part)])]
    switch condition.operation {
    case .unknown: return .maybe
    case .all:
      var result = Certainty.yes
      for part in condition.parts {
        switch decide(at: part, event) {
        case .no: return .no
        case .maybe: result = .maybe
        case .yes: break
        }
      }
      return result
    case .any:
      var result = Certainty.no
      for part in condition.parts {
        switch decide(at: part, event) {
        case .yes: return .yes
        case .maybe: result = .maybe
        case .no: break
        }
      }
      return result
    case .not: return decide(at: condition.parts.lowerBound, event).negated
    case .fact: return board.fact(condition.fact, event)
    case .exists:
      let marks = meant(condition.reference, event)
      return !marks.sure.isEmpty ? .yes : !marks.open.isEmpty ? .maybe : .no
    case .earlier:
      let marks = meant(condition.reference, event)
      if marks.any.isEmpty { return .no }
      return strongest(marks, board.before(event))
    case .later:
      let marks = meant(condition.reference, event)
      if marks.any.isEmpty { return .no }
      var after = board.after(event)
      if condition.limit != .max {
        let start = board.records[event].time
        _ = after.sure.first { candidate in
          let (gap, overflow) = board.records[candidate].time.subtractingReportingOverflow(start)
          if overflow || gap > condition.limit || gap <= 0 {
            after.sure.remove(candidate)
            after.open.insert(candidate)
          }
          return false
        }
      }
      return strongest(marks, after)
    case .absent:
      let marks = meant(condition.reference, event)
      if marks.any.isEmpty { return .yes }
      return marks.any.without(board.after(event).sure).isEmpty ? .yes : .maybe
    case .between:
      return isBetween(condition.reference, condition.second, condition.third, event)
        ? .maybe : .no
    case .atMost:
      let selection = program.references[Int(condition.reference)].selection
      let own = board.records[event].selections & selection == 0 ? 0 : 1
      let count = own + meant(condition.reference, event).any.count
      return Int64(count) <= condition.limit ? .yes : .maybe
    case .each:
      return isPaired(condition, event) ? .yes : .maybe
    case .distinct:
      if condition.limit < 1 { return .maybe }
      let others = candidates(condition.reference, event)
      return board.differing(condition.value, from: event, among: others).isEmpty ? .yes : .maybe
    case .none:
      for part in condition.parts
      where !meant(program.parts[Int(part)], event).any.isEmpty {
        return .maybe
      }
      return .yes
    case .complete:
      for part in condition.parts
      where meant(program.parts[Int(part)], event).any.isEmpty { return .no }
      return .maybe
    }
  }

  /// The most that is certain of any record: that it is meant, and that it is in the order.
  private func strongest(_ meant: Marks, _ order: Marks) -> Certainty {
    if !(meant.sure & order.sure).isEmpty { return .yes }
    return (meant.any & order.any).isEmpty ? .no : .maybe
  }

  /// Whether one of the events may stand in the interval; here the judged event counts like any other.
  private func isBetween(_ reference: Int32, _ after: Int32, _ before: Int32, _ event: Int) -> Bool
  {
    let own = board.records[event].selections
    if own & program.references[Int(reference)].selection != 0 { return true }
    let candidates = meant(reference, event).any
    if candidates.isEmpty { return false }
    let ends = before >= 0 ? meant(before, event).sure : Mask()
    let starts = after >= 0 ? meant(after, event).any : Mask()
    // The judged event may itself begin the interval.
    let isOpen = after < 0 || own & program.references[Int(after)].selection != 0
    let inside = candidates.first { candidate in
      let earlier = board.before(candidate)
      if !(ends & earlier.sure).isEmpty { return false }
      return isOpen || !(starts & earlier.any).isEmpty
    }
    return inside != nil
  }

  private func isPaired(_ condition: ScreenProgram.Condition, _ event: Int) -> Bool {
    guard case .field(let by) = condition.value else { return false }
    var number: UInt8?
    if case .field(let place) = condition.number { number = place }
    let wholes = meant(condition.reference, event).any
    let partners = meant(condition.second, event).sure & board.before(event).sure
    var expected: UInt32 = 0
    var isCounted = true
    var values: [UInt32] = []
    let unpaired = wholes.first { index in
      let value = board.records[index].values[Int(by)]
      if value == 0 { return true }
      if let number, board.records[index].values[Int(number)] != 0 {
        let stated = EventRecord.smallNumber(board.records[index].values[Int(number)])
        if let stated { expected = max(expected, stated) } else { isCounted = false }
      }
      if partners.first(where: { board.records[$0].values[Int(by)] == value }) == nil {
        return true
      }
      if !values.contains(value) { values.append(value) }
      return false
    }
    return unpaired == nil && isCounted && values.count >= Int(expected)
  }

  /// Whom a reference may mean, its test aside.
  private func candidates(_ place: Int32, _ event: Int) -> Mask {
    let reference = program.references[Int(place)]
    if board.present & reference.selection == 0 { return Mask() }
    var by = reference.by
    var certificate = board.records[event].certificate
    if by == .proof {
      if certificate == 0 { certificate = proof(of: event) }
      by = certificate == 0 ? .output : .certificate
    }
    switch by {
    case .certificate: if certificate == 0 { return Mask() }
    case .prompt: if board.identities.prompt == 0 { return Mask() }
    // Without a hash an output goes by its request.
    case .output, .anything, .proof: break
    case .request: if board.identities.request == 0 { return Mask() }
    }
    var members = board.members(of: reference.selection)
    members.remove(event)
    if by == .certificate, !members.isEmpty {
      members = board.naming(certificate: certificate, among: members)
    }
    return members
  }

  /// Whom a reference means.
  private func meant(_ place: Int32, _ event: Int) -> Marks {
    let members = candidates(place, event)
    if members.isEmpty { return Marks() }
    let reference = program.references[Int(place)]
    var marks =
      reference.test < 0
      ? Marks(sure: members)
      : board.passing(reference.test, of: program, among: members, beside: event)
    if reference.isNarrowed { marks = Marks(open: marks.any) }
    return marks
  }

  /// The certificate of the output's other proofs, all of which name the same one.
  private func proof(of event: Int) -> UInt64 {
    var proofs = board.members(of: certificate)
    proofs.remove(event)
    return proofs.isEmpty ? 0 : board.records[proofs.first].certificate
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

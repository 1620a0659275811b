import EventLogs
import Rules
import Synchronization

/// Decides whether a rule could have anything to say of a case: most cases are clean, and cost no more than this.
///
/// Only cases of one output are decided; whatever is not certain is left to the evaluator.
final class CaseScreen: Sendable {
  private let plan: LogPlan
  private let screen: ScreenPlan
  /// The bound of two producers' clocks, where it was set by hand; `nil` has every disagreement looked at.
  private let bound: Int64.Magnitude?

  /// Those that no thread is using.
  private let desks = Mutex<[ScreenDesk]>([])

  /// Finds nothing clean: for tests that compare.
  private let isOff: Bool

  /// Larger cases are looked at in full.
  static let mostRecords = LargeMask.capacity

  init(plan: LogPlan, screen: ScreenPlan, maximumSkew: Int64?, isOff: Bool = false) {
    self.plan = plan
    self.isOff = isOff
    self.screen = screen
    bound = maximumSkew.map { $0.magnitude.multipliedReportingOverflow(by: 2).partialValue }
  }

  /// The rules that may have something to say of a case, whose records stand in the order of arrival.
  ///
  /// Where there are none its uses are counted. Redelivered records go.
  func look(
    _ records: inout CaseRecords, _ laneOfSource: [UInt16], _ tally: inout UseTally,
    _ desk: inout ScreenDesk
  ) -> LoudRules {
    if isOff || records.count > CaseScreen.mostRecords { return .all }
    let dropped = CaseScreen.dropRedelivered(&records)
    let loud = loudRules(in: records, laneOfSource, &desk)
    if !loud.isEmpty { return loud }
    tally.count(redelivered: dropped)
    tally.count(records, plan)
    tally.noteLatencies(of: records, plan)
    return .none
  }

  func takeDesk() -> ScreenDesk { desks.withLock { $0.popLast() } ?? ScreenDesk() }

  func giveBack(_ desk: ScreenDesk) { desks.withLock { $0.append(desk) } }

  static func dropRedelivered(_ records: inout CaseRecords) -> Int {
    var dropped = 0
    var index = 0
    // A bit for each that was met, by six bits of its hash: where it is not set, nobody needs to be asked.
    var met: UInt64 = 0
    while index < records.count {
      let delivery = records[index].delivery
      let bit = UInt64(1) << (delivery >> 58)
      let isMet = met & bit != 0
      met |= bit
      if isMet, (0..<index).contains(where: { records[$0].delivery == delivery }) {
        records.remove(at: index)
        dropped += 1
      } else {
        index += 1
      }
    }
    return dropped
  }

  /// The rules that could find something in a case, whatever the clocks' offsets are.
  private func loudRules(
    in records: CaseRecords, _ lanes: [UInt16], _ desk: inout ScreenDesk
  ) -> LoudRules {
    if records.isEmpty { return .none }
    var present: UInt64 = 0
    var identities = CaseIdentities()
    for index in records.indices {
      present |= records[index].selections
      guard identities.take(records[index]) else { return .all }
    }
    if present & plan.subjects == 0 { return .none }
    guard identities.isLinked else { return .all }
    // An output that asks for no proof is none.
    if present & bit(plan.exempt) != 0 {
      for index in records.indices where records[index].selections & bit(plan.exempt) != 0 {
        if records[index].request != 0 { return .none }
      }
      return .all
    }
    let kind = CaseKind(
      present: present, hasRequest: identities.request != 0, hasPrompt: identities.prompt != 0,
      hasCertificate: identities.certificate != 0,
      hasProofs: present & bit(plan.certificate) != 0)
    let program = desk.programs.program(screen, for: kind)
    if records.count <= SmallMask.capacity {
      return loudRules(in: records, kind, lanes, program, &desk.small)
    }
    return loudRules(in: records, kind, lanes, program, &desk.large)
  }

  private func loudRules<Mask>(
    in records: CaseRecords, _ kind: CaseKind, _ lanes: [UInt16], _ program: NarrowedScreen,
    _ board: inout CaseBoard<Mask>
  ) -> LoudRules {
    board.lay(
      records, present: kind.present,
      selections: program.program.selections | bit(plan.certificate), lanes: lanes, bound: bound)
    defer { board.clear() }
    if kind.hasCertificate {
      if kind.hasProofs {
        // A proof that names no certificate beside one that does: too much for a look.
        let proofs = board.members(of: bit(plan.certificate))
        if !proofs.without(board.certified).isEmpty { return .all }
      } else {
        let others = plan.bystanders | bit(plan.use)
        let stranger = board.certified.first { records[$0].selections & others == 0 }
        if stranger != nil { return .all }
      }
    }
    board.compare(program.program.compared)
    return program.loudRules(on: board)
  }

  private func bit(_ selection: Int) -> UInt64 { 1 << UInt64(selection) }
}

/// What a thread screens with.
struct ScreenDesk: Sendable {
  fileprivate var programs = NarrowedScreens()
  fileprivate var small = CaseBoard<SmallMask>()
  fileprivate var large = CaseBoard<LargeMask>()

  init() {}
}

extension TestEvaluator {
  /// Whether the field's text holds the identity as it is written.
  func holdsBytes(_ field: PlannedField, _ identity: EventIdentity, of event: CaseEvent) -> Bool {
    guard let value = value(field, event), value.kind == .text else { return false }
    let text = event.text(of: identity)
    return text != Event.nobody && texts.holds(value.payload, text)
  }
}

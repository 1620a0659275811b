import EventLogs
import Rules
import Synchronization

/// Decides whether a rule could have anything to say of a case: most cases are clean, and cost no more than this.
///
/// Only cases of one output are decided; whatever is not certain is left to the evaluator.
final class CaseScreen: Sendable {
  private let plan: LogPlan
  private let screen: ScreenPlan
  private let redelivery: Redelivery
  /// The bound of two producers' clocks, where it was set by hand; `nil` has every disagreement looked at.
  private let bound: Int64.Magnitude?

  /// The bits of all selections that anything is asked of, or that are counted.
  private let selections: UInt64

  /// Those that no thread is using.
  private let desks = Mutex<[ScreenDesk]>([])

  /// Finds nothing clean: for tests that compare.
  private let isOff: Bool

  /// Larger cases are looked at in full.
  static let mostRecords = LargeMask.capacity

  init(
    plan: LogPlan, screen: ScreenPlan, redelivery: Redelivery, maximumSkew: Int64?,
    isOff: Bool = false
  ) {
    self.plan = plan
    self.redelivery = redelivery
    self.isOff = isOff
    self.screen = screen
    selections = screen.selections | UseTally.selections(of: plan)
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
    let dropped = redelivery.drop(from: &records)
    if records.isEmpty { return .none }
    let loud =
      records.count <= SmallMask.capacity
      ? look(records, laneOfSource, &tally, &desk.programs, &desk.small)
      : look(records, laneOfSource, &tally, &desk.programs, &desk.large)
    if loud.isEmpty { tally.count(redelivered: dropped) }
    return loud
  }

  private func look<Mask>(
    _ records: CaseRecords, _ lanes: [UInt16], _ tally: inout UseTally,
    _ programs: inout NarrowedScreens, _ board: inout CaseBoard<Mask>
  ) -> LoudRules {
    let isSingle = board.lay(records, selections: selections, lanes: lanes, bound: bound)
    defer { board.clear() }
    if !isSingle { return .all }
    let loud = loudRules(on: &board, &programs)
    if loud.isEmpty { tally.count(board, plan) }
    return loud
  }

  /// Counts the uses of a case that was found clean once more.
  func count(
    _ records: inout CaseRecords, _ lanes: [UInt16], _ tally: inout UseTally,
    _ desk: inout ScreenDesk
  ) {
    tally.count(redelivered: redelivery.drop(from: &records))
    if records.count <= SmallMask.capacity {
      count(records, lanes, &tally, &desk.small)
    } else {
      count(records, lanes, &tally, &desk.large)
    }
  }

  private func count<Mask>(
    _ records: CaseRecords, _ lanes: [UInt16], _ tally: inout UseTally,
    _ board: inout CaseBoard<Mask>
  ) {
    _ = board.lay(records, selections: selections, lanes: lanes, bound: bound)
    tally.count(board, plan)
    board.clear()
  }

  func takeDesk() -> ScreenDesk { desks.withLock { $0.popLast() } ?? ScreenDesk() }

  func giveBack(_ desk: ScreenDesk) { desks.withLock { $0.append(desk) } }

  /// The rules that could find something in a case, whatever the clocks' offsets are.
  private func loudRules<Mask>(
    on board: inout CaseBoard<Mask>, _ programs: inout NarrowedScreens
  ) -> LoudRules {
    let (present, identities) = (board.present, board.identities)
    if present & plan.subjects == 0 { return .none }
    guard identities.isLinked else { return .all }
    // An output that asks for no proof is none.
    if present & bit(plan.exempt) != 0 {
      let exempt = board.members(of: bit(plan.exempt))
      return exempt.first { board.records[$0].request != 0 } != nil ? .none : .all
    }
    let kind = CaseKind(
      present: present, hasRequest: identities.request != 0, hasPrompt: identities.prompt != 0,
      hasCertificate: identities.certificate != 0,
      hasProofs: present & bit(plan.certificate) != 0)
    if kind.hasCertificate {
      if kind.hasProofs {
        // A proof that names no certificate beside one that does: too much for a look.
        let proofs = board.members(of: bit(plan.certificate))
        if !proofs.without(board.certified).isEmpty { return .all }
      } else {
        let others = plan.bystanders | bit(plan.use)
        let stranger = board.certified.first { board.records[$0].selections & others == 0 }
        if stranger != nil { return .all }
      }
    }
    let program = programs.program(screen, for: kind)
    board.compare(program.program.columns)
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

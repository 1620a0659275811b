import EventLogs
import Rules

/// How many different values of a field were met up to each event of a group, counted once for the whole group.
struct DistinctCount {
  /// More than an evidence shows are not kept.
  static let mostWitnesses = 8

  /// Of the events with a value too many.
  private var verdicts: [Int: ConditionVerdict] = [:]

  /// Counts the members, in whatever order they stand, as far as they come before the ends.
  init(
    _ members: CaseMembers, until ends: CaseMembers, atMost most: Int, in one: LogCase,
    by orderer: EventOrderer, key: (CaseEvent) -> UInt64?
  ) {
    let closing = ClosingEvents(ends, in: one, by: orderer)
    var seen: Set<UInt64> = []
    var firsts: [Int] = []
    var isDisputed = false
    let order = members.sorted { one.events[$0].isFirst(before: one.events[$1]) }
    for index in order {
      guard let key = key(one.events[index]) else { continue }
      let isOpen = closing.isOpen(index, in: one)
      if isOpen == false { continue }
      if !seen.contains(key), seen.count + 1 > most {
        let isUndecided = isOpen == nil || isDisputed
        let failure = ConditionVerdict.Failure(
          witnesses: firsts, figures: ["count": String(seen.count + 1)])
        verdicts[index] = isUndecided ? .open("clock-skew", firsts) : .fails(failure)
      }
      if isOpen == nil { isDisputed = true }
      if seen.insert(key).inserted, firsts.count < Self.mostWitnesses { firsts.append(index) }
    }
  }

  func verdict(of event: Int) -> ConditionVerdict { verdicts[event] ?? .holds }
}

/// Events that end a count, by their times.
struct ClosingEvents {
  private let ends: [Int]
  private let orderer: EventOrderer

  init(_ ends: CaseMembers, in one: LogCase, by orderer: EventOrderer) {
    // Untimed ones have the least possible time and stand first.
    self.ends = ends.sorted { one.events[$0].earliest < one.events[$1].earliest }
    self.orderer = orderer
  }

  /// Whether an event comes before all of them; `nil` where an order is disputed.
  func isOpen(_ index: Int, in one: LogCase) -> Bool? {
    let event = one.events[index]
    var isDisputed = false
    for end in ends where end != index {
      let other = one.events[end]
      switch orderer.order(other, event) {
      case .before: return false
      case .disputed, .unplaced: isDisputed = true
      case .after(let gap):
        // Those that follow are later still, and so beyond every doubt.
        if event.isTimed, gap > 0, gap.magnitude > orderer.greatestBound {
          return isDisputed ? nil : true
        }
      }
    }
    return isDisputed ? nil : true
  }
}

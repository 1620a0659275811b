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
    by orderer: EventOrderer, reach: Int64.Magnitude, key: (CaseEvent) -> UInt64?
  ) {
    let closing = ClosingEvents(ends, in: one, by: orderer, reach: reach)
    var seen: Set<UInt64> = []
    // Of the values so far, as far as an evidence shows them.
    var firsts: [Int] = []
    var isDisputed = false
    let order = members.sorted { one.events[$0].isFirst(before: one.events[$1]) }
    for index in order {
      guard let key = key(one.events[index]) else { continue }
      let isOpen = closing.isOpen(index, in: one)
      if isOpen == false { continue }
      if !seen.contains(key), seen.count + 1 > most {
        // Those whose order is disputed are perhaps not before it.
        let sure = firsts.count { orderer.isBefore($0, index, in: one) }
        let isUndecided =
          isOpen == nil || isDisputed || (seen.count == firsts.count && sure + 1 <= most)
        note(index, isUndecided, count: seen.count + 1, firsts, in: one)
      }
      if isOpen == nil { isDisputed = true }
      if seen.insert(key).inserted, firsts.count < Self.mostWitnesses { firsts.append(index) }
    }
  }

  /// Counts members each of which counts until an end of its own, the first event that ends it.
  init(
    _ members: CaseMembers, atMost most: Int, in one: LogCase, by orderer: EventOrderer,
    key: (CaseEvent) -> UInt64?, end: (Int) -> Int?
  ) {
    var seen: Set<UInt64> = []
    // Of every value that counts still: its first event.
    var open: [(key: UInt64, first: Int, end: Int?)] = []
    for index in members.sorted(by: { one.events[$0].isFirst(before: one.events[$1]) }) {
      guard let key = key(one.events[index]) else { continue }
      let own = end(index)
      let isEnded = own.map { orderer.isPerhapsBefore($0, index, in: one) } ?? false
      if isEnded == true { continue }
      if seen.insert(key).inserted {
        var (sure, possible) = (0, 0)
        var witnesses: [Int] = []
        var place = 0
        while place < open.count, sure < most {
          let other = open[place]
          let isOver = other.end.map { orderer.isPerhapsBefore($0, index, in: one) } ?? false
          if isOver == true {
            open.remove(at: place)
            continue
          }
          place += 1
          possible += 1
          if isOver == false, orderer.isBefore(other.first, index, in: one) { sure += 1 }
          if witnesses.count < Self.mostWitnesses { witnesses.append(other.first) }
        }
        if possible >= most {
          note(index, isEnded == nil || sure < most, count: possible + 1, witnesses, in: one)
        }
        open.append((key, index, own))
      }
    }
  }

  private mutating func note(
    _ index: Int, _ isUndecided: Bool, count: Int, _ witnesses: [Int], in one: LogCase
  ) {
    let isTimed = (witnesses + [index]).allSatisfy { one.events[$0].isTimed }
    let failure = ConditionVerdict.Failure(
      witnesses: witnesses, figures: ["count": String(count)])
    verdicts[index] =
      isUndecided ? .open(isTimed ? "clock-skew" : "no-timestamp", witnesses) : .fails(failure)
  }

  func verdict(of event: Int) -> ConditionVerdict { verdicts[event] ?? .holds }
}

extension EventOrderer {
  /// Whether one event of a case certainly came before another.
  func isBefore(_ left: Int, _ right: Int, in one: LogCase) -> Bool {
    isPerhapsBefore(left, right, in: one) == true
  }

  /// Likewise; `nil` where that is disputed.
  func isPerhapsBefore(_ left: Int, _ right: Int, in one: LogCase) -> Bool? {
    switch order(one.events[left], one.events[right]) {
    case .before: true
    case .disputed, .unplaced: nil
    case .after: false
    }
  }
}

/// Events that end a count, by their times.
struct ClosingEvents {
  private let ends: [Int]
  private let orderer: EventOrderer
  /// Orders of events that are farther apart are beyond doubt.
  private let reach: Int64.Magnitude

  init(
    _ ends: CaseMembers, in one: LogCase, by orderer: EventOrderer, reach: Int64.Magnitude
  ) {
    // Untimed ones have the least possible time and stand first.
    self.ends = ends.sorted { one.events[$0].earliest < one.events[$1].earliest }
    self.orderer = orderer
    self.reach = reach
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
        if event.isTimed, gap > 0, gap.magnitude > reach {
          return isDisputed ? nil : true
        }
      }
    }
    return isDisputed ? nil : true
  }
}

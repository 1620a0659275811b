import Rules

/// Events of a large case ordered by time, so that an order asks a few of them and not all.
struct OrderedMembers {
  /// Places in the case, by time and line.
  let timed: [Int]
  /// Those without a time of their own.
  let untimed: [Int]
  /// At each place, the least line of those before it.
  private let leastLines: [Int]

  init(_ members: some Sequence<Int>, in one: LogCase) {
    var timed: [Int] = []
    var untimed: [Int] = []
    for index in members {
      if one.events[index].isTimed { timed.append(index) } else { untimed.append(index) }
    }
    timed.sort { one.events[$0].isFirst(before: one.events[$1]) }
    var least = Int.max
    var leastLines: [Int] = []
    leastLines.reserveCapacity(timed.count + 1)
    for index in timed {
      leastLines.append(least)
      least = min(least, one.events[index].index)
    }
    leastLines.append(least)
    self.timed = timed
    self.untimed = untimed
    self.leastLines = leastLines
  }

  /// How many of the timed ones stand before an event by time and line.
  func count(before judged: CaseEvent, in one: LogCase) -> Int {
    place { one.events[$0].isFirst(before: judged) }
  }

  /// How many of the timed ones happened before a time.
  func count(before time: Int64, in one: LogCase) -> Int {
    place { one.events[$0].earliest < time }
  }

  /// Whether one of the first `count` also stands on an earlier line: it came before by both orders.
  func isSurelyBefore(_ judged: CaseEvent, count: Int) -> Bool {
    leastLines[count] < judged.index
  }

  private func place(_ isBefore: (Int) -> Bool) -> Int {
    var low = 0
    var high = timed.count
    while low < high {
      let middle = (low + high) / 2
      if isBefore(timed[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// What was found out about the present case that holds for several of its events.
///
/// Kept for large cases only: a small one is looked through as fast.
struct CaseMemory {
  /// The same reference from events with the same identities.
  struct Key: Hashable {
    var number: Int
    var text: UInt32
    /// What the judged event adds, such as the field that both share.
    var extra: UInt64 = 0
  }

  /// The same reference from events with the same identity and the same compared values.
  struct ComparedKey: Hashable {
    var number: Int
    var by: EventIdentity
    var text: UInt32
    var values: [UInt64] = []
  }

  /// How far a list was asked for one set of compared values.
  struct Scan {
    /// The first member that passes; none before `end` does where it is absent.
    var first: Int?
    var end = 0
    /// From `start` on, `next` is the first that passes.
    var start = Int.max
    var next = 0
  }

  var scans: [ComparedKey: Scan] = [:]
  var ordered: [Key: OrderedMembers] = [:]
  var found: [Key: [Int]] = [:]
  var counted: [Key: DistinctCount] = [:]
  var existing: [ComparedKey: Bool] = [:]
  var intervals: [Key: ConditionVerdict] = [:]
  var pairings: [Key: Pairing] = [:]
  var windows: [CountWindow.Key: CountWindow] = [:]
  private var isEmpty = true

  mutating func touch() { isEmpty = false }

  mutating func forget() {
    if isEmpty { return }
    self = CaseMemory()
  }
}

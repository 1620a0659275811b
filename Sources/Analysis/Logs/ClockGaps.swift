/// How far one producer's clock can run ahead of another's, by what a log shows.
///
/// Where a line of the one follows upon a line of the other, the difference of their times is that of their clocks and
/// what passed between them. So a log whose lines are close together bounds the clocks closely, and a sparse one hardly.
struct ClockGaps: Sendable {
  /// Producers beyond these are not compared.
  private static let mostProducers = 64
  /// Of fewer differences than this the greatest counts: less is not known.
  private static let fewest = 5
  /// A line may come late: of more not the least counts, but the one that so many of a hundred lie below.
  private static let percentile = 20
  /// So many differences of two producers are as good as all.
  private static let mostKept = 32
  /// After so many lines the first of each so many is enough.
  private static let closeLines = 1 << 10
  private static let period = 64

  /// The time of the latest line, by producer's place.
  private var latest: [Int64] = []
  /// By the place of the later line's producer.
  private var rows: [Row] = []
  private var lines = 0

  /// By the place of the earlier line's producer: how many differences were met, and those that are kept.
  private struct Row: Sendable {
    var met: [Int] = []
    var values: [Int64] = []

    @inline(__always)
    mutating func add(_ value: Int64, of other: Int) {
      let count = met[other]
      met[other] = count + 1
      var place = count
      if count >= ClockGaps.mostKept {
        // Each that was met stays as likely as each other one; the dice are the same every time.
        let dice = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
        place = Int(dice >> 33) % count
        if place >= ClockGaps.mostKept { return }
      }
      values[other * ClockGaps.mostKept + place] = value
    }
  }

  /// Takes the time of the next line.
  mutating func note(_ time: Int64, of place: Int) {
    guard place < Self.mostProducers else { return }
    while latest.count <= place {
      latest.append(.min)
      rows.append(Row())
    }
    lines += 1
    if lines <= Self.closeLines || lines % Self.period == 0 { compare(time, place) }
    latest[place] = time
  }

  private mutating func compare(_ time: Int64, _ place: Int) {
    // Out of its list, which is not asked for each producer whether it is shared.
    var row = Row()
    swap(&row, &rows[place])
    if row.met.count < latest.count {
      let more = latest.count - row.met.count
      row.met += repeatElement(0, count: more)
      row.values += repeatElement(0, count: more * Self.mostKept)
    }
    for other in latest.indices where other != place && latest[other] != .min {
      let (gap, overflow) = time.subtractingReportingOverflow(latest[other])
      if !overflow { row.add(gap, of: other) }
    }
    swap(&row, &rows[place])
  }

  /// Forgets the lines before: what comes next stands elsewhere.
  mutating func begin() {
    for place in latest.indices { latest[place] = .min }
  }

  /// The greatest bound of any two producers, in nanoseconds.
  var greatest: Int64 {
    rows.indices.reduce(0) { greatest, ahead in
      rows.indices.reduce(greatest) { max($0, bound(of: ahead, over: $1)) }
    }
  }

  /// By how much the clock of the producer at a place can run ahead of that of another one, in nanoseconds.
  func bound(of ahead: Int, over other: Int) -> Int64 {
    guard ahead < rows.count, other < rows[ahead].met.count else { return 0 }
    let first = other * Self.mostKept
    let count = min(rows[ahead].met[other], Self.mostKept)
    let values = rows[ahead].values[first..<first + count].sorted()
    // Lines that never come in turns were written one log after the other, and say nothing of the clocks.
    if values.isEmpty { return 0 }
    let place = count < Self.fewest ? count - 1 : count * Self.percentile / 100
    return max(0, values[place])
  }
}

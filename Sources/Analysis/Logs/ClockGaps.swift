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
  private static let period = 16

  /// The time of the latest line, by producer's place.
  private var latest: [Int64] = []
  /// By the place of the later line's producer, and that of the earlier one's.
  private var gaps: [[Kept]] = []
  private var lines = 0

  private struct Kept: Sendable {
    private var met = 0
    private var stride = 1
    private(set) var values: [Int64] = []

    mutating func add(_ value: Int64) {
      if met % stride == 0 { values.append(value) }
      met += 1
      if values.count == ClockGaps.mostKept {
        values = Swift.stride(from: 0, to: values.count, by: 2).map { values[$0] }
        stride *= 2
      }
    }
  }

  /// Takes the time of the next line.
  mutating func note(_ time: Int64, of place: Int) {
    guard place < Self.mostProducers else { return }
    while latest.count <= place {
      latest.append(.min)
      gaps.append([])
    }
    lines += 1
    if lines <= Self.closeLines || lines % Self.period == 0 {
      while gaps[place].count < latest.count { gaps[place].append(Kept()) }
      for other in latest.indices where other != place && latest[other] != .min {
        let (gap, overflow) = time.subtractingReportingOverflow(latest[other])
        if !overflow { gaps[place][other].add(gap) }
      }
    }
    latest[place] = time
  }

  /// Forgets the lines before: what comes next stands elsewhere.
  mutating func begin() {
    for place in latest.indices { latest[place] = .min }
  }

  /// By how much the clock of the producer at a place can run ahead of that of another one, in nanoseconds.
  func bound(of ahead: Int, over other: Int) -> Int64 {
    guard ahead < gaps.count, other < gaps[ahead].count else { return 0 }
    let values = gaps[ahead][other].values.sorted()
    // Lines that never come in turns were written one log after the other, and say nothing of the clocks.
    if values.isEmpty { return 0 }
    let place = values.count < Self.fewest ? values.count - 1 : values.count * Self.percentile / 100
    return max(0, values[place])
  }
}

/// How often each length of time was met, to two significant digits: mergeable, and of a fixed size.
struct LatencyHistogram: Sendable {
  private static let steps = 128
  private var counts = [Int](repeating: 0, count: 58 * steps)
  private(set) var count = 0

  mutating func add(_ nanoseconds: Int64) {
    counts[LatencyHistogram.bucket(UInt64(clamping: nanoseconds))] += 1
    count += 1
  }

  /// Takes back what was added.
  mutating func remove(_ nanoseconds: Int64) {
    counts[LatencyHistogram.bucket(UInt64(clamping: nanoseconds))] -= 1
    count -= 1
  }

  /// A length that this share of all does not exceed; `nil` where there is none.
  func quantile(_ share: Double) -> Int64? {
    if count == 0 { return nil }
    var rest = max(1, min(count, Int((Double(count) * share).rounded(.up))))
    for (bucket, count) in counts.enumerated() where count > 0 {
      rest -= count
      if rest <= 0 { return LatencyHistogram.upperBound(of: bucket) }
    }
    return nil
  }

  private static func bucket(_ value: UInt64) -> Int {
    if value < UInt64(steps) { return Int(value) }
    let power = 63 - value.leadingZeroBitCount
    let step = Int(value >> UInt64(power - 7)) - steps
    return min((power - 6) * steps + step, 58 * steps - 1)
  }

  private static func upperBound(of bucket: Int) -> Int64 {
    if bucket < steps { return Int64(bucket) }
    let power = bucket / steps + 6
    let step = bucket % steps + steps + 1
    let (value, overflow) = Int64(step).multipliedReportingOverflow(by: 1 << Int64(power - 7))
    return overflow ? .max : value - 1
  }
}

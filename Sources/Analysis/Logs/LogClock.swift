/// How far a log has come by its own time: a single wrong time neither drives nor stops it.
struct LogClock: Sendable {
  /// Times may run ahead by so much at once.
  private static let step: Int64 = 60_000_000_000
  /// So many events beyond a jump confirm it.
  private static let confirmations = 24

  /// The latest time that is believed; `nil` before the first.
  private(set) var now: Int64?
  private var ahead = 0
  private var nearestAhead = Int64.max
  private var behind = 0
  private var latestBehind = Int64.min

  /// Takes times between these two, of which both are some; `false` where it must see each of them.
  mutating func note(_ earliest: Int64, _ latest: Int64) -> Bool {
    guard let now, ahead == 0, behind == 0 else { return false }
    let (gap, overflow) = max(now, latest).subtractingReportingOverflow(min(now, earliest))
    // None of them jumps, in whatever order they come.
    if overflow || gap > LogClock.step { return false }
    self.now = max(now, latest)
    return true
  }

  mutating func note(_ time: Int64) {
    guard let now else {
      now = time
      return
    }
    let (gap, overflow) = time.subtractingReportingOverflow(now)
    if !overflow && gap.magnitude <= LogClock.step {
      if gap > 0 { self.now = time }
      ahead = max(0, ahead - 1)
      behind = max(0, behind - 1)
      if ahead == 0 { nearestAhead = .max }
      if behind == 0 { latestBehind = .min }
    } else if time > now {
      ahead += 1
      nearestAhead = min(nearestAhead, time)
      behind = max(0, behind - 1)
      if ahead == LogClock.confirmations { set(nearestAhead) }
    } else {
      behind += 1
      latestBehind = max(latestBehind, time)
      ahead = max(0, ahead - 1)
      if behind == LogClock.confirmations * 8 { set(latestBehind) }
    }
  }

  private mutating func set(_ time: Int64) {
    now = time
    ahead = 0
    behind = 0
    nearestAhead = .max
    latestBehind = .min
  }
}

/// The time that has passed in all logs together, as far as every log has come: it never goes back.
struct LogProgress: Sendable {
  private(set) var elapsed: Int64 = 0
  private var last: Int64?

  /// Takes the earliest time that a log has come to.
  mutating func advance(to time: Int64) {
    if let last, time > last {
      elapsed =
        elapsed.addingReportingOverflow(time.subtractingReportingOverflow(last).partialValue)
        .partialValue
    }
    last = time
  }
}

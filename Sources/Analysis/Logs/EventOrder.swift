import EventLogs

/// How one event stands to another by the producers' times and by the lines of the file.
enum EventOrder {
  case before
  /// After by at least so many nanoseconds.
  case after(Int64)
  /// The two orders disagree, inside the bound of the clocks.
  case disputed
  /// No time says it, and the line alone is no proof.
  case unplaced
}

/// Orders events by both orders; see "Log side" in `design/semantics.md`.
struct EventOrderer {
  /// By producer, in nanoseconds.
  private let offsets: [UInt32: Int64]
  /// By how much clocks can differ, and where it says that of a producer.
  private let gaps: ClockGaps
  private let places: [UInt32: Int]
  /// The bound of every producer, where it was set by hand.
  private let maximumSkew: Int64?
  /// No two producers' clocks lie farther apart, as far as their offsets are known.
  let greatestBound: Int64.Magnitude
  /// Likewise by all that the log leaves open.
  let possibleBound: Int64.Magnitude
  /// Whether the line of an event that came late is no witness that it was after others.
  var isCautious = false
  /// Shared by all copies.
  private let disagreement = Disagreement()

  /// Takes what is known of the clocks; the greatest bound of any two producers by `gaps` is `nil` where that is not known
  /// yet.
  init(
    offsets: [UInt32: Int64] = [:], gaps: ClockGaps = ClockGaps(),
    greatestGap: Int64? = 0, places: [UInt32: Int] = [:], maximumSkew: Int64? = nil
  ) {
    self.offsets = offsets.filter { $0.value != 0 }
    self.gaps = gaps
    self.places = places
    self.maximumSkew = maximumSkew
    let most = maximumSkew?.magnitude ?? offsets.values.map(\.magnitude).max() ?? 0
    greatestBound = most.multipliedReportingOverflow(by: 2).partialValue
    possibleBound =
      maximumSkew != nil ? greatestBound : max(greatestBound, greatestGap?.magnitude ?? .max)
  }

  /// How `left` stands to `right`.
  func order(_ left: CaseEvent, _ right: CaseEvent) -> EventOrder {
    if left.lane != right.lane { return orderByTime(left, right) }
    let isLineBefore = left.index < right.index
    if left.isTimed && right.isTimed {
      let (gap, overflow) = left.earliest.subtractingReportingOverflow(right.earliest)
      if overflow { return left.earliest < right.earliest ? .before : .after(.max) }
      // Of equal times the line decides.
      let isBefore = gap < 0 || (gap == 0 && isLineBefore)
      let isTooLate = isCautious && (isLineBefore ? right : left).isLate
      let isAgreed = isBefore == isLineBefore && !isTooLate
      if !isAgreed,
        isBefore ? isDisputed(left, before: right) : isDisputed(right, before: left)
      {
        return .disputed
      }
      return isBefore ? .before : .after(gap)
    }
    if left.latest <= right.earliest && (isLineBefore || left.latest < right.earliest) {
      return .before
    }
    if left.earliest > right.latest || (left.earliest == right.latest && !isLineBefore) {
      let (gap, overflow) = left.earliest.subtractingReportingOverflow(right.latest)
      return .after(overflow ? .max : gap)
    }
    return isLineBefore ? .before : .unplaced
  }

  /// Whether times and lines have said different things of events of two producers since the case began.
  var hasDisagreed: Bool { disagreement.isMet }

  func beginCase() { disagreement.isMet = false }

  /// Events of logs that were written side by side: their lines have no order.
  private func orderByTime(_ left: CaseEvent, _ right: CaseEvent) -> EventOrder {
    guard left.isTimed && right.isTimed else {
      if left.latest < right.earliest { return .before }
      if left.earliest > right.latest {
        let (gap, overflow) = left.earliest.subtractingReportingOverflow(right.latest)
        return .after(overflow ? .max : gap)
      }
      return .unplaced
    }
    let (gap, overflow) = left.earliest.subtractingReportingOverflow(right.earliest)
    if overflow { return left.earliest < right.earliest ? .before : .after(.max) }
    let isOneClock = left.producer == right.producer && left.producer != Event.nobody
    if gap == 0 || (!isOneClock && gap.magnitude <= boundByHand) { return .disputed }
    return gap < 0 ? .before : .after(gap)
  }

  private var boundByHand: Int64.Magnitude {
    maximumSkew.map { $0.magnitude.multipliedReportingOverflow(by: 2).partialValue } ?? 0
  }

  /// Whether two times that the lines do not bear out are as close as the bound of their producers' clocks; a producer's
  /// own clock decides between its own events.
  private func isDisputed(_ earlier: CaseEvent, before later: CaseEvent) -> Bool {
    if earlier.producer == later.producer && earlier.producer != Event.nobody { return false }
    disagreement.isMet = true
    let bound =
      maximumSkew != nil
      ? boundByHand
      : max(
        (offsets[earlier.producer]?.magnitude ?? 0) + (offsets[later.producer]?.magnitude ?? 0),
        shown(later, over: earlier))
    return bound > 0 && (later.earliest - earlier.earliest).magnitude <= bound
  }

  /// By how much the clock of the event with the later time can run ahead of the other's, by what the log shows.
  private func shown(_ later: CaseEvent, over earlier: CaseEvent) -> Int64.Magnitude {
    guard let ahead = places[later.producer], let other = places[earlier.producer] else {
      return 0
    }
    return gaps.bound(of: ahead, over: other).magnitude
  }

  private final class Disagreement {
    var isMet = false
  }
}

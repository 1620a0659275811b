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
struct EventOrderer: Sendable {
  /// By producer, in nanoseconds.
  private let offsets: [UInt32: Int64]
  /// The bound of every producer, where it was set by hand.
  private let maximumSkew: Int64?
  /// No two producers' clocks lie farther apart.
  let greatestBound: Int64.Magnitude

  init(offsets: [UInt32: Int64] = [:], maximumSkew: Int64? = nil) {
    self.offsets = offsets.filter { $0.value != 0 }
    self.maximumSkew = maximumSkew
    let most = maximumSkew?.magnitude ?? offsets.values.map(\.magnitude).max() ?? 0
    greatestBound = most.multipliedReportingOverflow(by: 2).partialValue
  }

  /// How `left` stands to `right`.
  func order(_ left: CaseEvent, _ right: CaseEvent) -> EventOrder {
    let isLineBefore = left.index < right.index
    if left.isTimed && right.isTimed {
      let (gap, overflow) = left.earliest.subtractingReportingOverflow(right.earliest)
      if overflow { return left.earliest < right.earliest ? .before : .after(.max) }
      if gap == 0 { return isLineBefore ? .before : .after(0) }
      if (gap < 0) != isLineBefore, gap.magnitude <= bound(left, right) { return .disputed }
      return gap < 0 ? .before : .after(gap)
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

  /// How far the clocks of two producers may lie apart; a producer's own clock decides between its own events.
  private func bound(_ left: CaseEvent, _ right: CaseEvent) -> Int64.Magnitude {
    if left.producer == right.producer && left.producer != Event.nobody { return 0 }
    if let maximumSkew {
      return maximumSkew.magnitude.multipliedReportingOverflow(by: 2).partialValue
    }
    if offsets.isEmpty { return 0 }
    let first = offsets[left.producer]?.magnitude ?? 0
    let second = offsets[right.producer]?.magnitude ?? 0
    return first + second
  }
}

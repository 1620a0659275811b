import EventLogs

/// What a log tells of its producers' clocks: how far each runs ahead of the others.
///
/// The lines of a log stand in the order of arrival. The residual of a line is its time less the median time of the
/// lines around it; the median residual of a producer's lines is its clock's offset. Reported, never corrected.
struct ProducerClocks: Sendable {
  /// Fewer lines than this tell nothing.
  static let fewestLines = 20
  /// Lines on either side of the one that is looked at.
  private static let reach = 100
  /// The median of so many residuals is as good as that of all.
  private static let mostResiduals = 2048
  /// Of a long log a part of the lines is as good as all: after so many, the first of each so many.
  private static let closeLines = 1 << 16
  private static let period = 1 << 13
  private static let part = 1 << 10

  private var recent: [(time: Int64, place: Int)] = []
  private var next = 0
  /// The times of the lines around the next one; those before the first are gone already.
  private var sorted: [Int64] = []
  private var first = 0
  private var residuals: [Residuals] = []
  /// By producer, one more than its number: where its residuals stand, -1 for nowhere.
  private var places: [Int32] = []

  /// What lines of two producers that follow upon each other say of their clocks.
  private(set) var gaps = ClockGaps()
  private var lane: UInt16 = 0

  private var lines = 0
  /// So many of the next lines are there only for those behind them.
  private var skipped = 0

  private struct Residuals: Sendable {
    /// All of them.
    var lines = 0
    private var met = 0
    var values: [Int64] = []
    var stride = 1

    mutating func add(_ residual: Int64) {
      if met % stride == 0 { values.append(residual) }
      met += 1
      if values.count == ProducerClocks.mostResiduals {
        // Every second one stays, and from now on every second line counts.
        values = Swift.stride(from: 0, to: values.count, by: 2).map { values[$0] }
        stride *= 2
      }
    }
  }

  /// Tells of which lane the next lines are.
  mutating func turn(to lane: UInt16) {
    if lane != self.lane { gaps.begin() }
    self.lane = lane
  }

  /// Takes the times of the next lines, all of which have one; `number` is that of a batch's producer here.
  mutating func note(_ moments: EventMoments, number: (UInt32) -> UInt32) {
    for (place, count) in moments.counts.enumerated() where count > 0 {
      residuals[self.place(of: number(EventMoments.producer(at: place)))].lines += count
    }
    var index = 0
    while index < moments.all.count {
      lines += 1
      let passed = passed
      if passed > 0 {
        // Up to the first one that counts.
        let more = min(passed, moments.all.count - index) - 1
        lines += more
        index += more + 1
      } else {
        let moment = moments.all[index]
        look(at: moment.time, place(of: number(moment.producer)))
        index += 1
      }
    }
  }

  /// Takes the time of the next line.
  mutating func note(_ time: Int64, of producer: UInt32) {
    let place = place(of: producer)
    residuals[place].lines += 1
    lines += 1
    if passed == 0 { look(at: time, place) }
  }

  /// How many lines, with the last one, do not count.
  private var passed: Int {
    if lines <= ProducerClocks.closeLines { return 0 }
    let phase = lines % ProducerClocks.period
    return phase < ProducerClocks.part ? 0 : ProducerClocks.period - phase
  }

  private mutating func look(at time: Int64, _ place: Int) {
    if lines > ProducerClocks.closeLines && lines % ProducerClocks.period == 0 { begin() }
    gaps.note(time, of: place)
    recent.append((time, place))
    insert(time)
    if recent.count - next > ProducerClocks.reach { settle() }
    if recent.count > 1 << 14 {
      let kept = max(0, next - ProducerClocks.reach)
      recent.removeFirst(kept)
      next -= kept
    }
  }

  /// The offsets in nanoseconds by producer; those that cannot be told from none are zero.
  mutating func finish() -> [UInt32: (lines: Int, offset: Int64?)] {
    while next < recent.count { settle() }
    // Late lines drag every residual the same way: what all have in common is no one's offset.
    let common = residuals.map(\.values).joined().sorted()
    let middle = common.isEmpty ? 0 : common[common.count / 2]
    var offsets: [UInt32: (lines: Int, offset: Int64?)] = [:]
    for (number, place) in places.enumerated() where place >= 0 {
      let residuals = residuals[Int(place)]
      offsets[number == 0 ? Event.nobody : UInt32(number - 1)] = (
        residuals.lines,
        residuals.lines < ProducerClocks.fewestLines ? nil : offset(residuals.values, middle)
      )
    }
    return offsets
  }

  /// Four standard errors of the median, from the median deviation, are what chance may do.
  private func offset(_ values: [Int64], _ middle: Int64) -> Int64 {
    let values = values.map { $0 - middle }
    let sorted = values.sorted()
    let median = sorted[sorted.count / 2]
    let deviations = values.map { ($0 - median).magnitude }.sorted()
    let deviation = Double(deviations[deviations.count / 2])
    let error = 1.2533 * 1.4826 * deviation / Double(values.count).squareRoot()
    return Double(median.magnitude) <= 4 * error ? 0 : median
  }

  /// Forgets the lines around the last one: what comes next stands elsewhere.
  private mutating func begin() {
    recent.removeAll(keepingCapacity: true)
    sorted.removeAll(keepingCapacity: true)
    next = 0
    first = 0
    skipped = ProducerClocks.reach
    gaps.begin()
  }

  /// The places of producers in `gaps`, by their names.
  func places(name: (UInt32) -> String) -> [String: Int] {
    var named: [String: Int] = [:]
    // Those that name themselves only: nobody's clock is no single one.
    for (number, place) in places.enumerated() where place >= 0 && number > 0 {
      named[name(UInt32(number - 1))] = Int(place)
    }
    return named
  }

  private mutating func settle() {
    let line = recent[next]
    if skipped > 0 {
      skipped -= 1
    } else {
      let median = sorted[first + (sorted.count - first) / 2]
      residuals[line.place].add(line.time - median)
    }
    next += 1
    let leaving = next - ProducerClocks.reach - 1
    if leaving >= 0 { remove(recent[leaving].time) }
  }

  private mutating func place(of producer: UInt32) -> Int {
    let number = producer == Event.nobody ? 0 : Int(producer) + 1
    while places.count <= number { places.append(-1) }
    if places[number] < 0 {
      places[number] = Int32(residuals.count)
      residuals.append(Residuals())
    }
    return Int(places[number])
  }

  /// Times come nearly in order: the newest stands last, and the oldest leaves first.
  private mutating func insert(_ time: Int64) {
    if first == sorted.count || sorted[sorted.count - 1] <= time {
      sorted.append(time)
    } else {
      sorted.insert(time, at: place(of: time))
    }
  }

  private mutating func remove(_ time: Int64) {
    if sorted[first] == time {
      first += 1
      if first > 1 << 10 {
        sorted.removeFirst(first)
        first = 0
      }
    } else {
      sorted.remove(at: place(of: time))
    }
  }

  private func place(of time: Int64) -> Int {
    var low = first
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

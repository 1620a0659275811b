/// Cases by the times at which to look at them, in buckets: whoever comes back later stands where that time does.
struct CaseQueue: Sendable {
  /// In the order of their times; all but those before `first` are still waiting.
  private var buckets: [Bucket] = []
  private var first = 0
  /// How much time a bucket stands for.
  private let width: Int64
  private(set) var count = 0

  private struct Bucket: Sendable {
    var number: Int64
    var entries: [Entry] = []
    var taken = 0
  }

  private struct Entry: Sendable {
    var number: UInt32
    var generation: UInt32
    var time: Int64
  }

  private static let buckets: Int64 = 128

  /// A queue of cases that wait for about so long.
  init(period: Int64) { width = max(1, period / CaseQueue.buckets) }

  mutating func add(_ number: UInt32, _ generation: UInt32, at time: Int64) {
    let entry = Entry(number: number, generation: generation, time: time)
    let wanted = time / width
    var place = buckets.count
    // Nearly always the last one.
    while place > first && buckets[place - 1].number > wanted { place -= 1 }
    if place == first || buckets[place - 1].number < wanted {
      buckets.insert(Bucket(number: wanted), at: place)
      place += 1
    }
    buckets[place - 1].entries.append(entry)
    count += 1
  }

  /// The next case whose time has come.
  mutating func next(before time: Int64) -> (UInt32, UInt32)? {
    while first < buckets.count, buckets[first].taken == buckets[first].entries.count {
      buckets[first] = Bucket(number: buckets[first].number)
      first += 1
    }
    if first > Int(CaseQueue.buckets) {
      buckets.removeFirst(first)
      first = 0
    }
    if first == buckets.count { return nil }
    let entry = buckets[first].entries[buckets[first].taken]
    if entry.time > time { return nil }
    buckets[first].taken += 1
    count -= 1
    return (entry.number, entry.generation)
  }
}

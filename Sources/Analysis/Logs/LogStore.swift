import EventLogs

/// The events of a log that rules may ask for, gathered into cases: all that request, prompt, output and
/// certificate hashes link.
struct LogStore {
  let plan: LogPlan
  var events: [Event] = []
  var fields: [EventField] = []
  var numbers: [Double] = []
  /// Times of events without one: earliest and latest that they can have had.
  var brackets: [Int: (earliest: Int64, latest: Int64)] = [:]
  var clocks = ProducerClocks()
  var begin = Int64.max
  var end = Int64.min
  var untimed = 0

  /// Union-find over the texts that identify something.
  private var parents: [UInt32] = []
  /// The text that each event is linked by; `Event.nobody` where it names nothing.
  private var anchors: [UInt32] = []
  private var lastTimes: [UInt32: Int64] = [:]
  private var lastTime: Int64?
  /// Events still waiting for the next time of their producer.
  private var waiting: [UInt32: [Int]] = [:]

  init(plan: LogPlan) { self.plan = plan }

  mutating func take(_ batch: EventBatch) {
    while parents.count < batch.texts.count { parents.append(UInt32(parents.count)) }
    let firstNumber = UInt32(numbers.count)
    numbers += batch.numbers
    for var event in batch.events {
      var anchor = Event.nobody
      let first = Int(event.firstField)
      event.firstField = UInt32(fields.count)
      for place in first..<(first + Int(event.fieldCount)) {
        var field = batch.fields[place]
        if field.kind == .number { field.payload += firstNumber }
        fields.append(field)
        if field.kind == .text && plan.isLink[Int(field.slot)] {
          if anchor == Event.nobody {
            anchor = field.payload
          } else {
            union(anchor, field.payload)
          }
        }
      }
      note(event.time, of: event.producer)
      events.append(event)
      anchors.append(anchor)
    }
  }

  private mutating func note(_ time: Timestamp, of producer: UInt32) {
    let index = events.count
    guard !time.isMissing else {
      untimed += 1
      let earliest = lastTimes[producer] ?? lastTime ?? .min
      brackets[index] = (earliest, .max)
      waiting[producer, default: []].append(index)
      return
    }
    let nanoseconds = time.nanoseconds
    begin = min(begin, nanoseconds)
    end = max(end, nanoseconds)
    clocks.note(nanoseconds, of: producer)
    if !waiting.isEmpty, let indices = waiting.removeValue(forKey: producer) {
      for index in indices { close(index, nanoseconds) }
    }
    lastTimes[producer] = nanoseconds
    lastTime = nanoseconds
  }

  private mutating func close(_ index: Int, _ time: Int64) {
    guard let bracket = brackets[index] else { return }
    // Late lines may stand in the wrong order: the range covers both neighbours.
    brackets[index] = (min(bracket.earliest, time), max(bracket.earliest, time))
  }

  /// Ends the log: what waits for its producer's next time is placed by the file's last one.
  mutating func finish() {
    for index in waiting.values.joined() {
      guard let bracket = brackets[index] else { continue }
      let next = followingTime(index)
      if let next { brackets[index] = (min(bracket.earliest, next), max(bracket.earliest, next)) }
    }
    waiting = [:]
  }

  private func followingTime(_ index: Int) -> Int64? {
    for event in events[(index + 1)...].prefix(1000) where !event.time.isMissing {
      return event.time.nanoseconds
    }
    return nil
  }

  /// The events' indices by case, each case in the order of the file, and where each case ends.
  func cases() -> (order: [Int32], ends: [Int]) {
    // A parent is never greater than its child: one pass upwards finds every root.
    var roots = parents
    for text in roots.indices { roots[text] = roots[Int(roots[text])] }
    var caseOf = [UInt32](repeating: Event.nobody, count: parents.count)
    var sizes: [Int] = []
    var numbers = [UInt32](repeating: 0, count: events.count)
    for index in events.indices {
      let anchor = anchors[index]
      var number = UInt32(sizes.count)
      if anchor != Event.nobody {
        let root = Int(roots[Int(anchor)])
        if caseOf[root] == Event.nobody {
          caseOf[root] = number
        } else {
          number = caseOf[root]
        }
      }
      if Int(number) == sizes.count { sizes.append(0) }
      sizes[Int(number)] += 1
      numbers[index] = number
    }
    var ends = sizes
    var sum = 0
    for index in ends.indices {
      let size = ends[index]
      ends[index] = sum
      sum += size
    }
    var order = [Int32](repeating: 0, count: events.count)
    for index in events.indices {
      order[ends[Int(numbers[index])]] = Int32(index)
      ends[Int(numbers[index])] += 1
    }
    return (order, ends)
  }

  private mutating func union(_ left: UInt32, _ right: UInt32) {
    let first = compress(left)
    let second = compress(right)
    if first != second { parents[Int(max(first, second))] = min(first, second) }
  }

  private mutating func compress(_ text: UInt32) -> UInt32 {
    var node = text
    while parents[Int(node)] != node {
      parents[Int(node)] = parents[Int(parents[Int(node)])]
      node = parents[Int(node)]
    }
    return node
  }
}

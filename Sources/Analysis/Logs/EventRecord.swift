import EventLogs
import Synchronization

/// One event as the cases keep it while they are open.
///
/// Whose it is, when it was, and what rules may ask of it without its texts. The whole event is read again where a case
/// needs a closer look.
struct EventRecord: Sendable {
  /// `Timestamp.missing` where it has none.
  var time: Int64
  /// Where it stands in its source.
  var offset: Int64
  /// As `Event.delivery`; 0 where that is the hash of a line that can be read again.
  var delivery: UInt64
  /// Bits of the selections that it belongs to.
  var selections: UInt64
  /// Bits of the screen's facts that are certain, and of those that are certainly not so.
  var facts: UInt64 = 0
  var denials: UInt64 = 0
  /// Hashes of the identities that it names; 0 for none.
  var output: UInt64 = 0
  var request: UInt64 = 0
  var prompt: UInt64 = 0
  var certificate: UInt64 = 0
  /// The order of arrival.
  var serial: UInt64 = 0
  /// Hashes of fields that rules compare between events; 0 for none.
  var values = ComparedValues()
  /// Further identities that link it, in the batch.
  var links: Range<UInt32> = 0..<0
  var length: UInt32
  var line: UInt32
  /// A number of the batch, and once it is taken, of the session; `nobody` where it does not say.
  var producer = EventRecord.nobody
  /// Likewise the workflow's step that says that it ran.
  var step = EventRecord.nobody
  var source: UInt16 = 0
  var name: UInt16
  /// One of its producer that stands before it has a later time.
  var isLate = false

  /// As `Event.nobody`: what is `package` is never inlined into another module, not even where it is `@inlinable`.
  static var nobody: UInt32 { .max }

  /// The small whole number that a value is the hash of.
  static func smallNumber(_ value: UInt32) -> UInt32? {
    smallNumbers.firstIndex(of: value).map { UInt32($0) }
  }

  private static let smallNumbers = (0...64).map { hash(of: Double($0)) }

  /// Equal for equal numbers, and never 0.
  static func hash(of number: Double) -> UInt32 {
    max(1, UInt32(truncatingIfNeeded: (number.bitPattern &* 0x9E37_79B9_7F4A_7C15) >> 32))
  }

  var isTimed: Bool { time != Timestamp.missing.nanoseconds }

  var moment: EventMoment { EventMoment(time: time, producer: producer) }
}

/// As many values as a screen compares, without the padding that wider vectors bring.
struct ComparedValues: Sendable, Equatable {
  // Whole words: a lane of a vector is stored and the vector read again, which waits for the store.
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  @inline(__always)
  static func == (left: ComparedValues, right: ComparedValues) -> Bool {
    left.words == right.words
  }

  /// The places that have something in them, a bit each.
  @inline(__always)
  var filled: UInt8 {
    let lower = ComparedValues.bits(words.0) | ComparedValues.bits(words.1) << 2
    if words.2 | words.3 == 0 { return lower }
    return lower | ComparedValues.bits(words.2) << 4 | ComparedValues.bits(words.3) << 6
  }

  @inline(__always)
  private static func bits(_ word: UInt64) -> UInt8 {
    (UInt32(truncatingIfNeeded: word) != 0 ? 1 : 0) | (word >> 32 != 0 ? 2 : 0)
  }

  subscript(place: Int) -> UInt32 {
    @inline(__always) get {
      let word: UInt64
      switch place >> 1 {
      case 0: word = words.0
      case 1: word = words.1
      case 2: word = words.2
      default: word = words.3
      }
      return UInt32(truncatingIfNeeded: word >> (UInt64(place & 1) << 5))
    }
    @inline(__always) set {
      let shift = UInt64(place & 1) << 5
      let kept = ~(UInt64(UInt32.max) << shift)
      let added = UInt64(newValue) << shift
      switch place >> 1 {
      case 0: words.0 = words.0 & kept | added
      case 1: words.1 = words.1 & kept | added
      case 2: words.2 = words.2 & kept | added
      default: words.3 = words.3 & kept | added
      }
    }
  }
}

/// What one stretch of a log tells: the times of its events, and its cases or what it knows of them.
struct RecordBatch: Sendable {
  /// Of every event, until the stretch is gathered; then of the cases that may go on elsewhere.
  var records: [EventRecord] = []
  var links: [UInt64] = []
  /// Producers by their number in this batch.
  var producers: [(hash: UInt64, name: String)] = []
  /// Likewise steps, as `workflow/step`.
  var steps: [(hash: UInt64, name: String)] = []
  /// The events themselves, where they cannot be read again in place: offsets are into these bytes.
  var held: [UInt8]?
  /// The events themselves, for a state that is written.
  var kept: [UInt8]?
  /// Lines count from the source's start already.
  var isPlaced = false
  var lines = 0
  var bytes = 0
  var problems: [LogProblem] = []
  var others = UnknownNames()
  /// Lines that somebody else wants to look at; those that could not be kept are counted.
  var telltales: [TelltaleLine] = []
  var passedTelltales = 0
  var failure: LogInputError?

  /// How many records there were after each block.
  var blockEnds: [Int] = []
  var isGathered = false
  /// Once it is gathered.
  var moments = EventMoments()
  var fragments: [CaseFragment] = []
  /// The identities of fragments.
  var identities: [UInt64] = []
  /// What is left of those that are settled.
  var settled: [UInt64] = []
  /// The uses in cases that need no closer look.
  var tally = UseTally()
}

/// Makes records of events.
final class RecordMaker: Sendable {
  private let plan: LogPlan
  private let screen: ScreenPlan
  /// Whether the events are wanted themselves, for a state.
  private let keepsEvents: Bool
  /// Every byte of a line is looked at.
  private let isStrict: Bool
  private let telltales: LineTelltales
  private let recorders = SpareTools<ObjectIdentifier, LineRecorder>()
  /// By source.
  let readers = SpareTools<Int, LineReader>()
  /// Room for records that nobody is using: new pages cost more than what is written to them.
  private let spares = Mutex<[[EventRecord]]>([])

  init(
    plan: LogPlan, screen: ScreenPlan, keepsEvents: Bool = false, isStrict: Bool = false,
    telltales: LineTelltales = LineTelltales()
  ) {
    self.plan = plan
    self.isStrict = isStrict
    self.telltales = telltales
    self.screen = screen
    self.keepsEvents = keepsEvents
  }

  /// Adds the block that follows upon those before.
  func append(_ block: consuming LineBlocks.Block, to made: inout RecordBatch) {
    for event in block.batch.events.indices {
      block.batch.events[event].line += Int32(clamping: made.lines)
    }
    made.add(block)
    append(block.batch, to: &made)
    made.blockEnds.append(made.records.count)
    if keepsEvents { made.kept = (made.kept ?? []) + RecordMaker.encode(block.batch) }
  }

  /// Records of the blocks of a log, without their events' texts.
  func records(of range: Range<Int>, in blocks: LineBlocks, _ schema: EventSchema) -> RecordBatch {
    var made = RecordBatch()
    if keepsEvents {
      for block in range {
        append(
          blocks.scan(block, by: schema, isStrict: isStrict, telltales: telltales), to: &made)
      }
      return made
    }
    made.records = spares.withLock { $0.popLast() } ?? []
    let wanted = schema.reading(screen.slots, rare: plan.rareSlots)
    let recorder =
      recorders.take(for: ObjectIdentifier(blocks))
      ?? LineRecorder(
        plan: plan, screen: screen, schema: wanted, isStrict: isStrict, telltales: telltales)
    recorder.beginBatch()
    for block in range { recorder.append(blocks, block, to: &made, self) }
    recorders.put(recorder, for: ObjectIdentifier(blocks))
    return made
  }

  /// Takes the room of records that have become cases.
  func recycle(_ room: consuming [EventRecord]) {
    room.removeAll(keepingCapacity: true)
    if room.capacity == 0 { return }
    let room = room
    spares.withLock { spares in
      if spares.count < RecordMaker.mostSpares { spares.append(room) }
    }
  }

  private static let mostSpares = 3

  /// Gives up what reading lines needs: no more of them come.
  func releaseRoom() {
    spares.withLock { $0 = [] }
    recorders.clear()
  }

  /// Records of a part of a state.
  func records(of part: Range<Int>, in state: LogStateFile, _ schema: EventSchema) -> RecordBatch {
    var made = RecordBatch()
    made.isPlaced = true
    do throws(LogInputError) {
      var (batch, places, lineBase) = try state.events(of: part, state.numbering(in: schema))
      append(batch, to: &made)
      for (index, place) in places.enumerated() {
        made.records[index].offset = Int64(place.lowerBound)
        made.records[index].length = UInt32(place.count)
        made.records[index].line += UInt32(truncatingIfNeeded: lineBase)
      }
      if keepsEvents {
        for index in batch.events.indices { batch.events[index].line += Int32(clamping: lineBase) }
        made.kept = RecordMaker.encode(batch)
      }
    } catch {
      made.failure = error
    }
    return made
  }

  private static func encode(_ batch: EventBatch) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(batch.events.count * 128)
    for event in batch.events { EventCodec.encode(event, of: batch, into: &bytes) }
    return bytes
  }

  /// Records of events that are kept with their texts.
  func heldRecords(of batch: EventBatch) -> RecordBatch {
    var made = RecordBatch()
    append(batch, to: &made)
    var bytes: [UInt8] = []
    for (index, event) in batch.events.enumerated() {
      made.records[index].offset = Int64(bytes.count)
      EventCodec.encode(event, of: batch, into: &bytes)
      made.records[index].length = UInt32(bytes.count - Int(made.records[index].offset))
    }
    made.held = bytes
    made.isPlaced = true
    if keepsEvents { made.kept = bytes }
    return made
  }

  func append(_ batch: EventBatch, to made: inout RecordBatch) {
    let texts = batch.texts
    var tests = TestEvaluator(
      store: LogStore(
        plan: plan, events: batch.events, fields: batch.fields, numbers: batch.numbers),
      texts: texts)
    var producers: [UInt64: UInt32] = [:]
    for (number, known) in made.producers.enumerated() { producers[known.hash] = UInt32(number) }
    var steps: [UInt64: UInt32] = [:]
    for (number, known) in made.steps.enumerated() { steps[known.hash] = UInt32(number) }
    var lastProducer = EventRecord.nobody
    var lastNumber = EventRecord.nobody
    made.records.reserveCapacity(batch.events.count)
    for (index, event) in batch.events.enumerated() {
      var one = CaseEvent(
        index: index, name: event.name, producer: event.producer, selections: 0,
        earliest: 0, latest: 0, output: EventRecord.nobody, request: EventRecord.nobody,
        prompt: EventRecord.nobody, certificate: EventRecord.nobody)
      var record = EventRecord(
        time: event.time.nanoseconds, offset: Int64(event.start), delivery: event.delivery,
        selections: 0, length: UInt32(bitPattern: event.length),
        line: UInt32(bitPattern: event.line), name: event.name)
      let firstLink = UInt32(truncatingIfNeeded: made.links.count)
      let first = Int(event.firstField)
      for place in first..<(first + Int(event.fieldCount)) {
        let field = batch.fields[place]
        let slot = Int(field.slot)
        let value = screen.valueOfSlot[slot]
        if value >= 0 {
          record.values[Int(value)] = RecordMaker.hash(of: field, in: batch)
        }
        guard field.kind == .text, plan.isLink[slot] else { continue }
        let hash = max(1, texts.hash(of: field.payload))
        switch field.slot {
        case plan.outputSlot:
          record.output = hash
          one.output = field.payload
        case plan.requestSlot:
          record.request = hash
          one.request = field.payload
        case plan.promptSlot:
          record.prompt = hash
          one.prompt = field.payload
        case plan.certificateSlot:
          record.certificate = hash
          one.certificate = field.payload
        default: made.links.append(hash)
        }
      }
      record.links = firstLink..<UInt32(truncatingIfNeeded: made.links.count)
      if let (workflow, step) = step(of: event, in: batch) {
        let hash = texts.hash(of: workflow) &* 31 &+ texts.hash(of: step)
        record.step = steps[hash] ?? UInt32(truncatingIfNeeded: made.steps.count)
        if steps.updateValue(record.step, forKey: hash) == nil {
          made.steps.append((hash, texts[workflow] + "/" + texts[step]))
        }
      }
      record.selections = tests.selections(of: one)
      one.selections = record.selections
      for fact in screen.factsOfName[Int(event.name)] {
        switch fact.decide(one, &tests) {
        case true?: record.facts |= fact.bit
        case false?: record.denials |= fact.bit
        case nil: break
        }
      }
      if event.producer != EventRecord.nobody {
        if event.producer != lastProducer {
          lastProducer = event.producer
          let hash = texts.hash(of: event.producer)
          if let known = producers[hash] {
            lastNumber = known
          } else {
            lastNumber = UInt32(truncatingIfNeeded: made.producers.count)
            producers[hash] = lastNumber
            made.producers.append((hash, texts[event.producer]))
          }
        }
        record.producer = lastNumber
      }
      made.records.append(record)
    }
  }

  /// The texts of the workflow and the step that an event names, where it names both.
  private func step(of event: Event, in batch: EventBatch) -> (UInt32, UInt32)? {
    guard let workflowSlot = plan.workflowSlot, let stepSlot = plan.stepSlot else { return nil }
    var workflow: UInt32?
    var step: UInt32?
    let first = Int(event.firstField)
    for place in first..<(first + Int(event.fieldCount)) where batch.fields[place].kind == .text {
      if batch.fields[place].slot == workflowSlot { workflow = batch.fields[place].payload }
      if batch.fields[place].slot == stepSlot { step = batch.fields[place].payload }
    }
    guard let workflow, let step else { return nil }
    return (workflow, step)
  }

  /// Equal for equal values; 0 for what is nothing to compare.
  private static func hash(of field: EventField, in batch: EventBatch) -> UInt32 {
    let hash: UInt64
    switch field.kind {
    case .text: hash = batch.texts.hash(of: field.payload)
    case .number: return EventRecord.hash(of: batch.numbers[Int(field.payload)])
    case .yes: hash = 3 << 32
    case .no: hash = 5 << 32
    case .null, .list, .object: return 0
    }
    return max(1, UInt32(truncatingIfNeeded: hash >> 32))
  }
}

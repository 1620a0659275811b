import EventLogs
import Rules
import Synchronization

/// Makes records of a log's lines without keeping their texts.
///
/// What tests of an event's own fields come to is remembered by what the fields hash to. One for each thread.
final class LineRecorder: @unchecked Sendable {
  private let plan: LogPlan
  private let screen: ScreenPlan
  let scanner: LineScanner

  /// By slot.
  private var uses: [SlotUse]
  /// By name.
  private let names: [NamePlan]
  private var memo: [Remembered]
  private var hashes: [UInt64]
  private var tests: TestEvaluator
  private var expanded = EventBatch()
  private var producers: [UInt64: UInt32] = [:]
  private var lastProducer: (hash: UInt64, number: UInt32) = (0, Event.nobody)
  private var steps: [UInt64: UInt32] = [:]

  private static let memoSize = 1 << 12

  /// What a slot is to a record.
  private struct SlotUse {
    var value: Int8 = -1
    var identity: Identity = .none
    /// The workflow or the step.
    var isStep = false

    enum Identity: UInt8 { case none, output, request, prompt, certificate, link }
  }

  /// What must be decided of an event of some name.
  private struct NamePlan {
    /// Selections that it belongs to by its name alone.
    var selections: UInt64 = 0
    /// Decided by the fields in some slots, each of which is remembered by itself.
    var groups: [Group] = []
    /// Which look for an identity in a text.
    var searches: [ScreenPlan.Fact] = []
  }

  private struct Group {
    var slots: [UInt8]
    var selections: [(bit: UInt64, test: PlannedTest)] = []
    var facts: [ScreenPlan.Fact] = []
    /// Not by fields alone.
    var isForgetful = false
  }

  private struct Remembered {
    var key: UInt64 = 0
    var selections: UInt64 = 0
    var facts: UInt64 = 0
    var denials: UInt64 = 0
  }

  init(plan: LogPlan, screen: ScreenPlan, schema: EventSchema) {
    self.plan = plan
    self.screen = screen
    scanner = LineScanner(schema: schema)
    memo = Array(repeating: Remembered(), count: LineRecorder.memoSize)
    hashes = Array(repeating: 0, count: 256)
    tests = TestEvaluator(store: LogStore(plan: plan), texts: TextTable())
    uses = (0...UInt8.max).map { slot in
      var use = SlotUse()
      use.value = screen.valueOfSlot[Int(slot)]
      if plan.isLink[Int(slot)] {
        switch slot {
        case plan.outputSlot: use.identity = .output
        case plan.requestSlot: use.identity = .request
        case plan.promptSlot: use.identity = .prompt
        case plan.certificateSlot: use.identity = .certificate
        default: use.identity = .link
        }
      }
      use.isStep = slot == plan.workflowSlot || slot == plan.stepSlot
      return use
    }
    names = plan.schema.names.indices.map { LineRecorder.plan(UInt16($0), plan, screen) }
  }

  private static func plan(_ name: UInt16, _ plan: LogPlan, _ screen: ScreenPlan) -> NamePlan {
    var result = NamePlan()
    var groups: [[UInt8]: Group] = [:]
    func group(_ test: PlannedTest, _ change: (inout Group) -> Void) {
      var slots: Set<UInt8> = []
      let isOwn = collect(test, plan, &slots)
      let key = isOwn ? slots.sorted() : [.max]
      var group = groups[key] ?? Group(slots: isOwn ? key : [])
      group.isForgetful = !isOwn
      change(&group)
      groups[key] = group
    }
    for (index, selection) in plan.selections.enumerated() {
      let bit = UInt64(1) << UInt64(index)
      for entry in selection.entries where entry.name == name {
        guard let test = entry.test else {
          result.selections |= bit
          continue
        }
        group(test) { $0.selections.append((bit, test)) }
      }
    }
    for fact in screen.factsOfName[Int(name)] {
      if case .contains = fact.test {
        result.searches.append(fact)
      } else {
        group(fact.test) { $0.facts.append(fact) }
      }
    }
    result.groups = groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
    return result
  }

  /// The slots that decide a test; `false` where more than the fields does.
  private static func collect(
    _ test: PlannedTest, _ plan: LogPlan, _ slots: inout Set<UInt8>
  ) -> Bool {
    func add(_ field: PlannedField) {
      switch field {
      case .nowhere: break
      case .slot(let slot): slots.insert(slot)
      case .identity(let identity):
        let slot: UInt8? =
          switch identity {
          case .output, .anything: plan.outputSlot
          case .request: plan.requestSlot
          case .prompt: plan.promptSlot
          case .certificate, .proof: plan.certificateSlot
          }
        if let slot { slots.insert(slot) }
      }
    }
    switch test {
    case .all(let parts), .any(let parts):
      var isOwn = true
      for part in parts where !collect(part, plan, &slots) { isOwn = false }
      return isOwn
    case .not(let part): return collect(part, plan, &slots)
    case .isOne(let field, _, _), .present(let field), .null(let field), .claims(let field, _):
      add(field)
      return true
    case .contains(let field, let others):
      for one in others + [field] { add(one) }
      return true
    case .number(let field, _, let operand, _):
      add(field)
      if case .own(let other) = operand { add(other) }
      return true
    // Beside another event only, and there is none.
    case .same, .different, .alike: return true
    case .time, .named: return false
    }
  }

  /// Reads a block of a log and adds its records.
  func append(_ blocks: LineBlocks, _ index: Int, to made: inout RecordBatch, _ maker: RecordMaker)
  {
    var batch = made
    made = RecordBatch()
    let lines = batch.lines
    let block = blocks.read(index, by: scanner) {
      add(scanner.event, lines, &batch)
    } consumeBatch: { events in
      var events = events
      for event in events.events.indices { events.events[event].line += Int32(clamping: lines) }
      maker.append(events, to: &batch)
      for (number, known) in batch.producers.enumerated() { producers[known.hash] = UInt32(number) }
      for (number, known) in batch.steps.enumerated() { steps[known.hash] = UInt32(number) }
    }
    batch.add(block)
    batch.blockEnds.append(batch.records.count)
    made = batch
  }

  /// Forgets the numbers of a batch.
  func beginBatch() {
    producers.removeAll(keepingCapacity: true)
    steps.removeAll(keepingCapacity: true)
    lastProducer = (0, Event.nobody)
  }

  private func add(_ event: LineEvent, _ lines: Int, _ made: inout RecordBatch) {
    var record = EventRecord(
      time: event.time.nanoseconds, offset: Int64(event.start), length: UInt32(event.length),
      line: UInt32(truncatingIfNeeded: event.line + lines), name: event.name,
      producer: Event.nobody, delivery: event.delivery, selections: 0)
    let firstLink = UInt32(truncatingIfNeeded: made.links.count)
    var hasStep = false
    for index in 0..<event.count {
      let slot = Int(event[index].slot)
      let kind = event[index].kind
      let hash = event[index].hash
      let use = uses[slot]
      hashes[slot] = hash ^ (UInt64(kind.rawValue) &+ 1) &* 0x9E37_79B9_7F4A_7C15
      if use.value >= 0 {
        record.values[Int(use.value)] = value(event[index])
      }
      if kind != .text { continue }
      if use.isStep { hasStep = true }
      switch use.identity {
      case .none: break
      case .output: record.output = max(1, hash)
      case .request: record.request = max(1, hash)
      case .prompt: record.prompt = max(1, hash)
      case .certificate: record.certificate = max(1, hash)
      case .link: made.links.append(max(1, hash))
      }
    }
    record.links = firstLink..<UInt32(truncatingIfNeeded: made.links.count)
    if hasStep { record.step = step(event, &made) }
    decide(event, &record)
    for index in 0..<event.count { hashes[Int(event[index].slot)] = 0 }
    if event.producer != 0 {
      if event.producer != lastProducer.hash {
        lastProducer = (event.producer, number(ofProducer: event.producer, &made))
      }
      record.producer = lastProducer.number
    }
    made.records.append(record)
  }

  private func number(ofProducer hash: UInt64, _ made: inout RecordBatch) -> UInt32 {
    if let known = producers[hash] { return known }
    let number = UInt32(truncatingIfNeeded: made.producers.count)
    producers[hash] = number
    made.producers.append((hash, scanner.producerName))
    return number
  }

  private func step(_ event: LineEvent, _ made: inout RecordBatch) -> UInt32 {
    var workflow: LineField?
    var step: LineField?
    for index in 0..<event.count where event[index].kind == .text {
      if event[index].slot == plan.workflowSlot { workflow = event[index] }
      if event[index].slot == plan.stepSlot { step = event[index] }
    }
    guard let workflow, let step else { return Event.nobody }
    let hash = workflow.hash &* 31 &+ step.hash
    if let known = steps[hash] { return known }
    let number = UInt32(truncatingIfNeeded: made.steps.count)
    steps[hash] = number
    made.steps.append((hash, scanner.text(of: workflow) + "/" + scanner.text(of: step)))
    return number
  }

  /// As `RecordMaker` hashes a field's value.
  private func value(_ field: LineField) -> UInt32 {
    switch field.kind {
    case .text: return max(1, UInt32(truncatingIfNeeded: field.hash >> 32))
    case .number: return EventRecord.hash(of: scanner.number(of: field))
    case .yes: return 3
    case .no: return 5
    case .null, .list, .object: return 0
    }
  }

  /// Which selections the event belongs to, and which facts hold.
  private func decide(_ event: LineEvent, _ record: inout EventRecord) {
    let name = Int(event.name)
    record.selections = names[name].selections
    var isExpanded = false
    for index in names[name].groups.indices {
      var key = UInt64(name) << 8 | UInt64(index) &+ 1
      for slot in names[name].groups[index].slots {
        key = (key ^ hashes[Int(slot)]) &* 0xA076_1D64_78BD_642F
        key ^= key >> 32
      }
      let place = Int(truncatingIfNeeded: key) & (LineRecorder.memoSize - 1)
      if memo[place].key != key || names[name].groups[index].isForgetful {
        if !isExpanded { expand(event) }
        isExpanded = true
        memo[place] = decide(names[name].groups[index], key, record)
      }
      record.selections |= memo[place].selections
      record.facts |= memo[place].facts
      record.denials |= memo[place].denials
    }
    for fact in names[name].searches {
      var result = finds(fact, event)
      if result == nil {
        if !isExpanded { expand(event) }
        isExpanded = true
        result = .some(fact.decide(one(record), &tests))
      }
      switch result {
      case true??: record.facts |= fact.bit
      case false??: record.denials |= fact.bit
      case .some(nil), nil: break
      }
    }
  }

  /// Letter for letter: the usual case, for which no text needs to be made; `nil` where that decides nothing.
  private func finds(_ fact: ScreenPlan.Fact, _ event: LineEvent) -> Bool?? {
    guard case .contains(.slot(let slot), let others) = fact.test else { return nil }
    var place: Int?
    for index in 0..<event.count where event[index].slot == slot { place = index }
    guard let place, event[place].kind == .text else { return nil }
    for other in others {
      guard case .identity(let identity) = other else { continue }
      let slot: UInt8? =
        switch identity {
        case .output, .anything: plan.outputSlot
        case .request: plan.requestSlot
        case .prompt: plan.promptSlot
        case .certificate, .proof: plan.certificateSlot
        }
      for index in 0..<event.count
      where event[index].slot == slot && event[index].kind == .text {
        if scanner.holds(event[place], event[index]) == true {
          return .some(fact.outcome != .isFalse)
        }
      }
    }
    return nil
  }

  private func expand(_ event: LineEvent) {
    expanded.removeEvents()
    scanner.expand(into: &expanded)
    tests.replace(expanded)
  }

  private func one(_ record: EventRecord) -> CaseEvent {
    var one = CaseEvent(
      index: 0, name: record.name, producer: record.producer, selections: record.selections,
      earliest: 0, latest: 0, output: Event.nobody, request: Event.nobody,
      prompt: Event.nobody, certificate: Event.nobody)
    for field in expanded.fields where field.kind == .text {
      switch field.slot {
      case plan.outputSlot: one.output = field.payload
      case plan.requestSlot: one.request = field.payload
      case plan.promptSlot: one.prompt = field.payload
      case plan.certificateSlot: one.certificate = field.payload
      default: break
      }
    }
    return one
  }

  private func decide(
    _ group: Group, _ key: UInt64, _ record: EventRecord
  ) -> Remembered {
    var result = Remembered(key: key)
    // Selections never depend on each other.
    let event = one(record)
    for (bit, test) in group.selections where tests.passes(test, event, judged: nil) == true {
      result.selections |= bit
    }
    for fact in group.facts {
      switch fact.decide(event, &tests) {
      case true?: result.facts |= fact.bit
      case false?: result.denials |= fact.bit
      case nil: break
      }
    }
    return result
  }
}

extension RecordBatch {
  /// Adds what a block holds beside its events; it follows upon those before.
  mutating func add(_ block: LineBlocks.Block) {
    for var problem in block.problems {
      problem.lines = problem.lines.lowerBound + lines...problem.lines.upperBound + lines
      problem.join(&problems)
    }
    lines += block.lines
    bytes += block.bytes
    others.add(block.others)
    failure = failure ?? block.failure
  }
}

/// Recorders that no thread is using, by log.
final class LineRecorders: Sendable {
  private let free = Mutex<[ObjectIdentifier: [LineRecorder]]>([:])

  func take(for log: LineBlocks) -> LineRecorder? {
    free.withLock { $0[ObjectIdentifier(log)]?.popLast() }
  }

  func put(_ recorder: LineRecorder, for log: LineBlocks) {
    free.withLock { $0[ObjectIdentifier(log), default: []].append(recorder) }
  }
}

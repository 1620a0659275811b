import EventLogs
import Rules

/// Makes records of a log's lines without keeping their texts.
///
/// What tests of an event's own fields come to is remembered by what the fields hash to. One for each thread.
final class LineRecorder: @unchecked Sendable {
  private var scanner: LineScanner
  private var state: RecorderState

  init(
    plan: LogPlan, screen: ScreenPlan, schema: EventSchema, isStrict: Bool,
    telltales: LineTelltales
  ) {
    scanner = LineScanner(schema: schema, isStrict: isStrict, telltales: telltales)
    state = RecorderState(plan: plan, screen: screen)
  }

  /// Reads a block of a log and adds its records.
  func append(
    _ blocks: LineBlocks, _ index: Int, to made: inout RecordBatch, _ maker: RecordMaker
  ) {
    var batch = made
    made = RecordBatch()
    batch.add(LineRecorder.read(blocks, index, &scanner, &state, into: &batch, maker))
    batch.blockEnds.append(batch.records.count)
    made = batch
  }

  /// Both are lent once for the block: a property of ours would be claimed anew for every event.
  private static func read(
    _ blocks: LineBlocks, _ index: Int, _ scanner: inout LineScanner,
    _ state: inout RecorderState, into batch: inout RecordBatch, _ maker: RecordMaker
  ) -> LineBlocks.Block {
    let lines = batch.lines
    return blocks.read(index, by: &scanner) { scanner, fields in
      state.add(&scanner, fields, lines, &batch)
    } consumeBatch: { events in
      var events = events
      for event in events.events.indices { events.events[event].line += Int32(clamping: lines) }
      maker.append(events, to: &batch)
      state.continueNumbers(of: batch)
    }
  }

  /// Forgets the numbers of a batch.
  func beginBatch() { state.beginBatch() }
}

/// What a recorder works with: a value, so that looking into it costs no more than that.
private struct RecorderState {
  private let plan: LogPlan
  private let screen: ScreenPlan
  /// By name and slot.
  private var uses: [SlotUse] = []
  /// By name.
  private var names: [NamePlan]
  /// Of all names.
  private var groups: [Group] = []
  private var groupSlots: [Int16] = []
  private var groupTests: [GroupTests] = []
  private var searches: [ScreenPlan.Fact] = []
  /// What the groups of an event come to together, and each of them by itself.
  private var wholes: [Remembered]
  private var memo: [Remembered]
  /// Of the present event, where its groups are decided one by one; else all are 0.
  private var hashes: [UInt64]
  private var tests: TestEvaluator
  private var expanded = EventBatch()
  private var producers: [UInt64: UInt32] = [:]
  /// Those that were met last, by a few bits of their hashes.
  private var recentProducers: [(hash: UInt64, number: UInt32)]
  private var steps: [UInt64: UInt32] = [:]

  private static let memoSize = 1 << 12
  private static let mostRecent = 1 << 10

  /// What a slot is to the record of an event of some name.
  private struct SlotUse {
    var value: Int8 = -1
    var identity: Identity = .none
    /// What the name's groups ask of it.
    var asked: Asked = .nothing
    /// The workflow or the step.
    var isStep = false

    enum Identity: UInt8 { case none, output, request, prompt, certificate, link }
  }

  /// What must be decided of an event of some name.
  private struct NamePlan {
    /// Selections that it belongs to by its name alone.
    var selections: UInt64 = 0
    /// Not by fields alone.
    var isForgetful = false
    /// Decided by the fields in some slots, each of which is remembered by itself.
    var groups: Range<Int32> = 0..<0
    /// Which look for an identity in a text.
    var searches: Range<Int32> = 0..<0
  }

  private struct Group {
    /// Where only what kind of value stands in a slot counts, the slot is one of the upper ones.
    var slots: Range<Int32>
    /// Not by fields alone.
    var isForgetful: Bool
  }

  private enum Asked: UInt8 { case nothing, kind, value }

  private struct GroupTests {
    var selections: [(bit: UInt64, test: PlannedTest)] = []
    var facts: [ScreenPlan.Fact] = []
  }

  private struct Remembered {
    var key: UInt64 = 0
    var selections: UInt64 = 0
    var facts: UInt64 = 0
    var denials: UInt64 = 0
  }

  init(plan: LogPlan, screen: ScreenPlan) {
    self.plan = plan
    self.screen = screen
    memo = Array(repeating: Remembered(), count: RecorderState.memoSize)
    wholes = memo
    recentProducers = Array(repeating: (0, Event.nobody), count: RecorderState.mostRecent)
    hashes = Array(repeating: 0, count: 512)
    tests = TestEvaluator(store: LogStore(plan: plan), texts: TextTable())
    let slots = (0...UInt8.max).map { slot in
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
    names = []
    for name in plan.schema.names.indices { names.append(self.plan(UInt16(name))) }
    for name in names.indices {
      uses += slots
      for group in names[name].groups {
        if groups[Int(group)].isForgetful { names[name].isForgetful = true }
        for place in groups[Int(group)].slots {
          let slot = Int(groupSlots[Int(place)])
          let use = name << 8 | slot & 255
          if slot < 256 {
            uses[use].asked = .value
          } else if uses[use].asked == .nothing {
            uses[use].asked = .kind
          }
        }
      }
    }
  }

  private mutating func plan(_ name: UInt16) -> NamePlan {
    var result = NamePlan()
    var found: [[Int16]: (isForgetful: Bool, tests: GroupTests)] = [:]
    func group(_ test: PlannedTest, _ change: (inout GroupTests) -> Void) {
      var slots = DecidingSlots()
      let isOwn = test.collectSlots(plan, &slots)
      let key =
        isOwn
        ? slots.values.sorted().map { Int16($0) }
          + slots.kinds.subtracting(slots.values).sorted().map { Int16($0) + 256 }
        : [.max]
      var tests = found[key]?.tests ?? GroupTests()
      change(&tests)
      found[key] = (!isOwn, tests)
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
    let firstSearch = Int32(searches.count)
    for fact in screen.factsOfName[Int(name)] {
      if case .contains = fact.test {
        searches.append(fact)
      } else {
        group(fact.test) { $0.facts.append(fact) }
      }
    }
    result.searches = firstSearch..<Int32(searches.count)
    let firstGroup = Int32(groups.count)
    for (slots, one) in found.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      let firstSlot = Int32(groupSlots.count)
      if !one.isForgetful { groupSlots += slots }
      groups.append(
        Group(slots: firstSlot..<Int32(groupSlots.count), isForgetful: one.isForgetful))
      groupTests.append(one.tests)
    }
    result.groups = firstGroup..<Int32(groups.count)
    return result
  }

  /// Forgets the numbers of a batch.
  mutating func beginBatch() {
    producers.removeAll(keepingCapacity: true)
    steps.removeAll(keepingCapacity: true)
    for place in recentProducers.indices { recentProducers[place] = (0, Event.nobody) }
  }

  /// Goes on with the numbers that somebody else has given out.
  mutating func continueNumbers(of batch: RecordBatch) {
    for (number, known) in batch.producers.enumerated() { producers[known.hash] = UInt32(number) }
    for (number, known) in batch.steps.enumerated() { steps[known.hash] = UInt32(number) }
  }

  mutating func add(
    _ scanner: inout LineScanner, _ fields: Span<LineField>, _ lines: Int,
    _ made: inout RecordBatch
  ) {
    // What is asked of it alone: the whole would be copied.
    let (name, producerHash) = (scanner.event.name, scanner.event.producer)
    let firstUse = Int(name) << 8
    let firstLink = UInt32(truncatingIfNeeded: made.links.count)
    // Each by itself until the record is written, once.
    var (output, request, prompt, certificate) = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
    var values = ComparedValues()
    var hasStep = false
    var whole = UInt64(name) &+ 1
    for index in fields.indices {
      let field = fields[index]
      let use = uses[firstUse | Int(field.slot)]
      switch use.asked {
      case .nothing: break
      case .kind: whole = RecorderState.mixed(whole, field.kindHash ^ UInt64(field.slot))
      case .value:
        whole = RecorderState.mixed(whole, field.hash ^ field.kindHash &+ UInt64(field.slot))
      }
      if use.value >= 0 { values[Int(use.value)] = RecorderState.value(field, &scanner) }
      guard case .text = field.kind else { continue }
      if use.isStep { hasStep = true }
      switch use.identity {
      case .none: break
      case .output: output = max(1, field.hash)
      case .request: request = max(1, field.hash)
      case .prompt: prompt = max(1, field.hash)
      case .certificate: certificate = max(1, field.hash)
      case .link: made.links.append(max(1, field.hash))
      }
    }
    let step = hasStep ? step(fields, &scanner, &made) : EventRecord.nobody
    let decided = decide(name, fields, whole, &scanner)
    var producer = EventRecord.nobody
    if producerHash != 0 {
      let place = Int(truncatingIfNeeded: producerHash >> 20) & (RecorderState.mostRecent - 1)
      if producerHash != recentProducers[place].hash {
        let number = number(ofProducer: producerHash, &scanner, &made)
        recentProducers[place] = (producerHash, number)
      }
      producer = recentProducers[place].number
    }
    made.records.append(
      EventRecord(
        time: scanner.event.time.nanoseconds, offset: Int64(scanner.event.start),
        delivery: scanner.event.delivery, selections: decided.selections, facts: decided.facts,
        denials: decided.denials, output: output, request: request, prompt: prompt,
        certificate: certificate, values: values,
        links: firstLink..<UInt32(truncatingIfNeeded: made.links.count),
        length: UInt32(truncatingIfNeeded: scanner.event.length),
        line: UInt32(truncatingIfNeeded: scanner.event.line &+ lines), producer: producer,
        step: step, name: name))
  }

  private mutating func number(
    ofProducer hash: UInt64, _ scanner: inout LineScanner, _ made: inout RecordBatch
  ) -> UInt32 {
    if let known = producers[hash] { return known }
    let number = UInt32(truncatingIfNeeded: made.producers.count)
    producers[hash] = number
    made.producers.append((hash, scanner.producerName))
    return number
  }

  private mutating func step(
    _ fields: Span<LineField>, _ scanner: inout LineScanner, _ made: inout RecordBatch
  ) -> UInt32 {
    var workflow: LineField?
    var step: LineField?
    for index in fields.indices where fields[index].kind == .text {
      if fields[index].slot == plan.workflowSlot { workflow = fields[index] }
      if fields[index].slot == plan.stepSlot { step = fields[index] }
    }
    guard let workflow, let step else { return EventRecord.nobody }
    let hash = workflow.hash &* 31 &+ step.hash
    if let known = steps[hash] { return known }
    let number = UInt32(truncatingIfNeeded: made.steps.count)
    steps[hash] = number
    made.steps.append((hash, scanner.text(of: workflow) + "/" + scanner.text(of: step)))
    return number
  }

  /// As `RecordMaker` hashes a field's value.
  private static func value(_ field: LineField, _ scanner: inout LineScanner) -> UInt32 {
    switch field.kind {
    case .text: return max(1, UInt32(truncatingIfNeeded: field.hash >> 32))
    case .number: return EventRecord.hash(of: scanner.number(of: field))
    case .yes: return 3
    case .no: return 5
    case .null, .list, .object: return 0
    }
  }

  @inline(__always)
  private static func mixed(_ key: UInt64, _ hash: UInt64) -> UInt64 {
    let mixed = (key ^ hash) &* 0xA076_1D64_78BD_642F
    return mixed ^ mixed >> 32
  }

  /// Which selections the event belongs to, and which facts hold; events of the same `whole` are alike in all that is
  /// asked of their fields.
  @inline(__always)
  private mutating func decide(
    _ number: UInt16, _ fields: Span<LineField>, _ whole: UInt64, _ scanner: inout LineScanner
  ) -> Remembered {
    let name = names[Int(number)]
    var decided = Remembered()
    var isExpanded = false
    if !name.groups.isEmpty {
      let place = Int(truncatingIfNeeded: whole) & (RecorderState.memoSize - 1)
      if wholes[place].key != whole || name.isForgetful {
        wholes[place] = decide(
          name.groups, whole, fields, &scanner, number, name.selections, &isExpanded)
      }
      decided = wholes[place]
    }
    decided.selections |= name.selections
    if !name.searches.isEmpty {
      search(name.searches, number, fields, &scanner, &decided, isExpanded)
    }
    return decided
  }

  /// Looks for identities in texts.
  private mutating func search(
    _ range: Range<Int32>, _ name: UInt16, _ fields: Span<LineField>,
    _ scanner: inout LineScanner, _ decided: inout Remembered, _ isExpanded: Bool
  ) {
    var isExpanded = isExpanded
    for index in range {
      var result = finds(Int(index), fields, &scanner)
      if result == nil {
        if !isExpanded { expand(&scanner) }
        isExpanded = true
        result = .some(
          searches[Int(index)].decide(one(name, decided.selections), &tests))
      }
      let bit = searches[Int(index)].bit
      switch result {
      case true??: decided.facts |= bit
      case false??: decided.denials |= bit
      case .some(nil), nil: break
      }
    }
  }

  /// Decides the groups one by one.
  @inline(never)
  private mutating func decide(
    _ range: Range<Int32>, _ whole: UInt64, _ fields: Span<LineField>,
    _ scanner: inout LineScanner, _ name: UInt16, _ selections: UInt64, _ isExpanded: inout Bool
  ) -> Remembered {
    let event = scanner.event
    var result = Remembered(key: whole)
    for index in fields.indices {
      let slot = Int(fields[index].slot)
      hashes[slot] = fields[index].hash ^ fields[index].kindHash
      hashes[slot + 256] = fields[index].kindHash
    }
    defer {
      for index in fields.indices {
        hashes[Int(fields[index].slot)] = 0
        hashes[Int(fields[index].slot) + 256] = 0
      }
    }
    for index in range {
      let group = groups[Int(index)]
      var key = UInt64(index) &+ 1
      for place in group.slots {
        key = (key ^ hashes[Int(groupSlots[Int(place)])]) &* 0xA076_1D64_78BD_642F
        key ^= key >> 32
      }
      let place = Int(truncatingIfNeeded: key) & (RecorderState.memoSize - 1)
      if memo[place].key != key || group.isForgetful {
        if let decided = decide(Int(index), key, event, &scanner) {
          memo[place] = decided
        } else {
          if !isExpanded { expand(&scanner) }
          isExpanded = true
          memo[place] = decide(Int(index), key, one(name, selections))
        }
      }
      let remembered = memo[place]
      result.selections |= remembered.selections
      result.facts |= remembered.facts
      result.denials |= remembered.denials
    }
    return result
  }

  /// Decides a group by numbers and kinds of values alone, which need no texts; `nil` where it asks for more.
  private func decide(
    _ group: Int, _ key: UInt64, _ event: LineEvent, _ scanner: inout LineScanner
  ) -> Remembered? {
    var result = Remembered(key: key)
    let fields = LineFields(event: event, threshold: plan.threshold)
    for (bit, test) in groupTests[group].selections {
      guard case .some(let passes) = fields.passes(test, &scanner) else { return nil }
      if passes == true { result.selections |= bit }
    }
    for fact in groupTests[group].facts {
      guard case .some(let passes) = fields.passes(fact.test, &scanner) else { return nil }
      if fact.outcome.holds(passes) { result.facts |= fact.bit } else { result.denials |= fact.bit }
    }
    return result
  }

  /// Letter for letter: the usual case, for which no text needs to be made; `nil` where that decides nothing.
  private func finds(
    _ search: Int, _ fields: Span<LineField>, _ scanner: inout LineScanner
  ) -> Bool?? {
    guard case .contains(.slot(let slot), let others) = searches[search].test else { return nil }
    guard let field = RecorderState.field(slot, fields), field.kind == .text else { return nil }
    for other in others {
      guard case .identity(let identity) = other, let slot = plan.slot(of: identity),
        let part = RecorderState.field(slot, fields), part.kind == .text
      else { continue }
      if scanner.holds(field, part) == true {
        return .some(searches[search].outcome != .isFalse)
      }
    }
    return nil
  }

  /// An event has one field at most for a slot.
  @inline(never)
  private static func field(_ slot: UInt8, _ fields: Span<LineField>) -> LineField? {
    for index in fields.indices {
      let field = fields[index]
      if field.slot == slot { return field }
    }
    return nil
  }

  private mutating func expand(_ scanner: inout LineScanner) {
    expanded.removeEvents()
    scanner.expand(into: &expanded)
    tests.replace(expanded)
  }

  /// The event that was expanded; selections never depend on each other.
  private func one(_ name: UInt16, _ selections: UInt64) -> CaseEvent {
    var one = CaseEvent(
      index: 0, name: name, producer: Event.nobody, selections: selections,
      earliest: 0, latest: 0, output: Event.nobody, request: Event.nobody,
      prompt: Event.nobody, certificate: Event.nobody)
    for field in expanded.fields where field.kind == .text {
      one.note(field, plan)
    }
    return one
  }

  private mutating func decide(
    _ group: Int, _ key: UInt64, _ event: CaseEvent
  ) -> Remembered {
    var result = Remembered(key: key)
    for (bit, test) in groupTests[group].selections
    where tests.passes(test, event, judged: nil) == true {
      result.selections |= bit
    }
    for fact in groupTests[group].facts {
      switch fact.decide(event, &tests) {
      case true?: result.facts |= fact.bit
      case false?: result.denials |= fact.bit
      case nil: break
      }
    }
    return result
  }
}

extension LineField {
  /// A hash of what kind of value it is.
  @inline(__always)
  fileprivate var kindHash: UInt64 {
    // Written out: a raw value is a call into another module.
    let number: UInt64 =
      switch kind {
      case .null: 1
      case .text: 2
      case .number: 3
      case .yes: 4
      case .no: 5
      case .list: 6
      case .object: 7
      }
    return number &* 0x9E37_79B9_7F4A_7C15
  }
}

extension RecordBatch {
  /// Adds what a block holds beside its events; it follows upon those before.
  mutating func add(_ block: LineBlocks.Block) {
    for var problem in block.problems {
      problem.lines = problem.lines.lowerBound + lines...problem.lines.upperBound + lines
      problem.join(&problems)
    }
    for var one in block.telltales {
      one.line += lines
      telltales.append(one)
    }
    lines += block.lines
    bytes += block.bytes
    others.add(block.others)
    failure = failure ?? block.failure
  }
}

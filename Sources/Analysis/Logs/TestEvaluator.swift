import EventLogs
import Rules

/// A text of an event, by its number where the log has it: equal for equal texts.
enum TextKey: Hashable {
  case none
  case number(UInt32)
  case other(String)
}

/// Decides tests of fields over the events of one log.
///
/// `nil` says that the fields do not decide it: a number that is not there, or on another scale.
struct TestEvaluator {
  private(set) var store: LogStore
  private(set) var texts: TextTable
  private let plan: LogPlan
  /// Which texts passed a test of words: 0 unknown, 1 no, 2 yes.
  private var memos: [[UInt8]]
  /// By name: the selections that its events belong to, whatever they hold.
  private let certain: [UInt64]
  /// Likewise those that they may belong to.
  private let candidates: [[(bit: UInt64, test: PlannedTest)]]
  /// By name: the slots that decide which, a bit each; none where more than these does.
  private let deciding: [SIMD4<UInt64>]
  /// What was decided last, by what stands in those slots.
  private var decided: [(key: UInt64, bits: UInt64)] = []
  private static let mostDecided = 1 << 9

  init(store: LogStore, texts: TextTable) {
    self.store = store
    self.texts = texts
    plan = store.plan
    memos = Array(repeating: [], count: plan.memos)
    var certain = [UInt64](repeating: 0, count: plan.schema.names.count)
    var candidates = [[(bit: UInt64, test: PlannedTest)]](repeating: [], count: certain.count)
    for (index, selection) in plan.selections.enumerated() {
      for entry in selection.entries {
        if let test = entry.test {
          candidates[Int(entry.name)].append((1 << UInt64(index), test))
        } else {
          certain[Int(entry.name)] |= 1 << UInt64(index)
        }
      }
    }
    self.certain = certain
    self.candidates = candidates
    deciding = candidates.map { candidates in
      var slots = DecidingSlots()
      var bits = SIMD4<UInt64>.zero
      for (_, test) in candidates where !test.collectSlots(store.plan, &slots) { return bits }
      for slot in slots.values.union(slots.kinds) { bits[Int(slot >> 6)] |= 1 << UInt64(slot & 63) }
      return bits
    }
  }

  /// From now on over the events of another batch.
  mutating func replace(_ batch: EventBatch) {
    store.events = batch.events
    store.fields = batch.fields
    store.numbers = batch.numbers
    texts = batch.texts
    for memo in memos.indices { memos[memo].removeAll(keepingCapacity: true) }
    decided = []
  }

  /// The bits of the selections that an event belongs to.
  mutating func selections(of event: CaseEvent) -> UInt64 {
    let name = Int(event.name)
    if candidates[name].isEmpty { return certain[name] }
    guard let key = decidingKey(of: event) else { return decideSelections(of: event) }
    if decided.isEmpty { decided = Array(repeating: (0, 0), count: TestEvaluator.mostDecided) }
    let place = Int(truncatingIfNeeded: key >> 48) & (TestEvaluator.mostDecided - 1)
    if decided[place].key != key { decided[place] = (key, decideSelections(of: event)) }
    return decided[place].bits
  }

  private mutating func decideSelections(of event: CaseEvent) -> UInt64 {
    var bits = certain[Int(event.name)]
    for candidate in candidates[Int(event.name)] where bits & candidate.bit == 0 {
      if passes(candidate.test, event, judged: nil) == true { bits |= candidate.bit }
    }
    return bits
  }

  /// A hash of what decides the selections of an event: of equal texts the numbers are equal.
  private func decidingKey(of event: CaseEvent) -> UInt64? {
    let slots = deciding[Int(event.name)]
    if slots == .zero { return nil }
    let one = store.events[event.index]
    var key = UInt64(event.name) &+ 1
    for index in Int(one.firstField)..<(Int(one.firstField) + Int(one.fieldCount)) {
      let field = store.fields[index]
      if slots[Int(field.slot >> 6)] & 1 << UInt64(field.slot & 63) == 0 { continue }
      var value = UInt64(field.payload)
      if case .number = field.kind { value = store.numbers[Int(field.payload)].bitPattern }
      let kind = UInt64(field.kind.rawValue) << 8 | UInt64(field.slot)
      for part in [kind, value] {
        let (high, low) = (key ^ part).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        key = high ^ low ^ key &* 31
      }
    }
    // Different for different names, where none of these fields is there; 0 is nobody's.
    key &*= 0x9E37_79B9_7F4A_7C15
    return key == 0 ? 1 : key
  }

  mutating func passes(_ test: PlannedTest, _ event: CaseEvent, judged: CaseEvent?) -> Bool? {
    switch test {
    case .all(let parts): return parts.allHold { passes($0, event, judged: judged) }
    case .any(let parts): return parts.anyHolds { passes($0, event, judged: judged) }
    case .not(let part): return passes(part, event, judged: judged).map { !$0 }
    case .isOne(let field, let literals, let memo):
      return isOne(value(field, event), literals, memo)
    case .present(let field):
      guard let value = value(field, event) else { return false }
      return value.kind != .null
    case .null(let field): return value(field, event)?.kind == .null
    case .claims(let field, let memo):
      guard let value = value(field, event), value.kind == .text else { return false }
      let plan = plan
      return remembered(value.payload, memo) { plan.claims.claims($0) }
    case .contains(let field, let others):
      guard let text = text(field, event) else { return nil }
      return others.contains { other in
        self.text(other, event).map { TestEvaluator.holds(text, $0) } ?? false
      }
    case .number(let field, let comparison, let operand, let isShare):
      return compare(number(field, event), comparison, operand, isShare, event, judged)
    case .time(let field, let comparison, let operand):
      guard let left = time(field, event), let right = time(operand, event, judged) else {
        return nil
      }
      return comparison == .before ? left < right : left > right
    case .named(let entries):
      return entries[event.name]?.contains { test in
        test.map { passes($0, event, judged: judged) == true } ?? true
      } ?? false
    case .same(let field):
      guard let judged, let left = key(field, event), let right = key(field, judged) else {
        return false
      }
      return left == right
    case .different(let field):
      guard let judged, let left = key(field, event), let right = key(field, judged) else {
        return false
      }
      return left != right
    case .alike(let field):
      guard let judged else { return false }
      return key(field, event) == key(field, judged)
    }
  }

  /// The field as the event carries it.
  func value(_ field: PlannedField, _ event: CaseEvent) -> EventField? {
    switch field {
    case .nowhere: return nil
    case .identity(let identity):
      let text = event.text(of: identity)
      return text == Event.nobody ? nil : EventField(slot: 0, kind: .text, payload: text)
    case .slot(let slot):
      let one = store.events[event.index]
      let first = Int(one.firstField)
      for index in first..<(first + Int(one.fieldCount)) where store.fields[index].slot == slot {
        return store.fields[index]
      }
      return nil
    }
  }

  func text(_ field: PlannedField, _ event: CaseEvent) -> String? {
    guard let value = value(field, event) else { return nil }
    switch value.kind {
    case .text: return texts[value.payload]
    case .number:
      let number = store.numbers[Int(value.payload)]
      return Int(exactly: number).map(String.init) ?? String(number)
    case .yes: return "true"
    case .no: return "false"
    case .null, .list, .object: return nil
    }
  }

  /// The first text that an event has in some fields.
  func textKey(_ slots: [UInt8], _ event: CaseEvent) -> TextKey {
    for slot in slots {
      guard let value = value(.slot(slot), event) else { continue }
      if case .text = value.kind { return .number(value.payload) }
      guard let text = text(.slot(slot), event) else { continue }
      return texts.find(Array(text.utf8).span).map { .number($0) } ?? .other(text)
    }
    return .none
  }

  /// A text by its key.
  func text(_ key: TextKey) -> String? {
    switch key {
    case .none: nil
    case .number(let number): texts[number]
    case .other(let text): text
    }
  }

  /// What makes two values of a field equal: the text's number, else the value itself.
  func key(_ field: PlannedField, _ event: CaseEvent) -> UInt64? {
    guard let value = value(field, event) else { return nil }
    switch value.kind {
    case .text: return UInt64(value.payload)
    case .number: return store.numbers[Int(value.payload)].bitPattern | 1 << 63
    case .yes: return 1 << 62
    case .no: return 1 << 62 | 1
    case .null, .list, .object: return nil
    }
  }

  /// Equal for two events only if no test can tell their values of a field apart.
  func imprint(_ field: PlannedField, _ event: CaseEvent) -> UInt64 {
    guard let value = value(field, event) else { return .max }
    if let key = key(field, event) { return key }
    return 1 << 61 | UInt64(value.kind.rawValue) << 32 | UInt64(value.payload)
  }

  func number(_ field: PlannedField, _ event: CaseEvent) -> Weight? {
    guard let value = value(field, event) else { return nil }
    switch value.kind {
    case .number: return Weight(store.numbers[Int(value.payload)])
    case .text: return Weight(text: texts[value.payload])
    case .list: return Weight(count: Double(value.payload))
    case .null, .yes, .no, .object: return nil
    }
  }

  /// When a field says that something happens: nanoseconds since 1970.
  private func time(_ field: PlannedField, _ event: CaseEvent) -> Int64? {
    guard let text = text(field, event) else { return nil }
    let bytes = Array(text.utf8)
    var parser = TimestampParser()
    let isNumber = value(field, event)?.kind == .number
    let time = isNumber ? parser.parse(number: bytes.span) : parser.parse(text: bytes.span)
    return time.isMissing ? nil : time.nanoseconds
  }

  private func time(
    _ operand: PlannedTest.TimeOperand, _ event: CaseEvent, _ judged: CaseEvent?
  ) -> Int64? {
    switch operand {
    case .own: event.isTimed ? event.earliest : nil
    case .event: judged.flatMap { $0.isTimed ? $0.earliest : nil }
    case .ownField(let field): time(field, event)
    case .eventField(let field): judged.flatMap { time(field, $0) }
    }
  }

  private mutating func compare(
    _ left: Weight?, _ comparison: StepPredicate.NumberComparison, _ operand: PlannedTest.Operand,
    _ isShare: Bool, _ event: CaseEvent, _ judged: CaseEvent?
  ) -> Bool? {
    let right: Weight?
    switch operand {
    case .literal(let number): right = Weight(number)
    case .threshold: right = Weight(fraction: plan.threshold)
    case .own(let field): right = number(field, event)
    case .event(let field): right = judged.flatMap { number(field, $0) }
    case .eventCount(let field): right = judged.flatMap { number(field, $0) }
    }
    return comparison.holds(left, right, isShare: isShare)
  }

  private mutating func isOne(
    _ value: EventField?, _ literals: [VerificationProtocol.Literal], _ memo: Int
  ) -> Bool {
    guard let value else { return false }
    switch value.kind {
    case .null: return literals.contains(.null)
    case .yes: return literals.contains(.bool(true))
    case .no: return literals.contains(.bool(false))
    case .number: return literals.contains(.number(store.numbers[Int(value.payload)]))
    case .list, .object: return false
    case .text:
      return remembered(value.payload, memo) { text in
        literals.contains { literal in
          switch literal {
          case .text(let word): KeyName.same(spaceless(word), spaceless(text))
          case .bool(let flag): text.lowercased() == (flag ? "true" : "false")
          case .number(let number): Weight(text: text)?.raw == number
          case .null: false
          }
        }
      }
    }
  }

  private mutating func remembered(_ text: UInt32, _ memo: Int, _ decide: (String) -> Bool) -> Bool
  {
    if memos[memo].count <= Int(text) {
      memos[memo] += repeatElement(0, count: Int(text) + 1 - memos[memo].count)
    }
    if memos[memo][Int(text)] == 0 { memos[memo][Int(text)] = decide(texts[text]) ? 2 : 1 }
    return memos[memo][Int(text)] == 2
  }

  /// The bytes of a text in small letters; `nil` where it is more than ASCII.
  private static func small(_ text: String) -> [UInt8]? {
    var bytes = Array(text.utf8)
    for index in bytes.indices {
      if bytes[index] >= 0x80 { return nil }
      if bytes[index] &- 0x41 < 26 { bytes[index] |= 0x20 }
    }
    return bytes
  }

  private static func contains(_ text: [UInt8], _ part: ArraySlice<UInt8>) -> Bool {
    if part.count > text.count { return false }
    return (0...(text.count - part.count)).contains { start in
      text[start..<(start + part.count)].elementsEqual(part)
    }
  }

  /// Whether a text holds a hash: whole, without its `sha256:`, or by its first 16 digits.
  private static func holds(_ text: String, _ hash: String) -> Bool {
    if let text = small(text), let hash = small(hash) {
      if contains(text, hash[...]) { return true }
      let digest = hash.split(separator: UInt8(ascii: ":")).last ?? hash[...]
      return digest.count >= 16 && contains(text, digest.prefix(16))
    }
    let text = text.lowercased()
    let hash = hash.lowercased()
    if text.contains(hash) { return true }
    let digest = hash.split(separator: ":").last.map(String.init) ?? hash
    return digest.count >= 16 && text.contains(digest.prefix(16))
  }
}

private func spaceless(_ text: String) -> String { text.filter { $0 != " " } }

extension StepPredicate.NumberComparison {
  /// A rounded third place must not decide: 0.6667 is two thirds.
  private static let rounding = 0.0001

  /// Shares are compared on whatever scale they are written; `nil` where there is nothing to compare.
  func holds(_ left: Weight?, _ right: Weight?, isShare: Bool) -> Bool? {
    guard let left, let right else { return nil }
    if !isShare { return holds(left.raw, right.raw, slack: 0) }
    return left.isUnits == right.isUnits ? holds(left.value, right.value) : nil
  }

  /// Of shares.
  func holds(_ left: Double, _ right: Double) -> Bool {
    let isRounded = right.magnitude <= 1 && right != right.rounded()
    return holds(left, right, slack: isRounded ? Self.rounding : 0)
  }

  private func holds(_ left: Double, _ right: Double, slack: Double) -> Bool {
    switch self {
    case .less: left < right - slack
    case .lessOrEqual: left <= right + slack
    case .equal: (left - right).magnitude <= slack
    case .greaterOrEqual: left >= right - slack
    case .greater: left > right + slack
    }
  }
}

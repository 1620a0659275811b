import Rules

/// A screen's conditions laid out in lists, so that walking them costs neither a copy nor a count.
struct ScreenProgram: Sendable {
  private(set) var checks: [Check] = []
  private(set) var conditions: [Condition] = []
  private(set) var references: [Reference] = []
  private(set) var tests: [Test] = []
  /// The comparisons of plain tests, by place.
  private(set) var comparisons: [Comparison] = []
  /// The parts of conditions, of checks and of tests, by place.
  private(set) var parts: [Int32] = []
  /// The bits of all that it asks for.
  private(set) var selections: UInt64 = 0

  struct Check: Sendable {
    /// Its place among the plan's.
    var number: Int
    var on: UInt64
    var given: Range<Int32>
    var unless: Range<Int32>
    var requires: Range<Int32>
  }

  struct Condition: Sendable {
    var operation: Operation
    var value: Value = .none
    var number: Value = .none
    /// Of references; the second and third are those of an interval or a pairing.
    var reference: Int32 = -1
    var second: Int32 = -1
    var third: Int32 = -1
    var parts: Range<Int32> = 0..<0
    var fact: UInt64 = 0
    var limit: Int64 = .max

    enum Operation: UInt8, Sendable {
      case unknown, all, any, not, fact, earlier, exists, later, absent, between, atMost, distinct
      case each, none, complete
    }
  }

  struct Reference: Sendable {
    var selection: UInt64
    var by: EventIdentity
    /// -1 for none.
    var test: Int32
    var isNarrowed: Bool
    /// Whether it means the same for every event that has a certificate, and for every one that has none.
    var isShared: Bool
    /// What its test comes to where that is plain.
    var plain: PlainTest?
  }

  /// A test that holds where all of some facts do and all of some fields compare as they should.
  struct PlainTest: Sendable {
    var facts: UInt64
    var comparisons: Range<Int32>
  }

  struct Comparison: Sendable {
    var operation: Operation
    var field: UInt8

    enum Operation: UInt8, Sendable { case same, notSame, different, notDifferent, alike, notAlike }
  }

  struct Test: Sendable {
    var operation: Operation
    var fact: UInt64 = 0
    var value: Value = .none
    var parts: Range<Int32> = 0..<0

    enum Operation: UInt8, Sendable {
      case unknown, all, any, not, fact, same, different, alike
    }
  }

  /// An identity, or a field by its place in a record.
  enum Value: Sendable {
    case none
    case identity(EventIdentity)
    case field(UInt8)

    /// Whether all events of a case that is screened have the same.
    fileprivate var isOfCase: Bool {
      switch self {
      case .identity(.output), .identity(.anything), .identity(.request), .identity(.prompt): true
      case .none, .identity, .field: false
      }
    }

    fileprivate var bit: UInt8 {
      if case .field(let place) = self { 1 << place } else { 0 }
    }
  }

  init(_ plan: ScreenPlan) {
    for (number, check) in plan.checks.enumerated() {
      let given = list(check.given.map { add($0) })
      let unless = list(check.unless.map { add($0) })
      let requires = list(check.requires.map { add($0) })
      selections |= check.on
      checks.append(
        Check(number: number, on: check.on, given: given, unless: unless, requires: requires))
    }
  }

  /// The same references and tests, and nothing that asks for them yet.
  var withoutChecks: ScreenProgram {
    var program = self
    program.checks = []
    program.conditions = []
    return program
  }

  /// The fields that its conditions compare between records, a bit each.
  var comparedFields: UInt8 {
    var fields: UInt8 = 0
    for condition in conditions {
      var meant = [condition.reference, condition.second, condition.third].filter { $0 >= 0 }
      switch condition.operation {
      case .none, .complete: meant += condition.parts.map { parts[Int($0)] }
      case .distinct: fields |= condition.value.bit
      default: break
      }
      for place in meant {
        let test = references[Int(place)].test
        if test >= 0 { fields |= comparedFields(of: test) }
      }
    }
    return fields
  }

  private func comparedFields(of place: Int32) -> UInt8 {
    let test = tests[Int(place)]
    return test.parts.reduce(test.value.bit) { $0 | comparedFields(of: parts[Int($1)]) }
  }

  /// Adds a check with other conditions in the place of its own.
  mutating func add(_ check: Check, given: [Int32], unless: [Int32], requires: [Int32]) {
    checks.append(
      Check(
        number: check.number, on: check.on, given: list(given), unless: list(unless),
        requires: list(requires)))
  }

  mutating func add(_ condition: Condition) -> Int32 {
    conditions.append(condition)
    return Int32(conditions.count - 1)
  }

  /// Parts that follow upon each other.
  mutating func list(_ places: [Int32]) -> Range<Int32> {
    let first = Int32(parts.count)
    parts += places
    return first..<Int32(parts.count)
  }

  private mutating func add(_ planned: ScreenPlan.Condition) -> Int32 {
    var condition = Condition(operation: .unknown)
    switch planned {
    case .unknown: break
    case .all(let parts):
      condition.operation = .all
      condition.parts = list(parts.map { add($0) })
    case .any(let parts):
      condition.operation = .any
      condition.parts = list(parts.map { add($0) })
    case .not(let part):
      condition.operation = .not
      condition.parts = list([add(part)])
    case .fact(let bit):
      condition.operation = .fact
      condition.fact = bit
    case .earlier(let reference):
      condition.operation = .earlier
      condition.reference = add(reference)
    case .exists(let reference):
      condition.operation = .exists
      condition.reference = add(reference)
    case .later(let reference, let limit):
      condition.operation = .later
      condition.reference = add(reference)
      condition.limit = limit ?? .max
    case .absent(let reference):
      condition.operation = .absent
      condition.reference = add(reference)
    case .between(let reference, let after, let before):
      condition.operation = .between
      condition.reference = add(reference)
      condition.second = after.map { add($0) } ?? -1
      condition.third = before.map { add($0) } ?? -1
    case .atMost(let reference, let most):
      condition.operation = .atMost
      condition.reference = add(reference)
      condition.limit = Int64(most)
    case .distinct(let reference, let value, let most):
      condition.operation = .distinct
      condition.reference = add(reference)
      condition.value = value
      condition.limit = Int64(most)
    case .each(let of, let has, let by, let count):
      condition.operation = .each
      condition.reference = add(of)
      condition.second = add(has)
      condition.value = .field(by)
      condition.number = count.map { .field($0) } ?? .none
    case .none(let references):
      condition.operation = .none
      condition.parts = list(references.map { add($0) })
    case .complete(let references):
      condition.operation = .complete
      condition.parts = list(references.map { add($0) })
    }
    return add(condition)
  }

  private mutating func add(_ planned: ScreenPlan.Reference) -> Int32 {
    let test = planned.test.map { add($0) } ?? -1
    selections |= planned.selection
    var reference = Reference(
      selection: planned.selection, by: planned.by, test: test,
      isNarrowed: planned.isNarrowed, isShared: planned.test?.isOwn ?? true)
    var facts: UInt64 = 0
    var met: [Comparison] = []
    if planned.test?.collect(&facts, &met) ?? true {
      let first = Int32(comparisons.count)
      comparisons += met
      reference.plain = PlainTest(facts: facts, comparisons: first..<Int32(comparisons.count))
    }
    references.append(reference)
    return Int32(references.count - 1)
  }

  private mutating func add(_ planned: ScreenPlan.Test) -> Int32 {
    var test = Test(operation: .unknown)
    switch planned {
    case .unknown: break
    case .all(let parts):
      test.operation = .all
      test.parts = list(parts.map { add($0) })
    case .any(let parts):
      test.operation = .any
      test.parts = list(parts.map { add($0) })
    case .not(let part):
      test.operation = .not
      test.parts = list([add(part)])
    case .fact(let bit):
      test.operation = .fact
      test.fact = bit
    case .same(let value):
      test.operation = .same
      test.value = value
    case .different(let value):
      test.operation = .different
      test.value = value
    case .alike(let value):
      test.operation = .alike
      test.value = value
    }
    tests.append(test)
    return Int32(tests.count - 1)
  }
}

extension ScreenPlan.Test {
  /// Takes the test apart; `false` where it is not plain.
  fileprivate func collect(
    _ facts: inout UInt64, _ comparisons: inout [ScreenProgram.Comparison], isNot: Bool = false
  ) -> Bool {
    func compare(
      _ value: ScreenPlan.Value, _ operation: ScreenProgram.Comparison.Operation,
      _ opposite: ScreenProgram.Comparison.Operation
    ) -> Bool {
      guard case .field(let field) = value else { return false }
      comparisons.append(
        ScreenProgram.Comparison(operation: isNot ? opposite : operation, field: field))
      return true
    }
    switch self {
    case .unknown: return false
    case .all(let parts):
      return !isNot && parts.allSatisfy { $0.collect(&facts, &comparisons) }
    case .any(let parts):
      // None of them holds where each of them fails.
      return isNot && parts.allSatisfy { $0.collect(&facts, &comparisons, isNot: true) }
    case .not(let part): return part.collect(&facts, &comparisons, isNot: !isNot)
    case .fact(let bit):
      facts |= bit
      return !isNot
    case .same(let value): return compare(value, .same, .notSame)
    case .different(let value): return compare(value, .different, .notDifferent)
    case .alike(let value): return compare(value, .alike, .notAlike)
    }
  }

  /// Whether a candidate alone decides it, or the case: all of its events share what is compared.
  fileprivate var isOwn: Bool {
    switch self {
    case .unknown, .fact: true
    case .all(let parts), .any(let parts): parts.allSatisfy(\.isOwn)
    case .not(let part): part.isOwn
    case .same(let value), .different(let value), .alike(let value): value.isOfCase
    }
  }
}

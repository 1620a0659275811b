import Rules

/// A screen's conditions for cases of one kind, laid out in lists, so that walking them costs neither a copy nor a count.
struct ScreenProgram: Sendable {
  private(set) var checks: [Check] = []
  /// What the checks are made of: rules whose events are asked the same are one check.
  private(set) var judging: [Judging] = []
  private(set) var conditions: [Condition] = []
  private(set) var references: [Reference] = []
  private(set) var tests: [Test] = []
  /// The comparisons of plain tests, by place.
  private(set) var comparisons: [Comparison] = []
  /// The parts of conditions, of checks and of tests, by place.
  private(set) var parts: [Int32] = []
  /// The bits of all that it asks for.
  private(set) var selections: UInt64 = 0
  /// By field that it compares between records, the bits of those among which it does.
  private(set) var compared = [UInt64](repeating: 0, count: ScreenPlan.mostValues)

  struct Check: Sendable {
    var on: UInt64
    var judging: Range<Int32>
    var given: Range<Int32>
    var unless: Range<Int32>
    var requires: Range<Int32>
  }

  struct Judging: Sendable {
    /// Its place among the plan's.
    var rule: Int
    var on: UInt64
  }

  struct Condition: Sendable {
    var operation: Operation
    /// Compared fields, by their place in a record.
    var field: UInt8 = Comparison.none
    var number: UInt8 = Comparison.none
    /// Of references; the second and third are those of an interval or a pairing.
    var reference: Int32 = -1
    var second: Int32 = -1
    var third: Int32 = -1
    var parts: Range<Int32> = 0..<0
    var fact: UInt64 = 0
    var limit: Int64 = .max

    enum Operation: UInt8, Sendable {
      case unknown, yes, no, all, any, not, fact, earlier, exists, later, absent, between, atMost
      case distinct, each, none, complete
    }
  }

  struct Reference: Sendable {
    var selection: UInt64
    var scope: CaseKind.Scope
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

    /// In the place of a field: the certificate, of which a case has one at most.
    static let certificate = UInt8(ScreenPlan.mostValues)
    static let none = UInt8.max
  }

  struct Test: Sendable {
    var operation: Operation
    var fact: UInt64 = 0
    var field: UInt8 = Comparison.none
    var parts: Range<Int32> = 0..<0

    enum Operation: UInt8, Sendable {
      case unknown, never, all, any, not, fact, same, different, alike
    }
  }

  /// Lays out what is asked of cases of a kind, by the places of rules.
  init(_ checks: [(rule: Int, check: ScreenPlan.Check)], of kind: CaseKind) {
    var places: [ScreenPlan.Questions: Int] = [:]
    var joined: [(questions: ScreenPlan.Questions, judging: [Judging])] = []
    for (rule, check) in checks {
      for questions in check.questions.apart {
        let judging = Judging(rule: rule, on: check.on)
        if let place = places[questions] {
          joined[place].judging.append(judging)
        } else {
          places[questions] = joined.count
          joined.append((questions, [judging]))
        }
      }
    }
    for (questions, rules) in joined {
      let on = rules.reduce(0) { $0 | $1.on }
      var maker = Maker(program: self, kind: kind, on: on)
      let given = maker.list(questions.given)
      let unless = maker.list(questions.unless)
      let requires = maker.list(questions.requires)
      self = maker.program
      let first = Int32(judging.count)
      judging += rules
      selections |= on
      self.checks.append(
        Check(
          on: on, judging: first..<Int32(judging.count), given: given, unless: unless,
          requires: requires))
    }
  }

  /// Lays out what is asked of some events.
  fileprivate struct Maker {
    var program: ScreenProgram
    let kind: CaseKind
    let on: UInt64
  }
}

extension ScreenPlan.Questions {
  /// Where nothing comes before what is required, one thing can be asked after the other: more rules have one in common.
  fileprivate var apart: [ScreenPlan.Questions] {
    if !given.isEmpty || !unless.isEmpty { return [self] }
    return requires.map { ScreenPlan.Questions(requires: [$0]) }
  }
}

extension ScreenProgram.Maker {
  fileprivate mutating func list(_ planned: [ScreenPlan.Condition]) -> Range<Int32> {
    let places = planned.map { add($0) }
    return list(places)
  }

  /// Parts that follow upon each other.
  private mutating func list(_ places: [Int32]) -> Range<Int32> {
    program.append(places)
  }

  private mutating func add(_ planned: ScreenPlan.Condition) -> Int32 {
    var condition = ScreenProgram.Condition(operation: .unknown)
    switch planned {
    case .known(.maybe): break
    case .known(.yes): condition.operation = .yes
    case .known(.no): condition.operation = .no
    case .all(let parts):
      condition.operation = .all
      condition.parts = list(parts)
    case .any(let parts):
      condition.operation = .any
      condition.parts = list(parts)
    case .not(let part):
      condition.operation = .not
      condition.parts = list([part])
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
      condition.field = field(value, among: reference.selection)
      condition.limit = Int64(most)
    case .each(let of, let has, let by, let count):
      condition.operation = .each
      condition.reference = add(of)
      condition.second = add(has)
      condition.field = by
      condition.number = count ?? ScreenProgram.Comparison.none
    case .none(let references):
      condition.operation = .none
      condition.parts = list(references.map { add($0) })
    case .complete(let references):
      condition.operation = .complete
      condition.parts = list(references.map { add($0) })
    }
    return program.append(condition)
  }

  private mutating func add(_ planned: ScreenPlan.Reference) -> Int32 {
    let test = planned.test.map { add($0, of: planned.selection) } ?? -1
    var reference = ScreenProgram.Reference(
      selection: planned.selection, scope: kind.scope(of: planned.by) ?? .everyone, test: test,
      isNarrowed: planned.isNarrowed, isShared: planned.test?.isOwn ?? true)
    var facts: UInt64 = 0
    var met: [ScreenProgram.Comparison] = []
    if planned.test?.collect(&facts, &met) ?? true {
      reference.plain = ScreenProgram.PlainTest(facts: facts, comparisons: program.append(met))
    }
    return program.append(reference)
  }

  private mutating func add(_ planned: ScreenPlan.Test, of selection: UInt64) -> Int32 {
    var test = ScreenProgram.Test(operation: .unknown)
    switch planned {
    case .known(.maybe): break
    case .known(.yes): test.operation = .all
    case .known(.no): test.operation = .never
    case .all(let parts):
      test.operation = .all
      test.parts = list(parts.map { add($0, of: selection) })
    case .any(let parts):
      test.operation = .any
      test.parts = list(parts.map { add($0, of: selection) })
    case .not(let part):
      test.operation = .not
      test.parts = list([add(part, of: selection)])
    case .fact(let bit):
      test.operation = .fact
      test.fact = bit
    case .same(let value):
      test.operation = .same
      test.field = field(value, among: selection)
    case .different(let value):
      test.operation = .different
      test.field = field(value, among: selection)
    case .alike(let value):
      test.operation = .alike
      test.field = field(value, among: selection)
    }
    return program.append(test)
  }

  /// A field whose values will be compared with those of the events that are asked.
  private mutating func field(_ value: ScreenPlan.Value, among selection: UInt64) -> UInt8 {
    if case .field(let field) = value { program.compare(field, among: selection | on) }
    return value.place
  }
}

extension ScreenProgram {
  fileprivate mutating func append(_ places: [Int32]) -> Range<Int32> {
    let first = Int32(parts.count)
    parts += places
    return first..<Int32(parts.count)
  }

  fileprivate mutating func append(_ met: [Comparison]) -> Range<Int32> {
    let first = Int32(comparisons.count)
    comparisons += met
    return first..<Int32(comparisons.count)
  }

  fileprivate mutating func append(_ condition: Condition) -> Int32 {
    conditions.append(condition)
    return Int32(conditions.count - 1)
  }

  fileprivate mutating func append(_ reference: Reference) -> Int32 {
    selections |= reference.selection
    references.append(reference)
    return Int32(references.count - 1)
  }

  fileprivate mutating func append(_ test: Test) -> Int32 {
    tests.append(test)
    return Int32(tests.count - 1)
  }

  fileprivate mutating func compare(_ field: UInt8, among selections: UInt64) {
    compared[Int(field)] |= selections
  }
}

extension ScreenPlan.Value {
  /// Where a board finds it: what is compared of identities comes down to the certificate.
  fileprivate var place: UInt8 {
    switch self {
    case .field(let place): place
    case .identity: ScreenProgram.Comparison.certificate
    }
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
      comparisons.append(
        ScreenProgram.Comparison(operation: isNot ? opposite : operation, field: value.place))
      return true
    }
    switch self {
    case .known(let certainty): return certainty == (isNot ? .no : .yes)
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

  /// Whether a candidate alone decides it.
  fileprivate var isOwn: Bool {
    switch self {
    case .known, .fact: true
    case .all(let parts), .any(let parts): parts.allSatisfy(\.isOwn)
    case .not(let part): part.isOwn
    case .same, .different, .alike: false
    }
  }
}

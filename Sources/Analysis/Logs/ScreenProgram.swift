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
  /// The parts of conditions, of checks and of tests, by place; of a condition's opposite all bits are the other way.
  private(set) var parts: [Int32] = []
  /// What is compared between records, and the bits of those between which it is.
  private(set) var columns: [(column: Column, among: UInt64)] = []

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
    /// What has so many values.
    var column: Int32 = -1
    /// Fields of a pairing, by their place in a record.
    var field: UInt8 = 0
    var number: UInt8?
    /// Of references; the second and third are those of an interval or a pairing.
    var reference: Int32 = -1
    var second: Int32 = -1
    var third: Int32 = -1
    var parts: Range<Int32> = 0..<0
    var fact: UInt64 = 0
    var limit: Int64 = .max

    enum Operation: UInt8, Sendable {
      case unknown, yes, no, all, any, fact, earlier, exists, later, absent, between, atMost
      case distinct, each, none, complete
    }
  }

  struct Reference: Sendable {
    var selection: UInt64
    var scope: CaseKind.Scope
    /// Its test, where that is not plain; -1 for none.
    var test: Int32 = -1
    var isNarrowed: Bool
    /// Whether it means the same for every event that has a certificate, and for every one that has none.
    var isShared: Bool
    /// What its test comes to, where that is plain.
    var plain: PlainTest?
  }

  /// A test that holds where all of some facts do and everything compares as it should.
  struct PlainTest: Sendable {
    var facts: UInt64
    var comparisons: Range<Int32>
  }

  struct Comparison: Sendable {
    var operation: Operation
    var column: Int32

    enum Operation: UInt8, Sendable { case same, notSame, different, notDifferent }
  }

  /// Fields that are compared as one, a bit each by their place in a record; the last bit is the certificate's, of which a
  /// case has one at most.
  struct Column: Sendable, Hashable {
    /// A record that has nothing in one of these has no value.
    var filled: UInt16 = 0
    /// Nothing is like nothing in these.
    var alike: UInt16 = 0

    static let certificate = UInt16(1) << UInt16(ScreenPlan.mostValues)
  }

  struct Test: Sendable {
    var operation: Operation
    var fact: UInt64 = 0
    var column: Int32 = -1
    var parts: Range<Int32> = 0..<0

    enum Operation: UInt8, Sendable { case unknown, never, all, any, not, fact, same, different }
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
    case .not(let part): return ~add(part)
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
      condition.column = column(
        ScreenProgram.Column(filled: value.bit), among: reference.selection)
      condition.limit = Int64(most)
    case .each(let of, let has, let by, let count):
      condition.operation = .each
      condition.reference = add(of)
      condition.second = add(has)
      condition.field = by
      condition.number = count
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
    var reference = ScreenProgram.Reference(
      selection: planned.selection, scope: kind.scope(of: planned.by) ?? .everyone,
      isNarrowed: planned.isNarrowed, isShared: planned.test?.isOwn ?? true)
    var parts = PlainParts()
    if planned.test?.collect(&parts) ?? true {
      let met = parts.comparisons.map { operation, column in
        ScreenProgram.Comparison(
          operation: operation, column: self.column(column, among: planned.selection))
      }
      reference.plain = ScreenProgram.PlainTest(
        facts: parts.facts, comparisons: program.append(met))
    } else if let test = planned.test {
      reference.test = add(test, of: planned.selection)
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
      test.column = column(ScreenProgram.Column(filled: value.bit), among: selection)
    case .different(let value):
      test.operation = .different
      test.column = column(ScreenProgram.Column(filled: value.bit), among: selection)
    case .alike(let value):
      test.operation = .same
      test.column = column(ScreenProgram.Column(alike: value.bit), among: selection)
    }
    return program.append(test)
  }

  /// The place of what is compared between some records and the events that are asked.
  private mutating func column(
    _ column: ScreenProgram.Column, among selection: UInt64
  ) -> Int32 {
    program.compare(column, among: selection | on)
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
    references.append(reference)
    return Int32(references.count - 1)
  }

  fileprivate mutating func append(_ test: Test) -> Int32 {
    tests.append(test)
    return Int32(tests.count - 1)
  }

  fileprivate mutating func compare(_ column: Column, among selections: UInt64) -> Int32 {
    if let place = columns.firstIndex(where: { $0.column == column }) {
      columns[place].among |= selections
      return Int32(place)
    }
    columns.append((column, selections))
    return Int32(columns.count - 1)
  }
}

extension ScreenPlan.Value {
  /// What is compared of identities comes down to the certificate.
  fileprivate var bit: UInt16 {
    switch self {
    case .field(let place): 1 << UInt16(place)
    case .identity: ScreenProgram.Column.certificate
    }
  }
}

/// What a plain test is made of.
private struct PlainParts {
  var facts: UInt64 = 0
  /// What must be the same, all as one.
  var same = ScreenProgram.Column()
  var others: [(ScreenProgram.Comparison.Operation, ScreenProgram.Column)] = []

  var comparisons: [(ScreenProgram.Comparison.Operation, ScreenProgram.Column)] {
    same == ScreenProgram.Column() ? others : [(.same, same)] + others
  }
}

extension ScreenPlan.Test {
  /// Takes the test apart; `false` where it is not plain.
  fileprivate func collect(_ plain: inout PlainParts, isNot: Bool = false) -> Bool {
    switch self {
    case .known(let certainty): return certainty == (isNot ? .no : .yes)
    case .all(let parts): return !isNot && parts.allSatisfy { $0.collect(&plain) }
    case .any(let parts):
      // None of them holds where each of them fails.
      return isNot && parts.allSatisfy { $0.collect(&plain, isNot: true) }
    case .not(let part): return part.collect(&plain, isNot: !isNot)
    case .fact(let bit):
      plain.facts |= bit
      return !isNot
    case .same(let value):
      if isNot {
        plain.others.append((.notSame, ScreenProgram.Column(filled: value.bit)))
      } else {
        plain.same.filled |= value.bit
      }
    case .alike(let value):
      if isNot {
        plain.others.append((.notSame, ScreenProgram.Column(alike: value.bit)))
      } else {
        plain.same.alike |= value.bit
      }
    case .different(let value):
      plain.others.append(
        (isNot ? .notDifferent : .different, ScreenProgram.Column(filled: value.bit)))
    }
    return true
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

import EventLogs
import Rules

/// What a screen can know of a condition: less than the evaluator, and never anything else.
enum Certainty: UInt8, Sendable {
  case no, maybe, yes

  var negated: Certainty {
    switch self {
    case .no: .yes
    case .maybe: .maybe
    case .yes: .no
    }
  }
}

/// The rules once more, for the question whether a case is worth a look at all.
///
/// Made of the same planned checks, and answered without texts. Whatever it does not know how to decide is `maybe`, and then the evaluator looks.
final class ScreenPlan: Sendable {
  /// More compared fields than a record holds are not decided.
  static let mostValues = 8

  let checks: [Check]
  /// By event name: tests of an event's own fields, decided where the event is read.
  let factsOfName: [[Fact]]
  /// By slot: where a record keeps its hash; -1 for nowhere.
  let valueOfSlot: [Int8]
  /// The slots that records are made of.
  let slots: Set<UInt8>
  /// The bits of all selections that anything is asked of.
  let selections: UInt64

  struct Check: Sendable {
    /// Bits of the events that it judges.
    var on: UInt64
    var questions: Questions
  }

  /// What is asked of each event that a check judges.
  struct Questions: Sendable, Hashable {
    var given: [Condition] = []
    var unless: [Condition] = []
    var requires: [Condition] = []
  }

  indirect enum Condition: Sendable, Hashable {
    /// What it comes to is known beforehand.
    case known(Certainty)
    case all([Condition])
    case any([Condition])
    case not(Condition)
    case fact(UInt64)
    case earlier(Reference)
    case exists(Reference)
    case later(Reference, nanoseconds: Int64?)
    case absent(Reference)
    case between(Reference, after: Reference?, before: Reference?)
    /// At most so many events.
    case atMost(Reference, Int)
    /// How many values an identity or a field has among the events.
    case distinct(Reference, Value, atMost: Int)
    /// Each of the first has one of the second before the event, with the same value; a field of the first says how
    /// many values there are.
    case each(of: Reference, has: Reference, by: UInt8, count: UInt8?)
    /// Holds where there is none of these.
    case none([Reference])
    /// Fails where one of these is missing.
    case complete([Reference])

    static var unknown: Condition { .known(.maybe) }
  }

  struct Reference: Sendable, Hashable {
    var selection: UInt64
    var by: EventIdentity
    var test: Test?
    /// Only the latest of some count: that one passes does not say that it counts.
    var isNarrowed: Bool
  }

  /// An identity, or a field by its place in a record.
  enum Value: Sendable, Hashable {
    case identity(EventIdentity)
    case field(UInt8)
  }

  /// Whether a candidate passes; of three-valued tests, whether it is certain that they do.
  indirect enum Test: Sendable, Hashable {
    case known(Certainty)
    case all([Test])
    case any([Test])
    case not(Test)
    case fact(UInt64)
    /// Both have it, and it is equal or different.
    case same(Value)
    case different(Value)
    case alike(Value)

    static var unknown: Test { .known(.maybe) }
  }

  /// A test of an event's own fields.
  struct Fact: Sendable {
    var bit: UInt64
    var test: PlannedTest
    /// What the test must come to for the fact to hold.
    var outcome: Outcome

    enum Outcome: Sendable, Hashable {
      case isTrue, isFalse, isNotFalse

      /// Whether a test that comes to this makes the fact hold.
      func holds(_ result: Bool?) -> Bool {
        switch self {
        case .isTrue: result == true
        case .isFalse: result == false
        case .isNotFalse: result != false
        }
      }
    }

    /// `nil` where identities decide that the event does not name itself.
    func decide(_ event: CaseEvent, _ tests: inout TestEvaluator) -> Bool? {
      if case .contains(let field, let others) = test {
        return decide(field, contains: others, event, &tests)
      }
      return outcome.holds(tests.passes(test, event, judged: nil))
    }

    private func decide(
      _ field: PlannedField, contains others: [PlannedField], _ event: CaseEvent,
      _ tests: inout TestEvaluator
    ) -> Bool? {
      var isComplete = true
      for other in others {
        guard case .identity(let identity) = other else { continue }
        if event.text(of: identity) == Event.nobody { isComplete = false }
        // Letter for letter: the usual case, without a text being made.
        if tests.holdsBytes(field, identity, of: event) { return outcome != .isFalse }
      }
      let result = tests.passes(test, event, judged: nil)
      // More identities can only make it true.
      if result == false && !isComplete { return nil }
      return outcome.holds(result)
    }
  }

  init(_ plan: LogPlan) {
    var maker = ScreenMaker(plan)
    checks = plan.rules.map { maker.check($0.check) }
    factsOfName = maker.factsOfName
    valueOfSlot = maker.valueOfSlot
    slots = maker.slots
    selections = maker.selections
  }
}

/// Translates planned checks.
private struct ScreenMaker {
  private let plan: LogPlan
  private(set) var factsOfName: [[ScreenPlan.Fact]]
  private(set) var valueOfSlot = [Int8](repeating: -1, count: 256)
  private(set) var slots: Set<UInt8> = []
  private(set) var selections: UInt64 = 0
  private var facts = 0
  private var values = 0

  init(_ plan: LogPlan) {
    self.plan = plan
    factsOfName = Array(repeating: [], count: plan.schema.names.count)
    for slot in plan.isLink.indices where plan.isLink[slot] {
      slots.insert(UInt8(truncatingIfNeeded: slot))
    }
    for slot in [plan.workflowSlot, plan.stepSlot] { if let slot { slots.insert(slot) } }
    for selection in plan.selections {
      for entry in selection.entries { if let test = entry.test { note(test) } }
    }
  }

  mutating func check(_ check: PlannedCheck) -> ScreenPlan.Check {
    selections |= 1 << UInt64(check.on)
    return ScreenPlan.Check(
      on: 1 << UInt64(check.on),
      questions: ScreenPlan.Questions(
        given: check.given.map { condition($0, of: check.on) },
        unless: check.unless.map { condition($0, of: check.on) },
        requires: check.requires.map { condition($0.condition, of: check.on) }))
  }

  private mutating func condition(
    _ planned: PlannedCondition, of selection: Int
  ) -> ScreenPlan.Condition {
    switch planned {
    case .all(let parts): return .all(parts.map { condition($0, of: selection) })
    case .any(let parts): return .any(parts.map { condition($0, of: selection) })
    case .not(let part): return .not(condition(part, of: selection))
    case .test(let test):
      guard isOwn(test), let bit = fact(test, .isNotFalse, selection) else { return .unknown }
      return .fact(bit)
    case .belongs(let test):
      guard isOwn(test), let bit = fact(test, .isTrue, selection) else { return .unknown }
      return .fact(bit)
    case .earlier(let planned, nil): return .earlier(reference(planned))
    case .exists(let planned): return .exists(reference(planned))
    case .later(let planned, let bound, nil):
      let limit: Int64? =
        switch bound {
        case .seconds(let seconds): Int64(seconds * 1e9)
        case .roundBudget: plan.roundBudgetNanoseconds
        case nil: nil
        }
      return .later(reference(planned), nanoseconds: limit)
    case .absentSince(let planned, _): return .absent(reference(planned))
    case .between(let planned, let after, let before):
      return .between(
        reference(planned), after: after.map { reference($0) }, before: before.map { reference($0) }
      )
    case .count(let bound):
      guard bound.atLeast == nil, case .literal(let most)? = bound.atMost, most >= 0 else {
        return .unknown
      }
      return .atMost(reference(bound.of), Int(min(most, 1_000_000)))
    case .distinct(let bound, _):
      guard let value = value(bound.field) else { return .unknown }
      return .distinct(reference(bound.of), value, atMost: bound.atMost)
    case .each(let pairing):
      let (of, has) = (reference(pairing.of), reference(pairing.has))
      guard case .field(let by)? = value(pairing.by) else { return .none([of, has]) }
      guard let counted = pairing.count else { return .each(of: of, has: has, by: by, count: nil) }
      guard case .field(let count)? = value(counted) else { return .none([of, has]) }
      return .each(of: of, has: has, by: by, count: count)
    case .sum(let sum): return .none([reference(sum.of)])
    case .complete(let planned, _): return .complete(planned.map { reference($0) })
    // An order within a time, or by the latest.
    default: return .unknown
    }
  }

  private mutating func reference(_ planned: PlannedReference) -> ScreenPlan.Reference {
    var tests: [ScreenPlan.Test] = []
    if let own = planned.test { tests.append(test(own, isTrue: true, planned.selection)) }
    if let shared = planned.sharing {
      tests.append(value(shared).map { .same($0) } ?? .unknown)
    }
    selections |= 1 << UInt64(planned.selection)
    return ScreenPlan.Reference(
      selection: 1 << UInt64(planned.selection), by: planned.by,
      test: tests.count > 1 ? .all(tests) : tests.first, isNarrowed: planned.latestBy != nil)
  }

  /// Whether the test comes to true, or to false: a third outcome is neither.
  private mutating func test(
    _ planned: PlannedTest, isTrue: Bool, _ selection: Int
  ) -> ScreenPlan.Test {
    if isOwn(planned) {
      guard let bit = fact(planned, isTrue ? .isTrue : .isFalse, selection) else {
        return .unknown
      }
      return .fact(bit)
    }
    switch planned {
    case .all(let parts):
      let made = parts.map { test($0, isTrue: isTrue, selection) }
      return isTrue ? .all(made) : .any(made)
    case .any(let parts):
      let made = parts.map { test($0, isTrue: isTrue, selection) }
      return isTrue ? .any(made) : .all(made)
    case .not(let part): return test(part, isTrue: !isTrue, selection)
    case .same(let field):
      guard let value = value(field) else { return .unknown }
      return isTrue ? .same(value) : .not(.same(value))
    case .different(let field):
      guard let value = value(field) else { return .unknown }
      return isTrue ? .different(value) : .not(.different(value))
    case .alike(let field):
      guard let value = value(field) else { return .unknown }
      return isTrue ? .alike(value) : .not(.alike(value))
    default:
      note(planned)
      return .unknown
    }
  }

  private mutating func value(_ field: PlannedField) -> ScreenPlan.Value? {
    switch field {
    case .nowhere: return nil
    case .identity(let identity): return .identity(identity)
    case .slot(let slot):
      if valueOfSlot[Int(slot)] < 0 {
        if values == ScreenPlan.mostValues { return nil }
        valueOfSlot[Int(slot)] = Int8(values)
        values += 1
        slots.insert(slot)
      }
      return .field(UInt8(truncatingIfNeeded: valueOfSlot[Int(slot)]))
    }
  }

  /// The bit of a test of the events of a selection; `nil` where there are no bits left.
  private mutating func fact(
    _ test: PlannedTest, _ outcome: ScreenPlan.Fact.Outcome, _ selection: Int
  ) -> UInt64? {
    if facts == 64 { return nil }
    let bit = UInt64(1) << UInt64(facts)
    facts += 1
    note(test)
    for name in Set(plan.selections[selection].entries.map(\.name)) {
      factsOfName[Int(name)].append(ScreenPlan.Fact(bit: bit, test: test, outcome: outcome))
    }
    return bit
  }

  /// Whether an event's own fields decide it, as they are written.
  private func isOwn(_ test: PlannedTest) -> Bool {
    func isWritten(_ field: PlannedField) -> Bool {
      if case .identity = field { false } else { true }
    }
    switch test {
    case .all(let parts), .any(let parts):
      return parts.allSatisfy { part in
        // What may stay open must not hide inside.
        if case .contains = part { false } else { isOwn(part) }
      }
    case .not(let part):
      if case .contains = part { return false }
      return isOwn(part)
    case .isOne(let field, _, _), .present(let field), .null(let field), .claims(let field, _):
      return isWritten(field)
    case .contains(let field, _): return isWritten(field)
    case .number(let field, _, let operand, _):
      switch operand {
      case .literal, .threshold: return isWritten(field)
      case .own(let other): return isWritten(field) && isWritten(other)
      default: return false
      }
    default: return false
    }
  }

  /// The slots that a test looks at.
  private mutating func note(_ test: PlannedTest) {
    func slot(_ field: PlannedField) -> [UInt8] {
      if case .slot(let slot) = field { [slot] } else { [] }
    }
    switch test {
    case .all(let parts), .any(let parts): for part in parts { note(part) }
    case .not(let part): note(part)
    case .isOne(let field, _, _), .present(let field), .null(let field), .claims(let field, _):
      slots.formUnion(slot(field))
    case .contains(let field, let others):
      for one in others + [field] { slots.formUnion(slot(one)) }
    case .number(let field, _, let operand, _):
      slots.formUnion(slot(field))
      if case .own(let other) = operand { slots.formUnion(slot(other)) }
    default: break
    }
  }
}

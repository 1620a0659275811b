import EventLogs
import Rules

/// An `EventCheck` with names and fields by number.
///
/// A class for the same reason as the plan: it is met once for each event and rule.
final class PlannedCheck: Sendable {
  let on: Int
  let given: [PlannedCondition]
  let unless: [PlannedCondition]
  let requires: [PlannedRequirement]
  let place: EventCheck.Place
  let alone: EventRequirement.Outcome?
  let scope: EventCheck.Scope
  let isElse: Bool

  init(
    on: Int, given: [PlannedCondition], unless: [PlannedCondition],
    requires: [PlannedRequirement], place: EventCheck.Place, alone: EventRequirement.Outcome?,
    scope: EventCheck.Scope, isElse: Bool
  ) {
    self.on = on
    self.given = given
    self.unless = unless
    self.requires = requires
    self.place = place
    self.alone = alone
    self.scope = scope
    self.isElse = isElse
  }
}

/// A class likewise.
final class PlannedRequirement: Sendable {
  let condition: PlannedCondition
  let otherwise: EventRequirement.Outcome
  let late: EventRequirement.Outcome
  let instead: [(outcome: EventRequirement.Outcome, condition: PlannedCondition)]

  init(
    condition: PlannedCondition, otherwise: EventRequirement.Outcome,
    late: EventRequirement.Outcome,
    instead: [(outcome: EventRequirement.Outcome, condition: PlannedCondition)]
  ) {
    self.condition = condition
    self.otherwise = otherwise
    self.late = late
    self.instead = instead
  }
}

/// Events of some names, each with a test of its own fields.
struct PlannedSelection: Sendable {
  var entries: [(name: UInt16, test: PlannedTest?)]
}

/// A field of an event: written in it, or an identity that was found out.
enum PlannedField: Sendable, Hashable {
  case slot(UInt8)
  case identity(EventIdentity)
  /// Nothing in this log can have it.
  case nowhere
}

/// The other events that a condition speaks of; a class likewise.
final class PlannedReference: Sendable {
  /// Different for each reference of a plan.
  let number: Int
  /// The bit of its selection.
  let selection: Int
  let by: EventIdentity
  /// A field whose value both events must have.
  let sharing: PlannedField?
  let test: PlannedTest?
  let latestBy: PlannedField?
  /// Fields of the judged event that its test compares with.
  let compared: [PlannedField]
  /// Whether its test compares with the judged event's time.
  let comparesTime: Bool

  init(
    number: Int, selection: Int, by: EventIdentity, sharing: PlannedField? = nil,
    test: PlannedTest? = nil, latestBy: PlannedField? = nil
  ) {
    self.number = number
    self.selection = selection
    self.by = by
    self.sharing = sharing
    self.test = test
    self.latestBy = latestBy
    var fields: [PlannedField] = []
    var comparesTime = false
    test?.collectCompared(&fields, &comparesTime)
    compared = fields
    self.comparesTime = comparesTime
  }

  /// Whether it means the same events for all that share the identity.
  var isPlain: Bool { test == nil && latestBy == nil && sharing == nil && !isProof }

  /// Whether it goes by the proof of the judged event.
  var isProof: Bool { if case .proof = by { true } else { false } }

  /// Whether it means every event that shares the identity.
  var isUntested: Bool { test == nil && sharing == nil }

  /// Whether its test asks only for the other event's own fields.
  var isIndependent: Bool { compared.isEmpty && !comparesTime }
}

indirect enum PlannedCondition: Sendable {
  case all([PlannedCondition])
  case any([PlannedCondition])
  case not(PlannedCondition)
  case test(PlannedTest)
  /// Unlike a test, it must be known to pass.
  case belongs(PlannedTest)
  case earlier(PlannedReference, within: TimeBound?)
  case later(PlannedReference, within: TimeBound?, from: PlannedReference?)
  case exists(PlannedReference)
  case latest(PlannedReference, says: PlannedTest)
  case between(PlannedReference, after: PlannedReference?, before: PlannedReference?)
  case absentSince(PlannedReference, since: PlannedReference)
  case count(PlannedCount)
  case distinct(PlannedDistinct, number: Int)
  case each(PlannedPairing)
  case sum(PlannedSum)
  case complete([PlannedReference], number: Int)
}

/// A `CountBound` with names and fields by number.
struct PlannedCount: Sendable {
  var of: PlannedReference
  var distinct: PlannedField?
  var per: PlannedField?
  var atLeast: Number?
  var atMost: Number?
  var within: TimeBound?
  var since: PlannedReference?

  enum Number: Sendable {
    case literal(Double)
    case event(PlannedField)
    case stated([PlannedField], in: PlannedReference)
  }
}

/// A `DistinctBound` with names and fields by number.
struct PlannedDistinct: Sendable {
  var field: PlannedField
  var of: PlannedReference
  var atMost: Int
  var until: PlannedReference?
}

/// An `EachBound` with names and fields by number.
struct PlannedPairing: Sendable {
  var of: PlannedReference
  var has: PlannedReference
  var by: PlannedField
  var count: PlannedField?
}

/// An `EventSum` with names and fields by number.
struct PlannedSum: Sendable {
  var field: PlannedField
  var of: PlannedReference
  var by: [PlannedField]
  var equals: PlannedField
  var tolerance: Double
  var since: PlannedReference?
  var isShare: Bool
}

indirect enum PlannedTest: Sendable {
  case all([PlannedTest])
  case any([PlannedTest])
  case not(PlannedTest)
  /// The memo remembers which texts passed.
  case isOne(PlannedField, of: [VerificationProtocol.Literal], memo: Int)
  case present(PlannedField)
  case null(PlannedField)
  case claims(PlannedField, memo: Int)
  case contains(PlannedField, anyOf: [PlannedField])
  /// Shares are compared on whatever scale they are written, other numbers as they are.
  case number(PlannedField, StepPredicate.NumberComparison, Operand, isShare: Bool)
  case time(PlannedField, EventTest.TimeComparison, TimeOperand)
  case same(PlannedField)
  case different(PlannedField)
  case alike(PlannedField)
  /// The event belongs to a selection that has no bit of its own.
  case named([UInt16: [PlannedTest?]])

  enum Operand: Sendable {
    case literal(Double)
    case threshold
    case own(PlannedField)
    case event(PlannedField)
    case eventCount(PlannedField)
  }

  enum TimeOperand: Sendable {
    case own
    case event
    case ownField(PlannedField)
    case eventField(PlannedField)
  }

  /// Adds the fields of the judged event that it depends on.
  func collectCompared(_ fields: inout [PlannedField], _ comparesTime: inout Bool) {
    switch self {
    case .all(let parts), .any(let parts):
      for part in parts { part.collectCompared(&fields, &comparesTime) }
    case .not(let part): part.collectCompared(&fields, &comparesTime)
    case .isOne, .present, .null, .claims, .contains: break
    case .same(let field), .different(let field), .alike(let field): fields.append(field)
    case .number(_, _, let operand, _):
      switch operand {
      case .literal, .threshold, .own: break
      case .event(let field), .eventCount(let field): fields.append(field)
      }
    case .time(_, _, let operand):
      switch operand {
      case .own, .ownField: break
      case .event: comparesTime = true
      case .eventField(let field): fields.append(field)
      }
    case .named(let entries):
      for test in entries.values.joined() { test?.collectCompared(&fields, &comparesTime) }
    }
  }

  /// Adds the slots that decide it of an event that no other stands beside; `false` where more than its fields does.
  func collectSlots(_ plan: LogPlan, _ slots: inout DecidingSlots) -> Bool {
    switch self {
    case .all(let parts), .any(let parts):
      for part in parts where !part.collectSlots(plan, &slots) { return false }
    case .not(let part): return part.collectSlots(plan, &slots)
    case .isOne(let field, _, _), .claims(let field, _): slots.values.add(field, plan)
    case .present(let field), .null(let field): slots.kinds.add(field, plan)
    case .contains(let field, let others):
      for one in others + [field] { slots.values.add(one, plan) }
    case .number(let field, _, let operand, _):
      slots.values.add(field, plan)
      if case .own(let other) = operand { slots.values.add(other, plan) }
    // Nothing to compare with.
    case .same, .different, .alike: break
    case .time, .named: return false
    }
    return true
  }

  /// Whether it looks for the proof's name in a text.
  var searchesProof: Bool {
    switch self {
    case .all(let parts), .any(let parts): parts.contains { $0.searchesProof }
    case .not(let part): part.searchesProof
    case .contains(_, let others):
      others.contains { if case .identity(.proof) = $0 { true } else { false } }
    default: false
    }
  }

  /// Both tests.
  static func both(_ left: PlannedTest?, _ right: PlannedTest?) -> PlannedTest? {
    guard let left, let right else { return left ?? right }
    return .all([left, right])
  }
}

/// The slots whose values decide a test, and those of which only what kind of value stands there does.
struct DecidingSlots {
  var values: Set<UInt8> = []
  var kinds: Set<UInt8> = []
}

extension Set<UInt8> {
  /// Adds the slot of a field, where it has one.
  fileprivate mutating func add(_ field: PlannedField, _ plan: LogPlan) {
    switch field {
    case .nowhere: break
    case .slot(let slot): insert(slot)
    case .identity(let identity):
      if let slot = plan.slot(of: identity) { insert(slot) }
    }
  }
}

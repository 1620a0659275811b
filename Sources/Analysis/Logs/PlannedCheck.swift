import EventLogs
import Rules

/// An `EventCheck` with names and fields by number.
struct PlannedCheck: Sendable {
  var on: Int
  var given: [PlannedCondition]
  var unless: [PlannedCondition]
  var requires: [PlannedRequirement]
  var place: EventCheck.Place
}

/// A class for the same reason as the plan: it is met once for each event and rule.
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

struct PlannedReference: Sendable {
  /// The bit of its selection.
  var selection: Int
  var by: EventIdentity
  var test: PlannedTest?
  var latestBy: PlannedField?

  /// Whether it means the same events for all that share the identity.
  var isPlain: Bool { test == nil && latestBy == nil && by != .proof }
}

indirect enum PlannedCondition: Sendable {
  case all([PlannedCondition])
  case any([PlannedCondition])
  case not(PlannedCondition)
  case test(PlannedTest)
  case earlier(PlannedReference)
  case later(PlannedReference, within: TimeBound?)
  case exists(PlannedReference)
  case absentSince(PlannedReference, since: PlannedReference)
  /// Numbered, so that what was counted for one event of a case serves the others.
  case distinct(PlannedDistinct, number: Int)
  case each(
    of: PlannedReference, has: PlannedReference, by: PlannedField, count: PlannedField?)
  case sum(
    PlannedField, of: PlannedReference, by: [PlannedField], equals: PlannedField,
    tolerance: Double, since: PlannedReference?)
  case complete([PlannedReference])
}

/// A `DistinctBound` with names and fields by number.
struct PlannedDistinct: Sendable {
  var field: PlannedField
  var of: PlannedReference
  var atMost: Int
  var until: PlannedReference?
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
  case number(PlannedField, StepPredicate.NumberComparison, Operand)
  case same(PlannedField)
  case different(PlannedField)
  case alike(PlannedField)

  enum Operand: Sendable {
    case literal(Double)
    case threshold
    case own(PlannedField)
    case event(PlannedField)
    case eventCount(PlannedField)
  }
}

/// Puts numbers in the place of names.
struct CheckPlanner {
  /// Sets that the monitors know; a protocol fills them.
  static let roles = ["use", "certificate", "generation", "exempt"]
  /// More selections than bits would need wider masks.
  static let mostSelections = 64

  let schema: EventSchema
  let sets: [String: [EventSelection]]
  let identities: [EventIdentity: String]
  private(set) var selections: [PlannedSelection] = []
  private var known: [String: Int] = [:]
  private(set) var memos = 0
  private(set) var counts = 0

  init(
    schema: EventSchema, sets: [String: [EventSelection]], identities: [EventIdentity: String]
  ) {
    self.schema = schema
    self.sets = sets
    self.identities = identities
  }

  mutating func plan(_ check: EventCheck) -> PlannedCheck {
    PlannedCheck(
      on: selection(check.on), given: check.given.map { plan($0) },
      unless: check.unless.map { plan($0) },
      requires: check.requires.map { requirement in
        PlannedRequirement(
          condition: plan(requirement.condition), otherwise: requirement.otherwise,
          late: requirement.late,
          instead: requirement.instead.map { ($0.outcome, plan($0.condition)) })
      },
      place: check.place)
  }

  /// The bit of a selection; equal ones share it.
  mutating func selection(_ selection: EventSelection) -> Int {
    let key = "\(selection)"
    if let index = known[key] { return index }
    let entries = entries(of: selection, depth: 0)
    let index = min(selections.count, CheckPlanner.mostSelections - 1)
    if index < selections.count {
      // The last bit is shared: rules of that many shapes are not expected, and none may be lost.
      selections[index].entries += entries
    } else {
      selections.append(PlannedSelection(entries: entries))
    }
    known[key] = index
    return index
  }

  private mutating func entries(
    of selection: EventSelection, depth: Int
  ) -> [(name: UInt16, test: PlannedTest?)] {
    var entries: [(name: UInt16, test: PlannedTest?)] = []
    let own = selection.test.map { plan($0) }
    for name in selection.names {
      if let parts = sets[name], depth < 8 {
        for part in parts {
          for entry in self.entries(of: part, depth: depth + 1) {
            let tests = [entry.test, own].compactMap(\.self)
            entries.append((entry.name, tests.count > 1 ? .all(tests) : tests.first))
          }
        }
      } else if let index = schema.index(of: name) {
        entries.append((index, own))
      }
    }
    return entries
  }

  private mutating func plan(_ reference: EventReference) -> PlannedReference {
    PlannedReference(
      selection: selection(reference.events), by: reference.by,
      test: reference.test.map { plan($0) }, latestBy: reference.latestBy.map { field($0) })
  }

  private mutating func plan(_ condition: EventCondition) -> PlannedCondition {
    switch condition {
    case .all(let parts): return .all(parts.map { plan($0) })
    case .any(let parts): return .any(parts.map { plan($0) })
    case .not(let part): return .not(plan(part))
    case .test(let test): return .test(plan(test))
    case .earlier(let reference): return .earlier(plan(reference))
    case .later(let reference, let bound): return .later(plan(reference), within: bound)
    case .exists(let reference): return .exists(plan(reference))
    case .absentSince(let reference, let since):
      return .absentSince(plan(reference), since: plan(since))
    case .distinct(let bound):
      counts += 1
      let planned = PlannedDistinct(
        field: field(bound.field), of: plan(bound.of), atMost: bound.atMost,
        until: bound.until.map { plan($0) })
      return .distinct(planned, number: counts - 1)
    case .each(let bound):
      return .each(
        of: plan(bound.of), has: plan(bound.has), by: field(bound.by),
        count: bound.count.map { field($0) })
    case .sum(let sum):
      return .sum(
        field(sum.field), of: plan(sum.of), by: sum.by.map { field($0) },
        equals: field(sum.equals), tolerance: sum.tolerance,
        since: sum.since.map { plan($0) })
    case .complete(let references): return .complete(references.map { plan($0) })
    }
  }

  private mutating func plan(_ test: EventTest) -> PlannedTest {
    switch test {
    case .all(let parts): return .all(parts.map { plan($0) })
    case .any(let parts): return .any(parts.map { plan($0) })
    case .not(let part): return .not(plan(part))
    case .isOne(let name, let values):
      memos += 1
      return .isOne(field(name), of: values, memo: memos - 1)
    case .present(let name): return .present(field(name))
    case .null(let name): return .null(field(name))
    case .claims(let name):
      memos += 1
      return .claims(field(name), memo: memos - 1)
    case .contains(let name, let others):
      return .contains(field(name), anyOf: others.map { field($0) })
    case .number(let name, let comparison, let operand):
      let planned: PlannedTest.Operand =
        switch operand {
        case .literal(let number): .literal(number)
        case .threshold: .threshold
        case .own(let other): .own(field(other))
        case .event(let other): .event(field(other))
        case .eventCount(let other): .eventCount(field(other))
        }
      return .number(field(name), comparison, planned)
    case .same(let name): return .same(field(name))
    case .different(let name): return .different(field(name))
    case .alike(let name): return .alike(field(name))
    }
  }

  private func field(_ name: String) -> PlannedField {
    if let identity = EventIdentity(rawValue: name) { return .identity(identity) }
    return schema.slot(of: name).map { .slot($0) } ?? .nowhere
  }
}

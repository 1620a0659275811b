import EventLogs
import Rules

/// Puts numbers in the place of names.
struct CheckPlanner {
  /// Sets that the monitors know; a protocol fills them.
  static let roles = [
    "use", "certificate", "generation", "exempt", "request", "vote", "reuse", "refusal",
    "revocation", "compensation",
  ]
  /// So many selections have a bit of their own; the last bit says "perhaps one of the others".
  static let mostOwnBits = 63

  let schema: EventSchema
  let sets: [String: [EventSelection]]
  /// Other names that the protocols give to a field.
  let aliases: [KeyName: String]
  /// Values by what they mean.
  let meanings: [String: [VerificationProtocol.Literal]]
  /// Fields whose numbers stand on one of several scales.
  let shares: Set<PlannedField>
  private(set) var selections: [PlannedSelection] = []
  private var known: [EventSelection: Place] = [:]
  private(set) var memos = 0
  private(set) var numbers = 0

  /// Where a selection's events are marked.
  private struct Place {
    var bit: Int
    /// What decides where the bit says "perhaps".
    var test: PlannedTest?
  }

  init(
    schema: EventSchema, sets: [String: [EventSelection]], aliases: [KeyName: String],
    meanings: [String: [VerificationProtocol.Literal]], shares: [String]
  ) {
    self.schema = schema
    self.sets = sets
    self.aliases = aliases
    self.meanings = meanings
    self.shares = Set(shares.compactMap { schema.slot(of: $0).map { .slot($0) } })
  }

  mutating func plan(_ check: EventCheck) -> PlannedCheck {
    let on = place(of: check.on)
    let given = check.given.map { plan($0) }
    return PlannedCheck(
      on: on.bit, given: (on.test.map { [.belongs($0)] } ?? []) + given,
      unless: check.unless.map { plan($0) },
      requires: check.requires.map { requirement in
        PlannedRequirement(
          condition: plan(requirement.condition), otherwise: requirement.otherwise,
          late: requirement.late,
          instead: requirement.instead.map { ($0.outcome, plan($0.condition)) })
      },
      place: check.place, alone: check.alone, scope: check.scope,
      isElse: check.isElse)
  }

  /// The bit of one of the first selections, which have bits of their own.
  mutating func bit(of selection: EventSelection) -> Int { place(of: selection).bit }

  /// Equal selections share their bit.
  private mutating func place(of selection: EventSelection) -> Place {
    if let place = known[selection] { return place }
    let entries = entries(of: selection, depth: 0)
    var place = Place(bit: selections.count)
    if selections.count < Self.mostOwnBits {
      selections.append(PlannedSelection(entries: entries))
    } else {
      place.bit = Self.mostOwnBits
      var named: [UInt16: [PlannedTest?]] = [:]
      for entry in entries { named[entry.name, default: []].append(entry.test) }
      place.test = .named(named)
      if selections.count == Self.mostOwnBits {
        selections.append(PlannedSelection(entries: entries))
      } else {
        selections[Self.mostOwnBits].entries += entries
      }
    }
    known[selection] = place
    return place
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
            entries.append((entry.name, .both(entry.test, own)))
          }
        }
      } else if let index = schema.index(of: name) {
        entries.append((index, own))
      }
    }
    return entries
  }

  mutating func plan(_ reference: EventReference) -> PlannedReference {
    let place = place(of: reference.events)
    return PlannedReference(
      number: number(), selection: place.bit, by: reference.by,
      sharing: reference.sharing.map { field($0) },
      test: .both(place.test, reference.test.map { plan($0) }),
      latestBy: reference.latestBy.map { field($0) })
  }

  private mutating func number() -> Int {
    numbers += 1
    return numbers - 1
  }

  private mutating func plan(_ condition: EventCondition) -> PlannedCondition {
    switch condition {
    case .all(let parts): return .all(parts.map { plan($0) })
    case .any(let parts): return .any(parts.map { plan($0) })
    case .not(let part): return .not(plan(part))
    case .test(let test): return .test(plan(test))
    case .earlier(let reference, let bound): return .earlier(plan(reference), within: bound)
    case .later(let bound):
      return .later(plan(bound.of), within: bound.within, from: bound.from.map { plan($0) })
    case .exists(let reference): return .exists(plan(reference))
    case .latest(let reference, let test): return .latest(plan(reference), says: plan(test))
    case .between(let bound):
      return .between(
        plan(bound.of), after: bound.after.map { plan($0) }, before: bound.before.map { plan($0) })
    case .absentSince(let reference, let since):
      return .absentSince(plan(reference), since: plan(since))
    case .count(let bound):
      return .count(
        PlannedCount(
          of: plan(bound.of), distinct: bound.distinct.map { field($0) },
          per: bound.per.map { field($0) }, atLeast: bound.atLeast.map { plan($0) },
          atMost: bound.atMost.map { plan($0) }, within: bound.within,
          since: bound.since.map { plan($0) }))
    case .distinct(let bound):
      let planned = PlannedDistinct(
        field: field(bound.field), of: plan(bound.of), atMost: bound.atMost,
        until: bound.until.map { plan($0) })
      return .distinct(planned, number: number())
    case .each(let bound):
      return .each(
        PlannedPairing(
          of: plan(bound.of), has: plan(bound.has), by: field(bound.by),
          count: bound.count.map { field($0) }))
    case .sum(let sum):
      return .sum(
        PlannedSum(
          field: field(sum.field), of: plan(sum.of), by: sum.by.map { field($0) },
          equals: field(sum.equals), tolerance: sum.tolerance, since: sum.since.map { plan($0) },
          isShare: shares.contains(field(sum.field)) || shares.contains(field(sum.equals))))
    case .complete(let references):
      return .complete(references.map { plan($0) }, number: number())
    }
  }

  private mutating func plan(_ bound: CountBound.Number) -> PlannedCount.Number {
    switch bound {
    case .literal(let number): .literal(number)
    case .event(let name): .event(field(name))
    case .stated(let names, let reference): .stated(names.map { field($0) }, in: plan(reference))
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
    case .means(let name, let words):
      memos += 1
      return .isOne(field(name), of: words.flatMap { meanings[$0] ?? [] }, memo: memos - 1)
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
      let isShare: Bool
      switch planned {
      case .literal: isShare = shares.contains(field(name))
      case .threshold: isShare = true
      case .own(let other), .event(let other):
        isShare = shares.contains(field(name)) || shares.contains(other)
      case .eventCount: isShare = false
      }
      return .number(field(name), comparison, planned, isShare: isShare)
    case .time(let name, let comparison, let operand):
      let planned: PlannedTest.TimeOperand =
        switch operand {
        case .own: .own
        case .event: .event
        case .ownField(let other): .ownField(field(other))
        case .eventField(let other): .eventField(field(other))
        }
      return .time(field(name), comparison, planned)
    case .same(let name): return .same(field(name))
    case .different(let name): return .different(field(name))
    case .alike(let name): return .alike(field(name))
    }
  }

  private func field(_ name: String) -> PlannedField {
    if let identity = EventIdentity(rawValue: name) { return .identity(identity) }
    let slot = schema.slot(of: name) ?? aliases[KeyName(name)].flatMap { schema.slot(of: $0) }
    return slot.map { .slot($0) } ?? .nowhere
  }
}

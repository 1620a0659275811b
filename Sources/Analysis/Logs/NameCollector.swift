import Rules

/// The names and fields that checks speak of.
struct NameCollector {
  let sets: [String: [EventSelection]]
  var names: Set<String> = []
  var fields: Set<String> = []
  /// Fields that references group by: events that share one belong together.
  var shared: Set<String> = []
  /// Fields whose values are told apart.
  private var told: Set<String> = []
  /// Fields whose values are numbers.
  private var counted: Set<String> = []

  /// Fields that name something: a number in them is a name.
  var naming: Set<String> { told.subtracting(counted) }

  init(sets: [String: [EventSelection]]) { self.sets = sets }

  mutating func visit(_ check: EventCheck) {
    visit(check.on)
    for condition in check.given + check.unless { visit(condition) }
    for requirement in check.requires {
      visit(requirement.condition)
      for explanation in requirement.instead { visit(explanation.condition) }
    }
  }

  mutating func visit(_ selection: EventSelection) {
    for name in selection.names where sets[name] == nil && !CheckPlanner.roles.contains(name) {
      names.insert(name)
    }
    if let test = selection.test { visit(test) }
  }

  private mutating func visit(_ reference: EventReference) {
    visit(reference.events)
    if let test = reference.test { visit(test) }
    if let field = reference.latestBy { visit(name: field) }
    if let field = reference.sharing {
      visit(name: field)
      // With an identity beside it the events belong together already.
      if reference.by == .anything { shared.insert(field) }
    }
  }

  private mutating func visit(field: String) {
    if EventIdentity(rawValue: field) == nil { fields.insert(field) }
  }

  private mutating func visit(name field: String) {
    visit(field: field)
    told.insert(field)
  }

  private mutating func visit(number field: String) {
    visit(field: field)
    counted.insert(field)
  }

  private mutating func visit(_ condition: EventCondition) {
    switch condition {
    case .all(let parts), .any(let parts): for part in parts { visit(part) }
    case .not(let part): visit(part)
    case .test(let test): visit(test)
    case .earlier(let reference, _), .exists(let reference): visit(reference)
    case .later(let bound):
      visit(bound.of)
      if let from = bound.from { visit(from) }
    case .latest(let reference, let test):
      visit(reference)
      visit(test)
    case .between(let bound):
      visit(bound.of)
      for reference in [bound.after, bound.before] { if let reference { visit(reference) } }
    case .count(let bound):
      visit(bound.of)
      for field in [bound.distinct, bound.per] { if let field { visit(name: field) } }
      for number in [bound.atLeast, bound.atMost] { if let number { visit(number) } }
      if let since = bound.since { visit(since) }
    case .absentSince(let reference, let since):
      visit(reference)
      visit(since)
    case .distinct(let bound):
      visit(bound.of)
      visit(name: bound.field)
      if let until = bound.until { visit(until) }
    case .each(let bound):
      visit(bound.of)
      visit(bound.has)
      visit(name: bound.by)
      if let count = bound.count { visit(number: count) }
    case .sum(let sum):
      visit(sum.of)
      if let since = sum.since { visit(since) }
      for field in sum.by { visit(name: field) }
      for field in [sum.field, sum.equals] { visit(number: field) }
    case .complete(let references): for reference in references { visit(reference) }
    }
  }

  private mutating func visit(_ number: CountBound.Number) {
    switch number {
    case .literal: break
    case .event(let field): visit(number: field)
    case .stated(let fields, let reference):
      for field in fields { visit(number: field) }
      visit(reference)
    }
  }

  private mutating func visit(_ test: EventTest) {
    switch test {
    case .all(let parts), .any(let parts): for part in parts { visit(part) }
    case .not(let part): visit(part)
    case .isOne(let field, _), .means(let field, _), .present(let field), .null(let field),
      .claims(let field):
      visit(field: field)
    case .same(let field), .different(let field), .alike(let field): visit(name: field)
    case .contains(let field, let others): for one in others + [field] { visit(field: one) }
    case .number(let field, _, let operand):
      visit(number: field)
      switch operand {
      case .own(let other), .event(let other), .eventCount(let other): visit(number: other)
      case .literal, .threshold: break
      }
    case .time(let field, _, let operand):
      visit(number: field)
      switch operand {
      case .ownField(let other), .eventField(let other): visit(number: other)
      case .own, .event: break
      }
    }
  }
}

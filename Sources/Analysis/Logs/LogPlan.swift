import EventLogs
import Rules

/// Rules and protocols made ready for one log format: names and fields by number.
///
/// A class, as everything that judges holds it: a copy is one count.
final class LogPlan: Sendable {
  let vocabulary: LogVocabulary
  let schema: EventSchema
  let rules: [PlannedRule]
  /// By rule: the bit of the events that it judges.
  let masks: [UInt64]
  /// The bits of all selections that rules judge.
  let subjects: UInt64
  let threshold: Double
  let roundBudgetNanoseconds: Int64
  let claims: ClaimWording

  /// Selections of events, one bit each.
  let selections: [PlannedSelection]
  let memos: Int
  let use: Int
  let certificate: Int
  let generation: Int
  let exempt: Int
  /// Events that carry a certificate's name and prove nothing.
  let bystanders: UInt64

  let outputSlot: UInt8?
  let requestSlot: UInt8?
  let promptSlot: UInt8?
  let certificateSlot: UInt8?
  /// By slot: whether equal texts in it put events into one case.
  let isLink: [Bool]
  let sinkSlots: [UInt8]
  let weightSlots: [UInt8]
  let workflowSlot: UInt8?
  let stepSlot: UInt8?

  init(rules: [Rule], protocols: [VerificationProtocol]) {
    var names: [String: String] = [:]
    var fields: [String: [String]] = ["workflow": ["workflow"], "step": ["step"]]
    var sets: [String: [EventSelection]] = [:]
    var identities: [EventIdentity: String] = [:]
    var sinks: [String] = []
    var bystanders: [String] = []
    var links: [String] = []
    var weights: [String] = []
    for one in protocols {
      for (foreign, canonical) in one.events.names {
        names[foreign] = canonical
        names[canonical] = canonical
      }
      for (field, aliases) in one.events.fields {
        let known = fields[field] ?? []
        fields[field] = known + aliases.filter { !known.contains($0) }
      }
      for (name, selections) in one.events.sets { sets[name, default: []] += selections }
      identities.merge(one.events.identities) { first, _ in first }
      sinks += one.events.sinks.filter { !sinks.contains($0) }
      links += one.events.links.filter { !links.contains($0) }
      weights += one.events.weights.filter { !weights.contains($0) }
      bystanders += one.events.bystanders.filter { !bystanders.contains($0) }
    }
    for field in identities.values where fields[field] == nil { fields[field] = [field] }
    for field in sinks + links + weights where fields[field] == nil { fields[field] = [field] }

    let checks: [(Rule, EventCheck)] = rules.flatMap { rule in
      if case .events(let checks) = rule.check { return checks.map { (rule, $0) } }
      return []
    }
    var collector = NameCollector(sets: sets, identities: identities)
    for (_, check) in checks { collector.visit(check) }
    for selections in sets.values { for selection in selections { collector.visit(selection) } }
    for name in collector.names { names[name] = names[name] ?? name }
    for field in collector.fields where fields[field] == nil { fields[field] = [field] }

    vocabulary = LogVocabulary(names: names, fields: fields)
    let schema = EventSchema(vocabulary)
    self.schema = schema
    var planner = CheckPlanner(schema: schema, sets: sets, identities: identities)
    use = planner.selection(EventSelection(["use"]))
    certificate = planner.selection(EventSelection(["certificate"]))
    generation = planner.selection(EventSelection(["generation"]))
    exempt = planner.selection(EventSelection(["exempt"]))
    self.bystanders = bystanders.reduce(0) { bits, name in
      bits | 1 << UInt64(planner.selection(EventSelection([name])))
    }
    let rules = checks.map { rule, check in PlannedRule(rule: rule, check: planner.plan(check)) }
    self.rules = rules
    selections = planner.selections
    let masks = rules.map { UInt64(1) << UInt64($0.check.on) }
    self.masks = masks
    subjects = masks.reduce(0, |)
    memos = planner.memos
    outputSlot = identities[.output].flatMap(schema.slot)
    requestSlot = identities[.request].flatMap(schema.slot)
    promptSlot = identities[.prompt].flatMap(schema.slot)
    certificateSlot = identities[.certificate].flatMap(schema.slot)
    let linkSlots = Set((Array(identities.values) + links).compactMap(schema.slot))
    isLink = (0...UInt8.max).map { linkSlots.contains($0) }
    sinkSlots = sinks.compactMap(schema.slot)
    weightSlots = weights.compactMap(schema.slot)
    workflowSlot = schema.slot(of: "workflow")
    stepSlot = schema.slot(of: "step")
    let proving = protocols.first { $0.proof == .certificate } ?? protocols.first
    threshold = proving?.threshold ?? 2.0 / 3
    roundBudgetNanoseconds = Int64((proving?.roundBudgetSeconds ?? 120) * 1e9)
    claims = ClaimWording(
      words: protocols.flatMap(\.claims.words), not: protocols.flatMap(\.claims.not))
  }

  /// The schema for a format that wraps events in its own way; slots and names keep their numbers.
  func schema(for envelope: EventSchema.Envelope) -> EventSchema {
    EventSchema(vocabulary, envelope: envelope)
  }
}

/// A rule with its check by number.
final class PlannedRule: Sendable {
  let rule: Rule
  let check: PlannedCheck

  init(rule: Rule, check: PlannedCheck) {
    self.rule = rule
    self.check = check
  }
}

/// The names and fields that checks speak of.
private struct NameCollector {
  let sets: [String: [EventSelection]]
  let identities: [EventIdentity: String]
  var names: Set<String> = []
  var fields: Set<String> = []

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
    if let field = reference.latestBy { visit(field: field) }
  }

  private mutating func visit(field: String) {
    if EventIdentity(rawValue: field) == nil { fields.insert(field) }
  }

  private mutating func visit(_ condition: EventCondition) {
    switch condition {
    case .all(let parts), .any(let parts): for part in parts { visit(part) }
    case .not(let part): visit(part)
    case .test(let test): visit(test)
    case .earlier(let reference), .later(let reference, _), .exists(let reference):
      visit(reference)
    case .absentSince(let reference, let since):
      visit(reference)
      visit(since)
    case .distinct(let bound):
      visit(bound.of)
      visit(field: bound.field)
      if let until = bound.until { visit(until) }
    case .each(let bound):
      visit(bound.of)
      visit(bound.has)
      visit(field: bound.by)
      if let count = bound.count { visit(field: count) }
    case .sum(let sum):
      visit(sum.of)
      if let since = sum.since { visit(since) }
      for field in sum.by + [sum.field, sum.equals] { visit(field: field) }
    case .complete(let references): for reference in references { visit(reference) }
    }
  }

  private mutating func visit(_ test: EventTest) {
    switch test {
    case .all(let parts), .any(let parts): for part in parts { visit(part) }
    case .not(let part): visit(part)
    case .isOne(let field, _), .present(let field), .null(let field), .claims(let field),
      .same(let field), .different(let field), .alike(let field):
      visit(field: field)
    case .contains(let field, let others): for one in others + [field] { visit(field: one) }
    case .number(let field, _, let operand):
      visit(field: field)
      switch operand {
      case .own(let other), .event(let other), .eventCount(let other): visit(field: other)
      case .literal, .threshold: break
      }
    }
  }
}

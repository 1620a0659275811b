import SourceText

extension Shape where Value == FactCheck {
  /// The check of a rule over facts.
  package static var factCheck: Shape {
    let conditions = Shape<[EventCondition]>.oneOrMore(of: .eventCondition)
    return Shape.record(
      "a check of facts", FactCheck(),
      [
        .required(
          "on", { $0.on = $1 }, .eventSelection,
          "What is judged: \(FactKind.all.map { "`\($0.name)`" }.joined(separator: ", "))."),
        .optional(
          "given", { $0.given = $1 }, conditions, "Without these the rule has nothing to say."),
        .optional(
          "unless", { $0.unless = $1 }, conditions, "Any of these leaves it to another rule."),
        .required(
          "requires", { $0.requires = $1 }, .oneOrMore(of: requirement),
          "What must hold; the first that does not makes the finding."),
      ]
    ).then { check, node, reading in
      if !reading.isTrusted { FactNames(check).report(in: node, &reading) }
      return check
    }
  }

  private static var requirement: Shape<FactRequirement> {
    .record(
      "a requirement", FactRequirement(),
      [
        .required("that", { $0.condition = $1 }, .eventCondition, "What must hold."),
        .required(
          "otherwise", { $0.otherwise = $1 }, Shape<EventCheck>.outcome, "Where it does not hold."),
        .optional(
          "unknown", { $0.unknown = $1 }, Shape<EventCheck>.outcome,
          "Where a fact that decides is not known, `{reason}` says why: never more than a warning. Without it nothing is said."
        ),
        .optional(
          "instead", { $0.instead = $1 }, .list(of: Shape<EventCheck>.explanation),
          "Better explanations than `otherwise`: the first that holds counts."),
        .optional("mark", { $0.mark = $1 }, .text, "The fact whose place the finding marks."),
      ])
  }
}

/// The names that a check over facts uses, compared with the vocabulary.
private struct FactNames {
  private let check: FactCheck
  private var problems: [(message: String, hint: String)] = []

  init(_ check: FactCheck) { self.check = check }

  /// Notes every kind, fact and operator that does not exist; the whole check is marked, since conditions keep no place.
  func report(in node: Node, _ reading: inout DocumentReading) {
    var names = self
    names.collect()
    for (message, hint) in names.problems {
      reading.report(message, hint: hint, at: node.entries.first?.key ?? node)
    }
  }

  private mutating func collect() {
    kinds(check.on.names)
    test(check.on.test, of: check.on.names)
    for condition in check.given + check.unless { visit(condition) }
    for requirement in check.requires {
      visit(requirement.condition)
      for explanation in requirement.instead { visit(explanation.condition) }
      if !requirement.mark.isEmpty { fact(requirement.mark, of: check.on.names) }
    }
  }

  private mutating func visit(_ condition: EventCondition) {
    switch condition {
    case .all(let parts), .any(let parts): for part in parts { visit(part) }
    case .not(let part): visit(part)
    case .test(let test): self.test(test, of: check.on.names)
    case .exists(let reference): visit(reference)
    case .count(let bound):
      visit(bound.of)
      for name in [bound.distinct, bound.per].compactMap(\.self) {
        fact(name, of: bound.of.events.names)
      }
      for case .event(let name) in [bound.atLeast, bound.atMost].compactMap(\.self) {
        fact(name, of: check.on.names)
      }
    case .distinct(let bound):
      visit(bound.of)
      fact(bound.field, of: bound.of.events.names)
    case .earlier, .later, .latest, .between, .absentSince, .each, .sum, .complete:
      problems.append(
        (
          "facts have no order in time and no sums",
          "there are `test`, `exists`, `count`, `distinct`, `not`, `all`, `any`"
        ))
    }
  }

  private mutating func visit(_ reference: EventReference) {
    kinds(reference.events.names)
    test(reference.events.test, of: reference.events.names)
    test(reference.test, of: reference.events.names)
  }

  private mutating func kinds(_ names: [String]) {
    let known = FactKind.all.map(\.name)
    for name in names where !known.contains(name) {
      problems.append(
        (
          "there are no facts of `\(name)`",
          Closeness.suggestion(for: name, among: known) ?? "there are facts of \(known.listed)"
        ))
    }
  }

  private mutating func fact(_ name: String, of kinds: [String]) {
    let known = FactKind.factNames(of: kinds)
    guard !known.isEmpty, !known.contains(name) else { return }
    problems.append(
      (
        "`\(name)` is no fact of a \(kinds.joined(separator: " or "))",
        Closeness.suggestion(for: name, among: known) ?? "there are \(known.listed)"
      ))
  }

  private mutating func test(_ test: EventTest?, of kinds: [String]) {
    switch test {
    case nil: break
    case .all(let parts)?, .any(let parts)?: for part in parts { self.test(part, of: kinds) }
    case .not(let part)?: self.test(part, of: kinds)
    case .isOne(let name, _)?, .means(let name, _)?, .present(let name)?, .null(let name)?,
      .claims(let name)?,
      .same(let name)?, .different(let name)?, .alike(let name)?:
      fact(name, of: kinds)
    case .contains(let name, let others)?:
      for name in [name] + others { fact(name, of: kinds) }
    case .number(let name, _, let operand)?:
      fact(name, of: kinds)
      switch operand {
      case .own(let other): fact(other, of: kinds)
      case .event(let other), .eventCount(let other): fact(other, of: check.on.names)
      case .literal, .threshold: break
      }
    case .time(let name, _, let operand)?:
      fact(name, of: kinds)
      switch operand {
      case .ownField(let other): fact(other, of: kinds)
      case .eventField(let other): fact(other, of: check.on.names)
      case .own, .event:
        problems.append(("facts have no time of their own", "name a fact: `own: issued`"))
      }
    }
  }
}

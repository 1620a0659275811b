package import SourceText

/// Translates expressions into conditions and values.
package struct GitHubInterpreter {
  /// Gives a range of the parsed text its place in the file.
  private let locate: (ByteRange) -> SourceLocation
  private let resolve: (GitHubContextRead) -> GitHubContextMeaning

  package init(
    locate: @escaping (ByteRange) -> SourceLocation,
    resolve: @escaping (GitHubContextRead) -> GitHubContextMeaning
  ) {
    self.locate = locate
    self.resolve = resolve
  }

  /// What the expression computes.
  package func value(_ expression: GitHubExpression) -> Value {
    switch expression.form {
    case .null: return .null
    case .boolean(let boolean): return .literal(boolean ? "true" : "false")
    case .number(let number): return .literal(number)
    case .text(let text): return .literal(text)
    case .context, .access:
      switch meaning(expression) {
      case .value(let value), .outcome(_, let value): return value
      }
    case .call(let name, let arguments): return call(name, arguments, expression)
    case .not, .comparison:
      return .conditional(condition(expression), .literal("true"), .literal("false"))
    case .all(let parts): return conjunction(parts)
    case .any(let parts): return disjunction(parts[...])
    }
  }

  /// When the expression holds, by the language's rules of truth.
  package func condition(_ expression: GitHubExpression) -> Condition {
    switch expression.form {
    case .null: return .constant(false)
    case .boolean(let boolean): return .constant(boolean)
    case .number(let number):
      let value = GitHubNumber(number)?.value ?? 0
      return .constant(value != 0 && !value.isNaN)
    case .text(let text): return .constant(!text.isEmpty)
    case .not(let inner): return .not(condition(inner))
    case .all(let parts): return .all(parts.map { condition($0) })
    case .any(let parts): return .any(parts.map { condition($0) })
    case .comparison(let comparison, let left, let right):
      return self.comparison(comparison, left, right, at: locate(expression.range))
    case .call(let name, let arguments):
      return predicate(name, arguments, expression) ?? truth(of: expression)
    case .context, .access:
      // The word for an outcome is never empty.
      if case .outcome = meaning(expression) { return .constant(true) }
      return truth(of: expression)
    }
  }

  private func truth(of expression: GitHubExpression) -> Condition {
    .test(
      Test(value(expression), .isTrue, semantics: .gitHub, at: locate(expression.range)))
  }

  // MARK: Contexts

  private func meaning(_ expression: GitHubExpression) -> GitHubContextMeaning {
    switch expression.form {
    case .context(let name):
      let read = GitHubContextRead(
        context: name.lowercased(), path: [], location: locate(expression.range))
      return resolve(read)
    case .access(let base, let accessors):
      let path = accessors.map { component($0) }
      if case .context(let name) = base.form {
        let read = GitHubContextRead(
          context: name.lowercased(), path: path, location: locate(expression.range))
        return resolve(read)
      }
      return .value(value(base).part(at: path, locate(expression.range)))
    case .null, .boolean, .number, .text, .call, .not, .comparison, .all, .any:
      return .value(value(expression))
    }
  }

  private func component(_ accessor: GitHubExpression.Accessor) -> PathComponent {
    switch accessor {
    case .property(let name): return .field(name)
    case .every: return .every
    case .index(let index):
      guard case .number(let number) = index.form, let value = GitHubNumber(number)?.value,
        let position = Int(exactly: value), position >= 0
      else { return .some }
      return .index(position)
    }
  }

  /// Every read that can be seen in the expression.
  private func reads(_ expression: GitHubExpression) -> [Reference] {
    switch expression.form {
    case .null, .boolean, .number, .text: return []
    case .context:
      guard case .value(.reference(let reference)) = meaning(expression) else { return [] }
      return [reference]
    case .access(let base, let accessors):
      let indices: [Reference] = accessors.flatMap { accessor in
        if case .index(let index) = accessor { reads(index) } else { [Reference]() }
      }
      if case .context = base.form {
        switch meaning(expression) {
        case .value(.reference(let reference)): return [reference] + indices
        case .value(.selection(.reference(let reference), _)): return [reference] + indices
        case .value, .outcome: return indices
        }
      }
      return reads(base) + indices
    case .call(_, let arguments): return arguments.flatMap { reads($0) }
    case .not(let inner): return reads(inner)
    case .comparison(_, let left, let right): return reads(left) + reads(right)
    case .all(let parts), .any(let parts): return parts.flatMap { reads($0) }
    }
  }

  // MARK: Operators

  private func comparison(
    _ comparison: GitHubExpression.Comparison, _ left: GitHubExpression, _ right: GitHubExpression,
    at location: SourceLocation
  ) -> Condition {
    if left.isLiteral, !right.isLiteral {
      return self.comparison(comparison.mirrored, right, left, at: location)
    }
    if comparison == .notEqual {
      return .not(self.comparison(.equal, left, right, at: location))
    }
    if comparison == .equal {
      if case .boolean(let boolean) = right.form, case .call(let name, let arguments) = left.form,
        name.lowercased() == "fromjson", arguments.count == 1
      {
        return .test(
          Test(
            value(arguments[0]), .equal, [.literal(boolean ? "true" : "false")],
            semantics: .gitHub, at: location))
      }
      if case .boolean(let boolean) = right.form, left.isPredicate {
        return boolean ? condition(left) : .not(condition(left))
      }
      if case .text(let word) = right.form, left.isRead,
        case .outcome(let routes, _) = meaning(left)
      {
        return outcome(word, of: routes)
      }
    }
    let test: Test.Comparison =
      switch comparison {
      case .equal, .notEqual: .equal
      case .less: .less
      case .lessOrEqual: .lessOrEqual
      case .greater: .greater
      case .greaterOrEqual: .greaterOrEqual
      }
    return .test(
      Test(value(left), test, [value(right)], semantics: .gitHub, at: location))
  }

  private func outcome(_ word: String, of routes: [String]) -> Condition {
    switch word.lowercased() {
    case "success": .outcome(.succeeded, of: routes, written: true)
    case "failure": .outcome(.failed, of: routes, written: true)
    case "cancelled": .outcome(.cancelled, of: routes, written: true)
    case "skipped": .outcome(.skipped, of: routes, written: true)
    default: .constant(false)
    }
  }

  /// `a && b` gives `b` where `a` is true, else `a`.
  private func conjunction(_ parts: [GitHubExpression]) -> Value {
    guard let last = parts.last, parts.count > 1 else { return parts.first.map(value) ?? .null }
    let before = Array(parts.dropLast())
    let otherwise: Value =
      before.count == 1 && !before[0].isPredicate ? value(before[0]) : .literal("false")
    return .conditional(.all(before.map(condition)), value(last), otherwise)
  }

  /// `a || b` gives `a` where it is true, else `b`; `c && a || b` is the language's conditional.
  private func disjunction(_ parts: ArraySlice<GitHubExpression>) -> Value {
    guard let first = parts.first else { return .null }
    guard parts.count > 1 else { return value(first) }
    let rest = disjunction(parts.dropFirst())
    if case .all(let conjuncts) = first.form, let last = conjuncts.last {
      var conditions = conjuncts.dropLast().map(condition)
      if !last.isTruthyLiteral { conditions.append(condition(last)) }
      return .conditional(.all(conditions), value(last), rest)
    }
    if first.isPredicate { return .conditional(condition(first), .literal("true"), rest) }
    return .either(value(first), orElse: rest, .gitHub, at: locate(first.range))
  }

  // MARK: Functions

  private func predicate(
    _ name: String, _ arguments: [GitHubExpression], _ expression: GitHubExpression
  ) -> Condition? {
    let location = locate(expression.range)
    switch (name.lowercased(), arguments.count) {
    case ("success", 0): return .outcome(.succeeded, of: [], written: true)
    case ("failure", 0): return .outcome(.failed, of: [], written: true)
    case ("always", 0): return .outcome(.always, of: [], written: true)
    case ("cancelled", 0): return .outcome(.cancelled, of: [], written: true)
    case ("contains", 2): return contains(arguments[0], arguments[1], at: location)
    case ("startswith", 2), ("endswith", 2):
      let comparison: Test.Comparison =
        name.lowercased() == "startswith" ? .startsWith : .endsWith
      return .test(
        Test(
          value(arguments[0]), comparison, [value(arguments[1])], semantics: .gitHub, at: location))
    case ("fromjson", 1):
      if case .text(let text) = arguments[0].form, text == "true" || text == "false" {
        return .constant(text == "true")
      }
      // An object or a list is true; of the other values these are not.
      return .not(
        .test(
          Test(
            value(arguments[0]), .oneOf, ["false", "null", "0", "\"\"", ""].map(Value.literal),
            semantics: .gitHub, at: location)))
    case ("case", 3...): return caseCondition(arguments[...])
    default: return nil
    }
  }

  /// When the value that `case` chooses is true; `nil` where that cannot be said with each condition named once.
  private func caseCondition(_ arguments: ArraySlice<GitHubExpression>) -> Condition? {
    guard let first = arguments.first else { return nil }
    guard arguments.count > 1 else { return condition(first) }
    let rest = arguments.dropFirst()
    guard let second = rest.first, let otherwise = caseCondition(rest.dropFirst()) else {
      return nil
    }
    let asked = condition(first)
    switch (condition(second), otherwise) {
    case (.constant(true), .constant(false)): return asked
    case (.constant(true), _): return .any([asked, otherwise])
    case (.constant(false), _): return .all([.not(asked), otherwise])
    case (let chosen, .constant(true)): return .any([.not(asked), chosen])
    case (let chosen, .constant(false)): return .all([asked, chosen])
    default: return nil
    }
  }

  private func contains(
    _ whole: GitHubExpression, _ part: GitHubExpression, at location: SourceLocation
  ) -> Condition {
    if case .text(let word) = part.form, let routes = outcomes(in: whole) {
      return .any(routes.map { outcome(word, of: [$0]) })
    }
    let list = value(whole)
    if let (elements, element) = list.quantified {
      let test = Test(element, .equal, [value(part)], semantics: .gitHub, at: location)
      return .some(of: elements, .test(test))
    }
    if case .list(let values) = list {
      return .test(Test(value(part), .oneOf, values, semantics: .gitHub, at: location))
    }
    return .test(Test(list, .contains, [value(part)], semantics: .gitHub, at: location))
  }

  /// The work whose outcomes a list holds: `needs.*.result`, also joined to one text.
  private func outcomes(in expression: GitHubExpression) -> [String]? {
    switch expression.form {
    case .access:
      if case .outcome(let routes, _) = meaning(expression) { return routes }
      return nil
    case .call(let name, let arguments):
      guard name.lowercased() == "join" || name.lowercased() == "tojson" else { return nil }
      return arguments.first.flatMap { outcomes(in: $0) }
    case .null, .boolean, .number, .text, .context, .not, .comparison, .all, .any: return nil
    }
  }

  private func call(
    _ name: String, _ arguments: [GitHubExpression], _ expression: GitHubExpression
  ) -> Value {
    switch (name.lowercased(), arguments.count) {
    case ("success", _), ("failure", _), ("always", _), ("cancelled", _), ("contains", 2),
      ("startswith", 2), ("endswith", 2):
      return .conditional(condition(expression), .literal("true"), .literal("false"))
    case ("fromjson", 1):
      if case .text(let text) = arguments[0].form { return GitHubJSONText.value(of: text) }
      return value(arguments[0])
    case ("tojson", 1): return .converted(Value.jsonText, value(arguments[0]))
    case ("join", 1...2): return .text(value(arguments[0]), null: "")
    case ("format", 1...): return format(arguments)
    case ("hashfiles", 1...): return .converted("hash", hashed(arguments, expression))
    case ("case", 3...): return cases(arguments[...])
    default: return .unknown(arguments.flatMap { reads($0) })
    }
  }

  private func hashed(_ arguments: [GitHubExpression], _ expression: GitHubExpression) -> Value {
    .either(
      arguments.map { argument in
        guard case .text(let path) = argument.form else { return value(argument) }
        let read = GitHubContextRead(
          context: "hashfiles", path: [.field(path)], location: locate(expression.range))
        switch resolve(read) {
        case .value(let value), .outcome(_, let value): return value
        }
      })
  }

  /// `case(condition, value, …, otherwise)`.
  private func cases(_ arguments: ArraySlice<GitHubExpression>) -> Value {
    guard let first = arguments.first else { return .null }
    guard arguments.count > 1 else { return value(first) }
    let rest = arguments.dropFirst()
    return .conditional(
      condition(first), rest.first.map(value) ?? .null, cases(rest.dropFirst()))
  }

  private func format(_ arguments: [GitHubExpression]) -> Value {
    guard case .text(let pattern) = arguments[0].form else {
      return .template(arguments.map(value))
    }
    return .template(
      GitHubFormat(pattern).parts.compactMap { part in
        switch part {
        case .literal(let text): .literal(text)
        case .argument(let index):
          index + 1 < arguments.count ? value(arguments[index + 1]) : nil
        }
      })
  }
}

extension GitHubExpression {
  fileprivate var isLiteral: Bool {
    switch form {
    case .null, .boolean, .number, .text: true
    case .context, .access, .call, .not, .comparison, .all, .any: false
    }
  }

  fileprivate var isRead: Bool {
    switch form {
    case .context, .access: true
    case .null, .boolean, .number, .text, .call, .not, .comparison, .all, .any: false
    }
  }

  fileprivate var isTruthyLiteral: Bool {
    switch form {
    case .boolean(let boolean): boolean
    case .text(let text): !text.isEmpty
    case .number(let number): (GitHubNumber(number)?.value ?? 0) != 0
    case .null, .context, .access, .call, .not, .comparison, .all, .any: false
    }
  }

  /// Gives `true` or `false` and nothing else.
  fileprivate var isPredicate: Bool {
    switch form {
    case .boolean, .not, .comparison: true
    case .call(let name, _):
      GitHubStatusFunction(rawValue: name.lowercased()) != nil
        || ["contains", "startswith", "endswith"].contains(name.lowercased())
    case .all(let parts), .any(let parts): parts.allSatisfy { $0.isPredicate }
    case .null, .number, .text, .context, .access: false
    }
  }
}

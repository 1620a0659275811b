import Expressions
import SourceText

/// A condition as an `if` states it.
struct GitHubCondition {
  var condition: Condition
  /// Whether it asks for the status itself, so that the engine adds no `success() &&`.
  var hasStatusFunction: Bool
  var location: SourceLocation

  /// The condition and another before it, for what only happens where both hold.
  func after(_ other: GitHubCondition?) -> GitHubCondition {
    guard let other else { return self }
    return GitHubCondition(
      condition: .all([other.condition, condition]), hasStatusFunction: hasStatusFunction,
      location: location)
  }
}

/// Reads the texts of a definition: templates, conditions and scripts with expressions in them.
struct GitHubText {
  let scope: GitHubScope

  /// The value of a scalar, its expressions evaluated.
  func value(of node: Node, in draft: inout GitHubDraft) -> Value {
    if node.isNull { return .null }
    guard let text = node.text else { return .unknown([]) }
    let template = GitHubTemplate(text)
    guard template.hasExpressions else { return .literal(text) }
    let values = template.parts.map { part -> Value in
      switch part {
      case .literal(let literal): .literal(literal)
      case .expression(let expression, _): value(of: expression, at: node, in: &draft)
      }
    }
    return values.count == 1 ? values[0] : .template(values)
  }

  /// The places of a script where the engine puts values in.
  func substitutions(
    in node: Node, draft: inout GitHubDraft
  ) -> [ScriptContext.Substitution] {
    guard let text = node.text else { return [] }
    return GitHubTemplate(text).parts.compactMap { part in
      guard case .expression(let expression, let range) = part else { return nil }
      return ScriptContext.Substitution(
        range: range, value: value(of: expression, at: node, in: &draft))
    }
  }

  /// The condition of an `if`, with or without `${{ }}`.
  func condition(of node: Node, in draft: inout GitHubDraft) -> GitHubCondition {
    let location = scope.location(node.range)
    guard let text = node.text, node.tag?.hasPrefix("!") != true || node.tag == "!!str" else {
      let hint = "quote the condition or put it in ${{ }}: YAML reads a leading `!` as a tag"
      report("this `if` is no expression", node.tag == nil ? "" : hint, node.range, in: &draft)
      return GitHubCondition(condition: .unknown([]), hasStatusFunction: false, location: location)
    }
    let template = GitHubTemplate(text)
    let parsed: Result<GitHubExpression, GitHubExpressionError>
    if let only = template.onlyExpression {
      parsed = only
    } else if template.hasExpressions {
      return alwaysTrue(node, location, in: &draft)
    } else {
      parsed = parse(text)
    }
    switch parsed {
    case .success(let expression):
      let condition = interpret(node, in: &draft) { $0.condition(expression) }
      return GitHubCondition(
        condition: condition, hasStatusFunction: expression.hasStatusFunction, location: location)
    case .failure(let error):
      report(error, at: node, in: &draft)
      return GitHubCondition(
        condition: .unknown(visibleReads(in: node, draft: &draft)), hasStatusFunction: false,
        location: location)
    }
  }

  /// Text around `${{ }}` makes an `if` a text that is never empty.
  private func alwaysTrue(
    _ node: Node, _ location: SourceLocation, in draft: inout GitHubDraft
  ) -> GitHubCondition {
    report(
      "this `if` is always true: text beside `${{ }}` makes it a text that is never empty",
      "put the whole condition inside one `${{ }}` and end a block with `|-`", node.range,
      in: &draft)
    let value = value(of: node, in: &draft)
    let test = Test(value, .isTrue, semantics: .gitHub, at: location)
    return GitHubCondition(condition: .test(test), hasStatusFunction: false, location: location)
  }

  private func parse(_ text: String) -> Result<GitHubExpression, GitHubExpressionError> {
    let bytes = Array(text.utf8)
    do throws(GitHubExpressionError) {
      return .success(try GitHubExpressionParser.parse(bytes, in: ByteRange(0, bytes.count)))
    } catch {
      return .failure(error)
    }
  }

  private func value(
    of expression: Result<GitHubExpression, GitHubExpressionError>, at node: Node,
    in draft: inout GitHubDraft
  ) -> Value {
    switch expression {
    case .success(let expression): return interpret(node, in: &draft) { $0.value(expression) }
    case .failure(let error):
      report(error, at: node, in: &draft)
      return .unknown(visibleReads(in: node, draft: &draft))
    }
  }

  private func interpret<Meaning>(
    _ node: Node, in draft: inout GitHubDraft, _ translate: (GitHubInterpreter) -> Meaning
  ) -> Meaning {
    let resolver = GitHubContextResolver(scope: scope)
    var missing: [MissingRead] = []
    let interpreter = GitHubInterpreter(
      locate: { resolver.scope.location(node.fileRange(ofText: $0)) },
      resolve: { read in
        let resolution = resolver.resolve(read)
        if let what = resolution.missing {
          missing.append(
            MissingRead(
              text: resolver.scope.file.text(in: read.location.range), missing: what,
              location: read.location))
        }
        return resolution.meaning
      })
    let meaning = translate(interpreter)
    for read in missing { draft.report(read) }
    return meaning
  }

  /// The reads that can be seen in a text that does not parse.
  private func visibleReads(in node: Node, draft: inout GitHubDraft) -> [Reference] {
    guard let text = node.text else { return [] }
    let resolver = GitHubContextResolver(scope: scope)
    return GitHubExpressionParser.visibleReads(in: Array(text.utf8)).compactMap { read in
      let location = scope.location(node.fileRange(ofText: read.range))
      let resolution = resolver.resolve(
        GitHubContextRead(context: read.context, path: read.path, location: location))
      guard case .value(.reference(let reference)) = resolution.meaning else { return nil }
      return reference
    }
  }

  private func report(
    _ error: GitHubExpressionError, at node: Node, in draft: inout GitHubDraft
  ) {
    report(error.message, error.hint, node.fileRange(ofText: error.range), in: &draft)
  }

  private func report(
    _ message: String, _ hint: String, _ range: ByteRange, in draft: inout GitHubDraft
  ) {
    let problem = SourceProblem(severity: .warning, message: message, hint: hint, range: range)
    draft.report(problem, in: scope.file.path)
  }
}

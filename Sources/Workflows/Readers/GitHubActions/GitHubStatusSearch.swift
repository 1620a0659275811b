import Expressions
import SourceText

/// Finds what the conditions of a definition ask about earlier work, before anything is lowered.
enum GitHubStatusSearch {
  /// Whether an `if` asks for the status itself, so that it may hold after a failure.
  static func asks(_ node: Node?) -> Bool {
    guard let text = node?.text else { return false }
    let template = GitHubTemplate(text)
    if case .success(let expression)? = template.onlyExpression {
      return expression.hasStatusFunction
    }
    if template.hasExpressions { return false }
    let bytes = Array(text.utf8)
    let expression = try? GitHubExpressionParser.parse(bytes, in: ByteRange(0, bytes.count))
    return expression?.hasStatusFunction ?? false
  }

  /// Routes of the needed jobs whose results the steps' conditions ask for.
  static func askedRoutes(
    _ steps: [Node], scope: GitHubScope, draft: GitHubDraft
  ) -> Set<String> {
    // What is looked at here is read again, and reported, when it is lowered.
    var draft = draft
    var routes: Set<String> = []
    for step in steps {
      guard let condition = step["if"], condition.text?.lowercased().holds("needs") == true
      else { continue }
      routes.formUnion(
        GitHubText(scope: scope).condition(of: condition, in: &draft).condition.outcomeRoutes)
    }
    return routes.intersection(scope.needs.values.map(\.route))
  }
}

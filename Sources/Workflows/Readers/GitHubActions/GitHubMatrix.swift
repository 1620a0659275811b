import Expressions
import SourceText

/// The values that a job's matrix gives its keys: the job is lowered once for all of them.
struct GitHubMatrix {
  private(set) var values: [String: Value] = [:]
  /// The matrix where it is computed as a whole.
  private(set) var computed: Value?

  init(_ node: Node?, scope: GitHubScope, draft: inout GitHubDraft) {
    guard let node else { return }
    guard node.text == nil else {
      computed = GitHubText(scope: scope).value(of: node, in: &draft)
      return
    }
    var choices: [String: [Value]] = [:]
    for entry in node.entries {
      guard let key = entry.key.text?.lowercased(), key != "exclude" else { continue }
      if key == "include" {
        for item in entry.value.items {
          for inner in item.entries {
            guard let name = inner.key.text?.lowercased() else { continue }
            choices[name, default: []].append(
              Self.value(of: inner.value, scope: scope, draft: &draft))
          }
        }
      } else if entry.value.text != nil {
        let list = GitHubText(scope: scope).value(of: entry.value, in: &draft)
        choices[key, default: []].append(.selection(list, [.some]))
      } else {
        choices[key, default: []] += entry.value.items.map {
          Self.value(of: $0, scope: scope, draft: &draft)
        }
      }
    }
    for (key, list) in choices { values[key] = list.count == 1 ? list[0] : .either(list) }
  }

  private static func value(
    of node: Node, scope: GitHubScope, draft: inout GitHubDraft, depth: Int = 0
  ) -> Value {
    guard depth < Limits.nesting else { return .unknown([]) }
    switch node.resolved.content {
    case .mapping:
      return .record(
        node.entries.map {
          Value.Field(
            $0.key.text ?? "",
            value(of: $0.value, scope: scope, draft: &draft, depth: depth + 1))
        })
    case .sequence(let items):
      return .list(
        items.map { value(of: $0, scope: scope, draft: &draft, depth: depth + 1) })
    case .scalar, .alias: return GitHubText(scope: scope).value(of: node, in: &draft)
    }
  }
}

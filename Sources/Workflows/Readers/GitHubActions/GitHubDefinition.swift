import SourceText

/// What kinds of definition there are, and what they declare.
enum GitHubDefinition {
  /// Whether the document is an action made of steps.
  static func isComposite(_ root: Node) -> Bool {
    root["runs"]?["using"]?.text?.lowercased() == "composite"
  }

  /// Whether the document is a workflow: events, and jobs with steps or a workflow to call.
  static func isWorkflow(_ root: Node, path: String) -> Bool {
    guard let jobs = root["jobs"]?.entries, !jobs.isEmpty else { return false }
    guard root["on"] != nil || isWorkflowPath(path) else { return false }
    // Other systems have `jobs` too; only here do they say what they run on, or call a workflow.
    return jobs.contains { job in
      (job.value["runs-on"] != nil && job.value["stage"] == nil)
        || (job.value["uses"]?.text != nil && job.value["steps"] == nil)
        || (root["on"] != nil && job.value["steps"]?.items.contains { isStep($0) } == true)
    }
  }

  /// Whether the engine, or one that took over its syntax, looks for workflows there.
  static func isWorkflowPath(_ path: String) -> Bool {
    guard path.hasSuffix(".yml") || path.hasSuffix(".yaml") else { return false }
    let parts = path.parts(by: "/")
    guard parts.count >= 3, parts[parts.count - 2] == "workflows" else { return false }
    return [".github", ".gitea", ".forgejo"].contains(parts[parts.count - 3])
  }

  private static func isStep(_ node: Node) -> Bool { node["run"] != nil || node["uses"] != nil }

  /// How many steps a document has.
  static func stepCount(of root: Node) -> Int {
    let own = root["runs"]?["steps"]?.items.count ?? 0
    let jobs = root["jobs"]?.entries ?? []
    return jobs.reduce(own + jobs.count) { $0 + ($1.value["steps"]?.items.count ?? 0) }
  }

  /// The keys of a mapping, by their lower case.
  static func spellings(of node: Node?) -> [String: String] {
    var spellings: [String: String] = [:]
    for entry in node?.entries ?? [] {
      if let name = entry.key.text { spellings[name.lowercased()] = name }
    }
    return spellings
  }
}

/// A path from the repository's root, as `uses` writes it: `./.github/actions/check`, `$/…`.
struct GitHubLocalPath {
  private let path: String

  init?(_ target: String) {
    guard target.hasPrefix("./") || target.hasPrefix("$/") else { return nil }
    var parts: [Substring] = []
    for part in target.dropFirst(2).parts(by: "/") where part != "." {
      if part == ".." {
        guard parts.popLast() != nil else { return nil }
      } else {
        parts.append(part)
      }
    }
    path = parts.joined(separator: "/")
  }

  /// The file itself.
  var file: String { path }

  /// A file in the directory that the path names.
  func path(of name: String) -> String { path.isEmpty ? name : "\(path)/\(name)" }
}

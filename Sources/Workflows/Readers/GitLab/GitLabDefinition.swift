import SourceText

/// What a GitLab pipeline's configuration looks like.
enum GitLabDefinition {
  /// Top-level keys that are no jobs.
  static let keywords: Set<String> = [
    "default", "include", "stages", "variables", "workflow", "spec", "image", "services", "cache",
    "before_script", "after_script", "types",
  ]

  private static let jobKeys: Set<String> = [
    "after_script", "allow_failure", "artifacts", "before_script", "cache", "coverage",
    "dast_configuration", "dependencies", "environment", "except", "extends", "hooks", "id_tokens",
    "identity", "image", "inherit", "inputs", "interruptible", "manual_confirmation", "needs",
    "only", "pages", "parallel", "publish", "release", "resource_group", "retry", "rules", "run",
    "script", "secrets", "services", "stage", "start_in", "tags", "timeout", "trigger", "type",
    "variables", "when",
  ]

  /// Keys that other systems have, too.
  private static let commonKeys: Set<String> = [
    "script", "image", "variables", "when", "run", "type", "inputs",
  ]

  /// Whether the document is a configuration: jobs with scripts or triggers, or what configures them.
  static func isConfiguration(_ root: Node, path: String) -> Bool {
    guard case .mapping(let entries) = root.resolved.content, !entries.isEmpty else { return false }
    if root["on"] != nil && root["jobs"] != nil { return false }
    let isNamed = isConfigurationPath(path)
    let hasFrame = root["stages"]?.items.isEmpty == false || includes(root)
    let all = root.entries
    for index in all.indices {
      guard let name = all[index].key.text, !keywords.contains(name) else { continue }
      if isJob(all[index].value, isExpected: isNamed || hasFrame) { return true }
    }
    if let rules = root["workflow"]?["rules"]?.items, rules.contains(where: isRule) { return true }
    return isNamed && (hasFrame || root["default"] != nil || hasTemplate(root))
      || (includes(root) && root["stages"] != nil)
  }

  static func isConfigurationPath(_ path: String) -> Bool {
    guard path.hasSuffix(".yml") || path.hasSuffix(".yaml") else { return false }
    return path.lastPart(by: "/").holds("gitlab-ci") || path.holds(".gitlab/ci/")
      || path.hasPrefix(".gitlab/") && path.holds("/ci/")
  }

  private static func isJob(_ node: Node, isExpected: Bool) -> Bool {
    guard case .mapping = node.resolved.content else { return false }
    let entries = node.entries
    // Asked of every document: mostly the first key is none of a job.
    for index in entries.indices {
      if let key = entries[index].key.text, !jobKeys.contains(key) { return false }
    }
    let keys = entries.compactMap(\.key.text)
    guard !keys.isEmpty else { return false }
    if let script = node["script"] {
      let isList = !script.items.isEmpty && script.tag != "!reference"
      let isText = script.text.map { !$0.isEmpty } ?? false
      guard isList || isText || script.tag == "!reference" else { return false }
      return isExpected || isList || keys.contains { !commonKeys.contains($0) }
    }
    if let trigger = node["trigger"] {
      return trigger["include"] != nil || trigger["project"] != nil
        || (isExpected && trigger.text != nil)
    }
    if keys.contains("extends") {
      return isExpected || keys.contains { !commonKeys.contains($0) && $0 != "extends" }
    }
    return false
  }

  private static func hasTemplate(_ root: Node) -> Bool {
    root.entries.contains { entry in
      entry.key.text?.hasPrefix(".") == true
        && entry.value.entries.contains { $0.key.text.map(jobKeys.contains) ?? false }
    }
  }

  private static func isRule(_ rule: Node) -> Bool {
    rule["if"]?.text?.contains("$") == true
  }

  private static func includes(_ root: Node) -> Bool {
    guard let include = root["include"] else { return false }
    let items = include.items.isEmpty ? [include] : include.items
    return items.contains { item in
      ["local", "project", "remote", "template", "component"].contains { item[$0] != nil }
        || (item.text?.hasSuffix(".yml") ?? false)
    }
  }

  /// Whether a document only declares what the next one is given.
  static func isHeader(_ root: Node) -> Bool {
    root["spec"] != nil && root.entries.count == 1
  }
}

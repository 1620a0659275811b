import Expressions
import SourceText

/// A pipeline's configuration after includes, `extends` and `!reference`.
struct GitLabConfiguration {
  private(set) var root: GitLabTree
  private(set) var problems: [SourceProblem] = []
  private(set) var gaps: [Workflow.Gap] = []
  private let path: String
  private var resolved: [String: GitLabTree] = [:]
  private var topLevel: [String: GitLabTree] = [:]
  private var places: [String: Node] = [:]

  private static let deepestInheritance = 11

  init(_ document: Node, inputs: [String: String], in context: ReadingContext) {
    path = context.file.path
    var inclusion = GitLabInclusion(context)
    root = inclusion.read(document, file: context.file, inputs: inputs)
    gaps = inclusion.gaps
    for entry in root.entries {
      topLevel[entry.name] = entry.value
      places[entry.name] = entry.key
    }
  }

  func place(of job: String) -> Node? { places[job] }

  /// Whether the file is where the engine begins; others are included, and see what stands beside them there.
  var isWhole: Bool { path.parts(by: "/").last == ".gitlab-ci.yml" }

  /// The variables of the whole pipeline.
  var variables: GitLabTree? { topLevel["variables"] }

  func defines(_ name: String) -> Bool { topLevel[name] != nil }

  /// The names of the jobs, in the order in which they stand; templates begin with a dot.
  var jobNames: [String] {
    root.entries.compactMap { entry in
      guard !GitLabDefinition.keywords.contains(entry.name), !entry.name.hasPrefix("."),
        case .map = entry.value
      else { return nil }
      return entry.name
    }
  }

  /// A job with everything that it inherits.
  mutating func job(_ name: String) -> GitLabTree? {
    guard let inherited = inherited(name, depth: 0) else { return nil }
    var job = dereferenced(inherited, depth: 0)
    let inherit = job["inherit"]?["default"]
    let defaults = topLevel["default"]
    for key in Self.defaultable {
      guard job[key] == nil, let value = defaults?[key] ?? topLevel[key],
        inherit?.text != "false",
        inherit?.items.isEmpty != false || inherit?.texts.contains(key) == true
      else { continue }
      let added = GitLabTree.map(
        [GitLabTree.Entry(name: key, key: value.node, value: dereferenced(value, depth: 0))],
        job.node, job.source)
      job = added.overlaid(with: job)
    }
    return job
  }

  private static let defaultable = [
    "after_script", "artifacts", "before_script", "cache", "image", "retry", "services", "timeout",
  ]

  private mutating func inherited(_ name: String, depth: Int) -> GitLabTree? {
    if let known = resolved[name] { return known }
    guard let own = topLevel[name], case .map = own else { return nil }
    var base: GitLabTree?
    if let extends = own["extends"], depth < Self.deepestInheritance {
      for parent in extends.texts {
        guard let inherited = inherited(parent, depth: depth + 1) else {
          report(missing: parent, in: extends)
          continue
        }
        base = base.map { $0.overlaid(with: inherited) } ?? inherited
      }
    }
    let result = base.map { $0.overlaid(with: own) } ?? own
    resolved[name] = result
    return result
  }

  private mutating func report(missing parent: String, in extends: GitLabTree) {
    // What another project, or a file that is not here, defines cannot be seen.
    if !gaps.isEmpty || parent.contains("$") { return }
    guard extends.source.file.path == path else { return }
    guard isWhole else {
      gaps.append(
        Workflow.Gap(message: "`\(parent)` is defined elsewhere", location: extends.location))
      return
    }
    problems.append(
      SourceProblem(
        severity: .warning, message: "there is no job `\(parent)` to extend",
        range: extends.node.range))
  }

  /// The tree with what its `!reference`s name in their places.
  func dereferenced(_ tree: GitLabTree, depth: Int) -> GitLabTree {
    guard depth < 40 else { return tree }
    switch tree {
    case .scalar: return tree
    case .reference(let path, let node, let source):
      guard let first = path.first, var found = topLevel[first] else {
        return .list([], node, source)
      }
      for key in path.dropFirst() {
        guard let next = found[key] else { return .list([], node, source) }
        found = next
      }
      return dereferenced(found, depth: depth + 1)
    case .list(let items, let node, let source):
      guard items.contains(where: \.hasReference) else { return tree }
      return .list(
        items.flatMap { item -> [GitLabTree] in
          let found = dereferenced(item, depth: depth + 1)
          // A list that is named inside a list is put into it.
          if case .reference = item, case .list(let inner, _, _) = found { return inner }
          return [found]
        }, node, source)
    case .map(let entries, let node, let source):
      guard tree.hasReference else { return tree }
      return .map(
        entries.map {
          GitLabTree.Entry(
            name: $0.name, key: $0.key, value: dereferenced($0.value, depth: depth + 1))
        }, node, source)
    }
  }
}

extension GitLabTree {
  fileprivate var hasReference: Bool {
    switch self {
    case .scalar: false
    case .reference: true
    case .list(let items, _, _): items.contains(where: \.hasReference)
    case .map(let entries, _, _): entries.contains { $0.value.hasReference }
    }
  }
}

/// Puts the included files of the repository together.
private struct GitLabInclusion {
  let context: ReadingContext
  private(set) var gaps: [Workflow.Gap] = []
  private var open: [String] = []
  private var count = 0

  /// The engine allows so many.
  private static let mostIncludes = 150

  init(_ context: ReadingContext) { self.context = context }

  mutating func read(
    _ document: Node, file: SourceFile, inputs: [String: String]
  ) -> GitLabTree {
    let source = GitLabSource(file: file, inputs: inputs)
    let own = GitLabTree(document, in: source)
    guard let include = own["include"] else { return own }
    open.append(file.path)
    defer { open.removeLast() }
    var base: GitLabTree?
    var items = include.items
    if items.isEmpty { items = [include] }
    for item in items {
      guard let included = included(item) else { continue }
      base = base.map { $0.overlaid(with: included) } ?? included
    }
    return base.map { $0.overlaid(with: own) } ?? own
  }

  private mutating func included(_ item: GitLabTree) -> GitLabTree? {
    count += 1
    guard count <= Self.mostIncludes else { return nil }
    let local = item["local"]?.text ?? item.text
    guard let local, !local.holds("://") else {
      let name = ["component", "project", "template", "remote"].compactMap { item[$0]?.text }.first
      gap("`\(name ?? "an include")` is not in sight", at: item.location)
      return nil
    }
    let path = String(local.drop { $0 == "/" })
    guard !path.contains("*"), !path.contains("$"), let (file, tree) = context.neighbour(path)
    else {
      gap("the file `\(local)` is not in sight", at: item.location)
      return nil
    }
    if open.contains(file.path) { return nil }
    let (document, header) = GitLabHeader.split(tree.documents)
    guard let document else { return nil }
    let given = GitLabHeader.values(item["inputs"])
    return read(document, file: file, inputs: GitLabHeader.inputs(header, given: given))
  }

  private mutating func gap(_ message: String, at location: SourceLocation) {
    gaps.append(Workflow.Gap(message: message, location: location))
  }
}

/// The `spec` that says what a file is given.
enum GitLabHeader {
  static func split(_ documents: [Node]) -> (document: Node?, header: Node?) {
    guard documents.count > 1, GitLabDefinition.isHeader(documents[0]) else {
      return (documents.first, nil)
    }
    return (documents[1], documents[0])
  }

  static func values(_ tree: GitLabTree?) -> [String: String] {
    var values: [String: String] = [:]
    for entry in tree?.entries ?? [] {
      values[entry.name] = entry.value.text ?? entry.value.texts.joined(separator: " ")
    }
    return values
  }

  /// What each input is: given, else its default.
  static func inputs(_ header: Node?, given: [String: String]) -> [String: String] {
    var inputs: [String: String] = [:]
    for entry in header?["spec"]?["inputs"]?.entries ?? [] {
      guard let name = entry.key.text else { continue }
      let fallback = entry.value["default"]
      inputs[name] =
        fallback?.text ?? fallback?.items.compactMap(\.text).joined(separator: " ") ?? ""
    }
    return inputs.merging(given) { $1 }
  }
}

import Expressions
import SourceText

/// A job after inheritance.
struct GitLabJob {
  var name: String
  var tree: GitLabTree
  /// Where its name stands.
  var location: SourceLocation
  /// Makes its variables and files unique.
  var prefix: String
  var route: String
  var stage: String
  /// The jobs it waits for by name; `nil` where its stage decides.
  var needs: [Need]?

  /// A job that is waited for.
  struct Need {
    var job: String
    var isOptional: Bool
    var takesArtifacts: Bool
    var location: SourceLocation
  }

  init(
    _ name: String, _ tree: GitLabTree, key: Node?, route: String, prefix: String
  ) {
    self.name = name
    self.tree = tree
    location = SourceLocation(
      path: tree.source.file.path, range: (key ?? tree.node).range)
    self.route = "\(route)\(name)"
    self.prefix = "\(prefix)\(name)/"
    ruleText = ["rules", "only", "except"].compactMap { key in
      tree[key].map { part in part.source.file.text(in: part.node.range) }
    }.joined(separator: "\n")
    stage = tree["stage"]?.text ?? tree["type"]?.text ?? "test"
    needs = tree["needs"].map { needs in
      needs.items.compactMap { item in
        guard let job = item["job"]?.text ?? item.text else { return nil }
        // Another pipeline's job is no job of this one.
        if item["project"] != nil || item["pipeline"] != nil { return nil }
        return Need(
          job: job, isOptional: item["optional"]?.text == "true",
          takesArtifacts: item["artifacts"]?.text != "false",
          location: item.location)
      }
    }
  }

  /// What says whether it runs at all, as it is written: jobs with the same rules run together.
  let ruleText: String

  var isTrigger: Bool { tree["trigger"] != nil }

  /// Whether it takes what a job of the pipeline that started this one, or of another, has kept.
  var takesFromOtherPipelines: Bool {
    tree["needs"]?.items.contains { $0["pipeline"] != nil } ?? false
  }

  /// Whether the pipeline goes on where the job has failed.
  var allowsFailure: Bool {
    guard let allow = tree["allow_failure"] else { return false }
    guard let codes = allow["exit_codes"] else { return allow.text == "true" }
    let allowed = Set(codes.texts + [codes.text].compactMap(\.self))
    let written = exitCodes
    // A script that says itself how it ends, and never with one of these, fails for good.
    return written.isEmpty || !written.isDisjoint(with: allowed)
  }

  /// The numbers that its scripts exit with, where they are written down.
  private var exitCodes: Set<String> {
    var codes: Set<String> = []
    for part in ["before_script", "script"].compactMap({ tree[$0] }) {
      for line in part.texts + [part.text].compactMap(\.self) {
        let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "$" }
        for (word, next) in zip(words, words.dropFirst()) where word == "exit" {
          codes.insert(String(next))
        }
      }
    }
    return codes
  }

  /// When it runs, by its own key.
  var when: String { tree["when"]?.text ?? "on_success" }

  /// The folders and files that the job hands on.
  var keptPaths: [String] {
    var paths = tree["artifacts"]?["paths"]?.texts ?? []
    for cache in caches { paths += cache["paths"]?.texts ?? [] }
    return paths
  }

  var caches: [GitLabTree] {
    guard let cache = tree["cache"] else { return [] }
    return cache.items.isEmpty ? [cache] : cache.items
  }

  /// The files whose lines become variables of later jobs.
  var dotenvFiles: [String] { tree["artifacts"]?["reports"]?["dotenv"]?.texts ?? [] }

  /// The variable that holds them.
  var dotenv: Variable { Variable("\(prefix)dotenv") }
}

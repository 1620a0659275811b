import Expressions
import SourceText

/// A job as it is written.
struct GitHubJob {
  var id: String
  var node: Node
  var name: String
  /// The symbolic route: `jobs.answer`.
  var route: String
  /// Holds the job's outputs.
  var variable: Variable
  /// Makes the variables of its steps and files unique.
  var prefix: String
  var location: SourceLocation
  /// The jobs it waits for, by id in lower case.
  var needs: [String]

  init(id: Node, node: Node, file: SourceFile, route: String, prefix: String) {
    self.id = id.text ?? ""
    self.node = node
    name = node["name"]?.text ?? self.id
    self.route = "\(route)jobs.\(self.id)"
    variable = Variable("\(prefix)jobs.\(self.id)")
    self.prefix = "\(prefix)jobs.\(self.id)/"
    location = SourceLocation(path: file.path, range: id.range)
    let needs = node["needs"]
    self.needs = (needs?.text.map { [$0] } ?? needs?.items.compactMap(\.text) ?? [])
      .map { $0.lowercased() }
  }
}

/// Where the ways out of a job begin, by how it ended; `nil` where it cannot end so, or nobody asks.
struct GitHubJobEnds {
  /// It succeeded, and everything before it did.
  var clean: Int?
  /// It succeeded after something before it did not.
  var tainted: Int?
  var failed: Int?
  var skipped: Int?

  /// How a job may have ended.
  enum Kind: CaseIterable {
    case clean, tainted, failed, skipped

    var outcome: Condition.Outcome {
      switch self {
      case .clean, .tainted: .succeeded
      case .failed: .failed
      case .skipped: .skipped
      }
    }
  }

  subscript(kind: Kind) -> Int? {
    switch kind {
    case .clean: clean
    case .tainted: tainted
    case .failed: failed
    case .skipped: skipped
    }
  }
}

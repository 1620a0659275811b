package import SourceText

/// An expression of GitHub Actions (`steps.mira.outputs.cert != ''`) as it is written.
package struct GitHubExpression: Sendable, Hashable {
  package var form: Form
  /// UTF-8 offsets in the text that was parsed.
  package var range: ByteRange

  package init(_ form: Form, _ range: ByteRange) {
    self.form = form
    self.range = range
  }

  package indirect enum Form: Sendable, Hashable {
    case null
    case boolean(Bool)
    /// A number as written: `0.70`, `0xff`, `1e3`.
    case number(String)
    case text(String)
    /// A context (`steps`, `github`).
    case context(String)
    /// Chains are kept flat, so that their length does not become depth.
    case access(GitHubExpression, [Accessor])
    case call(String, [GitHubExpression])
    case not(GitHubExpression)
    case comparison(Comparison, GitHubExpression, GitHubExpression)
    case all([GitHubExpression])
    case any([GitHubExpression])
  }

  package enum Accessor: Sendable, Hashable {
    /// `.name` and `['name']`.
    case property(String)
    /// `[0]`, `[matrix.key]`.
    case index(GitHubExpression)
    /// `.*` and `[*]`.
    case every
  }

  package enum Comparison: Sendable, Hashable {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual

    /// The comparison with its sides exchanged.
    var mirrored: Comparison {
      switch self {
      case .equal, .notEqual: self
      case .less: .greater
      case .lessOrEqual: .greaterOrEqual
      case .greater: .less
      case .greaterOrEqual: .lessOrEqual
      }
    }
  }

  /// Whether a status function stands in it: then the engine adds no `success() &&` of its own.
  package var hasStatusFunction: Bool {
    switch form {
    case .null, .boolean, .number, .text, .context: false
    case .access(let base, let accessors):
      base.hasStatusFunction
        || accessors.contains {
          if case .index(let inner) = $0 { inner.hasStatusFunction } else { false }
        }
    case .call(let name, let arguments):
      GitHubStatusFunction(rawValue: name.lowercased()) != nil
        || arguments.contains { $0.hasStatusFunction }
    case .not(let inner): inner.hasStatusFunction
    case .comparison(_, let left, let right): left.hasStatusFunction || right.hasStatusFunction
    case .all(let parts), .any(let parts): parts.contains { $0.hasStatusFunction }
    }
  }
}

/// The functions that ask how earlier work ended.
package enum GitHubStatusFunction: String, Sendable {
  case success, failure, always, cancelled
}

/// Why an expression cannot be parsed.
package struct GitHubExpressionError: Error, Sendable, Hashable {
  /// One sentence: what is wrong.
  package var message: String
  /// What to do about it; empty where the message says it.
  package var hint: String
  /// UTF-8 offsets in the text that was parsed.
  package var range: ByteRange

  package init(_ message: String, hint: String = "", at range: ByteRange) {
    self.message = message
    self.hint = hint
    self.range = range
  }
}

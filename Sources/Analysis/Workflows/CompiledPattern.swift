import Rules
import SourceText

/// A pattern of a document, made ready to be tried on many calls.
final class CompiledPattern: Sendable {
  let kind: String?
  /// For commands the words a command line begins with; for everything else one glob each.
  let names: [[Glob]]
  /// In capitals.
  let methods: [String]
  let urls: [Glob]
  let exceptURLs: [Glob]
  let arguments: [Argument]
  let without: [String]
  let unless: [Argument]
  let isPostPhase: Bool

  /// An argument's name with the globs for its value.
  struct Argument: Sendable {
    let name: String
    let values: [Glob]
    /// One of them is `*`, which asks only for the argument.
    let acceptsAnything: Bool
  }

  init(_ pattern: CallPattern) {
    kind = pattern.kind
    names =
      pattern.kind == "command"
      ? pattern.names.map { line in
        line.parts(by: " ").map { Glob($0) }
      }
      : pattern.names.map { [Glob($0, ignoringCase: true)] }
    methods = pattern.methods.map { $0.uppercased() }
    urls = pattern.urls.map { Glob($0, ignoringCase: true) }
    exceptURLs = pattern.exceptURLs.map { Glob($0, ignoringCase: true) }
    arguments = Self.compiled(pattern.arguments)
    without = pattern.without
    unless = Self.compiled(pattern.unless)
    isPostPhase = pattern.phase == "post"
  }

  private static func compiled(_ arguments: [String: [String]]) -> [Argument] {
    arguments.map { name, values in
      Argument(
        name: name, values: values.map { Glob($0, ignoringCase: true) },
        acceptsAnything: values.contains("*"))
    }
  }
}

import Rules
import SourceText

/// A pattern of a document, made ready to be tried on many calls.
final class CompiledPattern: Sendable {
  let kind: String?
  let isOfImage: Bool
  /// The names, one of which counts; of everything but commands.
  let names: [Glob]
  /// Of commands: the words that a command line begins with.
  let commands: [[Glob]]
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
    isOfImage = pattern.kind == "image"
    let isCommand = pattern.kind == "command"
    names = isCommand ? [] : pattern.names.map { Glob($0, ignoringCase: true) }
    commands =
      isCommand ? pattern.names.map { line in line.parts(by: " ").map { Glob($0) } } : []
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

import BuiltinRules
import Rules
import SourceText

/// Documents as tests write them.
enum Sample {
  static func file(_ text: String, at path: String = "r.yml") -> SourceFile {
    SourceFile(path: path, bytes: Array(text.utf8))
  }

  /// The program's own documents.
  static var builtIn: [SourceFile] {
    BuiltinRules.documents.map { file($0.text, at: "rules/" + $0.path) }
  }

  /// The same, as a run of the program takes them.
  static let embedded = EmbeddedLibrary { BuiltinRules.documents }

  /// What is wrong with one document, in words.
  static func problems(_ text: String) -> [String] {
    RuleBook(builtIn: [file(text)]).problems.map(\.description)
  }

  /// A rule that is right, with one line of it replaced.
  static func rule(_ line: String = "severity: error", insteadOf key: String = "severity")
    -> String
  {
    let lines = [
      "id: ACME1", "name: early-mail", "severity: error", "summary: A mail goes out too early.",
      "workflow: { consumption: { by: handoff, of: content, while: unproven } }",
      "message: \"`{sink}` mails the answer of `{source}` {cause}\"", "why: Mails stay sent.",
    ]
    return lines.map { $0.hasPrefix(key + ":") ? line : $0 }.joined(separator: "\n") + "\n"
  }
}

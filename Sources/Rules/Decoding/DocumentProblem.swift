package import SourceText

/// What is wrong with a rule, protocol, integration or configuration document, and where.
package struct DocumentProblem: Sendable, Hashable {
  package enum Severity: String, Sendable, Hashable { case error, warning }

  package var severity: Severity
  /// The file's path, as it was given.
  package var path: String
  package var position: SourcePosition
  /// Where it stands, in bytes.
  package var range: ByteRange
  /// The way to the key through the document: `workflow.consumption.by`; empty for the document itself.
  package var route: String
  /// One sentence: what stands there and what was expected.
  package var message: String
  /// What to write instead; empty where the message says it.
  package var hint: String
}

extension DocumentProblem: CustomStringConvertible {
  /// The problem as a compiler would say it: path, line, column, key, message, hint.
  package var description: String {
    let place = "\(path):\(position.line):\(position.column): \(severity.rawValue): "
    let key = route.isEmpty ? "" : "\(route): "
    if hint.isEmpty { return place + key + message }
    // Where either is a sentence with its stop, they are two.
    let isSentence = message.hasSuffix(".")
    let separator = isSentence ? " " : hint.first?.isUppercase == true ? ". " : "; "
    return place + key + message + separator + hint
  }
}

/// Protocols that judge only where somebody names them.
package enum OptInProtocol {
  /// The name of the opt-in protocol that a built-in document is, by its first two lines; `nil` for any other document.
  package static func name(in text: String) -> String? {
    let key = "\(DocumentKind.verificationProtocol.rawValue): "
    guard text.hasPrefix(key) else { return nil }
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), maxSplits: 2)
    guard lines.count > 1, lines[1].elementsEqual("opt-in: true".utf8) else { return nil }
    return String(Substring(lines[0].dropFirst(key.utf8.count)))
  }

  /// Whether a user's word for a protocol is a name, and not the path of a file.
  package static func isName(_ word: String) -> Bool {
    !word.isEmpty && !word.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") }
  }
}

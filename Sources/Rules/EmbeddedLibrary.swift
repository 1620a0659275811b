import SourceText

/// The program's own documents by kind, decoded once and only as far as every run needs them.
package final class EmbeddedLibrary: Sendable {
  enum Part: Sendable {
    case rule(Rule)
    case verificationProtocol(VerificationProtocol)
    /// Not even read where nobody asked for it.
    case optIn(name: String, EmbeddedDocument)
    /// Read when a definition of its engine is met.
    case integration(engine: String, EmbeddedDocument)
    case other(SourceFile)
  }

  private let decoded: Deferred<[Part]>

  /// - Parameter documents: each with its path below `rules/`; sound, as their tests say.
  package init(_ documents: @escaping @Sendable () -> [(path: String, text: String)]) {
    decoded = Deferred { documents().map(Self.part) }
  }

  var parts: [Part] { decoded.value }

  private static func part(path: String, text: String) -> Part {
    let document = EmbeddedDocument(path: path, text: text)
    if let name = OptInProtocol.name(in: text) { return .optIn(name: name, document) }
    if let engine = engine(ofIntegration: text) {
      return .integration(engine: engine, document)
    }
    if var rule = document.rule {
      rule.origin = "built-in"
      return .rule(rule)
    }
    return document.verificationProtocol.map(Part.verificationProtocol) ?? .other(document.file)
  }

  /// The engine that a built-in integration names in its first line; `nil` for another kind of document.
  private static func engine(ofIntegration text: String) -> String? {
    let key = "\(DocumentKind.integration.rawValue): "
    guard text.hasPrefix(key) else { return nil }
    return String(text.dropFirst(key.count).prefix { !$0.isNewline })
  }
}

/// The documents under `rules/`, embedded at build time by the `EmbedRules` plugin.
package enum BuiltinRules {
  /// Every document with its path relative to `rules/`, ordered by path.
  package static var documents: [(path: String, text: String)] {
    EmbeddedDocuments.all.map { ($0.path.description, $0.text.description) }
  }
}

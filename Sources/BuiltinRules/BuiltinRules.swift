/// The documents under `rules/`, embedded at build time by the `EmbedRules` plugin.
package enum BuiltinRules {
  /// Every document with its path relative to `rules/`, ordered by path.
  package static var documents: [(path: String, text: String)] {
    EmbeddedDocuments.all.map { ($0.path.description, $0.text.description) }
  }

  /// One small bad and one small good example file of a rule, as far as it has them; the path begins with the rule's ID.
  package static func examples(of rule: String) -> [(path: String, text: String)] {
    EmbeddedDocuments.examples.filter { $0.path.description.hasPrefix(rule + "/") }
      .map { ($0.path.description, $0.text.description) }
  }
}

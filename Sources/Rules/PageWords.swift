/// What a rule's page shows beside the rule's own document.
package struct PageWords: Sendable {
  /// By engine: what placeholders look like when they are filled in.
  package var examples: [String: [String: String]] = [:]
  /// What the causes of a proof that does not hold mean, the most specific first.
  package var causes: [(name: String, meaning: String)] = []
  /// The engines in whose definitions gates can be written for the user.
  package var fixableEngines: [String] = []

  package init() {}
}

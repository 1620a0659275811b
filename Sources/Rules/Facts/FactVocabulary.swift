/// The kinds of things that examinations tell facts of, and the facts of each.
///
/// To add a kind: describe it here, in a file of its own, and add it to ``all``; have an examination fill a ``FactRecord`` of
/// that name. Rules, their schema, their validation and the documentation know it from then on.
package struct FactKind: Sendable {
  package let name: String
  package let summary: String
  package let facts: [Fact]

  package struct Fact: Sendable {
    package let name: String
    package let summary: String

    package init(_ name: String, _ summary: String) {
      self.name = name
      self.summary = summary
    }
  }

  package init(_ name: String, _ summary: String, _ facts: [Fact]) {
    self.name = name
    self.summary = summary
    self.facts = facts
  }

  /// Every kind there is.
  package static let all: [FactKind] = [
    certificate, signature, evidence, artifact, claim, reference, evaluation, timing,
    attestationSignature,
  ]

  /// The facts of some kinds, by name.
  static func factNames(of kinds: [String]) -> [String] {
    Set(all.filter { kinds.contains($0.name) }.flatMap(\.facts).map(\.name)).sorted()
  }
}

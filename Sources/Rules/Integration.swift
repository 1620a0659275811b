/// What common actions, nodes and resources of an engine do: a document under `rules/integrations/`.
package struct Integration: Sendable, Equatable {
  /// The engine it speaks of; `any` for commands and URLs that every engine may call.
  package var engine: String
  package var steps: [Entry]

  package struct Entry: Sendable, Equatable {
    package var match: CallPattern
    package var roles: [Role]
    /// Named parts of the call: `key`, `value`, `shows`, `payload`, `age`, … to argument paths (globs).
    package var arguments: [String: [String]]
    /// Whether what happens cannot be taken back (payment, e-mail, deployment).
    package var isIrreversible: Bool
    /// For transforms: `rewrite` (a model makes new text) or `format`.
    package var transform: Transform?
    /// The call only moves data: not a sink, its result is its input.
    package var isTransport: Bool
    /// In words, for messages: `posts a comment`.
    package var does: String

    package init(
      match: CallPattern = CallPattern(), roles: [Role] = [],
      arguments: [String: [String]] = [:], isIrreversible: Bool = false,
      transform: Transform? = nil, isTransport: Bool = false, does: String = ""
    ) {
      self.match = match
      self.roles = roles
      self.arguments = arguments
      self.isIrreversible = isIrreversible
      self.transform = transform
      self.isTransport = isTransport
      self.does = does
    }
  }

  package init(engine: String = "any", steps: [Entry] = []) {
    self.engine = engine
    self.steps = steps
  }

  package enum Transform: String, Sendable, CaseIterable { case rewrite, format }
}

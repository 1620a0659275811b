/// A read of a context as an expression spells it: `steps.mira.outputs.cert`.
package struct GitHubContextRead: Sendable {
  /// The context's name in lower case: `steps`.
  package var context: String
  /// What follows; computed keys are ``PathComponent/some``.
  package var path: [PathComponent]
  /// The read as written.
  package var location: SourceLocation

  package init(context: String, path: [PathComponent], location: SourceLocation) {
    self.context = context
    self.path = path
    self.location = location
  }
}

/// What a context read means, as the reader of the workflow knows it.
package enum GitHubContextMeaning: Sendable {
  case value(Value)
  /// The end of earlier work (`steps.a.outcome`, `needs.b.result`): the routes of that work, and the same as data.
  case outcome(of: [String], Value)
}

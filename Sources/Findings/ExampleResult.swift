/// What running a rule's examples showed.
package struct ExampleResult: Sendable {
  /// How many examples were judged exactly as they say.
  package var passed = 0
  package var failures: [Failure] = []

  package init() {}

  /// How many examples, and rules as a whole, failed.
  package var failed: Int { Set(failures.map(\.subject)).count }

  /// Something that is not as the examples say.
  package struct Failure: Sendable {
    package var kind: Kind
    /// The example, or the rule's directory where it has none.
    package var subject: String
    package var path: String
    /// From 1; `nil` where the whole file or directory is meant.
    package var line: Int?

    package init(_ kind: Kind, subject: String, path: String, line: Int? = nil) {
      self.kind = kind
      self.subject = subject
      self.path = path
      self.line = line
    }
  }

  package enum Kind: Sendable {
    /// Expected, as `RULE/cause`, and not found.
    case missing(String)
    /// Found, with its sentence, and not expected.
    case unexpected(String, message: String)
    /// An expectation that names another rule than the directory.
    case foreign(String)
    /// An expectation that cannot be read.
    case malformed(String)
    case badWithoutExpectation
    case goodWithExpectation
    case noBadExample
    case noGoodExample
    /// The directory's name is no rule's ID.
    case unknownRule
  }
}

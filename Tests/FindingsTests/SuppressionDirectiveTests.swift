import Testing

@testable import Findings

@Suite("Suppression comments")
struct SuppressionDirectiveTests {
  @Test(arguments: [
    "# mira-lint: ignore X104, X106 -- seen by legal",
    "#mira-lint:ignore X104,X106 -- seen by legal",
    "## Mira-Lint : Ignore X104 X106   --- seen by legal  ",
    "// mira-lint: ignore X104, X106 -- seen by legal",
    "/* mira-lint: ignore X104, X106 -- seen by legal */",
    "# mira-lint: ignore X104, X106 — seen by legal",
  ])
  func `rules and reason are read`(_ comment: String) throws {
    let directive = try #require(try SuppressionDirective.parse(comment))
    #expect(directive.rules == ["X104", "X106"])
    #expect(directive.reason == "seen by legal")
  }

  @Test(arguments: [
    "# a comment", "# mira-lint is a tool", "#", "//", "# mira-linter: ignore X1 -- y",
  ])
  func `other comments are none of our business`(_ comment: String) throws {
    #expect(try SuppressionDirective.parse(comment) == nil)
  }

  @Test(arguments: [
    ("# mira-lint ignore X104 -- why", SuppressionDirective.Mistake.missingColon),
    ("# mira-lint: disable X104 -- why", .unknownWord("disable")),
    ("# mira-lint:", .unknownWord("")),
    ("# mira-lint: ignore -- why", .missingRules),
    ("# mira-lint: ignore", .missingRules),
    ("# mira-lint: ignore[X104] -- why", .notARule("[X104]")),
    ("# mira-lint: ignore * -- why", .notARule("*")),
    ("# mira-lint: ignore X104", .missingReason),
    ("# mira-lint: ignore X104 -- ", .missingReason),
  ])
  func `a mistake is told`(_ comment: String, _ mistake: SuppressionDirective.Mistake) {
    #expect(throws: mistake) { try SuppressionDirective.parse(comment) }
    #expect(!mistake.words.isEmpty)
  }
}

import Expressions
import Findings
import SourceText
import TestSupport
import Testing

@testable import MiraLint

/// What remedies say to write is text of the engine: it is read by the readers that read definitions.
@Suite("Remedies")
struct RemedyTests {
  private func remedies() async throws -> [(path: String, rule: String, text: String)] {
    let linter = try Linter(Settings(workingDirectory: Checkout.root))
    let findings = try await linter.check(["testdata/rules", "testdata/stories"]).findings
    return findings.compactMap { finding in
      finding.remedy.map { (finding.location.path, finding.rule, $0) }
    }
  }

  /// The parts of a remedy that stand in backticks.
  private func quotes(_ text: String) -> [String] {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
    return parts.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
  }

  private func scalar(_ yaml: String, _ key: String) throws -> String {
    let tree = YAMLReader.read(SourceFile(path: "remedy.yml", bytes: Array(yaml.utf8)))
    #expect(tree.problems.isEmpty, "\(yaml)")
    return try #require(tree.documents.first?[key]?.text, "\(yaml)")
  }

  @Test func `what is in backticks can be pasted`() async throws {
    var counts = (conditions: 0, rules: 0, expressions: 0, guards: 0)
    for (path, _, text) in try await remedies() {
      for quote in quotes(text) {
        if quote.hasPrefix("if: "), !quote.contains("…") {
          let bytes = Array(try scalar(quote, "if").utf8)
          #expect(throws: Never.self, "\(path): \(quote)") {
            _ = try GitHubExpressionParser.parse(bytes, in: ByteRange(0, bytes.count))
          }
          counts.conditions += 1
        } else if quote.hasPrefix("when: \"") {
          var bytes = Array(try scalar(quote, "when").utf8)
          var dialect = InfixDialect.govaluate
          if bytes.starts(with: Array("{{=".utf8)) {
            bytes = Array(bytes.dropFirst(3).dropLast(2))
            dialect = .expr
          }
          let range = ByteRange(0, bytes.count)
          #expect(
            InfixParser.parse(bytes, in: range, dialect: dialect) != nil, "\(path): \(quote)")
          counts.guards += 1
        } else if quote.hasPrefix("{ \"") {
          let tree = JSONReader.read(SourceFile(path: "r.json", bytes: Array(quote.utf8)))
          #expect(tree.problems.isEmpty, "\(path): \(quote)")
          counts.rules += 1
        } else if quote.hasPrefix("{{ $") {
          #expect(quote.hasSuffix(" }}"), "\(path): \(quote)")
          counts.expressions += 1
        }
      }
    }
    #expect(counts.conditions > 20 && counts.rules > 10)
    #expect(counts.expressions > 10 && counts.guards > 5)
  }

  @Test func `no remedy has holes`() async throws {
    for (path, rule, text) in try await remedies() {
      let words = "\(path): \(rule): \(text)"
      #expect(
        text.split(separator: "`", omittingEmptySubsequences: false).count % 2 == 1, "\(words)")
      #expect(!text.hasSuffix(":") && !text.contains(": ;") && !text.contains("  "), "\(words)")
      #expect(
        !text.contains("``") && !text.contains("${{  }}") && !text.contains("steps.."), "\(words)")
      // A step without an id is called by its command: that is no name in an expression.
      for quote in quotes(text) where quote.hasPrefix("if: steps.") {
        #expect(!quote.contains("curl") && !quote.contains("/"), "\(words)")
      }
    }
  }
}

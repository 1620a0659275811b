import Expressions
import SourceText
import Testing

@testable import Analysis

@Suite struct TestOutcomeTests {
  private static let place = SourceLocation(path: "x", range: ByteRange(0, 0))

  private func outcome(
    _ comparison: Expressions.Test.Comparison, _ operands: [Value],
    _ semantics: Expressions.Test.Semantics,
    on probe: Probe
  ) -> Bool? {
    Expressions.Test(.null, comparison, operands, semantics: semantics, at: Self.place).outcome(
      for: probe)
  }

  @Test func `GitHub compares text without case, and null with the empty text`() {
    #expect(outcome(.equal, [.literal("Verified")], .gitHub, on: .text("VERIFIED")) == true)
    #expect(outcome(.equal, [.literal("")], .gitHub, on: .null) == true)
    #expect(outcome(.isTrue, [], .gitHub, on: .text("")) == false)
    #expect(outcome(.isTrue, [], .gitHub, on: .text("false")) == true)
  }

  @Test func `strict languages compare without coercion, but numbers as numbers`() {
    #expect(outcome(.equal, [.literal("")], .strict, on: .null) == false)
    #expect(outcome(.equal, [.null], .strict, on: .null) == true)
    #expect(outcome(.equal, [.literal("200")], .strict, on: .number(200)) == true)
    #expect(outcome(.equal, [.literal("true")], .strict, on: .bool(true)) == true)
    #expect(outcome(.isPresent, [], .strict, on: .null) == true)
    #expect(outcome(.greater, [.literal("0")], .strict, on: .number(0)) == false)
    #expect(outcome(.greater, [.literal("0")], .strict, on: .number(1)) == true)
    #expect(outcome(.greaterOrEqual, [.literal("0.7")], .strict, on: .null) == false)
  }

  @Test func `in a shell the text null is not empty`() {
    #expect(outcome(.isEmpty, [], .shell, on: .text("null")) == false)
    #expect(outcome(.isEmpty, [], .shell, on: .text("")) == true)
    #expect(outcome(.equal, [.literal("null")], .shell, on: .text("null")) == true)
  }

  @Test func `JavaScript truth and loose equality`() {
    #expect(outcome(.isTrue, [], .javaScript, on: .number(0)) == false)
    #expect(outcome(.equal, [.null], .javaScript, on: .text("")) == false)
    #expect(outcome(.equal, [.literal("0.5")], .javaScript, on: .number(0.5)) == true)
  }

  @Test func `patterns are tried on the text`() {
    let hash: Value = .literal("^[0-9a-f]{8,}$")
    #expect(outcome(.matchesRegularExpression, [hash], .shell, on: .text("null")) == false)
    #expect(outcome(.matchesRegularExpression, [hash], .shell, on: .text("0123abcd")) == true)
    #expect(outcome(.matchesRegularExpression, [.literal("(")], .shell, on: .text("x")) == nil)
    #expect(outcome(.matchesGlob, [.literal("sha256:*")], .strict, on: .null) == false)
    #expect(outcome(.matchesGlob, [.literal("sha256:*")], .strict, on: .text("sha256:1")) == true)
  }

  @Test func `what is compared with something computed is unknown`() {
    #expect(outcome(.equal, [.unknown([])], .strict, on: .text("x")) == nil)
    #expect(outcome(.oneOf, [.literal("a"), .unknown([])], .strict, on: .text("a")) == true)
  }
}

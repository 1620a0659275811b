import SourceText
import Testing

@testable import Expressions

@Suite struct JavaScriptCompletionTests {
  private static let place = SourceLocation(path: "", range: ByteRange(0, 0))
  private static let field = Value.reference(
    Reference(Variable("$"), path: [.field("c")], at: place))

  private func value(_ text: String) -> Value {
    let bytes = Array(text.utf8)
    let scope = JavaScriptScope(
      resolve: { name, links, place in
        guard name == "$" else { return nil }
        return JavaScriptResolution(.reference(Reference(Variable("$"), at: place)), used: 0)
      }, locate: { _ in Self.place })
    return JavaScriptCompletion.value(of: bytes, in: ByteRange(0, bytes.count), scope: scope)
  }

  private static let isNull = Condition.test(
    Test(field, .equal, [.null], semantics: .strict, at: place))

  @Test(arguments: [
    "$.c === null ? 'a' : 'b'",
    "(function () { if ($.c === null) { return 'a'; } return 'b'; })();",
    "(() => { if ($.c === null) return 'a'; else return 'b'; })()",
    "function f() { var x = $.c; if (x === null) { return 'a'; } else { return 'b'; } } f();",
    "if ($.c === null) { 'a'; } else { 'b'; }",
    "(function () { let r = 'b'; if ($.c === null) { r = 'a'; } return r; })()",
    "(function (c) { switch (c) { case null: return 'a'; default: return 'b'; } })($.c)",
  ])
  func `every way to choose is the choice`(_ text: String) {
    #expect(value(text) == .conditional(Self.isNull, .literal("a"), .literal("b")))
  }

  @Test func `a choice compared with a case is its condition`() {
    let chosen = value("$.c === null ? 'a' : 'b'")
    #expect(Condition.equality(of: chosen, with: "a", at: Self.place) == Self.isNull)
    #expect(Condition.equality(of: chosen, with: "b", at: Self.place) == .not(Self.isNull))
    #expect(Condition.equality(of: chosen, with: "c", at: Self.place) == .constant(false))
  }

  @Test func `loops and deep recursion are unknown, and end`() {
    #expect(value("var i = 0; while ($.c) { i++; } i") != .null)
    #expect(value("function f() { return f(); } f();") != .null)
    let doubling = "var a = 'x' + $.c;" + String(repeating: "a = a + a;", count: 200) + "a;"
    #expect(value(doubling).references.count < 2_000)
    let branches = String(repeating: "if ($.c) { x = 1; }", count: 60) + "x;"
    _ = value(branches)
  }
}

import SourceText
import Testing

@testable import Expressions

@Suite struct GoogleExpressionTests {
  private static let place = SourceLocation(path: "", range: ByteRange(0, 0))

  private func read(_ name: String, _ path: PathComponent...) -> Value {
    .reference(Reference(Variable(name), path: path, at: Self.place))
  }

  private func located(_ text: String) -> (expression: GoogleExpression, range: ByteRange) {
    let text = LocatedText(text) { _ in Self.place }
    return (
      GoogleExpression(text) { .reference(Reference(Variable($0), at: $1)) }, text.whole
    )
  }

  private func value(_ text: String) -> Value {
    let (expression, range) = located(text)
    return expression.value(in: range)
  }

  private func condition(_ text: String) -> Condition {
    let (expression, range) = located(text)
    return expression.condition(in: range)
  }

  private func test(
    _ subject: Value, _ comparison: Expressions.Test.Comparison, _ operands: [Value] = []
  ) -> Condition {
    .test(Test(subject, comparison, operands, semantics: .strict, at: Self.place))
  }

  @Test(arguments: ["r.body.c", "r[\"body\"].c", "map.get(r, [\"body\", \"c\"])", "(r.body)['c']"])
  func `every way to read a field is the field`(_ text: String) {
    #expect(value(text) == read("r", .field("body"), .field("c")))
  }

  @Test func `plus joins texts and counts numbers`() {
    #expect(value("n + 1") == .converted("+", .list([read("n"), .literal("1")])))
    #expect(value("\"a\" + n") == .template([.literal("a"), .text(read("n"), null: "null")]))
    #expect(value("default(n, \"x\")") == .fallback(read("n"), .literal("x")))
    #expect(value("a - b - 1") != .null)
  }

  @Test func `conditions mean what they say`() {
    let field = read("r", .field("c"))
    #expect(condition("r.c != null") == .not(test(field, .isNull)))
    #expect(condition("not(r.c == null)") == .not(test(field, .isNull)))
    #expect(condition("null != r.c") == .not(test(field, .isNull)))
    #expect(condition("\"c\" in r") == test(field, .isPresent))
    #expect(condition("r.c in [\"a\", 1]") == test(field, .oneOf, [.literal("a"), .literal("1")]))
    #expect(condition("get_type(r.c) == \"string\"") == test(field, .isText))
    #expect(
      condition("1 < r.c and true")
        == .all([test(field, .greater, [.literal("1")]), .constant(true)]))
    #expect(
      condition("r.c or not x") == .any([test(field, .isTrue), .not(test(read("x"), .isTrue))]))
    #expect(condition("len(r.c) > 0") == test(.length(field), .greater, [.literal("0")]))
  }

  @Test(arguments: [
    "", "(", "r.", "r[", "\"a", "a b", "not", "1 +", "[1,", "{\"a\"", "a ? b",
    String(repeating: "(", count: 400), String(repeating: "not ", count: 400),
    String(repeating: "a.", count: 400), "a" + String(repeating: " - a", count: 400),
  ])
  func `what does not parse is unknown`(_ text: String) {
    _ = value(text)
    _ = condition(text)
  }

  @Test(.timeLimit(.minutes(1))) func `calls in calls are read once each`() {
    let nested = (0..<44).reduce("r.c == 1") { inner, _ in "if(\(inner), \"a\", \"b\") == \"a\"" }
    #expect(condition(nested).references.map(\.variable.name) == ["r"])
  }

  @Test func `broken code still shows what it reads`() {
    #expect(value("r.body +").references.map(\.variable.name) == ["r", "body"])
  }
}

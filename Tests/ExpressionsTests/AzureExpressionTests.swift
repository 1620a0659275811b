import SourceText
import Testing

@testable import Expressions

@Suite struct AzureExpressionTests {
  private static let place = SourceLocation(path: "", range: ByteRange(0, 0))

  private func read(_ name: String, _ path: PathComponent...) -> Value {
    .reference(Reference(Variable(name), path: path, at: Self.place))
  }

  private func expression(_ text: String) -> AzureExpression {
    AzureExpression(LocatedText(text) { _ in Self.place }) { name, arguments, place in
      switch name {
      case "body", "outputs":
        .reference(Reference(Variable(arguments.first ?? ""), at: place))
      case "item": .reference(Reference(Variable("item"), at: place))
      default: nil
      }
    }
  }

  private func test(
    _ subject: Value, _ comparison: Expressions.Test.Comparison, _ operands: [Value] = []
  ) -> Condition {
    .test(Test(subject, comparison, operands, semantics: .strict, at: Self.place))
  }

  @Test(arguments: [
    "@body('A')?['c']", "@body('A')['c']", "@{body('A')?['c']}", "@body('A').c", "@body('A')?.c",
    "@json(body('A'))?['c']", "@getProperty(body('A'), 'c')",
  ])
  func `every way to read a field is the field`(_ text: String) {
    let value = expression(text).value
    #expect(value == read("A", .field("c")) || value == .text(read("A", .field("c")), null: ""))
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [("concat(", ")"), ("if(", ", 1, 2)"), ("if(equals(1, 2), 1, ", ")")])
  func `calls inside of calls are each read once`(_ head: String, _ tail: String) {
    let depth = 60
    let text =
      "@" + String(repeating: head, count: depth) + "body('A')"
      + String(repeating: tail, count: depth)
    #expect(!expression(text).value.references.isEmpty)
  }

  @Test func `texts keep their escapes and holes`() {
    #expect(expression("a@b.example").value == .literal("a@b.example"))
    #expect(expression("@@mention").value == .literal("@mention"))
    #expect(
      expression("@concat('it''s ', body('A'))").value
        == .template([.literal("it's "), .text(read("A"), null: "")]))
    #expect(
      expression("x @{body('A')['a/b']}!").value
        == .template([
          .literal("x "), .text(read("A", .field("a"), .field("b")), null: ""), .literal("!"),
        ]))
  }

  @Test func `the tests of a present value`() {
    let field = read("A", .field("c"))
    let isAbsent = Condition.any([test(field, .isNull), test(field, .isEmpty)])
    #expect(expression("@empty(body('A')?['c'])").condition == isAbsent)
    #expect(expression("@not(empty(body('A')?['c']))").condition == .not(isAbsent))
    #expect(expression("@equals(empty(body('A')?['c']), false)").condition == .not(isAbsent))
    #expect(expression("@equals(body('A')?['c'], null)").condition == test(field, .isNull))
    #expect(expression("@contains(body('A'), 'c')").condition == test(field, .isPresent))
    #expect(
      expression("@contains(body('A')?['c'], 'x')").condition
        == test(field, .contains, [.literal("x")]))
  }

  @Test func `literals stand on the right, functions nest`() {
    #expect(
      expression("@and(less(1, body('A')), or(true, equals('x', item())))").condition
        == .all([
          test(read("A"), .greater, [.literal("1")]),
          .any([.constant(true), test(read("item"), .equal, [.literal("x")])]),
        ]))
    #expect(
      expression("@if(equals(item(), 1), coalesce(body('A'), 'n'), null)").value
        == .conditional(
          test(read("item"), .equal, [.literal("1")]),
          .fallback(read("A"), .literal("n")), .null))
  }

  @Test(arguments: [
    "@", "@(", "@body(", "@body('A'", "@body('A')[", "@{", "@{body('A'", "@'", "@@{x}", "@not()",
    "@equals()", "@if(1)", String(repeating: "@not(", count: 300),
  ])
  func `what does not parse is unknown or a text`(_ text: String) {
    _ = expression(text).value
    _ = expression(text).condition
  }

  @Test func `broken code still shows what it reads`() {
    #expect(expression("@concat(body('A'), ").value.references.map(\.variable.name) == ["A"])
  }
}

import SourceText
import Testing

@testable import Expressions

@Suite struct JqProgramTests {
  private static let place = SourceLocation(path: "", range: ByteRange(0, 0))
  private static let input = Value.reference(Reference(Variable("f"), at: place))

  private func field(_ name: String) -> Value {
    .reference(Reference(Variable("f"), path: [.field(name)], at: Self.place))
  }

  private func program(_ text: String) -> JqProgram {
    JqProgram(text, input: Self.input, location: Self.place)
  }

  @Test(arguments: [".c", ".[\"c\"]", ".\"c\"", ". | .c", ".c?", "(.c)"])
  func `every way to write a field is the field, and null prints null`(_ text: String) {
    #expect(program(text).printed == .text(field("c"), null: "null"))
  }

  @Test func `an empty alternative prints nothing`() {
    #expect(program(".c // empty").printed == .text(field("c"), null: ""))
  }

  @Test func `select guards what it lets through`() {
    let isNull = Condition.test(Test(field("c"), .isNull, semantics: .strict, at: Self.place))
    let text = Value.text(field("o"), null: "null")
    #expect(
      program("select(.c != null) | .o").printed
        == .conditional(.not(isNull), text, .literal("")))
  }

  @Test func `an error makes the program fail`() {
    #expect(program(".c").completes == nil)
    #expect(program(".c // error(\"none\")").completes != nil)
    #expect(program("if .c then . else error end").completes != nil)
    #expect(program("empty").holds == .constant(false))
  }

  @Test(arguments: [
    "all(.v == 1)", "[.[] | .v == 1] | all", "map(.v == 1) | all", "all(.[]; .v == 1)",
    "[.[] | select(.v != 1)] | length == 0",
  ])
  func `a test of every element is seen in every form`(_ text: String) {
    guard case .every(let list, _) = program(text).holds else {
      Issue.record("no quantifier: \(program(text).holds)")
      return
    }
    #expect(list == Self.input)
  }

  @Test(arguments: ["reduce .[] as $x (0; . + $x)", "def f: .; f", "(((", ".a |", "\"\\(", "@", ""])
  func `what is not understood still gives a program`(_ text: String) {
    _ = program(text).holds
    _ = program(text).printed
  }

  @Test func `an assignment changes one place of its input`() {
    let counted = Value.converted("+", .list([field("n"), .literal("1")]))
    #expect(
      program(".n = .n + 1").value
        == .converted(Value.merging, .list([Self.input, .record([.init("n", counted)])])))
    #expect(program(".n |= . + 1").value == program(".n += 1").value)
  }

  @Test func `a record laid over the input is merged with it`() {
    #expect(
      program(". + {a: .c}").value
        == .converted(Value.merging, .list([Self.input, .record([.init("a", field("c"))])])))
  }
}

import Expressions
import SourceText
import TestSupport
import Testing

/// What an expression means where every context is external and `needs.*.result` and `outcome` are known as such.
private func interpreter() -> GitHubInterpreter {
  GitHubInterpreter(
    locate: { SourceLocation(path: "a.yml", range: $0) },
    resolve: { read in
      let value = Value.reference(
        Reference(Variable(read.context), path: read.path, at: read.location))
      if read.path.last == .field("outcome") || read.path.last == .field("result") {
        let routes = read.path.first == .every ? ["a", "b"] : ["a"]
        return .outcome(of: routes, value)
      }
      return .value(value)
    })
}

private func parse(_ text: String) throws -> GitHubExpression {
  let bytes = Array(text.utf8)
  return try GitHubExpressionParser.parse(bytes, in: ByteRange(0, bytes.count))
}

struct GitHubInterpreterTests {
  @Test(arguments: [
    ("steps.m.outputs.c != ''", "not steps.m.outputs.c equal~gitHub \"\""),
    ("steps.m.outputs.c", "steps.m.outputs.c isTrue~gitHub"),
    ("'x' == steps.m.outputs.c", "steps.m.outputs.c equal~gitHub \"x\""),
    ("0.67 <= inputs.w", "inputs.w greaterOrEqual~gitHub \"0.67\""),
    ("steps.m.outcome == 'success'", "written succeeded [a]"),
    ("needs.a.result != 'failure'", "not written failed [a]"),
    ("always() && !cancelled()", "(written always [] and not written cancelled [])"),
    ("contains(needs.*.result, 'failure')", "(written failed [a] or written failed [b])"),
    (
      "contains(fromJSON(inputs.r).claims.*.assessment, 'FALSE')",
      "some (inputs.r).claims has (inputs.r).claims[each].assessment equal~gitHub \"FALSE\""
    ),
    (
      "contains(toJSON(inputs.r), 'FALSE')",
      "json(inputs.r) contains~gitHub \"FALSE\""
    ),
    ("case(inputs.a, true, false)", "inputs.a isTrue~gitHub"),
    ("case(inputs.a, false, inputs.b)", "(not inputs.a isTrue~gitHub and inputs.b isTrue~gitHub)"),
    (
      "case(inputs.a, inputs.b, inputs.c, true, false)",
      "(inputs.a isTrue~gitHub ? inputs.b : (inputs.c isTrue~gitHub ? \"true\" : \"false\")) isTrue~gitHub"
    ),
    ("contains(inputs.a, 'b') == false", "not inputs.a contains~gitHub \"b\""),
    ("''", "false"), ("0", "false"), ("null", "false"), ("'no'", "true"),
    ("steps.m.outcome", "true"),
  ])
  func `a condition keeps what the author wrote`(_ text: String, _ expected: String) throws {
    #expect(ValueDump.text(interpreter().condition(try parse(text))) == expected)
  }

  @Test(arguments: [
    (
      "steps.m.outputs.c && 'yes' || 'no'", "((steps.m.outputs.c isTrue~gitHub) ? \"yes\" : \"no\")"
    ),
    ("inputs.a || 'b'", "(inputs.a || \"b\")"),
    ("format('{0} {{x}} {1}', inputs.a, 'b')", "template(inputs.a, \" {x} \", \"b\")"),
    ("fromJSON(inputs.a).b[0]", "(inputs.a).b[0]"),
    ("toJSON(inputs.a)", "json(inputs.a)"),
    ("nonsense(inputs.a, steps.b.outputs.c)", "unknown(inputs.a, steps.b.outputs.c)"),
  ])
  func `a value keeps where it comes from`(_ text: String, _ expected: String) throws {
    #expect(ValueDump.text(interpreter().value(try parse(text))) == expected)
  }

  @Test(.timeLimit(.minutes(1))) func `conditionals in conditionals are read once each`() throws {
    let nested = (0..<30).reduce("inputs.a") { inner, _ in "(\(inner) && 'a' || 'b') == 'a'" }
    #expect(interpreter().condition(try parse(nested)).isDeep)
  }
}

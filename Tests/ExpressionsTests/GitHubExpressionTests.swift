import Expressions
import SourceText
import Testing

/// Writes a parsed expression with every bracket.
private func bracketed(_ expression: GitHubExpression) -> String {
  switch expression.form {
  case .null: return "null"
  case .boolean(let boolean): return "\(boolean)"
  case .number(let number): return number
  case .text(let text): return "'\(text)'"
  case .context(let name): return name
  case .access(let base, let accessors):
    return accessors.reduce(bracketed(base)) { text, accessor in
      switch accessor {
      case .property(let name): text + ".\(name)"
      case .index(let index): text + "[\(bracketed(index))]"
      case .every: text + ".*"
      }
    }
  case .call(let name, let arguments):
    return "\(name)(\(arguments.map(bracketed).joined(separator: ", ")))"
  case .not(let inner): return "!\(bracketed(inner))"
  case .comparison(let comparison, let left, let right):
    return "(\(bracketed(left)) \(comparison) \(bracketed(right)))"
  case .all(let parts): return "(\(parts.map(bracketed).joined(separator: " && ")))"
  case .any(let parts): return "(\(parts.map(bracketed).joined(separator: " || ")))"
  }
}

private func parse(_ text: String) throws(GitHubExpressionError) -> GitHubExpression {
  let bytes = Array(text.utf8)
  return try GitHubExpressionParser.parse(bytes, in: ByteRange(0, bytes.count))
}

struct GitHubExpressionTests {
  @Test(arguments: [
    ("a && b || c", "((a && b) || c)"),
    ("a || b && c", "(a || (b && c))"),
    ("a || b || c && d && e", "(a || b || (c && d && e))"),
    ("!a == b", "(!a equal b)"),
    ("!!a.b", "!!a.b"),
    ("a == b < c", "(a equal (b less c))"),
    ("a < b == c >= d", "((a less b) equal (c greaterOrEqual d))"),
    ("(a || b) && c", "((a || b) && c)"),
    ("'it''s'", "'it's'"),
    ("''", "''"),
    ("0xff", "0xff"),
    ("-1.5e-3 <= .5", "(-1.5e-3 lessOrEqual .5)"),
    ("a[0].b['c-d'].*.e", "a[0].b.c-d.*.e"),
    ("a[*]", "a.*"),
    ("steps[matrix.key].outputs", "steps[matrix.key].outputs"),
    ("fromJSON(a.b).c", "fromJSON(a.b).c"),
    ("format('{0}', a)", "format('{0}', a)"),
    ("always()", "always()"),
    ("true != null", "(true notEqual null)"),
    (" steps.a-b.outputs._c \n", "steps.a-b.outputs._c"),
    ("a.*", "a.*"),
  ])
  func `operators, accesses and literals bind as in the engine`(_ text: String, _ tree: String)
    throws
  {
    #expect(bracketed(try parse(text)) == tree)
  }

  @Test(arguments: [
    ("", "expected a value, but the expression ends here", 0, 0),
    ("a &&", "expected a value, but the expression ends here", 0, 4),
    ("a & b", "`&` has no place in an expression", 2, 3),
    ("a = b", "`=` has no place in an expression", 2, 3),
    ("a == \"b\"", "`\"` has no place in an expression", 5, 6),
    ("'open", "this text has no closing quote", 0, 5),
    ("a b", "expected the end of the expression, but `b` stands here", 2, 3),
    ("(a", "expected `)`, but the expression ends here", 0, 2),
    ("a.", "expected a property's name, but the expression ends here", 0, 2),
    ("f(a,)", "expected a value, but `)` stands here", 4, 5),
    ("0x", "`0x` is no number", 0, 2),
    ("1..2", "`1..2` is no number", 0, 4),
    ("a é b", "`é` has no place in an expression", 2, 4),
  ])
  func `what is no expression says where and why`(
    _ text: String, _ message: String, _ start: Int, _ end: Int
  ) {
    let error = #expect(throws: GitHubExpressionError.self) { try parse(text) }
    #expect(error?.message == message)
    #expect(error?.range == ByteRange(start, end))
  }

  @Test(arguments: [
    String(repeating: "(", count: 5_000), String(repeating: "!", count: 5_000) + "a",
    String(repeating: "a[", count: 5_000), String(repeating: "a==", count: 5_000) + "a",
    String(repeating: "f(", count: 5_000), String(repeating: "a", count: 30_000),
  ])
  func `depth and length are bounded`(_ text: String) {
    #expect(throws: GitHubExpressionError.self) { try parse(text) }
  }

  @Test func `long chains are not deep`() throws {
    let text = (0..<2_000).map { "a\($0)" }.joined(separator: " && ")
    let parsed = try parse(text)
    guard case .all(let parts) = parsed.form else {
      Issue.record("no conjunction")
      return
    }
    #expect(parts.count == 2_000)
    #expect(parts.last?.range == ByteRange(text.utf8.count - 5, text.utf8.count))
  }

  @Test(arguments: [
    ("plain", ["plain"]),
    ("${{ a }}", ["<a>"]),
    ("x ${{ a }} y ${{ 'b}}' }}", ["x ", "<a>", " y ", "<'b}}'>"]),
    ("$${{ a }}}", ["$", "<a>", "}"]),
    ("${ a } $(( b ))", ["${ a } $(( b ))"]),
    ("${{ a", ["!this expression is never closed 0..<5"]),
    ("${{ }}", ["!expected a value, but the expression ends here 3..<4"]),
  ])
  func `a text is cut at its expressions`(_ text: String, _ expected: [String]) {
    let parts = GitHubTemplate(text).parts.map { part in
      switch part {
      case .literal(let literal): literal
      case .expression(.success(let expression), _): "<\(bracketed(expression))>"
      case .expression(.failure(let error), _):
        "!\(error.message) \(error.range.start)..<\(error.range.end)"
      }
    }
    #expect(parts == expected)
  }
}

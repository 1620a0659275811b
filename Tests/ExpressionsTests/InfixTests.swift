import Expressions
import SourceText
import TestSupport
import Testing

/// The infix languages of pod and pipeline engines.
struct InfixTests {
  private static func interpreter(
    _ text: String, insertions: [Value] = [], semantics: Expressions.Test.Semantics
  ) -> InfixInterpreter {
    InfixInterpreter(
      semantics: semantics, locate: { SourceLocation(path: "x", range: $0) },
      insertions: insertions, resolve: { _, _, _ in nil })
  }

  private static func condition(
    _ text: String, _ dialect: InfixDialect, _ semantics: Expressions.Test.Semantics
  ) -> String {
    let bytes = Array(text.utf8)
    guard let parsed = InfixParser.parse(bytes, in: ByteRange(0, bytes.count), dialect: dialect)
    else { return "does not parse" }
    return ValueDump.text(interpreter(text, semantics: semantics).condition(parsed))
  }

  @Test(arguments: [
    ("a == 'x'", #"a equal "x""#),
    ("'x' == a", #"a equal "x""#),
    ("0.5 < a.b", #"a.b greater "0.5""#),
    ("a != nil && !(b)", "(not a equal null and not b isTrue)"),
    ("not (a == 1) or b in ['x', 'y']", #"(not a equal "1" or b oneOf "x", "y")"#),
    ("a not in ['x']", #"not a oneOf "x""#),
    (
      "jsonpath(steps.ask.outputs.result, '$.cert_hash') != nil",
      "not steps.ask.outputs.result.cert_hash equal null"
    ),
    ("asFloat(a['b-c'].d) >= 0.66", #"text(a.b-c.d, null: "null") greaterOrEqual "0.66""#),
    ("len(a) > 0", #"length(a) greater "0""#),
    (
      "a startsWith 'sha' && a matches '^x'",
      #"(a startsWith "sha" and a matchesRegularExpression "^x")"#
    ),
    (
      "all(claims, {#.assessment == 'TRUE'})",
      #"every claims has claims[each].assessment equal "TRUE""#
    ),
    ("any(claims, {.ok})", "some claims has claims[each].ok isTrue"),
    ("sprig.empty(a)", "a isEmpty"),
    ("(a ?? '') != ''", #"not (a ?? "") equal """#),
    ("a | fromJSON() | get('x')", "a.x isTrue"),
    ("a ? b == 1 : false", #"((a isTrue and b equal "1") or (not a isTrue and false))"#),
    (
      "let c = fromJSON(a).cert_hash; c != nil && c != ''",
      #"(not a.cert_hash equal null and not a.cert_hash equal "")"#
    ),
    ("true", "true"),
    ("a ==", "does not parse"),
    ("a b", "does not parse"),
  ])
  func `an expr-lang expression is a condition`(text: String, meaning: String) {
    #expect(Self.condition(text, .expr, .strict) == meaning)
  }

  @Test(arguments: [
    ("heads == heads", "true"),
    ("a-b == c-d", "false"),
    ("'' != ''", "false"),
    ("5 > 3", #""5" greater~shell "3""#),
    ("x =~ '^y$'", #""x" matchesRegularExpression~shell "^y$""#),
    ("x in (x, y)", #""x" oneOf~shell "x", "y""#),
  ])
  func `a govaluate text compares what stands in it`(text: String, meaning: String) {
    #expect(Self.condition(text, .govaluate, .shell) == meaning)
  }

  @Test(arguments: [
    (
      #"$A == "x" && $B =~ /^v\d+$/"#,
      #"(A equal~shell "x" and B matchesRegularExpression~shell "^v\d+$")"#
    ),
    ("$A", "A isTrue~shell"),
    ("${A} != null || ($B == '')", #"(not A equal~shell null or B equal~shell "")"#),
    (#"$A !~ /x\/y/i"#, #"not A matchesRegularExpression~shell "x\/y""#),
  ])
  func `a rule of GitLab is a condition`(text: String, meaning: String) {
    #expect(Self.condition(text, .gitLab, .shell) == meaning)
  }

  @Test func `what the engine puts into a text is one operand`() throws {
    let text = "'{{a}}' == 'x' && {{b}} > 0.5"
    let bytes = Array(text.utf8)
    let holes = [ByteRange(1, 6), ByteRange(18, 23)]
    let parsed = try #require(
      InfixParser.parse(
        bytes, in: ByteRange(0, bytes.count), dialect: .govaluate, insertions: holes))
    let place = SourceLocation(path: "x", range: ByteRange(0, 0))
    let values = ["a", "b"].map { Value.reference(Reference(Variable($0), at: place)) }
    let condition = Self.interpreter(text, insertions: values, semantics: .shell)
      .condition(parsed)
    #expect(
      ValueDump.text(condition) == #"(a equal~shell "x" and b greater~shell "0.5")"#)
  }

  @Test func `texts of any kind are read or refused`() {
    var seed: UInt64 = 20_261_121
    func random(_ bound: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((seed >> 33) % UInt64(bound))
    }
    let pieces = [
      "a", ".b", "['c']", "(", ")", "{", "}", "[", "]", "==", "!=", "&&", "||", "!", "not", "in",
      "'x'", "\"", "1.5", "?", ":", ",", "|", "#", ".x", "$A", "${", "/", "=~", "-", "??", " ",
      "\u{e9}", "\\", "all(", "nil",
    ]
    let dialects: [InfixDialect] = [.expr, .govaluate, .cel, .gitLab]
    for round in 0..<2000 {
      let count = 1 + random(12)
      let text = (0..<count).map { _ in pieces[random(pieces.count)] }
        .joined(separator: round % 2 == 0 ? " " : "")
      _ = Self.condition(text, dialects[round % dialects.count], .strict)
    }
    let deep = String(repeating: "(", count: 5000) + "a" + String(repeating: ")", count: 5000)
    #expect(Self.condition(deep, .expr, .strict) == "does not parse")
    let denied = String(repeating: "!", count: 5000) + "a"
    #expect(Self.condition(denied, .expr, .strict) == "does not parse")
  }
}

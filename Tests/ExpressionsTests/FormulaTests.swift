import Expressions
import SourceText
import TestSupport
import Testing

struct FormulaTests {
  private func translator(_ dialect: FormulaDialect) -> FormulaTranslator {
    FormulaTranslator(
      dialect, locate: { SourceLocation(path: "a", range: $0) },
      resolve: { name, place in .reference(Reference(Variable(name), at: place)) })
  }

  private func condition(_ text: String, _ dialect: FormulaDialect) -> String {
    let bytes = Array(text.utf8)
    let formula = FormulaParser.parse(bytes, in: ByteRange(0, bytes.count), as: dialect)
    return ValueDump.text(translator(dialect).condition(formula))
  }

  private func template(_ text: String, _ dialect: FormulaDialect = .pebble) -> String {
    ValueDump.text(FormulaTemplate.value(Array(text.utf8), with: translator(dialect)))
  }

  static let conditions: [(text: String, dialect: FormulaDialect, expected: String)] = [
    ("a.b != null", .pebble, "not a.b equal null"),
    ("json(a.body).cert_hash is not null", .pebble, "not a.body.cert_hash equal null"),
    ("a is not empty", .pebble, "not (a equal null or a isEmpty)"),
    ("a == 'x' and not (b > 2)", .pebble, "(a equal \"x\" and not b greater \"2\")"),
    ("a['b-c'] contains 'x' or false", .pebble, "(a.b-c contains \"x\" or false)"),
    ("a in ['x', 'y']", .pebble, "a oneOf \"x\", \"y\""),
    ("a not in ['x']", .jinja, "not a oneOf \"x\""),
    ("a is none", .jinja, "a equal null"),
    (
      "not empty cert && code eq 200", .juel,
      "(not (cert equal null or cert isEmpty) and code equal \"200\")"
    ),
    ("null != a", .juel, "not a equal null"),
    ("\"final\".equals(a.status)", .juel, "a.status equal \"final\""),
    ("a.getCertHash() != null", .juel, "not a.certHash equal null"),
    ("!a.isEmpty()", .juel, "not (a equal null or a isEmpty)"),
    ("S(r).prop(\"x\").stringValue() == 'y'", .juel, "r.x equal \"y\""),
    ("JSON(r).jsonPath('$.a.b').stringValue() != null", .juel, "not r.a.b equal null"),
    ("a = \"x\" and b != null", .feel, "(a equal \"x\" and not b equal null)"),
    ("not(a)", .feel, "not a isTrue~javaScript"),
    ("is defined(a.b)", .feel, "not a.b equal null"),
    ("string length(a) > 0", .feel, "length(a) greater \"0\""),
    ("some x in l satisfies x.v = \"TRUE\"", .feel, "some l has l[each].v equal \"TRUE\""),
    ("every x in l satisfies x.v = \"TRUE\"", .feel, "every l has l[each].v equal \"TRUE\""),
    (
      "if a = null then false else b", .feel,
      "((a equal null and false) or (not a equal null and b isTrue~javaScript))"
    ),
    ("score between 1 and 3", .feel, "(score greaterOrEqual \"1\" and score lessOrEqual \"3\")"),
    ("(a = true) = true", .feel, "a equal \"true\""),
    ("Vacation Approval = \"x\"", .feel, "unknown(Vacation, Approval)"),
    ("a +", .pebble, "template(a, unknown()) isTrue~javaScript"),
  ]

  @Test(arguments: conditions.map(\.text))
  func `a formula decides what its language says`(text: String) throws {
    let row = try #require(Self.conditions.first { $0.text == text })
    #expect(condition(row.text, row.dialect) == row.expected)
  }

  static let templates: [(text: String, expected: String)] = [
    ("{{ a.b }}", "a.b"),
    ("x {{ a }} y", "template(\"x \", text(a, null: \"\"), \" y\")"),
    ("{{ a | jq('.b') | first }}", "a.b"),
    ("{{ a ?? 'x' }}", "(a ?? \"x\")"),
    ("{{ a | default('x') | upper }}", "upper((a ?? \"x\"))"),
    ("{{ 'a}}b' ~ c }}", "template(\"a}}b\", c)"),
    ("{{- a -}}", "a"),
    (
      "{% if a %}x{% elseif b %}y{% else %}z{% endif %}",
      "(a isTrue~javaScript ? \"x\" : (b isTrue~javaScript ? \"y\" : \"z\"))"
    ),
    ("{% for i in l %}{{ i.n }},{% endfor %}", "template(text(l[each].n, null: \"\"), \",\")"),
    ("{% set t = a.b %}{{ t }}", "text(a.b, null: \"\")"),
    ("{# no {{ a }} #}x", "\"x\""),
    ("{{ a", "\"{{ a\""),
    ("it's {{ a }}", "template(\"it's \", text(a, null: \"\"))"),
  ]

  @Test(arguments: templates.map(\.text))
  func `a template is what it renders`(text: String) throws {
    let row = try #require(Self.templates.first { $0.text == text })
    #expect(template(row.text) == row.expected)
  }

  @Test(arguments: [
    String(repeating: "(", count: 50_000), String(repeating: "a.", count: 50_000),
    String(repeating: "a - ", count: 50_000), String(repeating: "not ", count: 50_000),
    String(repeating: "[", count: 50_000), String(repeating: "a ? ", count: 50_000),
    String(repeating: "a | b ", count: 50_000), String(repeating: "if a then ", count: 50_000),
    String(repeating: "{% if a %}", count: 20_000), String(repeating: "{{ '", count: 20_000),
  ])
  func `no text makes the parser fall over`(text: String) {
    for dialect in [FormulaDialect.pebble, .jinja, .juel, .feel] {
      _ = condition(text, dialect)
      _ = template(text, dialect)
    }
  }
}

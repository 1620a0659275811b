import Expressions
import SourceText
import TestSupport
import Testing

private func located(_ text: String) -> LocatedText {
  LocatedText(text) { SourceLocation(path: "machine.json", range: $0) }
}

private let nowhere = SourceLocation(path: "machine.json", range: ByteRange(0, 0))

private let scope = StatesScope(
  input: .reference(Reference(Variable("$"), at: nowhere)), result: .result([]),
  errorOutput: .record([Value.Field("Error", .unknown([]))]),
  mapItem: .reference(
    Reference(Variable("$"), path: [.field("items"), .element], at: nowhere)),
  variables: ["cert": Variable("outer/$cert")])

struct ReferencePathTests {
  @Test(arguments: [
    ("$", "$"),
    ("$.a.b", "$.a.b"),
    ("$['a b']['c.d']", "$.a b.c.d"),
    ("$[\"it's\"]", "$.it's"),
    ("$.a[0].b", "$.a[0].b"),
    ("$.a[*].b", "$.a[*].b"),
    ("$.a.*", "$.a[*]"),
    ("$..cert_hash", "$[?].cert_hash"),
    ("$.a[-1]", "$.a[?]"),
    ("$.a[1:3]", "$.a[?]"),
    ("$.tasks[?(@.type == 'Map [x]')].field", "$.tasks[?].field"),
    ("$.a['b','c']", "$.a[?]"),
    ("$.a.length()", "$.a"),
    ("$.detail-type.größe", "$.detail-type.größe"),
    ("$$.Execution.Id", "$$.Execution.Id"),
    ("$$.Map.Item.Value.text", "$.items[each].text"),
    ("$cert", "outer/$cert"),
    ("$other.a", "$other.a"),
  ])
  func `a path names the place it reads`(text: String, expected: String) throws {
    let path = try ReferencePath.parse(located(text))
    #expect(ValueDump.text(path.value(in: scope, at: nowhere)) == expected)
  }

  @Test(arguments: [
    ("", 0), ("a.b", 0), ("$.", 2), ("$.a[", 3), ("$.a[]", 3), ("$.a b", 3), ("$.a[b]", 3),
    ("$.a..", 5),
  ])
  func `a broken path is told where it breaks`(text: String, offset: Int) {
    let problem = #expect(throws: ExpressionProblem.self) {
      try ReferencePath.parse(located(text))
    }
    #expect(problem?.location.range.start == offset)
  }

  @Test(arguments: [
    ("$.a.b[0]", true), ("$", true), ("$.a[*]", false), ("$..a", false), ("$$.a", false),
  ])
  func `only a single place of the state can be written`(text: String, isWritable: Bool) throws {
    #expect(try ReferencePath.parse(located(text)).isWritable == isWritable)
  }
}

struct IntrinsicFunctionTests {
  @Test(arguments: [
    ("$.a", "$.a"),
    (
      "States.Format('Hi {}, {}', $.name, 'x')",
      #"template("Hi ", text($.name, null: "null"), ", ", "x")"#
    ),
    (
      #"States.Format('it\'s \{\} {}', $.a)"#,
      #"template("it's {} ", text($.a, null: "null"))"#
    ),
    (
      "States.Format($.pattern, $.a)",
      #"template(text($.pattern, null: "null"), text($.a, null: "null"))"#
    ),
    ("States.StringToJson($.Payload.body)", "$.Payload.body"),
    ("States.JsonToString($.a)", #"text($.a, null: "null")"#),
    ("States.Array($.a, 1, true, null)", #"[$.a, "1", "true", null]"#),
    (
      "States.ArrayGetItem(States.StringSplit($.key, '/'), 0)",
      "(States.StringSplit($.key))[0]"
    ),
    ("States.ArrayGetItem(States.Array($.a, $.b), 1)", "$.b"),
    ("States.ArrayGetItem($.list, $.i)", "$.list[?]"),
    ("States.ArrayContains($.list, $.a)", #"($.list contains $.a ? "true" : "false")"#),
    ("States.ArrayLength($.a)", "length($.a)"),
    ("States.MathAdd($.n, -1)", #"States.MathAdd([$.n, "-1"])"#),
    ("States.Hash($.a, 'SHA-256')", "States.Hash($.a)"),
    ("States.JsonMerge($.a, $.b, false)", "merge([$.a, $.b])"),
    ("States.UUID()", "unknown()"),
    ("  States.Base64Encode( $.a )  ", "States.Base64Encode($.a)"),
  ])
  func `an intrinsic function says what becomes of its data`(
    text: String, expected: String
  ) throws {
    let value = try IntrinsicFunction.value(of: located(text), in: scope)
    #expect(ValueDump.text(value) == expected)
  }

  @Test(arguments: [
    ("States.Formt('{}', $.a)", 0, "did you mean `States.Format`?"),
    ("States.Format('{}', $.a", 23, ""),
    ("States.Format('{}, $.a)", 14, "end it with `'`"),
    ("States.JsonToString($.a))", 24, ""),
    ("States.Format '{}'", 14, ""),
    ("plain text", 0, "a key that ends in `.$` takes `$.field` or `States.Format(…)`"),
    ("States.Array(a)", 13, ""),
  ])
  func `a broken call is told where it breaks`(text: String, offset: Int, hint: String) {
    let problem = #expect(throws: ExpressionProblem.self) {
      try IntrinsicFunction.value(of: located(text), in: scope)
    }
    #expect(problem?.location.range.start == offset)
    #expect(problem?.hint == hint)
  }
}

struct ChoiceRuleTests {
  private func read(_ json: String) throws -> (condition: Condition, problems: [ExpressionProblem])
  {
    let file = SourceFile(path: "rule.json", bytes: Array(json.utf8))
    let root = try #require(JSONReader.read(file).documents.first)
    return ChoiceRule.condition(of: root, in: scope, path: "rule.json")
  }

  @Test(arguments: [
    (#"{"Variable": "$.a", "StringEquals": "x", "Next": "N"}"#, #"$.a equal "x""#),
    (#"{"Variable": "$.a", "StringEqualsPath": "$.b"}"#, "$.a equal $.b"),
    (#"{"Variable": "$.a", "NumericGreaterThanEquals": 0.66}"#, #"$.a greaterOrEqual "0.66""#),
    (
      #"{"Variable": "$.a", "TimestampLessThanPath": "$$.State.EnteredTime"}"#,
      "$.a less $$.State.EnteredTime"
    ),
    (#"{"Variable": "$.a", "BooleanEquals": true}"#, #"$.a equal "true""#),
    (#"{"Variable": "$.a", "StringMatches": "cert-*"}"#, #"$.a matchesGlob "cert-*""#),
    (#"{"Variable": "$.a", "IsPresent": true}"#, "$.a isPresent"),
    (#"{"Variable": "$.a", "IsPresent": false}"#, "not $.a isPresent"),
    (#"{"Variable": "$.a", "IsNull": true}"#, "$.a isNull"),
    (#"{"Variable": "$.a", "IsString": true}"#, "$.a isText"),
    (#"{"Variable": "$.a", "IsNumeric": true}"#, "$.a isNumber"),
    (#"{"Variable": "$.a", "IsTimestamp": true}"#, "($.a isText and unknown())"),
    (#"{"Variable": "$cert", "IsBoolean": true}"#, "outer/$cert isBoolean"),
    (
      #"{"And": [{"Variable": "$.a", "IsPresent": true}, {"Not": {"Variable": "$.a", "IsNull": true}}]}"#,
      "($.a isPresent and not $.a isNull)"
    ),
    (
      #"{"Or": [{"Variable": "$.a", "StringEquals": ""}, {"Variable": "$.b", "IsNull": false}]}"#,
      #"($.a equal "" or not $.b isNull)"#
    ),
  ])
  func `a rule is the comparison it writes`(json: String, expected: String) throws {
    let reading = try read(json)
    #expect(reading.problems.isEmpty)
    #expect(ValueDump.text(reading.condition) == expected)
  }

  @Test(arguments: [
    (
      #"{"Variable": "$.a", "StringEqual": "x"}"#, "unknown($.a)",
      "there is no comparison `StringEqual`"
    ),
    (#"{"Variable": "$.a"}"#, "unknown($.a)", "the rule has no comparison"),
    (#"{"StringEquals": "x"}"#, "unknown()", "the rule compares nothing"),
    (#"{"Variable": "a", "StringEquals": "x"}"#, #"unknown() equal "x""#, "a path starts with `$`"),
    (
      #"{"Variable": "$.a", "BooleanGreaterThan": true}"#, "unknown($.a)",
      "there is no comparison `BooleanGreaterThan`"
    ),
  ])
  func `a rule that cannot be read proves nothing`(
    json: String, expected: String, message: String
  ) throws {
    let reading = try read(json)
    #expect(reading.problems.map(\.message) == [message])
    #expect(ValueDump.text(reading.condition) == expected)
  }

  @Test func `an empty list of parts holds for nothing`() throws {
    #expect(ValueDump.text(try read(#"{"And": []}"#).condition) == "(unknown())")
  }
}

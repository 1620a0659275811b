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

struct JSONataTests {
  @Test(arguments: [
    ("plain text", #""plain text""#),
    ("a {% 1 %}", #""a {% 1 %}""#),
    ("{% $states.input.a.b %}", "$.a.b"),
    ("{%$states.result.ResponseBody.cert_hash%}", "result.ResponseBody.cert_hash"),
    ("{% $states.input.`a b`[0] %}", "$.a b[0]"),
    ("{% $states.input.messages[-1].content %}", "$.messages[?].content"),
    ("{% $states.input.**.name %}", "$[?].name"),
    ("{% $states.input.*.name %}", "$[*].name"),
    ("{% $states.input.list[kind = 'x'].id %}", "$.list[?].id"),
    ("{% $states.context.Execution.Name %}", "$$.Execution.Name"),
    ("{% $states.context.Map.Item.Value.id %}", "$.items[each].id"),
    ("{% $states.errorOutput.Error %}", "unknown()"),
    ("{% $cert %}", "outer/$cert"),
    ("{% $cert.hash %}", "outer/$cert.hash"),
    ("{% 'a' & $states.input.b & \"c\" %}", #"template("a", text($.b, null: "null"), "c")"#),
    ("{% {'cert': $states.result.c, 'n': 1}.cert %}", "result.c"),
    ("{% {'a': $states.input.x} %}", "{a: $.x}"),
    ("{% [$states.input.x, 2] %}", #"[$.x, "2"]"#),
    ("{% $states.input.a.{'b': c} %}", "{b: $.a.c}"),
    ("{% $parse($states.result.Payload.body).cert %}", "result.Payload.body.cert"),
    ("{% $string($states.input.a) %}", #"text($.a, null: "null")"#),
    ("{% $count($states.input.a) %}", "length($.a)"),
    ("{% $lookup($states.input, 'k') %}", "$.k"),
    ("{% $merge([$states.input, {'a': 1}]).a %}", #""1""#),
    ("{% $append([$states.input.a], [$states.input.b]) %}", "[$.a, $.b]"),
    ("{% $append($states.input.a, $states.input.b) %}", "either($.a, $.b)"),
    ("{% $states.input.a ?: 'none' %}", #"($.a ?? "none")"#),
    ("{% $states.input.a ?? 'none' %}", #"($.a ?? "none")"#),
    (
      "{% $states.input.a ? $states.input.a : 'none' %}",
      #"($.a isTrue~javaScript ? $.a : "none")"#
    ),
    ("{% ($x := $states.input.a; $y := $x.b; $y.c) %}", "$.a.b.c"),
    ("{% $attempts + 1 %}", #"+([$attempts, "1"])"#),
    ("{% $states.input.a ~> $uppercase() %}", "$uppercase($.a)"),
    ("{% $states.input.a ~> $string %}", #"text($.a, null: "null")"#),
    (
      "{% $map($states.input.list, function($v, $i) { $v.id & $cert }) %}",
      "unknown($.list, $.list[?].id, outer/$cert)"
    ),
    (
      "{% $reduce($states.input.list, function($a, $b){ $a + $b }) %}",
      "unknown($.list, $.list[?])"
    ),
    ("{% $filter($states.input.list, function($v){ $v.ok }).id %}", "$.list[?].id"),
    ("{% $states.input.list^(>price).id %}", "unknown($.list, $.list.price)"),
    ("{% $now() %}", "unknown()"),
    ("{% /* why */ $states.input.a /* here */ %}", "$.a"),
    ("{% -1 %}", #""-1""#),
    ("{% 7 / 2 %}", #"/(["7", "2"])"#),
    ("{% $unknownFunction($states.input.a) %}", "unknown($.a)"),
    (#"{% "ä\u00e4\n" %}"#, "\"ää\n\""),
  ])
  func `a value is what its parts make of the data`(text: String, expected: String) throws {
    let value = try JSONata.value(of: located(text), in: scope)
    #expect(ValueDump.text(value) == expected)
  }

  @Test(arguments: [
    ("{% $states.input.status = 'certified' %}", #"$.status equal "certified""#),
    ("{% $states.input.a != $states.input.b %}", "not $.a equal $.b"),
    ("{% $states.input.cert != null %}", "not $.cert isNull"),
    ("{% $exists($states.input.cert) %}", "$.cert isPresent"),
    (
      "{% $exists($states.input.cert) and $states.input.cert != '' %}",
      #"($.cert isPresent and not $.cert equal "")"#
    ),
    (
      "{% $states.input.w >= 0.66 or $not($states.input.ok) %}",
      #"($.w greaterOrEqual "0.66" or not $.ok isTrue~javaScript)"#
    ),
    ("{% $states.input.a in ['x', 'y'] %}", #"$.a oneOf "x", "y""#),
    ("{% 'x' in $states.input.tags %}", #"$.tags contains "x""#),
    ("{% $contains($states.input.a, 'x') %}", #"$.a contains "x""#),
    (
      "{% $contains($states.input.a, /^[0-9a-f]{64}$/i) %}",
      #"$.a matchesRegularExpression "^[0-9a-f]{64}$""#
    ),
    ("{% $length($states.input.cert) > 0 %}", #"length($.cert) greater "0""#),
    ("{% $type($states.input.cert) = 'string' %}", "$.cert isText"),
    ("{% $boolean($states.input.cert) %}", "$.cert isTrue~javaScript"),
    ("{% $exists($states.input.a) = true %}", "$.a isPresent"),
    (
      "{% $count($states.input.claims[assessment != 'TRUE']) = 0 %}",
      #"every $.claims has not not $.claims[each].assessment equal "TRUE""#
    ),
    (
      "{% $count($states.input.claims[assessment = 'TRUE']) > 0 %}",
      #"some $.claims has $.claims[each].assessment equal "TRUE""#
    ),
    (
      "{% $count($states.input.claims[ok]) = $count($states.input.claims) %}",
      "every $.claims has $.claims[each].ok isTrue~javaScript"
    ),
    (
      "{% $not($exists($states.input.claims[ok = false])) %}",
      #"not some $.claims has $.claims[each].ok equal "false""#
    ),
    (
      "{% $count($filter($states.input.claims, function($c) { $c.ok = false })) = 0 %}",
      #"every $.claims has not $.claims[each].ok equal "false""#
    ),
    (
      "{% $states.input.a = 'x' ? true : $states.input.b = 'y' %}",
      #"(($.a equal "x" and true) or (not $.a equal "x" and $.b equal "y"))"#
    ),
    ("{% ($c := $states.input.cert; $c != null) %}", "not $.cert isNull"),
    ("{% true %}", "true"),
    ("{% $map($states.input.a, function($v){ $v }) %}", "unknown($.a, $.a[?])"),
    ("yes", "unknown()"),
  ])
  func `a condition is the tests it makes`(text: String, expected: String) throws {
    let condition = try JSONata.condition(of: located(text), in: scope)
    #expect(ValueDump.text(condition) == expected)
  }

  @Test(arguments: [
    ("{% %}", 2), ("{% $states.input. %}", 16), ("{% a ! b %}", 5), ("{% 'open %}", 3),
    ("{% (1 %}", 4), ("{% [1, 2 %}", 7), ("{% a b %}", 5), ("{% {'a' 1} %}", 8),
    ("{% 1 := 2 %}", 3), ("{% and = 1 or %}", 11), ("{% /* x %}", 3), ("{% /x %}", 3),
    ("{% function($a { 1 } %}", 15), (#"{% "\u12" %}"#, 4),
  ])
  func `a broken expression is told where it breaks`(text: String, offset: Int) {
    let problem = #expect(throws: ExpressionProblem.self) {
      try JSONata.value(of: located(text), in: scope)
    }
    #expect(problem?.location.range.start == offset)
  }

  @Test func `deep and long expressions end in a value or a problem`() {
    let shapes = [
      String(repeating: "(", count: 5_000), String(repeating: "[", count: 200),
      "1" + String(repeating: "+1", count: 5_000),
      "$a" + String(repeating: "[b=1]", count: 150),
      "$a" + String(repeating: "{'k': 1}", count: 150),
      String(repeating: "(", count: 60) + "$a" + String(repeating: "?$b:$c)", count: 60),
      String(repeating: "$count($a[", count: 80) + "1" + String(repeating: "]) + 5", count: 80),
      String(repeating: "$map(", count: 80) + "$a" + String(repeating: ", $f)", count: 80),
      String(repeating: "{'a': {$x: ", count: 60) + "1" + String(repeating: "}}", count: 60),
    ]
    for shape in shapes {
      let text = located("{% \(shape) %}")
      _ = try? JSONata.value(of: text, in: scope)
      _ = try? JSONata.condition(of: text, in: scope)
    }
  }
}

import Expressions
import SourceText
import TestSupport
import Testing

/// Names that start with `$` are the engine's; what they hold is not known.
private enum Probe {
  static var translator: JavaScriptTranslator {
    JavaScriptTranslator(
      scope: JavaScriptScope(
        resolve: { name, _, location in
          guard name.hasPrefix("$") else { return nil }
          return JavaScriptResolution(.reference(Reference(Variable(name), at: location)), used: 0)
        },
        locate: { SourceLocation(path: "code.js", range: $0) }))
  }

  static func value(_ text: String) -> String {
    let bytes = Array(text.utf8)
    return ValueDump.text(translator.value(bytes, in: ByteRange(0, bytes.count)))
  }

  static func condition(_ text: String) -> String {
    let bytes = Array(text.utf8)
    return ValueDump.text(translator.condition(bytes, in: ByteRange(0, bytes.count)))
  }
}

struct JavaScriptValueTests {
  @Test(arguments: [
    ("$json.cert_hash", "$json.cert_hash"),
    ("$json['cert_hash'].a[0]", "$json.cert_hash.a[0]"),
    ("$json?.a?.['b']", "$json.a.b"),
    ("(await $json.f).x", "$json.f.x"),
    ("$json[$json.key]", "either($json[?], unknown($json.key))"),
    ("$json.items.length", "length($json.items)"),
    ("{...$json, a: 1}", "merge([$json, {a: \"1\"}])"),
    ("[1, $json.a]", "[\"1\", $json.a]"),
    ("({a: $json.b}).a", "$json.b"),
  ])
  func `reads keep their paths`(text: String, expected: String) {
    #expect(Probe.value(text) == expected)
  }

  @Test(arguments: [
    ("`a ${$json.x} b`", "template(\"a \", text($json.x, null: \"null\"), \" b\")"),
    ("'a' + $json.x + 1", "template(\"a\", text($json.x, null: \"null\"), \"1\")"),
    ("$json.list.map(x => x.title).join(', ')", "join([$json.list[*].title])"),
    ("$json.text.trim()", "trim($json.text)"),
    ("String($json.a)", "text($json.a, null: \"null\")"),
    ("JSON.parse($json.body).cert_hash", "$json.body.cert_hash"),
    ("JSON.stringify({a: $json.b})", "{a: $json.b}"),
  ])
  func `text is wrapped, parsed or converted`(text: String, expected: String) {
    #expect(Probe.value(text) == expected)
  }

  @Test(arguments: [
    ("$json.a || 'x'", "($json.a ?? \"x\")"),
    ("$json.a ?? $json.b", "($json.a ?? $json.b)"),
    (
      "$json.c ? 'Verified' : 'Draft'",
      "($json.c isTrue~javaScript ? \"Verified\" : \"Draft\")"
    ),
    ("$json.r.find(x => x.id === 1).name", "$json.r[?].name"),
  ])
  func `choices stay choices`(text: String, expected: String) {
    #expect(Probe.value(text) == expected)
  }

  @Test(arguments: [
    ("a b $json.x $json['y']", "unknown($json.x, $json.y)"),
    ("$json.x as string", "unknown($json.x)"),
    ("f($json.x", "unknown($json.x)"),
    ("", "unknown()"),
    ("}{", "unknown()"),
    ("'", "\"\""),
  ])
  func `what does not parse still shows what it reads`(text: String, expected: String) {
    #expect(Probe.value(text) == expected)
  }
}

struct JavaScriptConditionTests {
  @Test(arguments: [
    ("$json.c", "$json.c isTrue~javaScript"),
    ("!$json.c", "not $json.c isTrue~javaScript"),
    ("!!$json.c", "$json.c isTrue~javaScript"),
    ("Boolean($json.c)", "$json.c isTrue~javaScript"),
    ("$json.c !== null", "not $json.c equal null"),
    ("$json.c != null", "not $json.c equal~javaScript null"),
    ("null !== $json.c", "not $json.c equal null"),
    ("$json.c !== undefined", "$json.c isPresent"),
    ("typeof $json.c !== 'undefined'", "$json.c isPresent"),
    ("typeof $json.c === 'string'", "$json.c isText"),
    ("'c' in $json", "$json.c isPresent"),
    ("$json.hasOwnProperty('c')", "$json.c isPresent"),
    ("$json.c.length > 0", "length($json.c) greater~javaScript \"0\""),
  ])
  func `presence is tested as the language tests it`(text: String, expected: String) {
    #expect(Probe.condition(text) == expected)
  }

  @Test(arguments: [
    ("$json.w >= 0.67", "$json.w greaterOrEqual~javaScript \"0.67\""),
    ("0.67 <= $json.w", "$json.w greaterOrEqual~javaScript \"0.67\""),
    ("$json.a === $json.b", "$json.a equal $json.b"),
    ("$json.s == 'ok'", "$json.s equal~javaScript \"ok\""),
    ("$json.s.includes('x')", "$json.s contains \"x\""),
    ("$json.s.indexOf('x') !== -1", "$json.s contains \"x\""),
    ("['certified', 'final'].includes($json.s)", "$json.s oneOf \"certified\", \"final\""),
    ("$json.h.startsWith('0x')", "$json.h startsWith \"0x\""),
    ("/^0x/.test($json.h)", "$json.h matchesRegularExpression \"^0x\""),
    ("/a[/]b\\/c/i.test($json.h)", "$json.h matchesRegularExpression \"a[/]b\\/c\""),
  ])
  func `comparisons keep their subject on the left`(text: String, expected: String) {
    #expect(Probe.condition(text) == expected)
  }

  @Test(arguments: [
    (
      "$json.a && !$json.b || $json.c",
      "(($json.a isTrue~javaScript and not $json.b isTrue~javaScript) or $json.c isTrue~javaScript)"
    ),
    (
      "$json.a ? $json.b : false",
      "(($json.a isTrue~javaScript and $json.b isTrue~javaScript)"
        + " or (not $json.a isTrue~javaScript and false))"
    ),
  ])
  func `logic is kept`(text: String, expected: String) {
    #expect(Probe.condition(text) == expected)
  }

  @Test(arguments: [
    (
      "$json.r.every(r => r.v === 'TRUE')",
      "every $json.r has $json.r[each].v equal \"TRUE\""
    ),
    (
      "$json.r.every(({v}) => v == 'TRUE')",
      "every $json.r has $json.r[each].v equal~javaScript \"TRUE\""
    ),
    (
      "$json.r.every(r => { const v = r.v; return v === 'TRUE' })",
      "every $json.r has $json.r[each].v equal \"TRUE\""
    ),
    (
      "$json.r.some(r => r.v !== 'TRUE')",
      "some $json.r has not $json.r[each].v equal \"TRUE\""
    ),
    (
      "$json.r.filter(r => r.v !== 'TRUE').length === 0",
      "every $json.r has $json.r[each].v equal \"TRUE\""
    ),
    (
      "$json.r.filter(r => r.ok).length === $json.r.length",
      "every $json.r has $json.r[each].ok isTrue~javaScript"
    ),
  ])
  func `quantifiers say what they quantify`(text: String, expected: String) {
    #expect(Probe.condition(text) == expected)
  }

  @Test(arguments: [
    ("$json.a instanceof Foo", "unknown($json.a)"),
    ("$json.a ===", "unknown($json.a)"),
  ])
  func `what cannot be judged proves nothing`(text: String, expected: String) {
    #expect(Probe.condition(text) == expected)
  }

  @Test(
    .timeLimit(.minutes(10)),
    arguments: [
      String(repeating: "(", count: 8_000), String(repeating: "[", count: 8_000),
      String(repeating: "!", count: 8_000), String(repeating: "a?", count: 3_000),
      String(repeating: "`${", count: 3_000), String(repeating: "x=>", count: 3_000),
      "$json" + String(repeating: ".a", count: 8_000),
      String(repeating: "$json.a && ", count: 3_000) + "$json.b",
      String(repeating: "($json.a ? ", count: 60) + "1" + String(repeating: " : 0)", count: 60),
      String(repeating: "(", count: 40) + "$json.a"
        + String(repeating: " ? $json.b : $json.c)", count: 40),
      String(repeating: "$json.a.filter(x => ", count: 30) + "x"
        + String(repeating: ").length === 0", count: 30),
      String(repeating: "$json.a.map(x => ", count: 30) + "x" + String(repeating: ")", count: 30),
    ])
  func `deep and long code is read in time`(text: String) {
    let bytes = Array(text.utf8)
    let range = ByteRange(0, bytes.count)
    _ = Probe.translator.condition(bytes, in: range)
    _ = Probe.translator.value(bytes, in: range)
  }
}

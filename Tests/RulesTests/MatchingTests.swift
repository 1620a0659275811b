import Rules
import Testing

struct MatchingTests {
  @Test(arguments: [
    ("*/v1/verified/generate*", "https://api.mira.network/v1/verified/generate?x=1", true),
    ("actions/cache@*", "actions/cache@v4", true),
    ("actions/cache@*", "actions/cache/save@v4", false),
    ("a?c", "abc", true), ("a?c", "aéc", true), ("a?c", "ac", false),
    ("*", "", true), ("", "", true), ("", "a", false), ("**a", "bba", true),
    ("*ab*ab*", "aabab", true), ("*ab*ab*", "aab", false), ("A*", "abc", false),
  ])
  func `a glob matches the whole text`(_ pattern: String, _ text: String, _ expected: Bool) {
    #expect(Glob(pattern).matches(text) == expected)
    #expect(Glob(pattern).matches(FoldedText(text)) == expected)
  }

  @Test func `a glob can ignore case`() {
    #expect(Glob("GH*", ignoringCase: true).matches("ghx"))
  }

  @Test(arguments: [("*ÄB*", "xäb"), ("straße", "STRAßE"), ("gh*", "GHX"), ("a?c", "AÉC")])
  func `a text that is folded once is matched like one that is not`(
    _ pattern: String, _ text: String
  ) {
    let glob = Glob(pattern, ignoringCase: true)
    #expect(glob.matches(text))
    #expect(glob.matches(FoldedText(text)))
    #expect(!Glob(pattern).matches(FoldedText(text)))
  }

  @Test(.timeLimit(.minutes(10)))
  func `many stars take no more than the product of the lengths`() {
    let pattern = String(repeating: "a*", count: 200) + "b"
    #expect(!Glob(pattern).matches(String(repeating: "a", count: 20_000)))
  }

  @Test(arguments: [("cert_hash", "certHash"), ("cert-hash", "CERT_HASH"), ("id", "ID")])
  func `names are compared without case and joints`(_ left: String, _ right: String) {
    #expect(KeyName.same(left, right))
    #expect(KeyName(left) == KeyName(right))
  }

  @Test(arguments: [
    ("sumary", "summary"), ("severty", "severity"), ("failOn", "fail-on"), ("roel", "role"),
  ])
  func `the nearest word is suggested`(_ word: String, _ expected: String) {
    let words = ["summary", "severity", "fail-on", "role", "why", "id"]
    #expect(Closeness.nearest(to: word, among: words) == expected)
  }

  @Test(arguments: ["colour", "x", "", "on"])
  func `nothing is suggested for a word that is near to none`(_ word: String) {
    #expect(Closeness.nearest(to: word, among: ["summary", "severity", "id"]) == nil)
  }
}

struct MessageTemplateTests {
  @Test(arguments: [
    ("`{sink}` uses {source.id}", ["sink", "source.id"]),
    ("${{ steps.{source.id}.outputs.x != '' }}", ["source.id"]),
    ("${{source.id}.output}", ["source.id"]),
    ("${stage.output} {{ $json.x }} {\"a\": 1} {A} {}", []),
    ("{sink", []), ("{a..}", []), ("{.a}", []),
  ])
  func `only lower-case words in braces are placeholders`(_ text: String, _ names: [String]) {
    #expect(MessageTemplate(text).placeholders == names)
  }

  @Test func `a placeholder without a value goes with the space before it`() {
    let sentence = MessageTemplate("`{sink}` mails it {cause}").filled { $0 == "sink" ? "A" : nil }
    #expect(sentence == "`A` mails it")
  }
}

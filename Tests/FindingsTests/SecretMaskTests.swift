import Testing

@testable import Findings

@Suite("Secrets")
struct SecretMaskTests {
  private let mask = SecretMask(globs: ["mk_*", "sb-*", "*.secret"])

  @Test(arguments: [
    ("key: mk_live_4f9a", "key: mk_*********"),
    ("key=mk_live_4f9a.", "key=mk_*********."),
    ("https://x.example/mk_abcdef/y", "https://x.example/mk_********"),
    ("\"sb-0123456789\",", "\"sb-**********\","),
    ("Authorization: Bearer eyJhbGciOi.abc-_~+/==", "Authorization: Bearer *********************"),
    ("-H 'authorization:bearer abc12345'", "-H 'authorization:bearer ********'"),
    ("token.secret", "************"),
  ])
  func `a secret is hidden and keeps its length`(_ text: String, _ expected: String) {
    #expect(mask.mask(text) == expected)
    #expect(mask.mask(text).utf8.count == text.utf8.count)
  }

  @Test func `a question mark stands for one character`() {
    let mask = SecretMask(globs: ["mk_?*_????*"])
    #expect(mask.mask("mk_verify_0a1b2c") == "mk_*************")
    #expect(mask.mask("mk_verify_0a1") == "mk_verify_0a1")
  }

  @Test(arguments: [
    "mk_*", "mk_", "mk_…", "amk_live_4f9a", "mkdir_live", "the bearer of good news",
    "Bearer ${{ secrets.KEY }}", "Bearer $TOKEN", "a bearer token is needed", "日本語 mk",
  ])
  func `what is no secret stays`(_ text: String) {
    #expect(mask.mask(text) == text)
  }

  @Test func `one long word takes linear time`() {
    let word = String(repeating: "a.b/", count: 50_000)
    #expect(mask.mask(word) == word)
  }

  @Test func `every text of a finding is masked`() {
    let secret = "mk_live_4f9a"
    let place = Location(
      path: "a", line: 1, column: 1, endLine: 1, endColumn: 2, startByte: 0, endByte: 1)
    let finding = Finding(
      rule: "X1", name: "x", severity: .error, message: secret, location: place,
      flow: [FlowStep(role: .gate, message: secret, location: place)],
      evidence: Evidence(
        verdict: .violated, reason: "late", output: secret, certificate: secret,
        events: [Evidence.Event(line: 1, time: nil, name: secret)]),
      remedy: secret, route: secret, subject: secret)
    #expect(!"\(mask.mask(finding))".contains(secret))
  }
}

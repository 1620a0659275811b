import Rules
import Testing

@testable import Analysis

struct MentionScreenTests {
  private static func screen(_ mentions: [String]) -> MentionScreen? {
    var judged = VerificationProtocol(name: "p")
    judged.generates = [CallPattern(kind: "uses", names: ["acme/ask*"])]
    judged.mentions = Mentions(mentions)
    return MentionScreen(protocols: [judged], checks: [])
  }

  @Test(arguments: [
    ("uses: acme/ask@v1", true),
    ("uses: ACME/ask@v1", true),
    ("uses: other/ask@v1", false),
    ("run: hf upload", true),
    ("run: upload", false),
    ("key: hashFiles('x')\nrun: upload", false),
    ("run: my_hf upload", false),
    (#""run": "cd x\nhf upload""#, true),
    (#""uses": "\u0061cme/ask""#, true),
    (#""uses": "\x41cme/ask""#, true),
    (#""uses": "\U00000061cme/ask""#, true),
    (#""uses": "\u{61}cme/ask""#, true),
    ("<task uses=\"&#97;cme\"/>", true),
    ("<task uses=\"&#x61;cme\"/>", true),
    (#""name": "\u4e2d\u00e9\n\u003c""#, false),
    ("<task name=\"a&#10;b&amp;c&#x2026;\"/>", false),
    (#"cut \"#, false),
    (#"cut \u00"#, false),
    ("cut &#", false),
  ])
  func `words are found in either case, and escaped letters may be any`(
    text: String, expected: Bool
  ) throws {
    let screen = try #require(Self.screen(["acme", "hf upload"]))
    #expect(screen.areMentioned(in: Array(text.utf8)) == expected)
  }

  @Test func `without words a definition may call anything`() {
    #expect(Self.screen([]) == nil)
  }

  @Test func `a rule over steps that no protocol mentions may be about anything`() {
    let own = StepCheck(roles: [.badge], predicate: .has(argument: "shows"))
    let calling = StepCheck(roles: [.load], predicate: .before(OtherStep(.publish)))
    #expect(MentionScreen(protocols: [], checks: [own]) == nil)
    #expect(MentionScreen(protocols: [], checks: [calling]) != nil)
  }
}

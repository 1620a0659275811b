import Rules
import Testing

@testable import Analysis

@Suite struct ClaimReaderTests {
  private let reader = ClaimReader(
    VerificationProtocol.ClaimWords(
      words: ["verified", "✓ verified", "fact-checked"],
      not: ["not", "unverified", "pending", "to be"]))

  @Test(arguments: [
    "Verified by Mira", "✓ verified", "status: VERIFIED.", "Fact-checked by three models",
    "Pending questions are closed. This answer is verified.",
    "Verified, not legal advice",
  ])
  func `a text that says so claims verification`(text: String) {
    #expect(reader.claims(text))
  }

  @Test(arguments: [
    "unverified", "not verified", "verified: pending", "Verified? Not yet", "yet to be verified",
    "verification",
    "The verifiedness of it", "",
  ])
  func `a negation, a promise or another word claims nothing`(text: String) {
    #expect(!reader.claims(text))
  }
}

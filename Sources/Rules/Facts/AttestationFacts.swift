extension FactKind {
  static let artifact = FactKind(
    "artifact", "A file that an attestation, a model signature or a bill of materials names.",
    [
      Fact("name", "The file's name there."),
      Fact(
        "role",
        "What it is: `subject`, `model file`, `signed file`, `prompt file`, `configuration`, `dataset`, `component`."
      ),
      Fact(
        "status",
        "`same`, `changed`, `unlisted` (it lies beside files that are signed as a whole), or `newer` (its bytes cannot be compared, and it was written after it was attested); not known where the file is absent or refused."
      ),
      Fact("expected", "The digest that was attested, shortened."),
      Fact("actual", "The digest that the file has, shortened."),
      Fact("statement", "What names it, with its article: `an evaluation`, `a provenance`."),
      Fact("reason", "Why it was not compared."),
      Fact(
        "signed",
        "What the best signature is worth: `valid`, `undecided`, `revoked`, `unknown-signer`, `invalid`, or `unsigned`."
      ),
    ])

  static let claim = FactKind(
    "claim", "A property that a model card, a bill of materials or a test result claims.",
    [
      Fact("claim", "What is claimed: `accuracy 0.91 on squad`."),
      Fact("source", "Who claims: `model card`, `bill of materials`, `test result`."),
      Fact("says_verified", "Whether it says of itself that it was verified."),
      Fact(
        "status",
        "`attested`, `different-value`, `failed`, `untrusted`, `unsigned`, `uncovered` or `no-attestation`; not known where the attestation's signature is not decided."
      ),
      Fact("reason", "More of that in words."),
    ])

  static let reference = FactKind(
    "reference", "A model, data set, image or file that a card, a bill or an attestation names.",
    [
      Fact("kind", "`model`, `dataset`, `image` or `file`."),
      Fact("name", "Its name there."),
      Fact("pinned", "Whether a digest, a commit or a revision says which bytes are meant."),
      Fact("source", "Where it is named: `the model card`, `an evaluation`, …"),
    ])

  static let evaluation = FactKind(
    "evaluation", "An evaluation or a test result, and what it tells of how it was made.",
    [
      Fact("statement", "`evaluation` or `test result`."),
      Fact("missing", "What it does not tell, in words."),
      Fact("missing_count", "How many such parts."),
    ])

  static let timing = FactKind(
    "timing", "When something was attested, beside when it could have been.",
    [
      Fact(
        "status",
        "`signed-before-end`, `ends-before-start`, `before-build`, `verified-before-end`; `paced` where only the pace is told."
      ),
      Fact("does", "What happened too early, in words."),
      Fact("reason", "Why it could not have been then, in words."),
      Fact("statement", "What tells it, with its article."),
      Fact("seconds_per_sample", "How long an answer took on average."),
      Fact("least_seconds_per_sample", "How long one takes at least, by the trust file's policy."),
      Fact("has_policy", "Whether the trust file's policy says so."),
    ])

  static let attestationSignature = FactKind(
    "attestation-signature", "One signature of an envelope or a Sigstore bundle.",
    [
      Fact(
        "status",
        "`valid`, `invalid`, `unknown-signer` or `revoked`; not known without a key or a root of trust for it."
      ),
      Fact("signer", "Whose key or certificate it is."),
      Fact(
        "missing",
        "What would decide it, where `status` is not known: `signer`, `file`, `root-entry` (a log or authority that the trusted root does not name), `evidence` (something that the bundle should carry) or `support`."
      ),
      Fact("reason", "More of that in words."),
      Fact("statement", "What is signed, with its article."),
    ])
}

#if Certificates
  package import SourceText

  /// What stands behind an examined attestation, from its files to the root of trust.
  package struct AttestationChain: Sendable {
    package var title: String
    package var path: String
    package var range: ByteRange
    package var links: [Link] = []

    /// One station, and whether it holds; `nil` where that is not decided.
    package struct Link: Sendable {
      package var kind: String
      package var name: String
      package var words: String
      package var holds: Bool?
    }

    package init(_ item: AttestationExaminer.Examined) {
      title = item.attestation.predicate.title
      path = item.path
      range = item.attestation.range
      links = item.artifacts.map(Self.link)
      links.append(Self.statement(item))
      for (standing, _) in item.standings { add(standing, item.attestation) }
    }

    private static func link(_ artifact: AttestationExaminer.ExaminedArtifact) -> Link {
      var link = Link(kind: "file", name: artifact.name, words: artifact.role, holds: nil)
      switch artifact.status {
      case .same:
        link.words += ", as attested"
        link.holds = true
      case .changed:
        link.words += ", changed since"
        link.holds = false
      case .unlisted:
        link.words += ", not listed"
        link.holds = false
      case .missing, .refused, .newer: link.words = "\(artifact.role); \(artifact.reason)"
      }
      return link
    }

    private static func statement(_ item: AttestationExaminer.Examined) -> Link {
      guard let statement = item.attestation.statement else {
        return Link(kind: "signature", name: item.path, words: "over a file", holds: true)
      }
      return Link(
        kind: "statement", name: item.attestation.predicate.title,
        words: statement.predicateType, holds: true)
    }

    private mutating func add(_ standing: SignatureStanding, _ attestation: Attestation) {
      var holds: Bool?
      switch standing.verdict {
      case .valid: holds = true
      case .undecided: holds = nil
      case .invalid, .unknownSigner, .revoked: holds = false
      }
      let container: (kind: String, name: String) =
        switch attestation.container {
        case .bare: ("statement", "unsigned")
        case .envelope(let envelope): ("envelope", envelope.payloadType)
        case .bundle: ("bundle", "Sigstore bundle")
        }
      let isSigned = standing.verdict != .invalid
      links.append(
        Link(
          kind: container.kind, name: container.name,
          words: isSigned ? "carries the signature" : standing.words,
          holds: holds == nil ? nil : isSigned))
      links.append(
        Link(
          kind: "signer", name: standing.signer ?? "not known",
          words: standing.words.isEmpty ? "the signature is theirs" : standing.words, holds: holds))
      links.append(
        Link(
          kind: "trust", name: standing.verdict == .valid ? "trusted" : "not reached",
          words: standing.time.map { "signed on \($0.text)" }
            ?? (standing.verdict == .valid ? "by the trust file" : "the chain ends before it"),
          holds: holds))
    }
  }
#endif

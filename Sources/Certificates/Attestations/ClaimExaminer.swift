#if Certificates
  import Rules
  /// Compares what model cards and bills claim with what attestations in reach say.
  struct ClaimExaminer {
    let examined: [AttestationExaminer.Examined]
    let files: ExaminedFiles

    func facts() -> [AttestationFact] {
      var facts: [AttestationFact] = []
      for card in files.cards {
        facts += card.content.claims.map { fact($0, card.path, card.folder, "model card") }
        facts += card.content.datasets.map { reference($0, card.path, "the model card") }
      }
      for bill in files.bills {
        facts += bill.content.claims.map { fact($0, bill.path, bill.folder, "bill of materials") }
        facts += bill.content.things.map { reference($0, bill.path, "the bill of materials") }
      }
      for (index, item) in examined.enumerated() {
        for thing in Self.things(in: item.attestation.predicate) {
          var fact = reference(thing, item.path, item.attestation.predicate.title)
          fact.record.range = item.attestation.place(of: thing.range)
          fact.attestation = index
          facts.append(fact)
        }
        if case .testResult(let result) = item.attestation.predicate, result.isPassed,
          let failed = result.failed.first
        {
          facts.append(contradiction(failed, item, index))
        }
      }
      return facts
    }

    /// What an attestation itself names, with or without a digest.
    private static func things(in predicate: Predicate) -> [NamedThing] {
      switch predicate {
      case .evaluation(let evaluation):
        evaluation.images.map { NamedThing($0, .image) }
          + evaluation.datasets.map { NamedThing($0, .dataset) }
          + evaluation.prompts.map { NamedThing($0, .file) }
      case .provenance(let provenance): provenance.materials.map { NamedThing($0, .file) }
      case .testResult, .verificationSummary, .modelSignature, .link, .other: []
      }
    }

    private func reference(_ thing: NamedThing, _ path: String, _ source: String) -> AttestationFact
    {
      AttestationFact(
        .reference, path: path, range: thing.range, route: "\(thing.kind) \(thing.text)",
        facts: [
          "kind": .text(thing.kind.rawValue), "name": .text(thing.text),
          "pinned": .flag(thing.isPinned), "source": .text(source),
        ])
    }

    private func contradiction(
      _ failed: String, _ item: AttestationExaminer.Examined, _ index: Int
    ) -> AttestationFact {
      AttestationFact(
        .claim, path: item.path,
        range: item.attestation.place(of: item.attestation.range), route: "result",
        facts: [
          "claim": .text("that all tests passed"), "status": .text("failed"),
          "reason": .text("`\(failed)` is among its failed tests"), "source": .text("test result"),
          "says_verified": .flag(true),
        ], attestation: index)
    }

    // MARK: Claims

    /// From the best to the worst that attestations can say of a claim.
    private enum Status: String, CaseIterable {
      case attested, undecided, differentValue = "different-value", failed, untrusted, unsigned
      case uncovered, noAttestation = "no-attestation"
    }

    private func fact(
      _ claim: Claim, _ path: String, _ folder: String, _ source: String
    ) -> AttestationFact {
      var best: (status: Status, reason: String, index: Int?) = (
        .noAttestation, "no attestation is among the checked files", nil
      )
      let reach = examined.indices.filter { Self.isInReach(examined[$0].folder, of: folder) }
      if !reach.isEmpty {
        best = (.uncovered, "no attestation in reach speaks of it", nil)
      }
      for index in reach {
        guard let (status, reason) = answer(examined[index], to: claim) else { continue }
        if Self.rank(status) < Self.rank(best.status) { best = (status, reason, index) }
      }
      return AttestationFact(
        .claim, path: path, range: claim.range, route: claim.title,
        facts: [
          "claim": .text(claim.title),
          "status": best.status == .undecided
            ? .unknown(best.reason) : .text(best.status.rawValue),
          "reason": .text(best.reason), "source": .text(source),
          "says_verified": .flag(claim.saysVerified),
        ], attestation: best.index)
    }

    private static func rank(_ status: Status) -> Int {
      Status.allCases.firstIndex(of: status) ?? 0
    }

    /// Whether one folder lies in the other.
    private static func isInReach(_ one: String, of other: String) -> Bool {
      one == other || one.hasPrefix(other == "/" ? "/" : other + "/")
        || other.hasPrefix(one == "/" ? "/" : one + "/")
    }

    private func answer(
      _ item: AttestationExaminer.Examined, to claim: Claim
    ) -> (Status, String)? {
      switch item.attestation.predicate {
      case .evaluation(let evaluation):
        let results = evaluation.results.filter(claim.isAbout)
        guard let first = results.first else { return nil }
        guard results.contains(where: claim.agrees) else {
          return (
            .differentValue,
            "the evaluation in \(item.path) came to \(Self.words(first.value, for: claim))"
          )
        }
        return standing(item)
      case .testResult(let result):
        if result.failed.contains(where: claim.isNamed) {
          return (.failed, "its test failed in \(item.path)")
        }
        return result.passed.contains(where: claim.isNamed) ? standing(item) : nil
      case .provenance, .verificationSummary, .modelSignature, .link, .other: return nil
      }
    }

    /// A result in its own unit, and in the claim's where that counts per cent.
    private static func words(_ value: Double, for claim: Claim) -> String {
      guard case .number(let claimed, _) = claim.value, claimed > 1, (0...1).contains(value) else {
        return "\(value)"
      }
      return "\(value), which is \((value * 100_000).rounded() / 1000) %"
    }

    private func standing(_ item: AttestationExaminer.Examined) -> (Status, String) {
      guard let standing = item.standing else {
        return (.unsigned, "the statement in \(item.path) is not signed")
      }
      switch standing.verdict {
      case .valid: return (.attested, "")
      case .undecided: return (.undecided, "\(item.path) speaks of it, but \(standing.words)")
      case .invalid, .unknownSigner, .revoked:
        return (.untrusted, "\(item.path) speaks of it, but \(standing.words)")
      }
    }
  }
#endif

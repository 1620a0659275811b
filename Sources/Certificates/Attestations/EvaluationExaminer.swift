#if Certificates
  import Rules
  import SourceText

  /// Says what evaluations tell of themselves, and whether their times can be.
  struct EvaluationExaminer {
    let examined: [AttestationExaminer.Examined]
    let trust: AttestationTrust

    func facts() -> [AttestationFact] {
      var facts: [AttestationFact] = []
      for (index, item) in examined.enumerated() {
        switch item.attestation.predicate {
        case .evaluation(let evaluation):
          facts.append(record(evaluation, item, index))
          facts += timing(of: evaluation, item, index)
        case .testResult(let result):
          if result.configuration.isEmpty { facts.append(bareResult(item, index)) }
        case .provenance(let provenance):
          if let finished = provenance.finishedOn, let signed = item.standing?.time,
            signed < finished
          {
            facts.append(
              rushed(
                "signed-before-end", "the build ended on \(finished.text)", item, index,
                does: "was signed on \(signed.text)"))
          }
        case .verificationSummary, .modelSignature, .link, .other: break
        }
      }
      return facts
    }

    private func record(
      _ evaluation: Evaluation, _ item: AttestationExaminer.Examined, _ index: Int
    ) -> AttestationFact {
      let missing = Evaluation.Part.allCases.filter { !evaluation.recorded.contains($0) }
      return AttestationFact(
        .evaluation, path: item.path, range: item.attestation.place(of: evaluation.range),
        route: "evaluation",
        facts: [
          "missing": .text(Self.listed(missing.map(\.words))),
          "missing_count": .number(Double(missing.count)), "statement": .text("evaluation"),
        ], attestation: index)
    }

    private func bareResult(
      _ item: AttestationExaminer.Examined, _ index: Int
    ) -> AttestationFact {
      AttestationFact(
        .evaluation, path: item.path,
        range: item.attestation.place(
          of: item.attestation.statement?.root.range ?? item.attestation.range),
        route: "test result",
        facts: [
          "missing_count": .number(1),
          "missing": .text("the configuration it ran with"), "statement": .text("test result"),
        ], attestation: index)
    }

    private func timing(
      of evaluation: Evaluation, _ item: AttestationExaminer.Examined, _ index: Int
    ) -> [AttestationFact] {
      var facts: [AttestationFact] = []
      guard let finished = evaluation.finishedOn else { return [] }
      if let started = evaluation.startedOn, finished < started {
        facts.append(
          rushed(
            "ends-before-start", "it began on \(started.text)", item, index,
            does: "ended on \(finished.text)"))
      }
      if let signed = item.standing?.time, signed < finished {
        facts.append(
          rushed(
            "signed-before-end", "the evaluation ended on \(finished.text)", item, index,
            does: "was signed on \(signed.text)"))
      }
      for other in examined where isSameSubject(other, item) {
        switch other.attestation.predicate {
        case .provenance(let provenance):
          if let built = provenance.finishedOn, let started = evaluation.startedOn, started < built
          {
            facts.append(
              rushed(
                "before-build",
                "\(other.path) says that what it evaluates was built on \(built.text)", item, index,
                does: "began on \(started.text)"))
          }
        case .verificationSummary(let summary):
          if let verified = summary.timeVerified, verified < finished, summary.isPassed {
            facts.append(
              rushed(
                "verified-before-end",
                "\(other.path) says that what it evaluates was verified on \(verified.text)", item,
                index,
                does: "ended on \(finished.text)"))
          }
        case .evaluation, .testResult, .modelSignature, .link, .other: break
        }
      }
      if let seconds = evaluation.secondsPerSample {
        let samples = evaluation.results.compactMap(\.samples).reduce(0, +)
        let total = seconds * samples
        var fact = rushed(
          "", "", item, index,
          does:
            "gave \(Self.rounded(samples)) answers in \(Self.rounded(total)) s")
        fact.record["status"] = .text("paced")
        fact.record["seconds_per_sample"] = .number(seconds)
        if let least = trust.leastAnswerSeconds {
          fact.record["least_seconds_per_sample"] = .number(least)
          fact.record["has_policy"] = .flag(true)
        }
        fact.record.route = "pace"
        facts.append(fact)
      }
      return facts
    }

    private func isSameSubject(
      _ one: AttestationExaminer.Examined, _ other: AttestationExaminer.Examined
    ) -> Bool {
      let theirs = other.attestation.statement?.subjects ?? []
      return (one.attestation.statement?.subjects ?? []).contains { subject in
        theirs.contains { $0.isSame(as: subject) == true }
      }
    }

    private func rushed(
      _ status: String, _ reason: String, _ item: AttestationExaminer.Examined, _ index: Int,
      does: String
    ) -> AttestationFact {
      AttestationFact(
        .timing, path: item.path, range: item.attestation.place(of: item.attestation.range),
        route: status,
        facts: [
          "status": .text(status), "reason": .text(reason), "does": .text(does),
          "statement": .text(item.attestation.predicate.title),
        ], attestation: index)
    }

    private static func rounded(_ number: Double) -> String {
      let rounded = (number * 1000).rounded() / 1000
      return Int(exactly: rounded).map(String.init) ?? String(rounded)
    }

    /// `a, b and c`.
    static func listed(_ words: [String]) -> String {
      guard let last = words.last, words.count > 1 else { return words.first ?? "" }
      return words.dropLast().joined(separator: ", ") + " and " + last
    }
  }
#endif

package import Findings

/// The answer about one certificate for a person: the verdict first, then why, then what it rests on.
package enum CertificateAnswerText {
  package static func text(_ answer: CertificateAnswer, width: Int, usesColor: Bool) -> String {
    let palette = Palette(isActive: usesColor)
    let width = max(width, 40)
    var lines: [String] = []
    let name = DisplayText.printable(answer.name)
    let path = DisplayText.printable(answer.path)
    switch answer.verdict {
    case .valid: lines.append(palette.strong("valid: \(name) (\(path))"))
    case .invalid:
      let verdict = palette.text("invalid", in: .severity(.error))
      lines.append(verdict + palette.strong(": \(name) (\(path))"))
    case .unknown:
      let verdict = palette.text("unknown", in: .severity(.warning))
      lines.append(verdict + palette.strong(": \(name) (\(path))"))
    }
    for (label, findings) in [
      ("because", answer.reasons), ("missing", answer.missing), ("note", answer.remarks),
    ] {
      for finding in findings {
        lines.append("")
        lines += block(label, finding, width, palette)
      }
    }
    let proof = proof(of: answer)
    if !proof.isEmpty {
      lines.append("")
      lines += proof.flatMap { paragraph("  = ", $0, width) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func block(
    _ label: String, _ finding: Finding, _ width: Int, _ palette: Palette
  ) -> [String] {
    let place =
      "\(DisplayText.printable(finding.location.path)):\(finding.location.line):\(finding.location.column)"
    var lines = paragraph("  \(label): ", "\(finding.message) [\(finding.rule)]", width)
    lines.append(palette.text("    --> ", in: .frame) + place)
    if let remedy = finding.remedy { lines += paragraph("    help: ", remedy, width) }
    return lines
  }

  private static func paragraph(_ label: String, _ text: String, _ width: Int) -> [String] {
    let rest = String(repeating: " ", count: label.count)
    return DisplayText.wrapped(text, to: max(width - label.count, 20)).enumerated().map {
      ($0 == 0 ? label : rest) + $1
    }
  }

  /// What was found to hold, so that nobody has to believe the one word.
  private static func proof(of answer: CertificateAnswer) -> [String] {
    var lines: [String] = []
    if answer.facts["hash_matches"] == .flag(true) {
      lines.append("its hash is that of its own bytes")
    }
    if answer.facts["output_matches"] == .flag(true) {
      lines.append("the output hashes to what it binds")
    } else if !answer.hasOutput, answer.facts["output_hash"] != nil {
      lines.append("no output was given: whether it binds yours is not asked (--output FILE)")
    }
    if let quorum = answer.quorum {
      let valid = quorum.validators.filter(\.counts)
      lines.append(
        "\(valid.count) of \(quorum.validators.count) validators of `\(DisplayText.printable(quorum.set))` stand behind it, "
          + "with \(QuorumWords.percent(quorum.weight)) of the weight; \(QuorumWords.percent(quorum.threshold)) is needed"
      )
      for validator in quorum.validators where !validator.counts && validator.status != "not signed"
      {
        lines.append("`\(DisplayText.printable(validator.id))` does not count: \(validator.status)")
      }
    }
    return lines
  }
}

/// Shares as reports say them.
enum QuorumWords {
  /// `66.7 %`, with no more places than it needs.
  static func percent(_ share: Double) -> String {
    let tenths = Int((min(max(share, 0), 10) * 1000).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
  }
}

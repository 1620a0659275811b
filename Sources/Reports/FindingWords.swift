package import Findings

/// A finding in words, for formats that have room for a few lines and no drawing.
package enum FindingWords {
  /// The findings with the worst first: by severity, the undecided after the decided ones, else in report order.
  static func worstFirst(_ findings: [Finding]) -> [Finding] {
    func weight(_ finding: Finding) -> (Severity, Int) {
      (finding.severity, finding.isInconclusive ? 0 : 1)
    }
    return findings.enumerated().sorted { left, right in
      let weights = (weight(left.element), weight(right.element))
      return weights.0 == weights.1 ? left.offset < right.offset : weights.0 > weights.1
    }.map(\.element)
  }

  /// Rule and cause: `X101 early-handoff (no-gate)`.
  static func title(of finding: Finding) -> String {
    let cause = finding.cause.map { " (\($0))" } ?? ""
    return "\(finding.rule) \(finding.name)\(cause)"
  }

  /// The stations of the path, what the log shows and what to write instead: a line each.
  static func details(of finding: Finding) -> [String] {
    var lines: [String] = []
    for station in finding.flow where finding.flow.count > 1 {
      let words = station.message.isEmpty ? station.role.rawValue : station.message
      lines.append("\(station.location.path):\(station.location.line): \(words)")
    }
    if let evidence = finding.evidence {
      for event in evidence.events {
        let time = event.time.map { " at \($0)" } ?? ""
        let path = event.path ?? finding.location.path
        lines.append("\(path):\(event.line): \(event.name)\(time)")
      }
    }
    lines += notes(of: finding)
    if let remedy = finding.remedy { lines.append("help: \(remedy)") }
    return lines
  }

  /// What a reader should know beside the sentence and the path.
  package static func notes(of finding: Finding) -> [String] {
    var notes: [String] = []
    if let evidence = finding.evidence {
      if let exposure = evidence.exposureMilliseconds, finding.observed == nil {
        let words = MeasuredTime.words(exposure, precision: evidence.precisionMilliseconds)
        notes.append("exposed for \(words) before its proof")
      }
      if evidence.verdict == .inconclusive {
        notes.append(evidence.openWords)
      }
    }
    if let observed = finding.observed { notes.append(sentence(observed)) }
    if finding.confidence != .high { notes.append("confidence is \(finding.confidence.rawValue)") }
    return notes
  }

  static func sentence(_ observed: Observation) -> String {
    let times = observed.count == 1 ? "once" : "\(observed.count) times"
    let worst =
      observed.worstExposureMilliseconds.map { "worst exposure \(milliseconds($0))" }
      ?? "never certified"
    let time = observed.firstTime.map { " at \($0)" } ?? ""
    return
      "observed \(times), \(worst), first\(time) in \(observed.first.path):\(observed.first.line)"
  }

  static func milliseconds(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value)) ms" : "\(value) ms"
  }

  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}

extension Evidence {
  /// What leaves it open, as a sentence begins: a log, or what is at hand of a proof.
  var openSubject: String {
    events.isEmpty ? "What is at hand does not decide this" : "The log does not decide this"
  }

  /// Likewise inside a sentence, with the reason; a proof's stands in the finding's own sentence.
  var openWords: String {
    let subject = openSubject.prefix(1).lowercased() + openSubject.dropFirst()
    return events.isEmpty ? subject : subject + ": \(reason)"
  }
}

package import Findings

/// What is checked and what is not, with the reasons, for people and for programs.
package enum FileList {
  /// A line for each file: what it is, its path, and why it is passed over where it is.
  package static func text(_ survey: FileSurvey) -> String {
    let labels = survey.verdicts.map(label)
    let width = labels.map(DisplayText.width).max() ?? 0
    return zip(survey.verdicts, labels).map { verdict, label in
      let padding = String(repeating: " ", count: width - DisplayText.width(label))
      let why = why(verdict.reason).map { ": \($0)" } ?? ""
      return "\(label)\(padding)  \(DisplayText.printable(verdict.path))\(why)\n"
    }.joined()
  }

  /// The list in one sentence.
  package static func summary(_ survey: FileSurvey) -> String {
    let checked = survey.verdicts.count(where: \.isChecked)
    var parts = ["\(FindingWords.count(checked, "file")) checked"]
    if checked < survey.verdicts.count {
      parts.append("\(survey.verdicts.count - checked) passed over")
    }
    let others = survey.otherNames.values.reduce(0, +)
    if others > 0 {
      let names = survey.otherNames.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
      let some = names.prefix(5).map { $0.isEmpty ? "none" : ".\($0)" }.joined(separator: ", ")
      parts.append(
        "\(others) not opened: no definition or log has such an extension (\(some)\(names.count > 5 ? ", …" : ""))"
      )
    }
    return parts.joined(separator: ", ")
  }

  /// A line of JSON for each file.
  package static func json(_ survey: FileSurvey) -> [UInt8] {
    var writer = JSONWriter(indented: false)
    for verdict in survey.verdicts {
      writer.object { file in
        file.member("path", verdict.path)
        file.member("checked", verdict.isChecked)
        switch verdict.reason {
        case .definition(let engines): file.array("engines", engines)
        case .log(let format): file.member("format", format)
        default: break
        }
        file.member("reason", why(verdict.reason))
      }
      writer.endLine()
    }
    return writer.take()
  }

  private static func label(_ verdict: FileVerdict) -> String {
    switch verdict.reason {
    case .definition(let engines): engines.isEmpty ? "definition" : engines.joined(separator: ", ")
    case .log(let format): "log (\(format))"
    case .attestation: "attestation"
    case .certificate: "certificate"
    default: "not checked"
    }
  }

  private static func why(_ reason: FileVerdict.Reason) -> String? {
    switch reason {
    case .definition(let engines): engines.isEmpty ? "it cannot be read" : nil
    case .log, .attestation, .certificate: nil
    case .unrecognised(let kind, let keys) where keys.isEmpty:
      "\(kind) that is neither a definition nor a log"
    case .unrecognised(let kind, let keys):
      "\(kind) that is neither a definition nor a log; it begins with \(keys.map { "`\(DisplayText.printable($0))`" }.joined(separator: ", "))"
    case .oversized: "no log, and larger than a definition may be"
    case .unreadable(let words): "it cannot be read: \(words)"
    case .excluded: "the configuration excludes it"
    case .gitignored: ".gitignore"
    case .hidden: "hidden, and no place for definitions"
    case .foreign: "other people's files"
    case .link: "a link"
    case .special: "no file"
    case .own: "mira-lint's own"
    }
  }
}

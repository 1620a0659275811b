package import Findings

/// Baselines and their comparison in words and as documents.
package enum BaselineText {
  /// The file: JSON, an entry's members on lines of their own, so that a review shows what is new.
  package static func document(_ baseline: Baseline) -> [UInt8] {
    var writer = JSONWriter(indented: true)
    writer.object { document in
      document.member("version", Baseline.formVersion)
      document.array("findings", baseline.entries) { writer, entry in
        writer.object { $0.write(entry) }
      }
    }
    writer.endLine()
    return writer.take()
  }

  /// How much is accepted, also by rule: `3 findings (… 2, … 1) in 2 files`.
  package static func summary(_ baseline: Baseline) -> String {
    var counts: [String: Int] = [:]
    for entry in baseline.entries { counts[entry.rule, default: 0] += entry.count }
    guard !counts.isEmpty else { return "no findings: there are none" }
    let rules = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let files = Set(baseline.entries.map(\.path)).count
    return Self.count(baseline.findings, "finding") + " (\(rules.joined(separator: ", "))) in "
      + Self.count(files, "file")
  }

  /// What is new, gone and moved, a line each, and a sentence that counts.
  package static func text(_ comparison: BaselineComparison) -> String {
    var text = ""
    for entry in comparison.new { text += "new    \(line(entry))\n" }
    for entry in comparison.gone { text += "gone   \(line(entry))\n" }
    for (from, to) in comparison.moved {
      text += "moved  \(DisplayText.printable(from.path)) -> \(line(to))\n"
    }
    let new = comparison.new.reduce(0) { $0 + $1.count }
    let gone = comparison.gone.reduce(0) { $0 + $1.count }
    return text + "\(new) new, \(gone) gone, \(comparison.kept) kept.\n"
  }

  package static func json(_ comparison: BaselineComparison) -> [UInt8] {
    var writer = JSONWriter(indented: true)
    writer.object { document in
      document.member("version", 1)
      document.array("new", comparison.new) { writer, entry in writer.object { $0.write(entry) } }
      document.array("gone", comparison.gone) { writer, entry in
        writer.object { $0.write(entry) }
      }
      document.array("moved", comparison.moved) { writer, move in
        writer.object { member in
          member.object("from") { $0.write(move.from) }
          member.object("to") { $0.write(move.to) }
        }
      }
      document.member("kept", comparison.kept)
    }
    writer.endLine()
    return writer.take()
  }

  private static func line(_ entry: Baseline.Entry) -> String {
    let place = entry.step.isEmpty ? entry.path : "\(entry.path) \(entry.step)"
    let times = entry.count > 1 ? " (\(entry.count) times)" : ""
    return DisplayText.printable("\(entry.rule) \(place): \(entry.message)\(times)")
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}

extension JSONWriter {
  fileprivate mutating func write(_ entry: Baseline.Entry) {
    member("rule", entry.rule)
    member("path", entry.path)
    if !entry.step.isEmpty { member("step", entry.step) }
    member("message", entry.message)
    member("fingerprint", entry.fingerprint)
    if entry.count > 1 { member("count", entry.count) }
  }
}

import Findings
import MiraLint
import Reports
import Rules
import SourceText

/// Writes findings as diagnostics.
struct DiagnosticWriter {
  /// Where the built-in rules are listed.
  static let rulesAddress = "https://github.com/mira-lint/mira-lint#rules"

  let abilities: ClientAbilities
  /// The names of open documents by their paths.
  let uris: [String: String]

  func write(_ placed: PlacedFinding, to writer: inout JSONWriter) {
    let finding = placed.finding
    writer.object { diagnostic in
      diagnostic.range("range", placed.range)
      diagnostic.member("severity", finding.severity.number)
      diagnostic.member("code", finding.rule)
      if abilities.showsCodeDescriptions {
        diagnostic.object("codeDescription") { $0.member("href", Self.address(of: placed.rule)) }
      }
      diagnostic.member("source", "mira-lint")
      diagnostic.member("message", message(of: placed))
      if abilities.showsTags, placed.isUnneeded { diagnostic.array("tags", [1]) { $0.number($1) } }
      if abilities.showsRelatedInformation, !placed.stations.isEmpty {
        diagnostic.array("relatedInformation", placed.stations) { writer, station in
          writer.object { information in
            information.object("location") { location in
              location.member(
                "uri", uris[station.path] ?? DocumentAddress.uri(of: station.path))
              location.range("range", station.range)
            }
            information.member("message", station.words)
          }
        }
      }
      diagnostic.object("data") { $0.member("fingerprint", finding.fingerprint) }
    }
  }

  /// Where a house's own rule says that more is to be read; the built-in ones are listed.
  private static func address(of rule: Rule?) -> String {
    guard let rule, rule.origin != "built-in" else { return rulesAddress }
    return rule.references.first { $0.hasPrefix("https://") } ?? rulesAddress
  }

  private func message(of placed: PlacedFinding) -> String {
    let finding = placed.finding
    var lines = [finding.message]
    if !abilities.showsRelatedInformation {
      lines += placed.stations.map {
        "\(FilePath.name($0.path)):\($0.range.start.line + 1): \($0.words)"
      }
    }
    lines += FindingWords.notes(of: finding)
    if let remedy = finding.remedy { lines.append("help: \(remedy)") }
    return lines.joined(separator: "\n")
  }
}

extension PlacedFinding {
  /// Whether what stands there can go without a loss: editors draw it faint.
  fileprivate var isUnneeded: Bool {
    guard finding.severity != .error, case .linter(.unusedSuppression)? = rule?.check else {
      return false
    }
    return true
  }
}

extension Severity {
  /// The protocol's `DiagnosticSeverity`.
  fileprivate var number: Int {
    switch self {
    case .error: 1
    case .warning: 2
    case .note: 3
    }
  }
}

/// A problem of a configuration or of a rule's document, taken from its line `path:line:column: error: words`.
struct DocumentComplaint {
  let path: String
  private let location: Location
  private let words: String

  init?(_ line: String, from folder: String) {
    let marks = [": error: ", ": warning: "]
    guard
      let mark = marks.compactMap({ mark in line.firstRange(of: mark) })
        .min(by: { $0.lowerBound < $1.lowerBound })
    else { return nil }
    let place = line[..<mark.lowerBound].split(separator: ":", omittingEmptySubsequences: false)
    guard place.count > 2, let row = Int(place[place.count - 2]),
      let column = Int(place[place.count - 1])
    else { return nil }
    let shown = place.dropLast(2).joined(separator: ":")
    path = FilePath.absolute(shown, from: folder)
    words = String(line[mark.upperBound...])
    location = Location(
      path: path, line: row, column: column, endLine: row, endColumn: column, startByte: 0,
      endByte: 0)
  }

  func write(to writer: inout JSONWriter, _ file: SourceFile, _ encoding: PositionEncoding) {
    writer.object { diagnostic in
      diagnostic.range("range", encoding.range(of: location, in: file))
      diagnostic.member("severity", 1)
      diagnostic.member("source", "mira-lint")
      diagnostic.member("message", words)
    }
  }
}

extension JSONWriter {
  mutating func range(_ name: String, _ range: PositionRange) {
    object(name) { writer in
      writer.position("start", range.start)
      writer.position("end", range.end)
    }
  }

  private mutating func position(_ name: String, _ position: Position) {
    object(name) { writer in
      writer.member("line", position.line)
      writer.member("character", position.character)
    }
  }
}

import Findings
import Rules

/// The `sarif` format: SARIF 2.1.0 as code scanning services take it.
///
/// Suppressed findings are left out unless asked for: GitHub opens an alert for each result, whatever its
/// `suppressions` say.
enum SARIFReport {
  /// GitHub refuses a run with more results; the worst ones come first.
  private static let mostResults = 25_000
  /// The order in which code scanning keeps results when it drops some.
  private static func worstFirst(_ results: [Result]) -> [Result] {
    results.enumerated().sorted { left, right in
      let severities = (left.element.finding.severity, right.element.finding.severity)
      return severities.0 == severities.1 ? left.offset < right.offset : severities.0 > severities.1
    }.map(\.element)
  }

  /// A finding, and how it was accepted where it was.
  private struct Result {
    var finding: Finding
    var acceptance: SuppressedFinding?
  }

  static func render(_ outcome: CheckOutcome, in context: ReportContext) -> [UInt8] {
    var results = outcome.findings.map { Result(finding: $0) }
    if context.includesSuppressed {
      results += outcome.suppressed.map { Result(finding: $0.finding, acceptance: $0) }
    }
    let all = worstFirst(results)
    let kept = all.prefix(mostResults)
    let ruleIndices = Dictionary(
      context.rules.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })

    var writer = JSONWriter(indented: true)
    writer.object { document in
      document.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
      document.member("version", "2.1.0")
      document.array("runs", CollectionOfOne(())) { document, _ in
        document.object { run in
          run.object("tool") { $0.object("driver") { write(context, to: &$0) } }
          run.object("automationDetails") { $0.member("id", "\(context.tool.name)/") }
          run.member("columnKind", "unicodeCodePoints")
          run.array("invocations", CollectionOfOne(())) { writer, _ in
            writer.object { writeInvocation(dropped: all.count - kept.count, to: &$0) }
          }
          run.array("results", kept) { writer, result in
            writer.object {
              write(
                result, excerpts: outcome.excerpts, ruleIndices: ruleIndices,
                marksSuppressions: context.includesSuppressed,
                comparesWithBaseline: outcome.comparesWithBaseline, to: &$0)
            }
          }
        }
      }
    }
    writer.endLine()
    return writer.take()
  }

  private static func writeInvocation(dropped: Int, to writer: inout JSONWriter) {
    writer.member("executionSuccessful", true)
    guard dropped > 0 else { return }
    writer.array("toolExecutionNotifications", CollectionOfOne(dropped)) { writer, dropped in
      writer.object {
        $0.member("level", "warning")
        $0.object("message") {
          $0.member(
            "text", "\(dropped) less severe results are left out: a run may have \(mostResults).")
        }
      }
    }
  }

  private static func write(_ context: ReportContext, to driver: inout JSONWriter) {
    driver.member("name", context.tool.name)
    driver.member("version", context.tool.version)
    driver.member("semanticVersion", context.tool.version)
    driver.member("informationUri", context.tool.address)
    driver.array("rules", context.rules) { writer, rule in
      writer.object { SARIFRule.write(rule, to: &$0) }
    }
  }

  private static func write(
    _ result: Result, excerpts: [String: Excerpt], ruleIndices: [String: Int],
    marksSuppressions: Bool, comparesWithBaseline: Bool, to writer: inout JSONWriter
  ) {
    let finding = result.finding
    let stations = finding.flow.prefix(1_000)
    writer.member("ruleId", finding.rule)
    if let index = ruleIndices[finding.rule] { writer.member("ruleIndex", index) }
    writer.member("level", finding.severity.rawValue)
    writer.object("message") { $0.member("text", message(of: finding)) }
    writer.array("locations", CollectionOfOne(finding.location)) { writer, location in
      writer.object {
        write(location, excerpts, to: &$0)
        if !finding.route.isEmpty {
          $0.array("logicalLocations", CollectionOfOne(finding.route)) { writer, route in
            writer.object { $0.member("fullyQualifiedName", route) }
          }
        }
      }
    }
    if !stations.isEmpty {
      writer.array("relatedLocations", stations.enumerated()) { writer, station in
        writer.object {
          $0.member("id", station.offset + 1)
          write(station.element, excerpts, to: &$0)
        }
      }
      writer.array("codeFlows", CollectionOfOne(stations)) { writer, stations in
        writer.object {
          $0.array("threadFlows", CollectionOfOne(stations)) { writer, stations in
            writer.object {
              $0.array("locations", stations) { writer, station in
                writer.object {
                  $0.object("location") { write(station, excerpts, to: &$0) }
                  $0.member("importance", station.role == .passed ? "important" : "essential")
                }
              }
            }
          }
        }
      }
    }
    writer.object("partialFingerprints") {
      $0.member(
        "primaryLocationLineHash",
        excerpts[finding.location.path]?.lineHashes[finding.location.line])
      $0.member("miraLint/v1", finding.fingerprint)
    }
    if let fix = finding.fix, fix.safety == .safe {
      writer.array("fixes", CollectionOfOne(fix)) { writer, fix in
        writer.object { write(fix, excerpts, to: &$0) }
      }
    }
    if comparesWithBaseline {
      writer.member(
        "baselineState", result.acceptance?.source == .baseline ? "unchanged" : "new")
    }
    if marksSuppressions {
      writer.array("suppressions", [result.acceptance].compactMap(\.self)) { writer, acceptance in
        writer.object {
          $0.member("kind", acceptance.source == .inline ? "inSource" : "external")
          $0.member("justification", acceptance.reason)
        }
      }
    }
    writer.object("properties") { writeProperties(of: finding, to: &$0) }
  }

  private static func writeProperties(of finding: Finding, to writer: inout JSONWriter) {
    writer.member("cause", finding.cause)
    writer.member("confidence", finding.confidence.rawValue)
    writer.member("verdict", finding.evidence?.verdict.rawValue)
    writer.member("reason", finding.evidence?.reason)
    writer.member("exposureMs", finding.evidence?.exposureMilliseconds)
    if let observed = finding.observed { writer.member("observed", observed.count) }
    writer.member("remedy", finding.remedy)
  }

  /// The finding's sentence, then the stations before its own place as links to the related locations.
  private static func message(of finding: Finding) -> String {
    let links = finding.flow.prefix(1_000).enumerated().map { index, station in
      "[\(linkText(station.message.isEmpty ? station.role.rawValue : station.message))](\(index + 1))"
    }
    guard links.count > 1 else { return finding.message }
    let sentence = finding.message.last.map { ".!?".contains($0) } == true ? "" : "."
    return "\(finding.message)\(sentence) Path: \(links.joined(separator: ", "))."
  }

  private static func linkText(_ text: String) -> String {
    text.map { "[]\\".contains($0) ? "\\\($0)" : String($0) }.joined()
  }

  private static func write(
    _ station: FlowStep, _ excerpts: [String: Excerpt], to writer: inout JSONWriter
  ) {
    write(station.location, excerpts, to: &writer)
    writer.object("message") {
      $0.member("text", station.message.isEmpty ? station.role.rawValue : station.message)
    }
  }

  private static func write(
    _ fix: Fix, _ excerpts: [String: Excerpt], to writer: inout JSONWriter
  ) {
    guard let path = fix.edits.first?.location.path else { return }
    writer.object("description") { $0.member("text", fix.message) }
    writer.array("artifactChanges", CollectionOfOne(path)) { writer, path in
      writer.object { change in
        change.object("artifactLocation") {
          $0.member("uri", uri(excerpts[path]?.repositoryPath ?? path))
        }
        change.array("replacements", fix.edits) { writer, edit in
          writer.object { replacement in
            replacement.object("deletedRegion") { write(region: edit.location, to: &$0) }
            if !edit.replacement.isEmpty {
              replacement.object("insertedContent") { $0.member("text", edit.replacement) }
            }
          }
        }
      }
    }
  }

  private static func write(
    _ location: Location, _ excerpts: [String: Excerpt], to writer: inout JSONWriter
  ) {
    writer.object("physicalLocation") {
      $0.object("artifactLocation") {
        $0.member("uri", uri(excerpts[location.path]?.repositoryPath ?? location.path))
      }
      $0.object("region") { write(region: location, to: &$0) }
    }
  }

  private static func write(region location: Location, to writer: inout JSONWriter) {
    writer.member("startLine", location.line)
    writer.member("startColumn", location.column)
    writer.member("endLine", location.endLine)
    writer.member("endColumn", location.endColumn)
  }

  /// The path as a relative reference of RFC 3986.
  static func uri(_ path: String) -> String {
    var result = ""
    for byte in path.utf8.drop(while: { $0 == UInt8(ascii: "/") }) {
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x2f, 0x40, 0x5f, 0x7e:
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += byte < 0x10 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return result
  }
}

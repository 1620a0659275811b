import Findings

/// The `junit` format: a test suite for each file, a failing test for each error or warning.
///
/// Notes and what a log leaves open are skipped tests: seen, and no failure.
enum JUnitReport {
  static func render(_ outcome: CheckOutcome, in context: ReportContext) -> [UInt8] {
    var cases: [(path: String, tests: [Test])] = FileFindings.grouped(outcome.findings).map {
      ($0.path, $0.findings.map { Test(finding: $0) })
    }
    if context.includesSuppressed {
      for suppressed in outcome.suppressed {
        let test = Test(finding: suppressed.finding, acceptance: suppressed.reason)
        let path = suppressed.finding.location.path
        if let index = cases.firstIndex(where: { $0.path == path }) {
          cases[index].tests.append(test)
        } else {
          cases.append((path, [test]))
        }
      }
    }
    let all = cases.flatMap(\.tests)
    var writer = XMLWriter()
    writer.element(
      "testsuites",
      [
        "name": context.tool.name, "tests": "\(max(all.count, 1))",
        "failures": "\(all.count(where: \.isFailure))", "errors": "0", "time": "0",
      ]
    ) { writer in
      // A service takes a report without a test for a run that broke.
      if all.isEmpty {
        writer.element("testsuite", counts(of: [], name: context.tool.name, atLeast: 1)) {
          $0.element(
            "testcase",
            ["name": "no findings", "classname": context.tool.name, "time": "0"])
        }
      }
      for file in cases {
        writer.element("testsuite", counts(of: file.tests, name: file.path)) { writer in
          for test in file.tests { test.write(to: &writer) }
        }
      }
    }
    return Array(writer.text.utf8)
  }

  private static func counts(
    of tests: [Test], name: String, atLeast least: Int = 0
  ) -> KeyValuePairs<String, String?> {
    let failures = tests.count(where: \.isFailure)
    return [
      "name": name, "tests": "\(max(tests.count, least))", "failures": "\(failures)",
      "errors": "0", "skipped": "\(tests.count - failures)", "time": "0",
    ]
  }

  private struct Test {
    var finding: Finding
    /// Why it is accepted, where it is.
    var acceptance: String?

    var isFailure: Bool {
      acceptance == nil && finding.severity > .note && !finding.isInconclusive
    }

    func write(to writer: inout XMLWriter) {
      let place = finding.location
      let subject = finding.route.isEmpty ? "line \(place.line)" : finding.route
      writer.element(
        "testcase",
        [
          "name": "\(FindingWords.title(of: finding)): \(subject)", "classname": place.path,
          "file": place.path, "line": "\(place.line)", "time": "0",
        ]
      ) { writer in
        guard isFailure else {
          let reason = acceptance.map { "suppressed: \($0)" } ?? finding.severity.rawValue
          writer.element("skipped", ["message": "\(reason): \(finding.message)"])
          return
        }
        let head = "\(place.path):\(place.line):\(place.column): \(finding.message)"
        writer.element(
          "failure", ["message": finding.message, "type": finding.severity.rawValue],
          text: ([head] + FindingWords.details(of: finding)).joined(separator: "\n"))
      }
    }
  }
}

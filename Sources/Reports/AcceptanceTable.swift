package import Findings

/// Every suppression, one a line.
package enum AcceptanceTable {
  package static func text(_ acceptances: [Acceptance]) -> String {
    TextTable.text(
      acceptances.map { acceptance in
        [
          "\(acceptance.location.path):\(acceptance.location.line)", acceptance.rule,
          words(of: acceptance), acceptance.reason + scope(of: acceptance),
        ].map { DisplayText.printable($0) }
      })
  }

  package static func json(_ acceptances: [Acceptance]) -> [UInt8] {
    var writer = JSONWriter(indented: true)
    writer.object { document in
      document.member("version", 1)
      document.array("suppressions", acceptances) { writer, acceptance in
        writer.object {
          $0.member("source", acceptance.source.rawValue)
          $0.object("location") {
            $0.member("path", acceptance.location.path)
            $0.member("line", acceptance.location.line)
            $0.member("column", acceptance.location.column)
          }
          $0.member("rule", acceptance.rule)
          $0.member("path", acceptance.path)
          $0.member("step", acceptance.step)
          $0.member("reason", acceptance.reason)
          $0.member("state", acceptance.state.rawValue)
          $0.member("findings", acceptance.findings)
        }
      }
    }
    writer.endLine()
    return writer.take()
  }

  private static func words(of acceptance: Acceptance) -> String {
    switch acceptance.state {
    case .used: acceptance.findings == 1 ? "used" : "used (\(acceptance.findings))"
    case .unused: "unused"
    case .inactive: "rule is off"
    case .unknownRule: "no such rule"
    }
  }

  /// What an entry of the configuration is limited to.
  private static func scope(of acceptance: Acceptance) -> String {
    let parts = [
      acceptance.path.map { "path \($0)" }, acceptance.step.map { "step \($0)" },
    ].compactMap(\.self)
    return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
  }
}

package import Rules

/// The rules in force, one a line.
package enum RuleTable {
  package static func text(_ rules: [Rule]) -> String {
    TextTable.text(
      rules.map { rule in
        let origin = rule.origin == "built-in" ? "" : "(\(rule.origin))"
        let severity = rule.severity.rawValue + (rule.severityByCause.isEmpty ? "" : "*")
        return [rule.id, rule.name, severity, rule.summary, origin].map {
          DisplayText.printable($0)
        }
      })
  }

  /// A table for Markdown documents; a severity with a star differs by cause.
  package static func markdown(_ rules: [Rule]) -> String {
    let header = "| rule | name | severity | what it flags |\n|---|---|---|---|\n"
    return header
      + rules.map { rule in
        let severity =
          rule.isOptIn
          ? "\(rule.severity.rawValue), off until selected"
          : rule.severity.rawValue + (rule.severityByCause.isEmpty ? "" : "*")
        let cells = [rule.id, rule.name, severity, rule.summary].map { cell in
          cell.map { $0 == "|" ? "\\|" : String($0) }.joined()
        }
        return "| " + cells.joined(separator: " | ") + " |\n"
      }.joined()
  }

  package static func json(_ rules: [Rule]) -> String {
    var writer = JSONWriter(indented: true)
    writer.array(rules) { writer, rule in
      writer.object {
        $0.member("id", rule.id)
        $0.member("name", rule.name)
        $0.member("severity", rule.severity.rawValue)
        if !rule.severityByCause.isEmpty {
          $0.object("severityByCause") { writer in
            for (cause, level) in rule.severityByCause.sorted(by: { $0.key < $1.key }) {
              writer.member(cause, level.rawValue)
            }
          }
        }
        $0.member("summary", rule.summary)
        $0.member("origin", rule.origin)
      }
    }
    writer.endLine()
    return String(decoding: writer.take(), as: UTF8.self)
  }
}

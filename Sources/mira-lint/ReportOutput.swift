import ArgumentParser
import Reports
import Rules

extension ReportFormat: ExpressibleByArgument {}

/// Where a report goes: `sarif=out.sarif`, or a path alone for the format of standard output.
struct ReportOutput: ExpressibleByArgument {
  var format: ReportFormat?
  var path: String

  init?(argument: String) {
    guard !argument.isEmpty else { return nil }
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let word = parts[0]
    // A path with `=` in it can be written `./a=b`.
    if parts.count == 2, word.allSatisfy(\.isLetter) {
      guard let format = ReportFormat(rawValue: String(word)), !parts[1].isEmpty else { return nil }
      self.format = format
      path = String(parts[1])
    } else {
      path = argument
    }
  }
}

/// Text as GitHub's and GitLab's Markdown shows it unchanged.
enum MarkdownText {
  /// A message: what stands between backticks becomes code, everything else stays as it is.
  ///
  /// The user's own names stand between backticks; one that holds a backtick itself only moves the border, as both
  /// sides are escaped.
  static func inline(_ text: String, inTable: Bool = false) -> String {
    let parts = VisibleText.line(text).split(separator: "`", omittingEmptySubsequences: false)
    var result = ""
    for (index, part) in parts.enumerated() {
      if index % 2 == 1, index < parts.count - 1 {
        result += code(String(part), inTable: inTable)
      } else {
        result += (index % 2 == 1 ? "\\`" : "") + escaped(part)
      }
    }
    return result
  }

  /// The text as code in a line.
  static func code(_ text: String, inTable: Bool = false) -> String {
    var text = VisibleText.line(text)
    if text.isEmpty { return "" }
    if text.allSatisfy({ $0 == " " }) { return text }
    if inTable {
      text = text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
    let fence = String(repeating: "`", count: longestRun(of: "`", in: text) + 1)
    let padding = text.hasPrefix("`") || text.hasSuffix("`") ? " " : ""
    return fence + padding + text + padding + fence
  }

  /// The text as a block of code, each line after the indentation.
  static func block(_ text: String, indentation: String = "") -> String {
    let fence = String(repeating: "`", count: max(longestRun(of: "`", in: text) + 1, 3))
    let lines = VisibleText.lines(text).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    return ([fence] + lines.map(String.init) + [fence])
      .map { $0.isEmpty ? "\n" : indentation + $0 + "\n" }.joined()
  }

  private static func escaped(_ text: some StringProtocol) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      // Nobody is called, and nothing is referred to, by a name in somebody's workflow.
      case "@", "#": result += "\(scalar)<!-- -->"
      case "\\", "*", "_", "[", "]", "|", "~", "$", "!":
        result += "\\\(scalar)"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func longestRun(of character: Character, in text: String) -> Int {
    var longest = 0
    var run = 0
    for other in text {
      run = other == character ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}

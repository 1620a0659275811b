import MiraLint
import SourceText

/// The manual page in the language of man(7), made from what the command's help says.
struct ManualPage {
  private let root: Node

  /// - Parameter root: a command as the argument parser describes it.
  init(of root: Node) { self.root = root }

  var text: String {
    var lines = [
      ".TH MIRA-LINT 1 \"\" \"mira-lint \(Version.current)\" \"User Commands\"",
      // Words are not torn apart: options and paths must be copied as they are.
      ".nh", ".ad l",
      ".SH NAME", "mira-lint \\- \(Self.escaped(lowered(root["abstract"]?.text ?? "")))",
      ".SH SYNOPSIS",
    ]
    let commands = root["subcommands"]?.items.filter { $0["commandName"]?.text != "help" } ?? []
    for command in commands { lines += synopsis(of: command, after: "mira-lint") }
    lines.append(".SH DESCRIPTION")
    lines += paragraphs(root["discussion"]?.text ?? "")
    lines.append(".SH COMMANDS")
    for command in commands { lines += section(of: command, after: "mira-lint") }
    lines += Self.closing
    return lines.joined(separator: "\n") + "\n"
  }

  private func synopsis(of command: Node, after words: String) -> [String] {
    let name = "\(words) \(command["commandName"]?.text ?? "")"
    let inner = command["subcommands"]?.items.filter { $0["commandName"]?.text != "help" } ?? []
    if !inner.isEmpty { return inner.flatMap { synopsis(of: $0, after: name) } }
    var line = ".B \(Self.escaped(name))"
    let arguments = shown(command)
    if arguments.contains(where: { $0["kind"]?.text != "positional" }) { line += "\n[options]" }
    for argument in arguments where argument["kind"]?.text == "positional" {
      var word = Self.escaped(argument["valueName"]?.text ?? "")
      if argument["isRepeating"]?.text == "true" { word += " ..." }
      line += argument["isOptional"]?.text == "true" ? "\n[\\fI\(word)\\fR]" : "\n\\fI\(word)\\fR"
    }
    return [line, ".br"]
  }

  private func section(of command: Node, after words: String) -> [String] {
    let name = "\(words) \(command["commandName"]?.text ?? "")"
    let inner = command["subcommands"]?.items.filter { $0["commandName"]?.text != "help" } ?? []
    var lines = [".SS \(Self.escaped(name))"]
    lines += paragraphs(command["abstract"]?.text ?? "")
    if let discussion = command["discussion"]?.text { lines += [".PP"] + paragraphs(discussion) }
    if inner.isEmpty { for argument in shown(command) { lines += entry(argument) } }
    return lines + inner.flatMap { section(of: $0, after: name) }
  }

  private func entry(_ argument: Node) -> [String] {
    let value = argument["valueName"]?.text ?? ""
    var label: String
    if argument["kind"]?.text == "positional" {
      label = "\\fI\(Self.escaped(value))\\fR"
    } else {
      let names = (argument["names"]?.items ?? []).map { name in
        let dashes = name["kind"]?.text == "short" ? "-" : "--"
        return "\\fB\(Self.escaped(dashes + (name["name"]?.text ?? "")))\\fR"
      }
      label = names.joined(separator: ", ")
      if argument["kind"]?.text == "option" { label += " \\fI\(Self.escaped(value))\\fR" }
    }
    var words = argument["abstract"]?.text ?? ""
    if let values = argument["allValues"]?.items.compactMap(\.text), !values.isEmpty {
      words += " One of \(values.joined(separator: ", "))."
    }
    if let usual = argument["defaultValue"]?.text, usual != "false" {
      words += " (default: \(usual))"
    }
    return [".TP", label] + paragraphs(words)
  }

  /// The arguments of a command, without those that every command has.
  private func shown(_ command: Node) -> [Node] {
    (command["arguments"]?.items ?? []).filter { argument in
      guard argument["shouldDisplay"]?.text != "false" else { return false }
      let names = argument["names"]?.items.compactMap { $0["name"]?.text } ?? []
      return !names.contains("help") && !names.contains("version")
    }
  }

  private func paragraphs(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.isEmpty ? ".PP" : Self.escaped(String(line))
    }
  }

  private func lowered(_ text: String) -> String {
    let text = text.hasSuffix(".") ? String(text.dropLast()) : text
    return text.prefix(1).lowercased() + text.dropFirst()
  }

  /// Text that the formatter takes as it is.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "`": result += "\\(ga"
      case "'": result += "\\(aq"
      case "^": result += "\\(ha"
      case "~": result += "\\(ti"
      case "." where result.isEmpty: result += "\\&."
      default: result.append(character)
      }
    }
    return result
  }

  private static let closing = [
    ".SH EXIT STATUS",
    ".TP", "0", "Nothing is found at or above the severity of \\fB\\-\\-fail\\-on\\fR.",
    ".TP", "1", "Something is found.",
    ".TP", "2", "The run could not do its job.",
    ".SH ENVIRONMENT",
    ".TP", "NO_COLOR", "Set and not empty: text has no colours.",
    ".TP", "CLICOLOR_FORCE", "Set and not 0: text has colours, also in a pipe.",
    ".TP", "COLUMNS", "The width of text, in place of the terminal\\(aqs.",
    ".TP", "FORCE_HYPERLINK",
    "1 has rules and places linked in text, 0 has them not; by default the terminal decides.",
    ".TP", "GITHUB_STEP_SUMMARY",
    "Where \\fB\\-\\-format github\\fR appends the findings in Markdown.",
    ".SH FILES",
    ".TP", ".I .mira\\-lint.yml",
    "The configuration: in the working directory or above it, up to the root of its repository.",
    ".TP", ".I .mira\\-lint\\-baseline.json",
    "The findings of old, as \\fBmira\\-lint baseline\\fR writes them.",
    ".SH EXAMPLES",
    ".TP", "mira\\-lint", "Checks everything below the working directory.",
    ".TP", "mira\\-lint check \\-\\-format github \\-\\-output html=report.html",
    "Annotates a run of GitHub Actions and writes a report for reviewers.",
    ".TP", "mira\\-lint explain \\fIrule\\fR",
    "Shows what a rule means, why, and what to write instead.",
    ".TP", "cat events.ndjson | mira\\-lint check \\- \\-\\-as log",
    "Judges a log from another program.",
    ".SH SEE ALSO", "https://github.com/mira\\-lint/mira\\-lint",
  ]
}

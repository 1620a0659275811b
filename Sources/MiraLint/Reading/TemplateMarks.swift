import SourceText

/// Tells a template of Helm, Jinja and the like from a broken file: what cannot be read is an action of the template.
///
/// Such a file is YAML only after it was rendered.
enum TemplateMarks {
  /// Whether some of the problems stand where a template puts something in.
  static func stand(at problems: [SourceProblem], in file: SourceFile) -> Bool {
    problems.prefix(mostProblems).contains { holdsAction(line(at: $0.range.start, in: file)) }
  }

  private static let mostProblems = 16
  private static let longestLine = 400

  private static func line(at offset: Int, in file: SourceFile) -> Substring {
    let bytes = file.bytes
    var start = min(offset, bytes.count)
    while start > 0, bytes[start - 1] != UInt8(ascii: "\n"), offset - start < longestLine {
      start -= 1
    }
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n"), end - start < longestLine {
      end += 1
    }
    return Substring(decoding: bytes[start..<end], as: UTF8.self).drop { $0 == " " }
  }

  private static func holdsAction(_ line: Substring) -> Bool {
    if line.hasPrefix("{%") { return true }
    guard var rest = line.after(first: "{{") else { return false }
    while true {
      let action = rest.drop { $0 == "-" || $0 == " " }
      if words.contains(where: { action.hasPrefix($0) }) { return true }
      guard let next = rest.after(first: "{{") else { return false }
      rest = next
    }
  }

  /// What an action begins with, and no expression of a workflow engine does.
  private static let words = [
    ".Values", ".Release", ".Chart", ".Capabilities", ".Files", ".Template", "if ", "else", "end ",
    "end}", "end-", "range ", "with ", "include ", "template ", "define ", "toYaml ", "tpl ",
    "cookiecutter.", "$.", "/*",
  ]
}

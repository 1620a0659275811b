import SourceText

/// Writes a tree in the event notation of the yaml-test-suite.
struct EventText {
  private(set) var lines: [String] = ["+STR"]
  private var tagHandles: [String: String] = ["!!": "tag:yaml.org,2002:", "!": "!"]

  /// The events of a tree; the `%TAG` lines of its source say what tags mean.
  init(_ tree: SourceTree, source: String) {
    for line in source.split(whereSeparator: \.isNewline) where line.hasPrefix("%TAG") {
      let words = line.split(whereSeparator: \.isWhitespace)
      if words.count == 3 { tagHandles[String(words[1])] = String(words[2]) }
    }
    for document in tree.documents {
      lines.append("+DOC")
      add(document)
      lines.append("-DOC")
    }
    lines.append("-STR")
  }

  private mutating func add(_ node: Node) {
    let properties =
      (node.anchor.map { " &\($0)" } ?? "") + (node.tag.map { " <\(full($0))>" } ?? "")
    switch node.content {
    case .scalar(let scalar):
      let sign =
        switch scalar.style {
        case .plain: ":"
        case .singleQuoted: "'"
        case .doubleQuoted: "\""
        case .literal: "|"
        case .folded: ">"
        }
      lines.append("=VAL\(properties) \(sign)\(escape(scalar.text))")
    case .sequence(let items):
      lines.append("+SEQ\(properties)")
      items.forEach { add($0) }
      lines.append("-SEQ")
    case .mapping(let entries):
      lines.append("+MAP\(properties)")
      for entry in entries {
        add(entry.key)
        add(entry.value)
      }
      lines.append("-MAP")
    case .alias(let name, _):
      lines.append("=ALI *\(name)")
    }
  }

  private func full(_ tag: String) -> String {
    if tag.hasPrefix("!<"), tag.hasSuffix(">") { return String(tag.dropFirst(2).dropLast()) }
    let handles = tagHandles.keys.filter { tag.hasPrefix($0) }
    guard let handle = handles.max(by: { $0.count < $1.count }), let prefix = tagHandles[handle]
    else { return tag }
    return unescapePercent(prefix + tag.dropFirst(handle.count))
  }

  private func unescapePercent(_ tag: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(tag.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case "\u{8}": result += "\\b"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// The events of a suite's file, brought to the notation that ``EventText`` writes.
func normalizedEvents(_ text: String) -> [String] {
  text.split(separator: "\n").map { line in
    var line = String(line)
    // The suite tells flow from block and explicit markers; the tree keeps neither.
    for (long, short) in [
      ("+MAP {}", "+MAP"), ("+SEQ []", "+SEQ"), ("+DOC ---", "+DOC"), ("-DOC ...", "-DOC"),
    ] where line.hasPrefix(long) {
      line = short + line.dropFirst(long.count)
    }
    return line
  }
}

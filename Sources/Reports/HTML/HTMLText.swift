/// Text as HTML shows it unchanged.
enum HTMLText {
  /// The text for an element's content or a quoted attribute.
  static func escaped(_ text: String) -> String { XMLWriter.escaped(text) }

  /// The same in one line.
  static func line(_ text: String) -> String { XMLWriter.escaped(VisibleText.line(text)) }

  /// A message: what stands between backticks becomes code.
  static func inline(_ text: String) -> String {
    let parts = VisibleText.line(text).split(separator: "`", omittingEmptySubsequences: false)
    var result = ""
    for (index, part) in parts.enumerated() {
      let words = escaped(String(part))
      if index % 2 == 1, index < parts.count - 1 {
        result += "<code>\(words)</code>"
      } else {
        result += (index % 2 == 1 ? "`" : "") + words
      }
    }
    return result
  }

  /// The text as part of an identifier: letters, digits and dashes, different for different texts of the kind that
  /// fingerprints and indices are.
  static func identifier(_ text: String) -> String {
    String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
  }
}

/// How wide text is, as far as that can be told without its font.
enum TextMeasure {
  /// The text's width in pixels, for common sans-serif faces.
  static func width(_ text: some StringProtocol, size: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + share($1) } * size
  }

  /// The text's width in pixels, for faces with one width.
  static func monospaced(_ text: some StringProtocol, size: Double) -> Double {
    Double(DisplayText.width(text)) * 0.61 * size
  }

  /// The text cut to a width, with an ellipsis where something is left out.
  static func cut(
    _ text: String, to limit: Double, measured width: (Substring) -> Double
  ) -> String {
    if width(text[...]) <= limit { return text }
    var end = text.endIndex
    while end > text.startIndex {
      end = text.index(before: end)
      let part = text[..<end]
      if width(part) + width("…") <= limit { return trimmed(part) + "…" }
    }
    return "…"
  }

  /// The text in lines of a width, broken between words; the last line is cut.
  static func wrapped(
    _ text: String, to limit: Double, lines most: Int, measured width: (Substring) -> Double
  ) -> [String] {
    var lines: [String] = []
    var line = ""
    let words = text.split(separator: " ")
    for (index, word) in words.enumerated() {
      let longer = line.isEmpty ? String(word) : line + " " + word
      if line.isEmpty || width(longer[...]) <= limit {
        line = longer
      } else if lines.count + 1 == most {
        let rest = ([line[...]] + words[index...]).joined(separator: " ")
        return lines + [cut(rest, to: limit, measured: width)]
      } else {
        lines.append(cut(line, to: limit, measured: width))
        line = String(word)
      }
    }
    return lines + [cut(line, to: limit, measured: width)]
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  private static func share(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!", " ": 0.29
    case "f", "t", "r", "(", ")", "[", "]", "-", "/", "\"", "`": 0.38
    case "m", "w", "M", "W", "@", "%": 0.88
    case "A"..."Z", "&", "#": 0.69
    default: DisplayText.width(scalar) > 1 ? 1.05 : DisplayText.width(scalar) == 0 ? 0 : 0.57
    }
  }
}

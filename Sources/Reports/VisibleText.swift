/// Text for people in files that they read elsewhere: nothing in it hides what stands there.
enum VisibleText {
  /// The text with control characters and marks that reverse or hide text made visible; line breaks and tabs stay.
  ///
  /// It also holds only characters that XML 1.0 allows.
  static func lines(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isHidden) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if !isHidden(scalar) {
        result.append(scalar)
      } else if scalar.value < 0x20 {
        // The pictures of the control characters.
        result.append(Unicode.Scalar(0x2400 + scalar.value) ?? "�")
      } else {
        result.append("�")
      }
    }
    return String(result)
  }

  /// The same in one line.
  static func line(_ text: String) -> String {
    let visible = lines(text)
    guard visible.unicodeScalars.contains(where: isBreak) else { return visible }
    return visible.unicodeScalars.split(whereSeparator: isBreak).map { String(Substring($0)) }
      .joined(separator: " ")
  }

  private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\n" || scalar == "\r" || scalar == "\t"
  }

  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0a, 0x0d: false
    // Controls, line and paragraph separators, bidirectional marks, characters without a width, non-characters.
    case 0..<0x20, 0x7f...0x9f, 0x2028, 0x2029, 0x061c, 0x200e, 0x200f, 0x202a...0x202e,
      0x2066...0x2069, 0x200b, 0x2060, 0xfeff, 0xfffe, 0xffff:
      true
    // Invisible copies of ASCII.
    case 0xe0000...0xe007f: true
    default: false
    }
  }
}

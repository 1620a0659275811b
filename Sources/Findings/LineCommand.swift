/// A command that prints some lines of a file, to be pasted into a shell.
package enum LineCommand {
  /// - Parameters:
  ///   - lines: which lines, from 1.
  ///   - file: as reports show it; compressed files are unpacked first.
  /// - Returns: `nil` where nothing can be printed: names in angle brackets are no files.
  package static func text(_ lines: [ClosedRange<Int>], of file: String) -> String? {
    if lines.isEmpty || file.hasPrefix("<") { return nil }
    var prints = ""
    for range in lines {
      if !prints.isEmpty { prints += ";" }
      prints += String(range.lowerBound)
      if range.count > 1 { prints += "," + String(range.upperBound) }
      prints += "p"
    }
    for (suffix, unpacker) in [(".gz", "zcat"), (".zst", "zstdcat")] where file.hasSuffix(suffix) {
      return "\(unpacker) \(quoted(file)) | sed -n '\(prints)'"
    }
    return "sed -n '\(prints)' \(quoted(file))"
  }

  /// Whether a shell takes the letter as it stands.
  private static func isSafe(_ letter: UInt8) -> Bool {
    switch letter {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+")...UInt8(ascii: "/"),
      UInt8(ascii: "@"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// The path as a shell reads it.
  private static func quoted(_ path: String) -> String {
    let isPlain =
      path.utf8.allSatisfy(isSafe)
      || path.unicodeScalars.allSatisfy {
        $0.isASCII ? isSafe(UInt8(truncatingIfNeeded: $0.value)) : $0.properties.isAlphabetic
      }
    let path = path.hasPrefix("-") ? "./" + path : path
    if isPlain && !path.isEmpty { return path }
    return "'"
      + path.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }
}

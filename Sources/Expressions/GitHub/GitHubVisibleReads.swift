package import SourceText

extension GitHubExpressionParser {
  /// A context read found in a text that does not parse.
  package struct VisibleRead: Sendable, Hashable {
    package var context: String
    package var path: [PathComponent]
    package var range: ByteRange
  }

  /// The dotted names of known data contexts that stand in a broken text.
  ///
  /// What cannot be parsed must still count as a reader of what it visibly names.
  package static func visibleReads(in text: [UInt8]) -> [VisibleRead] {
    var reads: [VisibleRead] = []
    var offset = 0
    while offset < text.count {
      guard isNamePart(text[offset]) else {
        offset += 1
        continue
      }
      let start = offset
      while offset < text.count, isNamePart(text[offset]) || text[offset] == UInt8(ascii: ".") {
        offset += 1
      }
      let names = String(decoding: text[start..<offset], as: UTF8.self)
        .split(separator: ".").map(String.init)
      guard names.count > 1, let context = names.first?.lowercased(),
        ["steps", "needs", "env", "inputs", "matrix"].contains(context)
      else { continue }
      reads.append(
        VisibleRead(
          context: context, path: names.dropFirst().map { .field($0) },
          range: ByteRange(start, offset)))
    }
    return reads
  }

  private static func isNamePart(_ byte: UInt8) -> Bool {
    (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39)
      || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }
}

extension XMLTokenizer {
  /// The text that character data stands for: references resolved, line ends normalised.
  package mutating func decoded(_ range: ByteRange) -> String {
    var text = ScalarText()
    decode(range, into: &text)
    return String(decoding: text.bytes, as: UTF8.self)
  }

  /// Appends character data with its references resolved; in an attribute each white space is a space.
  mutating func decode(
    _ range: ByteRange, isAttribute: Bool = false, into text: inout ScalarText
  ) {
    var offset = range.start
    var plain = offset
    while offset < range.end {
      switch bytes[offset] {
      case Byte.ampersand:
        text.append(bytes, plain..<offset)
        offset = reference(at: offset, before: range.end, into: &text)
        plain = offset
      case Byte.carriageReturn:
        text.append(bytes, plain..<offset)
        let isPair = offset + 1 < range.end && bytes[offset + 1] == Byte.lineFeed
        let end = offset + (isPair ? 2 : 1)
        text.append(isAttribute ? Byte.space : Byte.lineFeed, for: ByteRange(offset, end))
        offset = end
        plain = end
      case Byte.lineFeed where isAttribute, Byte.tab where isAttribute:
        text.append(bytes, plain..<offset)
        text.append(Byte.space, for: ByteRange(offset, offset + 1))
        offset += 1
        plain = offset
      default: offset += 1
      }
    }
    text.append(bytes, plain..<range.end)
  }

  /// Appends CDATA: nothing in it is a reference.
  func copy(_ range: ByteRange, into text: inout ScalarText) {
    var plain = range.start
    for offset in range.start..<range.end where bytes[offset] == Byte.carriageReturn {
      guard offset >= plain else { continue }
      text.append(bytes, plain..<offset)
      let isPair = offset + 1 < range.end && bytes[offset + 1] == Byte.lineFeed
      plain = offset + (isPair ? 2 : 1)
      text.append(Byte.lineFeed, for: ByteRange(offset, plain))
    }
    text.append(bytes, plain..<range.end)
  }

  /// The longest name of an entity that is looked for.
  private static let longestReference = 64

  /// Appends what the reference at `start` stands for; gives the offset behind it.
  private mutating func reference(
    at start: Int, before limit: Int, into text: inout ScalarText
  ) -> Int {
    var end = start + 1
    let last = min(limit, start + Self.longestReference)
    while end < last, bytes[end] != UInt8(ascii: ";"), !Byte.isWhite(bytes[end]),
      bytes[end] != Byte.ampersand
    {
      end += 1
    }
    guard end < last, bytes[end] == UInt8(ascii: ";"), end > start + 1 else {
      report(
        "This `&` begins no reference.", hint: "Write it as `&amp;`.",
        at: ByteRange(start, start + 1))
      text.append(bytes, start..<(start + 1))
      return start + 1
    }
    let range = ByteRange(start, end + 1)
    if let scalar = Self.scalar(of: bytes[(start + 1)..<end]) {
      text.append(scalar, for: range)
    } else {
      report(
        bytes[start + 1] == Byte.hash
          ? "This reference names no character."
          : "This entity is not predefined, and stays as it is.",
        hint: "Write the character itself.", at: range)
      text.append(bytes, start..<(end + 1))
    }
    return end + 1
  }

  private static func scalar(of name: ArraySlice<UInt8>) -> Unicode.Scalar? {
    if name.first == Byte.hash {
      let digits = name.dropFirst()
      let isHexadecimal = digits.first == UInt8(ascii: "x")
      let number = String(decoding: isHexadecimal ? digits.dropFirst() : digits, as: UTF8.self)
      guard let value = UInt32(number, radix: isHexadecimal ? 16 : 10), value != 0 else {
        return nil
      }
      return Unicode.Scalar(value)
    }
    switch String(decoding: name, as: UTF8.self) {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    default: return nil
    }
  }
}

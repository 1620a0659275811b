extension JSONParser {
  /// Skips white space and comments.
  mutating func skipSpace() {
    position = Self.endOfBlanks(in: bytes.span, from: position)
    while position < bytes.count {
      switch bytes[position] {
      case Byte.space, Byte.tab, Byte.lineFeed, Byte.carriageReturn:
        position += 1
      case Byte.slash where position + 1 < bytes.count && bytes[position + 1] == Byte.slash:
        lineComment()
      case Byte.slash where position + 1 < bytes.count && bytes[position + 1] == Byte.asterisk:
        blockComment()
      case 0x0B, 0x0C:
        note(.space, at: ByteRange(position, position + 1))
        position += 1
      case 0xC2, 0xE2, 0xE3, 0xEF:
        guard let length = foreignSpaceLength() else { return }
        note(.space, at: ByteRange(position, position + length))
        position += length
      default:
        return
      }
    }
  }

  /// Past what nearly all white space is, in a loop of its own.
  private static func endOfBlanks(in bytes: Span<UInt8>, from start: Int) -> Int {
    var next = start
    // Indentation is eight spaces at a time; each load ends inside the bytes.
    let raw = unsafe bytes.bytes
    while next + 8 <= bytes.count {
      let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: next, as: UInt64.self)
      if word == 0x2020_2020_2020_2020 {
        next += 8
      } else if Byte.isWhite(bytes[next]) {
        next += 1
      } else {
        return next
      }
    }
    while next < bytes.count, Byte.isWhite(bytes[next]) { next += 1 }
    return next
  }

  /// The length of a no-break space, another Unicode space or a stray byte-order mark.
  private func foreignSpaceLength() -> Int? {
    func starts(_ scalar: [UInt8]) -> Bool { bytes[position...].starts(with: scalar) }
    if starts([0xC2, 0xA0]) { return 2 }
    if starts([0xEF, 0xBB, 0xBF]) || starts([0xE3, 0x80, 0x80]) || starts([0xE2, 0x81, 0x9F]) {
      return 3
    }
    guard position + 2 < bytes.count, starts([0xE2, 0x80]) else { return nil }
    switch bytes[position + 2] {
    // U+2000 ... U+200A, U+2028, U+2029, U+202F
    case 0x80...0x8A, 0xA8, 0xA9, 0xAF: return 3
    default: return nil
    }
  }

  private mutating func lineComment() {
    let start = position
    while position < bytes.count, !Byte.isBreak(bytes[position]) { position += 1 }
    addComment(from: start)
  }

  private mutating func blockComment() {
    let start = position
    position += 2
    while position < bytes.count {
      if bytes[position] == Byte.slash, bytes[position - 1] == Byte.asterisk, position > start + 2 {
        position += 1
        addComment(from: start)
        return
      }
      position += 1
    }
    builder.report(
      .error, "This comment is not closed.", hint: "Add the missing `*/`.",
      at: ByteRange(start, start + 2))
    addComment(from: start)
  }

  private mutating func addComment(from start: Int) {
    var before = start
    while before > 0, Byte.isBlank(bytes[before - 1]) { before -= 1 }
    builder.comments.append(
      Comment(
        range: ByteRange(start, position), ownLine: before == 0 || Byte.isBreak(bytes[before - 1])))
  }

  /// Skips a collection with all that it holds, without recursion.
  mutating func skipBalanced() {
    var open = 0
    while position < bytes.count {
      switch bytes[position] {
      case Byte.openBrace, Byte.openBracket:
        open += 1
      case Byte.closeBrace, Byte.closeBracket:
        open -= 1
      case Byte.quote:
        skipString()
        continue
      default:
        break
      }
      position += 1
      if open == 0 { return }
    }
  }

  private mutating func skipString() {
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      if byte == Byte.quote {
        position += 1
        return
      }
      if Byte.isBreak(byte) { return }
      position += byte == Byte.backslash ? 2 : 1
    }
    position = min(position, bytes.count)
  }
}

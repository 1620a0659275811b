/// A piece of markup; ranges speak of the file, and nothing in them is decoded yet.
package enum XMLToken: Sendable {
  /// `<name a="b">` or `<name/>`.
  case start(XMLTag)
  /// `</name>`.
  case end(name: ByteRange, range: ByteRange)
  /// Character data with its references as written; see ``XMLTokenizer/decoded(_:)``.
  case text(ByteRange)
  /// What stands between `<![CDATA[` and `]]>`: text without references.
  case cdata(content: ByteRange, range: ByteRange)
  case comment(ByteRange)
  /// `<?…?>`, the XML declaration among them.
  case instruction(ByteRange)
  /// `<!DOCTYPE …>`: never read.
  case documentType(ByteRange)
}

/// The tag that opens an element.
package struct XMLTag: Sendable {
  package var name: ByteRange
  package var attributes: [Attribute]
  /// Whether the element ends with its own tag (`/>`).
  package var isEmpty: Bool
  /// From `<` to `>`.
  package var range: ByteRange

  package struct Attribute: Sendable {
    package var name: ByteRange
    /// The value as written, without its quotes.
    package var value: ByteRange
  }
}

/// Cuts XML into tokens, one at a time; any bytes give tokens, and what is wrong is noted on the way.
///
/// Every byte is looked at a bounded number of times. Nothing is fetched, no entity but the five predefined ones is
/// expanded, and no document type is read.
package struct XMLTokenizer {
  package let bytes: [UInt8]
  /// Where the next token begins.
  package private(set) var position: Int
  /// What was wrong so far.
  package private(set) var problems: [SourceProblem] = []

  package init(_ bytes: [UInt8], from position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  /// The next token, `nil` at the end.
  package mutating func next() -> XMLToken? {
    guard position < bytes.count else { return nil }
    return bytes[position] == Byte.less ? markup() : text()
  }

  /// Notes a problem.
  package mutating func report(
    _ message: String, hint: String = "", severity: SourceProblem.Severity = .error,
    at range: ByteRange
  ) {
    guard problems.count < Limits.problems else { return }
    problems.append(
      SourceProblem(severity: severity, message: message, hint: hint, range: range))
  }

  private mutating func text() -> XMLToken {
    let start = position
    position += 1
    while position < bytes.count, bytes[position] != Byte.less { position += 1 }
    return .text(ByteRange(start, position))
  }

  private mutating func markup() -> XMLToken {
    let start = position
    guard start + 1 < bytes.count else { return strayLess() }
    switch bytes[start + 1] {
    case Byte.slash: return endTag()
    case Byte.question:
      let end = finish("?>", from: start + 2, "This processing instruction", start)
      return .instruction(ByteRange(start, end.after))
    case Byte.exclamation: return declaration()
    case let byte where Self.startsName(byte): return startTag()
    default: return strayLess()
    }
  }

  private mutating func strayLess() -> XMLToken {
    let start = position
    report(
      "This `<` begins no tag.", hint: "Write it as `&lt;`.", at: ByteRange(start, start + 1))
    return text()
  }

  private mutating func declaration() -> XMLToken {
    let start = position
    if stands("<!--", at: start) {
      let end = finish("-->", from: start + 4, "This comment", start)
      return .comment(ByteRange(start, end.after))
    }
    if stands("<![CDATA[", at: start) {
      let end = finish("]]>", from: start + 9, "This CDATA section", start)
      return .cdata(
        content: ByteRange(min(start + 9, end.before), end.before),
        range: ByteRange(start, end.after))
    }
    documentType()
    return .documentType(ByteRange(start, position))
  }

  /// Skips `<!…>` with what stands in its quotes, brackets and comments.
  private mutating func documentType() {
    let start = position
    position += 2
    var brackets = 0
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case Byte.openBracket: brackets += 1
      case Byte.closeBracket: brackets -= 1
      case Byte.quote, Byte.apostrophe:
        while position < bytes.count, bytes[position] != byte { position += 1 }
        position = min(position + 1, bytes.count)
      case Byte.less where stands("<!--", at: position - 1):
        position = find("-->", from: position + 3).after
      case Byte.greater where brackets <= 0:
        report(
          "A document type declaration is not read.",
          hint: "Remove it: its entities stay unexpanded, and nothing outside is fetched.",
          severity: .warning,
          at: ByteRange(start, position))
        return
      default: break
      }
    }
    report(
      "This declaration is not closed.", hint: "Add the missing `>`.",
      at: ByteRange(start, start + 2))
  }

  private mutating func endTag() -> XMLToken {
    let start = position
    position += 2
    let name = self.name()
    skipSpace()
    if position < bytes.count, bytes[position] == Byte.greater {
      position += 1
    } else {
      report(
        "This closing tag has no `>`.", at: ByteRange(start, max(position, start + 2)))
      skipToTagEnd()
    }
    return .end(name: name, range: ByteRange(start, position))
  }

  private mutating func startTag() -> XMLToken {
    let start = position
    position += 1
    var tag = XMLTag(
      name: name(), attributes: [], isEmpty: false, range: ByteRange(start, start))
    while true {
      let before = position
      skipSpace()
      guard position < bytes.count, bytes[position] != Byte.less else {
        report(
          "This tag is not closed.", hint: "Add the missing `>`.",
          at: ByteRange(start, tag.name.end))
        break
      }
      let byte = bytes[position]
      if byte == Byte.greater {
        position += 1
        break
      }
      if byte == Byte.slash, position + 1 < bytes.count, bytes[position + 1] == Byte.greater {
        position += 2
        tag.isEmpty = true
        break
      }
      guard Self.startsName(byte) else {
        report("An attribute's name is expected here.", at: ByteRange(position, position + 1))
        position += 1
        skipDamage()
        continue
      }
      if before == position {
        report("A space is missing here.", severity: .warning, at: ByteRange(position, position))
      }
      if let attribute = attribute() {
        // Most tags have a few, and a list that grows is made anew for each of the first.
        if tag.attributes.isEmpty { tag.attributes.reserveCapacity(4) }
        tag.attributes.append(attribute)
      }
    }
    tag.range.end = position
    return .start(tag)
  }

  private mutating func attribute() -> XMLTag.Attribute? {
    let name = self.name()
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: "=") else {
      report("This attribute has no value.", hint: "Write `name=\"value\"`.", at: name)
      return nil
    }
    position += 1
    skipSpace()
    guard position < bytes.count,
      bytes[position] == Byte.quote || bytes[position] == Byte.apostrophe
    else {
      report("This attribute's value is not quoted.", hint: "Write `name=\"value\"`.", at: name)
      skipDamage()
      return nil
    }
    let quote = bytes[position]
    let start = position + 1
    position = start
    while position < bytes.count, bytes[position] != quote, bytes[position] != Byte.less {
      position += 1
    }
    let value = ByteRange(start, position)
    if position < bytes.count, bytes[position] == quote {
      position += 1
    } else {
      report(
        "This attribute's value is not closed, or holds a `<`.",
        hint: "Add the missing quote; write `<` as `&lt;`.", at: ByteRange(start - 1, start))
    }
    return XMLTag.Attribute(name: name, value: value)
  }

  /// What follows up to white space or the end of the tag makes no sense.
  private mutating func skipDamage() {
    while position < bytes.count, !Byte.isWhite(bytes[position]), bytes[position] != Byte.greater,
      bytes[position] != Byte.less
    {
      position += 1
    }
  }

  private mutating func skipToTagEnd() {
    while position < bytes.count, bytes[position] != Byte.less {
      position += 1
      if bytes[position - 1] == Byte.greater { return }
    }
  }

  private mutating func name() -> ByteRange {
    let start = position
    while position < bytes.count, Self.continuesName(bytes[position]) { position += 1 }
    return ByteRange(start, position)
  }

  private mutating func skipSpace() {
    while position < bytes.count, Byte.isWhite(bytes[position]) { position += 1 }
  }

  private func stands(_ text: StaticString, at offset: Int) -> Bool {
    text.withUTF8Buffer { wanted in
      guard offset + wanted.count <= bytes.count else { return false }
      for index in wanted.indices where unsafe wanted[index] != bytes[offset + index] {
        return false
      }
      return true
    }
  }

  private func find(_ text: StaticString, from start: Int) -> (before: Int, after: Int) {
    var offset = start
    while offset < bytes.count {
      if stands(text, at: offset) { return (offset, offset + text.utf8CodeUnitCount) }
      offset += 1
    }
    return (bytes.count, bytes.count)
  }

  /// Moves behind the closing mark of something that began at `begun`.
  private mutating func finish(
    _ mark: StaticString, from start: Int, _ what: String, _ begun: Int
  ) -> (before: Int, after: Int) {
    let end = find(mark, from: start)
    if end.before == end.after {
      report(
        "\(what) is not closed.", hint: "Add the missing `\(mark)`.",
        at: ByteRange(begun, min(begun + 2, bytes.count)))
    }
    position = end.after
    return end
  }

  /// Letters, `_`, `:` and everything beyond ASCII.
  private static func startsName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"), Byte.colon, 0x80...:
      true
    default: false
    }
  }

  private static func continuesName(_ byte: UInt8) -> Bool {
    startsName(byte) || (Byte.zero...Byte.nine).contains(byte) || byte == Byte.minus
      || byte == Byte.dot
  }
}

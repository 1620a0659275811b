/// A tag of XML: its name, its attributes, and where it stands.
struct MarkupTag {
  var name: String
  /// A handful, which is quicker looked through than looked up.
  private(set) var attributes: [(name: String, value: String)] = []
  var isEnd = false
  var isEmpty = false
  /// Relative to where the search began.
  var start: Int
  var end: Int
  /// Line breaks between where the search began and the tag.
  var linesBefore: Int

  /// The value of an attribute, the last where it stands twice.
  subscript(name: String) -> String? { attributes.last { $0.name == name }?.value }

  mutating func add(_ name: String, _ value: String) { attributes.append((name, value)) }

  /// What ends an element without content.
  var closing: MarkupTag {
    var tag = self
    tag.isEnd = true
    tag.isEmpty = false
    tag.linesBefore = linesBefore
    return tag
  }
}

/// Finds the tags in XML one after another; text, comments, processing instructions and declarations are passed over.
///
/// No entity but the five that XML itself has is resolved, and nothing outside the file is read.
enum MarkupScanner {
  enum Outcome {
    case found(MarkupTag, next: Int)
    /// The window ends inside something.
    case more
    case end(isCut: Bool)
  }

  static func nextTag(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int, isAtEnd: Bool
  ) -> Outcome {
    var position = start
    while true {
      position = ByteSearch.first(0x3C, in: bytes, from: position, to: end)
      if position == end { return isAtEnd ? .end(isCut: false) : .more }
      let open = position
      if starts(bytes, open, end, "<!--") {
        guard let next = after("-->", bytes, open + 4, end) else { return cut(isAtEnd) }
        position = next
      } else if starts(bytes, open, end, "<![CDATA[") {
        guard let next = after("]]>", bytes, open + 9, end) else { return cut(isAtEnd) }
        position = next
      } else if starts(bytes, open, end, "<?") {
        guard let next = after("?>", bytes, open + 2, end) else { return cut(isAtEnd) }
        position = next
      } else if starts(bytes, open, end, "<!") {
        guard let next = after(">", bytes, open + 2, end) else { return cut(isAtEnd) }
        position = next
      } else {
        // The shortest of the above is longer than what may be left of the window.
        if end - open < 9, !isAtEnd { return .more }
        guard let close = tagEnd(bytes, open, end) else { return cut(isAtEnd) }
        var tag = tag(bytes, open, close)
        tag.start = open - start
        tag.end = close + 1 - start
        tag.linesBefore = ByteSearch.count(0x0A, in: bytes, from: start, to: open)
        return .found(tag, next: close + 1)
      }
    }
  }

  private static func cut(_ isAtEnd: Bool) -> Outcome { isAtEnd ? .end(isCut: true) : .more }

  private static func starts(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ text: String
  ) -> Bool {
    var index = start
    for byte in text.utf8 {
      if index >= end || bytes[index] != byte { return false }
      index += 1
    }
    return true
  }

  private static func after(
    _ text: String, _ bytes: Span<UInt8>, _ start: Int, _ end: Int
  ) -> Int? {
    var position = start
    guard let first = text.utf8.first else { return start }
    while position < end {
      position = ByteSearch.first(first, in: bytes, from: position, to: end)
      if starts(bytes, position, end, text) { return position + text.utf8.count }
      position += 1
    }
    return nil
  }

  /// Where the tag's `>` stands: outside of quotes.
  private static func tagEnd(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var quote: UInt8 = 0
    var index = start + 1
    while index < end {
      let byte = bytes[index]
      if quote != 0 {
        if byte == quote { quote = 0 }
      } else if byte == 0x22 || byte == 0x27 {
        quote = byte
      } else if byte == 0x3E {
        return index
      } else if byte == 0x3C {
        // The tag before was not closed.
        return index - 1
      }
      index += 1
    }
    return nil
  }

  private static func tag(_ bytes: Span<UInt8>, _ open: Int, _ close: Int) -> MarkupTag {
    var tag = MarkupTag(name: "", start: 0, end: 0, linesBefore: 0)
    var position = open + 1
    if position < close, bytes[position] == 0x2F {
      tag.isEnd = true
      position += 1
    }
    tag.name = word(bytes, &position, close)
    while position < close {
      JSONBytes.skipSpace(bytes, &position, close)
      if position >= close { break }
      if bytes[position] == 0x2F {
        tag.isEmpty = true
        position += 1
        continue
      }
      let key = word(bytes, &position, close)
      JSONBytes.skipSpace(bytes, &position, close)
      guard position < close, bytes[position] == 0x3D else {
        if key.isEmpty { position += 1 }
        continue
      }
      position += 1
      JSONBytes.skipSpace(bytes, &position, close)
      guard position < close, bytes[position] == 0x22 || bytes[position] == 0x27 else { continue }
      let valueEnd = ByteSearch.first(bytes[position], in: bytes, from: position + 1, to: close)
      tag.add(key, text(bytes, position + 1, valueEnd))
      position = valueEnd + 1
    }
    return tag
  }

  /// A name, without the prefix of its namespace where it is an element's.
  private static func word(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> String {
    let start = position
    while position < end {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D, 0x2F, 0x3D, 0x22, 0x27:
        return String(decoding: copy(bytes, start, position), as: UTF8.self)
      default: position += 1
      }
    }
    return String(decoding: copy(bytes, start, position), as: UTF8.self)
  }

  private static func copy(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> [UInt8] {
    var copy: [UInt8] = []
    copy.reserveCapacity(max(0, end - start))
    for index in start..<max(start, end) { copy.append(bytes[index]) }
    return copy
  }

  /// A value with its references resolved.
  private static func text(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> String {
    let raw = String(decoding: copy(bytes, start, end), as: UTF8.self)
    guard raw.utf8.contains(0x26) else { return raw }
    var result = ""
    var rest = Substring(raw)
    while let mark = rest.firstIndex(of: "&") {
      result += rest[..<mark]
      guard let stop = rest[mark...].prefix(12).firstIndex(of: ";") else {
        result += rest[mark...mark]
        rest = rest[rest.index(after: mark)...]
        continue
      }
      let name = rest[rest.index(after: mark)..<stop]
      result += reference(name) ?? String(rest[mark...stop])
      rest = rest[rest.index(after: stop)...]
    }
    return result + rest
  }

  private static func reference(_ name: Substring) -> String? {
    switch name {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    default:
      guard name.hasPrefix("#") else { return nil }
      let digits = name.dropFirst()
      let value =
        digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
      return value.flatMap(Unicode.Scalar.init).map { String(Character($0)) }
    }
  }
}

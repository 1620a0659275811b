import SourceText

/// Blanks, separators, redirections and here-documents.
extension ShellParser {
  /// Deepest nesting followed: scripts reach 10, and lowering needs a few kilobytes of stack a level.
  static let nesting = Limits.nesting

  /// The byte at the position, 0 at the end.
  var byte: UInt8 { position < end ? bytes[position] : 0 }
  var next: UInt8 { position + 1 < end ? bytes[position + 1] : 0 }

  func follows(_ text: String) -> Bool {
    guard position < end, holes[position] == nil else { return false }
    return bytes[position..<end].starts(with: text.utf8)
  }

  var atCaseSeparator: Bool {
    byte == ShellByte.semicolon && (next == ShellByte.semicolon || next == ShellByte.ampersand)
  }

  /// Skips blanks, joined lines and a comment.
  mutating func skipBlanks() {
    while position < end, holes[position] == nil {
      let current = bytes[position]
      if ShellByte.isBlank(current) {
        position += 1
      } else if current == ShellByte.backslash, next == ShellByte.newline {
        position += 2
      } else if current == ShellByte.backslash, next == ShellByte.carriageReturn {
        position += 2
        if byte == ShellByte.newline { position += 1 }
      } else if current == UInt8(ascii: "#"), startsWord {
        while position < end, byte != ShellByte.newline {
          position = holes[position]?.end ?? position + 1
        }
        position = min(position, end)
      } else {
        return
      }
    }
  }

  private var startsWord: Bool {
    guard position > 0 else { return true }
    let previous = bytes[position - 1]
    return ShellByte.isBlank(previous) || previous == ShellByte.newline
      || ShellByte.isOperator(previous)
      || previous == ShellByte.backquote
  }

  mutating func skipNewlines() {
    while true {
      skipBlanks()
      guard position < end, byte == ShellByte.newline, holes[position] == nil else { return }
      consumeNewline()
    }
  }

  /// Skips blanks, line ends and single `;`.
  mutating func skipSeparators() {
    while true {
      skipNewlines()
      guard byte == ShellByte.semicolon, !atCaseSeparator, holes[position] == nil else { return }
      position += 1
    }
  }

  mutating func consumeNewline() {
    position += 1
    if !pendingHereDocuments.isEmpty { readHereDocuments() }
  }

  /// The unquoted word at the position, without taking it; `nil` where it has quotes or expansions.
  func peekBareWord() -> String? {
    var cursor = position
    let limit = min(end, position + 64)
    while cursor < limit {
      let current = bytes[cursor]
      if holes[cursor] != nil { return nil }
      if ShellByte.isBlank(current) || current == ShellByte.newline || ShellByte.isOperator(current)
      {
        break
      }
      switch current {
      case ShellByte.backslash, ShellByte.singleQuote, ShellByte.doubleQuote, ShellByte.backquote,
        ShellByte.dollar:
        return nil
      default: cursor += 1
      }
    }
    guard cursor > position, cursor < position + 64 else { return nil }
    return String(decoding: bytes[position..<cursor], as: UTF8.self)
  }

  /// Takes the reserved word where it stands here.
  mutating func expect(_ word: String) {
    skipSeparators()
    if peekBareWord() == word { position += word.utf8.count }
  }

  mutating func skipClosing(_ closing: UInt8) {
    skipSeparators()
    if byte == closing, holes[position] == nil { position += 1 }
  }

  mutating func parseRedirection() -> ShellRedirection? {
    skipBlanks()
    let start = position
    guard position < end, holes[position] == nil else { return nil }
    var descriptor: Int?
    var cursor = position
    while cursor < end, cursor < position + 3, ShellByte.isDigit(bytes[cursor]) {
      descriptor = (descriptor ?? 0) * 10 + Int(bytes[cursor] - UInt8(ascii: "0"))
      cursor += 1
    }
    position = cursor
    guard let kind = parseRedirectionOperator() else {
      position = start
      return nil
    }
    skipBlanks()
    if case .hereDocument(let index) = kind {
      // Not pending while its word is read: a line end inside the word belongs to the word.
      guard var document = pendingHereDocuments.popLast() else { return nil }
      let target = parseWord() ?? ShellWord(parts: [], range: ByteRange(position, position))
      document.delimiter = Array((target.literal ?? text(of: target)).utf8)
      document.expands = !target.parts.contains { part in
        if case .literal(_, quoted: true) = part { true } else { false }
      }
      pendingHereDocuments.append(document)
      return ShellRedirection(kind: .hereDocument(index), descriptor: descriptor, target: target)
    }
    let target = parseWord() ?? ShellWord(parts: [], range: ByteRange(position, position))
    return ShellRedirection(kind: kind, descriptor: descriptor, target: target)
  }

  private mutating func parseRedirectionOperator() -> ShellRedirection.Operator? {
    switch byte {
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): break
    default: return nil
    }
    if follows("<<<") {
      position += 3
      return .hereString
    }
    if follows("<<") {
      position += 2
      let stripsTabs = byte == UInt8(ascii: "-")
      if stripsTabs { position += 1 }
      hereDocuments.append(ShellWord(parts: [], range: ByteRange(position, position)))
      let index = hereDocuments.count - 1
      pendingHereDocuments.append(
        PendingHereDocument(index: index, delimiter: [], expands: true, stripsTabs: stripsTabs))
      return .hereDocument(index)
    }
    if follows("&>>") {
      position += 3
      return .append
    }
    if follows("&>") {
      position += 2
      return .outputAll
    }
    if follows(">>") {
      position += 2
      return .append
    }
    if follows(">&") || follows("<&") {
      position += 2
      return .duplicate
    }
    if follows(">|") || follows("<>") {
      position += 2
      return .output
    }
    if follows("<(") || follows(">(") { return nil }
    if byte == ShellByte.less {
      position += 1
      return .input
    }
    if byte == ShellByte.greater {
      position += 1
      return .output
    }
    return nil
  }

  /// Reads the bodies of the here-documents whose operators stand on the line that just ended.
  mutating func readHereDocuments() {
    let pending = pendingHereDocuments
    pendingHereDocuments = []
    for document in pending {
      let bodyStart = position
      var bodyEnd = end
      var cursor = position
      var after = end
      while cursor < end {
        let lineStart = cursor
        var contentStart = lineStart
        while cursor < end, bytes[cursor] != ShellByte.newline { cursor += 1 }
        if document.stripsTabs {
          while contentStart < cursor, bytes[contentStart] == ShellByte.tab { contentStart += 1 }
        }
        var contentEnd = cursor
        if contentEnd > contentStart, bytes[contentEnd - 1] == ShellByte.carriageReturn {
          contentEnd -= 1
        }
        let isDelimiter = bytes[contentStart..<contentEnd].elementsEqual(document.delimiter)
        if cursor < end { cursor += 1 }
        if isDelimiter {
          bodyEnd = lineStart
          after = cursor
          break
        }
      }
      let outerEnd = end
      end = bodyEnd
      position = bodyStart
      hereDocuments[document.index] = parseHereDocumentBody(document)
      end = outerEnd
      position = after
    }
  }

  private mutating func parseHereDocumentBody(_ document: PendingHereDocument) -> ShellWord {
    let range = ByteRange(position, end)
    var parts = WordParts()
    guard depth < Self.nesting else { return ShellWord(parts: [], range: range) }
    depth += 1
    defer { depth -= 1 }
    if document.expands {
      parseExpanded(into: &parts, until: 0)
    } else {
      while position < end {
        if let hole = holes[position] {
          parts.append(.hole(hole.index, quoted: true))
          position = min(hole.end, end)
        } else {
          parts.append(byte, quoted: true)
          position += 1
        }
      }
    }
    position = end
    let finished = parts.finished()
    return ShellWord(
      parts: document.stripsTabs ? Self.withoutLeadingTabs(finished) : finished, range: range)
  }

  /// `<<-`: tabs at the start of a line do not count.
  private static func withoutLeadingTabs(_ parts: [ShellWord.Part]) -> [ShellWord.Part] {
    var startsLine = true
    return parts.map { part in
      guard case .literal(let text, let quoted) = part else {
        startsLine = false
        return part
      }
      var kept: [UInt8] = []
      for byte in text.utf8 {
        if startsLine, byte == ShellByte.tab { continue }
        startsLine = byte == ShellByte.newline
        kept.append(byte)
      }
      return .literal(String(decoding: kept, as: UTF8.self), quoted: quoted)
    }
  }

  private func text(of word: ShellWord) -> String {
    String(decoding: bytes[word.range.start..<min(word.range.end, bytes.count)], as: UTF8.self)
  }
}

/// The bytes that mean something to a shell.
enum ShellByte {
  static let newline = UInt8(ascii: "\n")
  static let tab = UInt8(ascii: "\t")
  static let carriageReturn = UInt8(ascii: "\r")
  static let backslash = UInt8(ascii: "\\")
  static let singleQuote = UInt8(ascii: "'")
  static let doubleQuote = UInt8(ascii: "\"")
  static let backquote = UInt8(ascii: "`")
  static let dollar = UInt8(ascii: "$")
  static let semicolon = UInt8(ascii: ";")
  static let ampersand = UInt8(ascii: "&")
  static let bar = UInt8(ascii: "|")
  static let less = UInt8(ascii: "<")
  static let greater = UInt8(ascii: ">")
  static let openParenthesis = UInt8(ascii: "(")
  static let closeParenthesis = UInt8(ascii: ")")
  static let openBrace = UInt8(ascii: "{")
  static let closeBrace = UInt8(ascii: "}")
  static let openBracket = UInt8(ascii: "[")
  static let closeBracket = UInt8(ascii: "]")
  static let equals = UInt8(ascii: "=")
  static let plus = UInt8(ascii: "+")
  static let colon = UInt8(ascii: ":")
  static let exclamation = UInt8(ascii: "!")

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == tab || byte == carriageReturn
  }

  static func isOperator(_ byte: UInt8) -> Bool {
    switch byte {
    case semicolon, ampersand, bar, less, greater, openParenthesis, closeParenthesis: true
    default: false
    }
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  static func startsName(_ byte: UInt8) -> Bool {
    (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
      || byte == UInt8(ascii: "_")
  }

  static func continuesName(_ byte: UInt8) -> Bool { startsName(byte) || isDigit(byte) }

  static func isSpecialParameter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "?"), UInt8(ascii: "@"), UInt8(ascii: "*"), UInt8(ascii: "#"), dollar,
      exclamation, UInt8(ascii: "-"):
      true
    default: false
    }
  }
}

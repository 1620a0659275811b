/// Recursive descent over JSON; recursion ends at `Limits.nesting`.
struct JSONParser {
  let bytes: [UInt8]
  var position = 0
  var builder: TreeBuilder
  var text = ScalarText()
  /// How many bytes have been looked at to find where damaged strings end.
  var lookedAhead = 0
  private var depth = 0
  /// Set from an error until the next comma or bracket: one damage, one problem.
  private var isDamaged = false
  private var toleratesJSON5: Bool
  private var noted: Set<Habit> = []

  init(_ file: SourceFile) {
    bytes = file.bytes
    builder = TreeBuilder(file)
    toleratesJSON5 = file.path.hasSuffix(".json5")
  }

  mutating func parse() -> SourceTree {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    var documents: [Node] = []
    skipSpace()
    while position < bytes.count {
      isDamaged = false
      builder.startDocument()
      let start = position
      if isDelimiter(bytes[position]) {
        reportDamage(
          "There is nothing that this `\(Unicode.Scalar(bytes[position]))` could close or part.",
          hint: "Remove it.", at: ByteRange(position, position + 1))
        position += 1
      } else {
        if !documents.isEmpty { note(.secondRoot, at: ByteRange(start, start + 1)) }
        value()
        if let root = builder.takeLast() { documents.append(root) }
      }
      skipSpace()
    }
    if documents.isEmpty && builder.problems.isEmpty {
      builder.report(.warning, "The file holds no JSON value.", at: ByteRange(0, bytes.count))
    }
    return builder.finish(documents: documents)
  }

  /// Reads a value; puts exactly one node on the builder's stack.
  private mutating func value() {
    guard position < bytes.count else {
      addEmpty(at: position)
      return
    }
    switch bytes[position] {
    case Byte.openBrace where startsTemplate(): template()
    case Byte.openBrace, Byte.openBracket: collection()
    case Byte.quote: string()
    case Byte.apostrophe:
      note(.singleQuotes, at: ByteRange(position, position + 1))
      string()
    case Byte.comma, Byte.colon, Byte.closeBrace, Byte.closeBracket:
      reportDamage("A value is missing here.", at: ByteRange(position, position + 1))
      addEmpty(at: position)
    default: word()
    }
  }

  private mutating func collection() {
    let start = position
    let isObject = bytes[position] == Byte.openBrace
    guard depth < Limits.nesting else {
      reportDamage(
        Limits.nestingMessage, hint: Limits.nestingHint,
        at: ByteRange(start, start + 1))
      skipBalanced()
      addEmpty(at: start)
      return
    }
    depth += 1
    let mark = builder.mark
    position += 1
    let isClosed = isObject ? members() : elements()
    if !isClosed && !isDamaged {
      reportDamage(
        isObject ? "This object is not closed." : "This array is not closed.",
        hint: "Add the missing `\(isObject ? "}" : "]")`.", at: ByteRange(start, start + 1))
    }
    depth -= 1
    let end =
      isClosed ? position : max(start + 1, builder.nodes.lastRange(above: mark)?.end ?? 0)
    if isObject {
      builder.closeMapping(from: mark, range: ByteRange(start, end), properties: nil)
    } else {
      builder.closeSequence(from: mark, range: ByteRange(start, end), properties: nil)
    }
  }

  /// Reads `key: value` pairs and the closing brace; says whether there was one.
  private mutating func members() -> Bool {
    var needsComma = false
    while true {
      skipSpace()
      guard position < bytes.count else { return false }
      switch bytes[position] {
      case Byte.closeBrace:
        return close()
      case Byte.closeBracket:
        return closeWrongly(with: Byte.closeBrace)
      case Byte.comma:
        comma(needed: &needsComma)
      default:
        if needsComma { reportMissingComma() }
        member()
        needsComma = true
      }
    }
  }

  private mutating func member() {
    key()
    skipSpace()
    if position < bytes.count && bytes[position] == Byte.colon {
      position += 1
      skipSpace()
      value()
    } else {
      let end = builder.nodes.lastRange()?.end ?? position
      reportDamage(
        "A `:` with a value is missing after this key.",
        at: builder.nodes.lastRange() ?? ByteRange(end, end))
      addEmpty(at: end)
    }
  }

  private mutating func key() {
    switch bytes[position] {
    case Byte.quote: string()
    case Byte.apostrophe:
      note(.singleQuotes, at: ByteRange(position, position + 1))
      string()
    case Byte.openBrace, Byte.openBracket, Byte.colon:
      reportDamage(
        "A key must be a quoted string.", hint: "Put it in double quotes.",
        at: ByteRange(position, position + 1))
      if bytes[position] == Byte.colon { addEmpty(at: position) } else { value() }
    default: unquotedKey()
    }
  }

  /// Reads elements and the closing bracket; says whether there was one.
  private mutating func elements() -> Bool {
    var needsComma = false
    while true {
      skipSpace()
      guard position < bytes.count else { return false }
      switch bytes[position] {
      case Byte.closeBracket:
        return close()
      case Byte.closeBrace:
        return closeWrongly(with: Byte.closeBracket)
      case Byte.comma:
        comma(needed: &needsComma)
      case Byte.colon:
        reportDamage(
          "A `:` has no place in an array.", hint: "Use `{` and `}` around keys with values.",
          at: ByteRange(position, position + 1))
        position += 1
        needsComma = false
      default:
        if needsComma { reportMissingComma() }
        value()
        needsComma = true
      }
    }
  }

  private mutating func close() -> Bool {
    position += 1
    isDamaged = false
    return true
  }

  /// A bracket of the other kind: it belongs to a collection further out, or to nobody.
  private mutating func closeWrongly(with expected: UInt8) -> Bool {
    reportDamage(
      "`\(Unicode.Scalar(expected))` is expected here.", at: ByteRange(position, position + 1))
    // Where only this collection is open the bracket can mean nothing else.
    if depth == 1 {
      position += 1
      return true
    }
    return false
  }

  private mutating func comma(needed: inout Bool) {
    if !needed {
      reportDamage(
        "A value is missing before this comma.", hint: "Remove the comma or add the value.",
        at: ByteRange(position, position + 1))
    }
    position += 1
    isDamaged = false
    needed = false
  }

  private mutating func reportMissingComma() {
    let end = builder.nodes.lastRange()?.end ?? position
    reportDamage(
      "A comma is missing here.", hint: "Separate values with `,`.", at: ByteRange(end, end))
  }

  /// Reports an error unless the same damage is reported already.
  mutating func reportDamage(_ message: String, hint: String = "", at range: ByteRange) {
    if !isDamaged { builder.report(.error, message, hint: hint, at: range) }
    isDamaged = true
  }

  /// Something other than strict JSON that is understood all the same.
  enum Habit: Hashable {
    case secondRoot, singleQuotes, unquotedKey, number, placeholder, control, escape, space
  }

  /// Warns at the first place of a habit.
  mutating func note(_ habit: Habit, at range: ByteRange) {
    switch habit {
    case .singleQuotes, .unquotedKey, .number, .escape:
      if toleratesJSON5 { return }
    case .secondRoot, .placeholder, .control, .space:
      break
    }
    guard noted.insert(habit).inserted else { return }
    let (message, hint) = habit.words
    builder.report(.warning, message, hint: hint, at: range)
  }

  mutating func addEmpty(at offset: Int) {
    builder.add(
      Node(.scalar(Scalar(style: .plain, text: "")), range: ByteRange(offset, offset)))
  }

  private func isDelimiter(_ byte: UInt8) -> Bool {
    byte == Byte.closeBrace || byte == Byte.closeBracket || byte == Byte.comma
      || byte == Byte.colon
  }
}

extension JSONParser.Habit {
  /// What to say about the habit, and what to do.
  var words: (message: String, hint: String) {
    switch self {
    case .secondRoot:
      ("A second JSON value begins here.", "Each value is read as a document of its own.")
    case .singleQuotes:
      ("Single quotes are JSON5, not JSON.", "Use double quotes.")
    case .unquotedKey:
      ("An unquoted key is JSON5, not JSON.", "Put it in double quotes.")
    case .number:
      ("This is no JSON number.", "Write it as JSON does, or put it in double quotes.")
    case .placeholder:
      ("A placeholder stands here without quotes.", "It is read as text: put it in double quotes.")
    case .control:
      ("A control character stands in this string as it is.", "Write it as an escape.")
    case .escape:
      ("JSON has no such escape.", "Use \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\uXXXX.")
    case .space:
      ("This white space is not JSON's.", "Use spaces, tabs and line ends only.")
    }
  }
}

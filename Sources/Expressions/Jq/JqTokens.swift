/// Cuts a jq program into tokens.
enum JqTokens {
  /// The program's tokens; `nil` where a character has no place in jq.
  static func read(_ program: String) -> [JqParser.Token]? {
    let bytes = Array(program.utf8)
    var tokens: [JqParser.Token] = []
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
        position += 1
      case UInt8(ascii: "#"):
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
      case UInt8(ascii: "\""):
        guard let string = readString(bytes, &position) else { return nil }
        tokens.append(.string(string))
      case UInt8(ascii: "$"):
        position += 1
        let name = readName(bytes, &position)
        guard !name.isEmpty else { return nil }
        tokens.append(.variable(name))
      case UInt8(ascii: "@"):
        position += 1
        tokens.append(.format(readName(bytes, &position)))
      case UInt8(ascii: "."):
        if position + 1 < bytes.count, bytes[position + 1] == byte {
          position += 2
          tokens.append(.symbol(".."))
        } else if position + 1 < bytes.count, ShellByte.startsName(bytes[position + 1]) {
          position += 1
          tokens.append(.field(readName(bytes, &position)))
        } else {
          position += 1
          tokens.append(.symbol("."))
        }
      case _ where ShellByte.isDigit(byte):
        let start = position
        while position < bytes.count, continuesNumber(bytes, position) { position += 1 }
        tokens.append(.number(String(decoding: bytes[start..<position], as: UTF8.self)))
      case _ where ShellByte.startsName(byte): tokens.append(.name(readName(bytes, &position)))
      default:
        guard let symbol = symbols.first(in: bytes, from: position, to: bytes.count) else {
          return nil
        }
        tokens.append(.symbol(symbol))
        position += symbol.utf8.count
      }
    }
    return tokens
  }

  private static let symbols = SymbolTable([
    "//=", "|=", "+=", "-=", "*=", "/=", "%=", "//", "==", "!=", "<=", ">=", "<", ">", "|", ",",
    "(", ")", "[", "]", "{", "}", ":", ";", "?", "+", "-", "*", "/", "%", "=",
  ])

  private static func continuesNumber(_ bytes: [UInt8], _ position: Int) -> Bool {
    let byte = bytes[position]
    if ShellByte.isDigit(byte) || byte | 0x20 == UInt8(ascii: "e") { return true }
    return byte == UInt8(ascii: ".") && position + 1 < bytes.count
      && ShellByte.isDigit(bytes[position + 1])
  }

  private static func readName(_ bytes: [UInt8], _ position: inout Int) -> String {
    let start = position
    while position < bytes.count {
      if ShellByte.continuesName(bytes[position]) {
        position += 1
      } else if bytes[position] == UInt8(ascii: ":"), position + 2 < bytes.count,
        bytes[position + 1] == UInt8(ascii: ":"), ShellByte.startsName(bytes[position + 2])
      {
        position += 2
      } else {
        break
      }
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Literal pieces and interpolation sources, alternating; the position stands on the opening quote.
  private static func readString(_ bytes: [UInt8], _ position: inout Int) -> [String]? {
    var pieces: [String] = []
    var run: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") {
        pieces.append(String(decoding: run, as: UTF8.self))
        return pieces
      }
      guard byte == UInt8(ascii: "\\"), position < bytes.count else {
        run.append(byte)
        continue
      }
      let escaped = bytes[position]
      position += 1
      switch escaped {
      case UInt8(ascii: "n"): run.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "t"): run.append(UInt8(ascii: "\t"))
      case UInt8(ascii: "r"): run.append(UInt8(ascii: "\r"))
      case UInt8(ascii: "("):
        pieces.append(String(decoding: run, as: UTF8.self))
        run = []
        guard let end = closing(bytes, from: position) else { return nil }
        pieces.append(String(decoding: bytes[position..<end], as: UTF8.self))
        position = end + 1
      default: run.append(escaped)
      }
    }
    return nil
  }

  /// Where the parenthesis opened before `start` closes; strings inside are stepped over.
  private static func closing(_ bytes: [UInt8], from start: Int) -> Int? {
    var level = 0
    var inString = false
    var position = start
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\\"), inString {
        position += 1
      } else if byte == UInt8(ascii: "\"") {
        inString.toggle()
      } else if !inString, byte == UInt8(ascii: "(") {
        level += 1
      } else if !inString, byte == UInt8(ascii: ")") {
        if level == 0 { return position }
        level -= 1
      }
      position += 1
    }
    return nil
  }
}

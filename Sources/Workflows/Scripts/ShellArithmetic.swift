import Expressions

/// The inside of `(( … ))`, as far as tests and counters need it.
enum ShellArithmetic {
  enum Token: Equatable {
    case name(String)
    case number(String)
    case symbol(String)
    /// An expansion that is no plain variable, by its index in the word's parts.
    case part(Int)
  }

  static func tokens(of word: ShellWord) -> [Token] {
    var tokens: [Token] = []
    for (index, part) in word.parts.enumerated() {
      switch part {
      case .literal(let text, _): scan(Array(text.utf8), into: &tokens)
      case .parameter(let parameter, _):
        if case .plain = parameter.operation {
          tokens.append(.name(parameter.name))
        } else {
          tokens.append(.part(index))
        }
      case .command, .process, .arithmetic, .hole: tokens.append(.part(index))
      }
    }
    return tokens
  }

  static func names(in word: ShellWord) -> Set<String> {
    Set(
      tokens(of: word).compactMap { token in
        if case .name(let name) = token { name } else { nil }
      })
  }

  /// Variables that are counted or assigned: `n++`, `n += 1`, `n = n + 1`.
  static func writtenNames(in word: ShellWord) -> Set<String> {
    let tokens = tokens(of: word)
    var names: Set<String> = []
    for (index, token) in tokens.enumerated() {
      guard case .name(let name) = token else { continue }
      let after = index + 1 < tokens.count ? tokens[index + 1] : nil
      let before = index > 0 ? tokens[index - 1] : nil
      for case .symbol(let symbol)? in [after] where writing.contains(symbol) { names.insert(name) }
      if before == .symbol("++") || before == .symbol("--") { names.insert(name) }
    }
    return names
  }

  private static let writing: Set<String> = ["++", "--", "=", "+=", "-=", "*=", "/=", "%="]

  private static let symbols = [
    "++", "--", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">=", "&&", "||", "<<", ">>",
  ]

  private static func scan(_ bytes: [UInt8], into tokens: inout [Token]) {
    var position = 0
    func isName(_ byte: UInt8) -> Bool {
      (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
        || byte == UInt8(ascii: "_")
    }
    func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
    while position < bytes.count {
      let byte = bytes[position]
      let start = position
      if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t") {
        position += 1
      } else if isName(byte) {
        while position < bytes.count, isName(bytes[position]) || isDigit(bytes[position]) {
          position += 1
        }
        tokens.append(.name(String(decoding: bytes[start..<position], as: UTF8.self)))
      } else if isDigit(byte) {
        while position < bytes.count, isDigit(bytes[position]) || bytes[position] == 46 {
          position += 1
        }
        tokens.append(.number(String(decoding: bytes[start..<position], as: UTF8.self)))
      } else {
        let rest = bytes[position...]
        let symbol = symbols.first { rest.starts(with: $0.utf8) }
        let text = symbol ?? String(decoding: [byte], as: UTF8.self)
        tokens.append(.symbol(text))
        position += max(1, symbol?.utf8.count ?? 1)
      }
    }
  }
}

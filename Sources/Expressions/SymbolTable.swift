/// The symbols of a language by their first byte: most tokens are tried with one or two of them.
struct SymbolTable: Sendable {
  private let byFirst: [[String]]

  /// - Parameter symbols: of ASCII, none of them empty; of two that begin alike the one that counts comes first.
  init(_ symbols: [String]) {
    var byFirst = [[String]](repeating: [], count: 128)
    for symbol in symbols {
      if let first = symbol.utf8.first, first < 128 { byFirst[Int(first)].append(symbol) }
    }
    self.byFirst = byFirst
  }

  /// The first symbol that stands at an offset, and ends before another.
  func first(in bytes: [UInt8], from start: Int, to end: Int) -> String? {
    guard start < end, bytes[start] < 128 else { return nil }
    for symbol in byFirst[Int(bytes[start])] {
      var place = start
      var isThere = true
      for byte in symbol.utf8 {
        guard place < end, bytes[place] == byte else {
          isThere = false
          break
        }
        place += 1
      }
      if isThere { return symbol }
    }
    return nil
  }
}

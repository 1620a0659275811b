/// A field's name as protocols compare it: `cert_hash`, `certHash` and `Cert-Hash` are one.
package struct KeyName: Sendable, Hashable {
  private let folded: String

  package init(_ name: some StringProtocol) { folded = Self.folded(name) }

  /// The name without case, `-` and `_`.
  package static func folded(_ name: some StringProtocol) -> String {
    var bytes = name.utf8.makeIterator()
    var folded: [UInt8] = []
    while let byte = nextByte(&bytes) {
      // Letters that are not ASCII have cases of their own.
      if byte >= 0x80 { return foldedAlphabets(name) }
      folded.append(byte)
    }
    return String(decoding: folded, as: UTF8.self)
  }

  private static func foldedAlphabets(_ name: some StringProtocol) -> String {
    String(
      String.UnicodeScalarView(name.lowercased().unicodeScalars.filter { $0 != "-" && $0 != "_" }))
  }

  /// Whether two names are one.
  package static func same(_ left: some StringProtocol, _ right: some StringProtocol) -> Bool {
    same(Substring(left), Substring(right))
  }

  /// Likewise, of one type: what is generic looks its types up at every byte.
  package static func same(_ left: Substring, _ right: Substring) -> Bool {
    var (first, second) = (left.utf8.makeIterator(), right.utf8.makeIterator())
    while true {
      let (one, other) = (nextByte(&first), nextByte(&second))
      if let one, one >= 0x80 { return folded(left) == folded(right) }
      if let other, other >= 0x80 { return folded(left) == folded(right) }
      if one != other { return false }
      if one == nil { return true }
    }
  }

  /// The next byte that counts, in lower case.
  private static func nextByte(_ bytes: inout some IteratorProtocol<UInt8>) -> UInt8? {
    while let byte = bytes.next() {
      switch byte {
      case UInt8(ascii: "-"), UInt8(ascii: "_"): continue
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): return byte | 0x20
      default: return byte
      }
    }
    return nil
  }
}

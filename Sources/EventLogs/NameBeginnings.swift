/// Whether one of the event names that are known stands in a text in quotes: a necessary sign, quick to look for.
struct NameBeginnings: Sendable {
  /// The names by their first byte.
  private var names: [[[UInt8]]] = Array(repeating: [], count: 256)
  /// Bits of how names go on behind their first byte, by that byte; all of them for a name that is one byte.
  private var seconds = [UInt64](repeating: 0, count: 256)
  /// Whether all names are written in one way only, where neither escapes nor references stand.
  private var arePlain = true

  init(_ spellings: TextTable) {
    for number in 0..<UInt32(spellings.count) {
      let name = Array(spellings.bytes(of: number))
      guard let first = name.first else { continue }
      names[Int(first)].append(name)
      seconds[Int(first)] |= name.count > 1 ? NameBeginnings.bit(of: name[1]) : .max
      arePlain = arePlain && name.allSatisfy(NameBeginnings.isPlain)
    }
  }

  /// Whether a name may stand behind a quote, so written or in escapes.
  func mayStand(in head: Span<UInt8>, quotes: [UInt8]) -> Bool {
    if !arePlain { return true }
    if ByteSearch.distant(0x5C, in: head) < head.count { return true }
    return quotes.contains { quote in
      var place = ByteSearch.distant(quote, in: head) + 1
      while place < head.count {
        if isName(at: place, in: head) { return true }
        place = ByteSearch.first(quote, in: head, from: place, to: head.count) + 1
      }
      return false
    }
  }

  private func isName(at place: Int, in head: Span<UInt8>) -> Bool {
    let first = Int(head[place])
    let second = place + 1 < head.count ? head[place + 1] : 0
    if seconds[first] & NameBeginnings.bit(of: second) == 0 { return false }
    return names[first].contains { name in
      name.count <= head.count - place && name.indices.allSatisfy { head[place + $0] == name[$0] }
    }
  }

  private static func bit(of byte: UInt8) -> UInt64 { 1 << UInt64(byte & 63) }

  /// Printable, and nothing that JSON or XML write otherwise inside a text.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x22, 0x26, 0x27, 0x2F, 0x3C, 0x3E, 0x5C: false
    case 0x20...0x7E: true
    default: false
    }
  }
}

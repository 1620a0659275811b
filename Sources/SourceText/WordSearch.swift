/// Words that are looked for all at once, in letters of either case.
///
/// Every few bytes three of them are looked up: the places are so near each other that no word fits in between, and at
/// hardly any of them stands what a word has.
package struct WordSearch: Sendable {
  /// The fewest bytes of a word that can be looked for.
  package static let shortest = 3

  private let words: [[UInt8]]
  /// How far apart the places are.
  private let stride: Int
  /// By the hash of three bytes: the number of the first place, counted from 1, where a word has such bytes; 0 for none.
  private var first = [UInt16](repeating: 0, count: 1 << Self.hashBits)
  private var places: [Place] = []

  private static let hashBits = 12

  /// Where three bytes stand in a word.
  private struct Place: Sendable {
    var word: Int
    var offset: Int
    /// The next place with the same hash, as above.
    var next: UInt16
  }

  /// - Parameter words: what is looked for; those below ``shortest`` bytes are found nowhere.
  package init(_ words: [String]) {
    self.words = words.map { Array($0.utf8).map(Self.lowercase) }
    let lengths = self.words.lazy.map(\.count).filter { $0 >= Self.shortest }
    stride = (lengths.min() ?? Self.shortest) - Self.shortest + 1
    for (number, word) in self.words.enumerated() where word.count >= Self.shortest {
      for offset in 0..<stride {
        let bytes = word[offset..<(offset + 3)].reversed().reduce(UInt32(0)) {
          $0 << 8 | UInt32($1)
        }
        let hash = Self.hash(bytes)
        places.append(Place(word: number, offset: offset, next: first[hash]))
        first[hash] = UInt16(places.count)
      }
    }
  }

  /// For each word whether it stands in the bytes.
  package func found(in bytes: [UInt8]) -> [Bool] {
    var found = [Bool](repeating: false, count: words.count)
    let text = bytes.span
    // Bytes are numbers without padding.
    let raw = unsafe text.bytes
    let first = first.span
    var start = 0
    while start <= text.count - 4 {
      // Any bytes are a number, and these four are inside the text.
      let four = unsafe raw.unsafeLoadUnaligned(
        fromUncheckedByteOffset: start, as: UInt32.self)
      let place = first[Self.hash(four.littleEndian)]
      if place != 0 { look(from: place, around: start, in: text, &found) }
      start += stride
    }
    while start + 2 < text.count {
      let bytes = (start..<(start + 3)).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(text[$1]) }
      look(from: first[Self.hash(bytes)], around: start, in: text, &found)
      start += stride
    }
    return found
  }

  /// Compares the words that may have the bytes at an offset.
  private func look(
    from first: UInt16, around start: Int, in text: Span<UInt8>, _ found: inout [Bool]
  ) {
    var place = first
    while place != 0 {
      let candidate = places[Int(place) - 1]
      if !found[candidate.word] {
        found[candidate.word] = stands(words[candidate.word], at: start - candidate.offset, text)
      }
      place = candidate.next
    }
  }

  private func stands(_ word: [UInt8], at start: Int, _ text: Span<UInt8>) -> Bool {
    guard start >= 0, start + word.count <= text.count else { return false }
    return word.indices.allSatisfy { Self.lowercase(text[start + $0]) == word[$0] }
  }

  /// Of the lower three bytes, without the bit that tells letters' cases apart: what else it tells apart is compared
  /// later.
  @inline(__always)
  private static func hash(_ bytes: UInt32) -> Int {
    // The multiplier of Fibonacci hashing.
    Int(truncatingIfNeeded: ((bytes << 8 | 0x2020_2000) &* 0x9e37_79b1) >> (32 - UInt32(hashBits)))
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
  }
}

import EventLogs
import Testing

@Suite struct UTF16LogTests {
  private static func read(_ bytes: [UInt8]) throws -> [UInt8] {
    let (read, failure) = try unpackedLog(bytes)
    #expect(failure == nil)
    return read
  }

  private static func bytes(_ units: some Sequence<UInt16>, isBigEndian: Bool) -> [UInt8] {
    units.flatMap { unit in
      let pair = [UInt8(truncatingIfNeeded: unit), UInt8(unit >> 8)]
      return isBigEndian ? pair.reversed() : pair
    }
  }

  @Test(arguments: [true, false]) func `a text is the same with a mark and without`(
    isBigEndian: Bool
  ) throws {
    // Longer than a block, so that characters lie across its end.
    let text = "{\"é\": \"😀漢\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}\"}\n"
    for count in [1, 30_000] {
      let whole = String(repeating: text, count: count)
      let units = Array(whole.utf16)
      #expect(try Self.read(Self.bytes(units, isBigEndian: isBigEndian)) == Array(whole.utf8))
      let marked = Self.bytes([0xFEFF] + units, isBigEndian: isBigEndian)
      #expect(try Self.read(marked) == Array(whole.utf8))
      #expect(try Self.read([0] + marked) != Array(whole.utf8))
    }
  }

  @Test func `half a character is replaced, and a cut one is left out`() throws {
    let units: [UInt16] = [0xFEFF, 0x7B, 0xD83D, 0x41, 0xDE00, 0xD83D, 0xD83D, 0xDE00, 0x7D]
    let whole = Self.bytes(units, isBigEndian: false)
    #expect(try Self.read(whole) == Array("{\u{FFFD}A\u{FFFD}\u{FFFD}😀}".utf8))
    #expect(try Self.read(whole.dropLast()) == Array("{\u{FFFD}A\u{FFFD}\u{FFFD}😀".utf8))
    #expect(try Self.read(whole.dropLast(4)) == Array("{\u{FFFD}A\u{FFFD}\u{FFFD}".utf8))
  }

  @Test func `zeros at the head of a rotated file are no UTF-16`() throws {
    let heads: [[UInt8]] = [
      [0, 0, 0, 0, 0x7B, 0x7D], [0, 0x7B, 0x22, 0x61], [0x7B, 0, 0x22, 0x22],
    ]
    for bytes in heads {
      #expect(try Self.read(bytes) == bytes)
    }
  }
}

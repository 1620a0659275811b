/// A run of bytes that is looked for in many, by the skips of Horspool (1980).
package struct BytePattern: Sendable {
  private let pattern: [UInt8]
  private let ignoresCase: Bool
  /// How far the pattern may be moved where a byte stands below its last one.
  private let skips: [Int]

  /// - Parameters:
  ///   - pattern: what is looked for; an empty one is found nowhere.
  ///   - ignoresCase: whether ASCII letters of either case are one.
  package init(_ pattern: [UInt8], ignoringCase ignoresCase: Bool = false) {
    self.pattern = ignoresCase ? pattern.map(Self.lowercase) : pattern
    self.ignoresCase = ignoresCase
    var skips = [Int](repeating: pattern.count, count: 256)
    for (index, byte) in self.pattern.dropLast().enumerated() {
      skips[Int(byte)] = pattern.count - 1 - index
    }
    if ignoresCase {
      for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") {
        skips[Int(byte)] = skips[Int(Self.lowercase(byte))]
      }
    }
    self.skips = skips
  }

  package func isFound(in bytes: [UInt8]) -> Bool { first(in: bytes, from: 0) != nil }

  /// The offset of the first occurrence from an offset on.
  package func first(in bytes: [UInt8], from start: Int) -> Int? {
    let length = pattern.count
    guard length > 0 else { return nil }
    let bytes = bytes.span
    let pattern = pattern.span
    let skips = skips.span
    var end = start + length - 1
    while end < bytes.count {
      var index = 0
      while index < length {
        let byte = bytes[end - index]
        guard (ignoresCase ? Self.lowercase(byte) : byte) == pattern[length - 1 - index] else {
          break
        }
        index += 1
      }
      if index == length { return end - length + 1 }
      end += skips[Int(bytes[end])]
    }
    return nil
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
  }
}

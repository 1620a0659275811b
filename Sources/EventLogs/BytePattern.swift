/// A run of bytes that is looked for in many, by the skips of Horspool.
package struct BytePattern: Sendable {
  private let pattern: [UInt8]
  /// How far the pattern may be moved where a byte stands below its last one.
  private let skips: [Int]

  package init(_ pattern: [UInt8]) {
    self.pattern = pattern
    var skips = [Int](repeating: pattern.count, count: 256)
    for (index, byte) in pattern.dropLast().enumerated() {
      skips[Int(byte)] = pattern.count - 1 - index
    }
    self.skips = skips
  }

  package func isFound(in bytes: Span<UInt8>) -> Bool {
    first(in: bytes, from: 0, to: bytes.count) != nil
  }

  /// The offset of the first occurrence between two offsets.
  package func first(in bytes: Span<UInt8>, from start: Int, to limit: Int) -> Int? {
    let length = pattern.count
    guard length > 0 else { return nil }
    let pattern = pattern.span
    let skips = skips.span
    var end = start + length - 1
    while end < limit {
      var index = 0
      while index < length, bytes[end - index] == pattern[length - 1 - index] { index += 1 }
      if index == length { return end - length + 1 }
      end += skips[Int(bytes[end])]
    }
    return nil
  }
}

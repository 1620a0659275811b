/// A key that is looked for in a block's bytes, by the skips of Horspool: this room imports none that has such a search.
struct TelltalePattern: Sendable {
  private let pattern: [UInt8]
  /// How far the pattern may be moved where a byte stands below its last one.
  private let skips: [Int]

  init(_ pattern: [UInt8]) {
    self.pattern = pattern
    var skips = [Int](repeating: pattern.count, count: 256)
    for (index, byte) in pattern.dropLast().enumerated() {
      skips[Int(byte)] = pattern.count - 1 - index
    }
    self.skips = skips
  }

  /// The offset of the first occurrence between two offsets.
  func first(in bytes: Span<UInt8>, from start: Int, to limit: Int) -> Int? {
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

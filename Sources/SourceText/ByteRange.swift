/// A half-open range of byte offsets in a file's UTF-8 text.
public struct ByteRange: Sendable, Hashable {
  /// Offset of the first byte, from 0.
  public var start: Int
  /// Offset after the last byte.
  public var end: Int

  /// Makes the range from `start` up to, not including, `end`.
  public init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = end
  }

  /// How many bytes the range holds.
  public var count: Int { end - start }

  /// Whether `other` lies wholly inside.
  public func contains(_ other: ByteRange) -> Bool { start <= other.start && other.end <= end }
}

/// Collects a scalar's decoded text together with the places that it comes from.
struct ScalarText {
  private(set) var bytes: [UInt8] = []
  private var segments: [Scalar.Segment] = []

  /// Starts over and keeps the memory.
  mutating func clear() {
    if bytes.isEmpty { return }
    bytes.removeAll(keepingCapacity: true)
    segments.removeAll(keepingCapacity: true)
  }

  /// How many bytes of text there are; without any there are no segments.
  var count: Int { bytes.count }

  /// Appends bytes as they stand in the file.
  mutating func append(_ source: [UInt8], _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    let start = bytes.count
    // The memory is the source's for the time of the call; a slice would count its references.
    unsafe source.withUnsafeBufferPointer {
      unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: $0[range]))
    }
    if let last = segments.last, last.file.end == range.lowerBound,
      start - last.textOffset == last.file.count
    {
      segments[segments.count - 1].file.end = range.upperBound
    } else {
      segments.append(
        Scalar.Segment(textOffset: start, file: ByteRange(range.lowerBound, range.upperBound)))
    }
  }

  /// Appends one byte that stands for another stretch of the file: a folded or normalised line break.
  mutating func append(_ byte: UInt8, for file: ByteRange) {
    segments.append(Scalar.Segment(textOffset: bytes.count, file: file))
    bytes.append(byte)
  }

  /// Appends the character that an escape stands for.
  mutating func append(_ scalar: Unicode.Scalar, for file: ByteRange) {
    segments.append(Scalar.Segment(textOffset: bytes.count, file: file))
    bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  /// Drops line breaks and spaces from the end, down to `count` bytes.
  mutating func cut(to count: Int) {
    bytes.removeLast(bytes.count - count)
    while let last = segments.last, last.textOffset >= count { segments.removeLast() }
    if let last = segments.last, last.textOffset + last.file.count > count {
      segments[segments.count - 1].file.end = last.file.start + count - last.textOffset
    }
  }

  /// The scalar, without segments where its text stands in the file as it is.
  func scalar(_ style: Scalar.Style, startingAt start: Int) -> Scalar {
    let text = String(decoding: bytes, as: UTF8.self)
    if segments.isEmpty
      || (segments.count == 1 && segments[0].file == ByteRange(start, start + bytes.count))
    {
      return Scalar(style: style, text: text)
    }
    return Scalar(style: style, text: text, segments: segments)
  }
}

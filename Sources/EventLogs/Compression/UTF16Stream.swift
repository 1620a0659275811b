/// UTF-16 made UTF-8 while it is read, so that no reader of logs has to know of it: PowerShell's `>` writes it.
///
/// Half a character becomes U+FFFD, as everywhere; a byte that is left over at the end says nothing.
@safe final class UTF16Stream: Unpacker {
  /// Which byte of a unit comes first.
  enum Order: Sendable {
    case littleEndian
    case bigEndian
  }

  private let order: Order
  private var isAtStart = true
  /// The first byte of a unit whose second one is not there yet.
  private var half: UInt8?
  /// The first unit of a pair whose second one is not there yet.
  private var lead: UInt16?
  /// A text may end anywhere: where it does, its last line is cut.
  let isComplete = true

  /// What one unit can need: a replacement for the one before it, and a character.
  private static let room = 6
  private static let mark: UInt16 = 0xFEFF

  init(_ order: Order) { self.order = order }

  /// The byte order that a text's first bytes say: by a mark, or without one by the zeros beside ASCII.
  static func order(of head: Span<UInt8>) -> Order? {
    guard head.count >= 2 else { return nil }
    let isLong = head.count >= 4
    // A little-endian mark and a zero unit are the mark of UTF-32.
    if head[0] == 0xFF, head[1] == 0xFE {
      return isLong && head[2] == 0 && head[3] == 0 ? nil : .littleEndian
    }
    if head[0] == 0xFE, head[1] == 0xFF { return .bigEndian }
    guard isLong else { return nil }
    if isText(head[0]), head[1] == 0, isText(head[2]), head[3] == 0 { return .littleEndian }
    if head[0] == 0, isText(head[1]), head[2] == 0, isText(head[3]) { return .bigEndian }
    return nil
  }

  private static func isText(_ byte: UInt8) -> Bool {
    (0x20..<0x7F).contains(byte) || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  func step(
    _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
  ) -> UnpackingStep {
    var step = UnpackingStep()
    let last = output.count - Self.room
    while step.taken < input.count, step.put <= last {
      // Within the bounds that were just looked at.
      let byte = unsafe input[step.taken]
      step.taken += 1
      guard let first = half else {
        half = byte
        continue
      }
      half = nil
      let unit =
        order == .littleEndian
        ? UInt16(byte) << 8 | UInt16(first) : UInt16(first) << 8 | UInt16(byte)
      unsafe take(unit, output, &step.put)
    }
    return step
  }

  private func take(
    _ unit: UInt16, _ output: UnsafeMutableRawBufferPointer, _ place: inout Int
  ) {
    if isAtStart {
      isAtStart = false
      if unit == Self.mark { return }
    }
    if let first = lead {
      lead = nil
      if UTF16.isTrailSurrogate(unit) {
        let scalar = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(unit) - 0xDC00)
        return unsafe put(scalar, output, &place)
      }
      unsafe put(0xFFFD, output, &place)
    }
    if UTF16.isLeadSurrogate(unit) {
      lead = unit
    } else {
      unsafe put(UTF16.isTrailSurrogate(unit) ? 0xFFFD : UInt32(unit), output, &place)
    }
  }

  private func put(
    _ scalar: UInt32, _ output: UnsafeMutableRawBufferPointer, _ place: inout Int
  ) {
    let count = scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4
    let prefix: UInt32 = count == 1 ? 0 : 0xF00 >> UInt32(count) & 0xFF
    var shift = UInt32(6 * (count - 1))
    for index in 0..<count {
      let bits = scalar >> shift & (index == 0 ? 0x7F : 0x3F)
      // The caller left room for it.
      unsafe output[place] = UInt8(truncatingIfNeeded: index == 0 ? prefix | bits : 0x80 | bits)
      place += 1
      shift = shift &- 6
    }
  }
}

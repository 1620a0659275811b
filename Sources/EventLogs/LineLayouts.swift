/// Remembers where the values of a shape's lines stood: most producers write values of the same length again and again,
/// and of a line whose values stand where an earlier one's did, a few wide comparisons tell it all.
///
/// A layout begins behind a line's first value. It is met only where every byte between values is the same, every text
/// holds neither quote, backslash nor control character, and every number is written in letters of numbers.
@safe struct LineLayouts: ~Copyable {
  /// Longer lines have no layouts.
  private static let mostBytes = 768
  private static let leastBytes = 16
  private static let mostValues = 32
  private static let mostLayouts = 256
  private static let mostOfShape = 8
  /// Of the lines of a shape that nothing was known of, one in so many takes an older one's place.
  private static let patience = 32

  private struct Layout {
    /// How many bytes it has, without the line end.
    var count: Int32
    var values: Int32
    /// The next one of the same shape.
    var next: Int32
  }

  /// The layouts of a shape.
  struct Chain {
    fileprivate var first: Int32 = -1
    fileprivate var count = 0
    fileprivate var misses = 0

    var isEmpty: Bool { first < 0 }
  }

  private var layouts: [Layout] = []
  // Plain memory of a fixed size: it is read for every line. What is not used yet takes no room.
  /// The bytes between values, and which they are.
  private let expected = UnsafeMutablePointer<UInt8>.allocate(capacity: mostLayouts * mostBytes)
  private let isFixed = UnsafeMutablePointer<UInt8>.allocate(capacity: mostLayouts * mostBytes)
  private let pieces = UnsafeMutablePointer<LineShapes.Piece>.allocate(
    capacity: mostLayouts * mostValues)

  deinit {
    unsafe expected.deallocate()
    unsafe isFixed.deallocate()
    unsafe pieces.deallocate()
  }

  /// The place behind the line end, where the bytes from `start` on are laid out as earlier ones were; their values are
  /// put into `found`.
  ///
  /// Behind `end` stands a line end, and 64 more bytes can be read.
  func match(
    _ chain: Chain, _ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int,
    into found: UnsafeMutablePointer<LineShapes.Piece>
  ) -> Int? {
    var number = Int(chain.first)
    while number >= 0 {
      let layout = layouts[number]
      let count = Int(layout.count)
      // A line end inside of it would be a control character.
      if start + count <= end, unsafe bytes[start + count] == 0x0A,
        unsafe agrees(number, count, bytes + start),
        unsafe take(number, Int(layout.values), bytes, start, found)
      {
        return start + count + 1
      }
      number = Int(layout.next)
    }
    return nil
  }

  /// Whether all bytes between values are as they were, and no text ends early.
  @inline(__always)
  private func agrees(_ number: Int, _ count: Int, _ bytes: UnsafePointer<UInt8>) -> Bool {
    // Of all three so many bytes can be read.
    let line = unsafe UnsafeRawPointer(bytes)
    let expected = unsafe UnsafeRawPointer(expected + number * LineLayouts.mostBytes)
    let isFixed = unsafe UnsafeRawPointer(isFixed + number * LineLayouts.mostBytes)
    var wrong = SIMD2<UInt64>.zero
    var offset = 0
    while true {
      let chunk = unsafe line.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
      let wanted = unsafe expected.loadUnaligned(fromByteOffset: offset, as: SIMD2<UInt64>.self)
      let fixed = unsafe isFixed.loadUnaligned(fromByteOffset: offset, as: SIMD2<UInt64>.self)
      let words = unsafe unsafeBitCast(chunk, to: SIMD2<UInt64>.self)
      wrong |= (words ^ wanted) & fixed | LineShapes.specials(chunk) & ~fixed
      if offset + 16 == count { break }
      // The last ones may be looked at twice.
      offset = min(offset + 16, count - 16)
    }
    return wrong.x | wrong.y == 0
  }

  /// Puts the values where they stand in the present line; `false` where a number is none.
  @inline(__always)
  private func take(
    _ number: Int, _ count: Int, _ bytes: UnsafePointer<UInt8>, _ start: Int,
    _ found: UnsafeMutablePointer<LineShapes.Piece>
  ) -> Bool {
    let first = number * LineLayouts.mostValues
    let base = Int32(truncatingIfNeeded: start)
    for index in 0..<count {
      // As many as were put there.
      var piece = unsafe pieces[first + index]
      piece.start &+= base
      piece.end &+= base
      if piece.kind == .number,
        unsafe !LineShapes.isNumber(bytes, from: Int(piece.start), to: Int(piece.end))
      {
        return false
      }
      unsafe found[index] = piece
    }
    return true
  }

  /// Remembers how the bytes from `start` to `end` are laid out, of which these are the values.
  mutating func remember(
    _ chain: inout Chain, _ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int,
    _ values: UnsafeMutablePointer<LineShapes.Piece>, count: Int
  ) {
    let length = end - start
    guard length >= LineLayouts.leastBytes, length <= LineLayouts.mostBytes,
      count <= LineLayouts.mostValues
    else { return }
    guard let number = room(in: &chain) else { return }
    layouts[number].count = Int32(truncatingIfNeeded: length)
    layouts[number].values = Int32(truncatingIfNeeded: count)
    // Inside the room of this layout, which is as large as was just measured.
    let place = number * LineLayouts.mostBytes
    for index in 0..<length {
      unsafe expected[place + index] = bytes[start + index]
      unsafe isFixed[place + index] = 0xFF
    }
    for index in 0..<count {
      var piece = unsafe values[index]
      piece.start -= Int32(truncatingIfNeeded: start)
      piece.end -= Int32(truncatingIfNeeded: start)
      unsafe pieces[number * LineLayouts.mostValues + index] = piece
      guard piece.kind == .text || piece.kind == .number else { continue }
      for offset in Int(piece.start)..<Int(piece.end) { unsafe isFixed[place + offset] = 0 }
    }
  }

  /// A new layout of a shape, or one that gives way.
  private mutating func room(in chain: inout Chain) -> Int? {
    if chain.count < LineLayouts.mostOfShape, layouts.count < LineLayouts.mostLayouts {
      layouts.append(Layout(count: 0, values: 0, next: chain.first))
      chain.first = Int32(truncatingIfNeeded: layouts.count - 1)
      chain.count += 1
      return layouts.count - 1
    }
    chain.misses += 1
    if chain.isEmpty || chain.misses % LineLayouts.patience != 0 { return nil }
    // The oldest of the chain becomes its newest.
    var before = -1
    var last = Int(chain.first)
    while layouts[last].next >= 0 {
      before = last
      last = Int(layouts[last].next)
    }
    if before >= 0 {
      layouts[before].next = -1
      layouts[last].next = chain.first
      chain.first = Int32(truncatingIfNeeded: last)
    }
    return last
  }
}

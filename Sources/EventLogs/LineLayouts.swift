/// Remembers where the values of a shape's lines stood: most producers write values of the same length again and again,
/// and of a line whose values stand where an earlier one's did, a few wide comparisons tell it all.
///
/// A layout begins behind a line's first value. It is met only where every byte between values is the same, every text
/// holds neither quote, backslash nor control character, and every number is written in letters of numbers.
@safe struct LineLayouts: ~Copyable {
  /// Longer lines have no layouts.
  private static let mostBytes = 768
  private static let leastBytes = chunk
  /// So many bytes are compared at once; the last part of a layout overlaps the one before it.
  private static var chunk: Int { 32 }
  private static let mostValues = 32
  private static let mostLayouts = 256
  private static let mostOfShape = 8
  private static let patternBytes = 2 * mostBytes
  /// Of the lines of a shape that nothing was known of, one in so many takes an older one's place.
  private static let patience = 32

  private struct Layout {
    /// How many bytes it has, without the line end.
    var count: Int32
    /// The next one of the same shape.
    var next: Int32
    /// Which of its pieces are numbers, a bit each.
    var numbers: UInt64
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
  /// For every part of a layout, the last one first: the bytes between values (of values 0), then ones in their place.
  private let patterns = UnsafeMutableRawPointer.allocate(
    byteCount: mostLayouts * patternBytes, alignment: chunk)
  /// Where values stand, counted from the layout's beginning; the first one is the line's, which stands before that.
  private let pieces = UnsafeMutablePointer<LineShapes.Piece>.allocate(
    capacity: mostLayouts * (mostValues + 1))

  deinit {
    unsafe patterns.deallocate()
    unsafe pieces.deallocate()
  }

  /// The place behind the line end, where the bytes from `start` on are laid out as earlier ones were, and where the
  /// line's values stand, counted from `start`; they are the layout's until another line is looked at.
  ///
  /// Behind `end` stands a line end, and 64 more bytes can be read.
  @inline(__always)
  func match(
    _ chain: Chain, _ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int,
    behind first: LineShapes.Piece
  ) -> (next: Int, pieces: UnsafeMutablePointer<LineShapes.Piece>)? {
    var number = Int(chain.first)
    while number >= 0 {
      let layout = layouts[number]
      let count = Int(layout.count)
      // A line end inside of it would be a control character.
      if start + count <= end, unsafe bytes[start + count] == 0x0A,
        unsafe agrees(number, count, bytes + start),
        unsafe areNumbers(layout.numbers, of: number, bytes, start)
      {
        // Room for one more than a layout has values.
        let found = unsafe pieces + number * (LineLayouts.mostValues + 1)
        let base = Int32(truncatingIfNeeded: start)
        unsafe found[0] = LineShapes.Piece(
          start: first.start &- base, end: first.end &- base, kind: first.kind)
        return unsafe (start + count + 1, found)
      }
      number = Int(layout.next)
    }
    return nil
  }

  /// Whether all bytes between values are as they were, and no text ends early.
  @inline(__always)
  private func agrees(_ number: Int, _ count: Int, _ bytes: UnsafePointer<UInt8>) -> Bool {
    // So many bytes can be read of both.
    let line = unsafe UnsafeRawPointer(bytes)
    var pattern = unsafe UnsafeRawPointer(patterns + number &* LineLayouts.patternBytes)
    // Their type is written out: else the compiler takes comparisons that go lane by lane.
    let backslash = SIMD16<UInt8>(repeating: 0x5C)
    let usual = SIMD16<UInt8>(repeating: 0x23)
    var wrong = SIMD2<UInt64>.zero
    // The least byte of any value, and the one that is nearest to a backslash; by lane.
    var least = SIMD16<UInt8>(repeating: .max)
    var nearest = least
    // The last ones first, some of which may be looked at twice.
    let last = count &- LineLayouts.chunk
    var offset = last
    var next = 0
    repeat {
      let head = unsafe line.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
      let tail = unsafe line.loadUnaligned(fromByteOffset: offset &+ 16, as: SIMD16<UInt8>.self)
      // 0 for what is as expected; what stands in a value stays as it is.
      let first = unsafe head ^ pattern.load(as: SIMD16<UInt8>.self)
      let second = unsafe tail ^ pattern.load(fromByteOffset: 16, as: SIMD16<UInt8>.self)
      let isFirstFixed = unsafe pattern.load(fromByteOffset: 32, as: SIMD16<UInt8>.self)
      let isSecondFixed = unsafe pattern.load(fromByteOffset: 48, as: SIMD16<UInt8>.self)
      unsafe pattern += 2 * LineLayouts.chunk
      wrong |= unsafe unsafeBitCast(first & isFirstFixed, to: SIMD2<UInt64>.self)
      wrong |= unsafe unsafeBitCast(second & isSecondFixed, to: SIMD2<UInt64>.self)
      least = LineLayouts.lower(least, first | isFirstFixed)
      least = LineLayouts.lower(least, second | isSecondFixed)
      nearest = LineLayouts.lower(nearest, first ^ backslash)
      nearest = LineLayouts.lower(nearest, second ^ backslash)
      offset = next
      next &+= LineLayouts.chunk
    } while offset < last
    if wrong.x | wrong.y != 0 { return false }
    // Quotes and control characters are below nearly all else that stands in values.
    let none = SIMD16<UInt8>.zero
    let doubtful =
      unsafe unsafeBitCast(least .< usual, to: SIMD2<UInt64>.self)
      | unsafeBitCast(nearest .== none, to: SIMD2<UInt64>.self)
    return unsafe doubtful.x | doubtful.y == 0 || areTexts(line, count, of: number)
  }

  /// The lower one of each two lanes.
  @inline(__always)
  private static func lower(
    _ left: SIMD16<UInt8>, _ right: SIMD16<UInt8>
  ) -> SIMD16<UInt8> {
    left.replacing(with: right, where: right .< left)
  }

  /// Whether values hold neither quote, backslash nor control character.
  private func areTexts(_ line: UnsafeRawPointer, _ count: Int, of number: Int) -> Bool {
    var wrong = SIMD2<UInt64>.zero
    for index in 0..<LineLayouts.chunks(of: count) {
      for half in stride(from: 0, to: LineLayouts.chunk, by: 16) {
        // As many bytes as a layout has.
        let chunk = unsafe line.loadUnaligned(
          fromByteOffset: LineLayouts.offset(of: index, count) + half, as: SIMD16<UInt8>.self)
        let fixed = unsafe patterns.load(
          fromByteOffset: number * LineLayouts.patternBytes
            + (2 * index + 1) * LineLayouts.chunk + half, as: SIMD2<UInt64>.self)
        wrong |= LineShapes.specials(chunk) & ~fixed
      }
    }
    return wrong.x | wrong.y == 0
  }

  private static func chunks(of count: Int) -> Int { (count + chunk - 1) / chunk }

  /// Where a part of a layout begins; the first one is its end.
  private static func offset(of index: Int, _ count: Int) -> Int {
    index == 0 ? count - chunk : (index - 1) * chunk
  }

  /// Whether a layout's numbers, a bit for each, are numbers in the present line.
  @inline(__always)
  private func areNumbers(
    _ numbers: UInt64, of layout: Int, _ bytes: UnsafePointer<UInt8>, _ start: Int
  ) -> Bool {
    let first = layout * (LineLayouts.mostValues + 1)
    var rest = numbers
    while rest != 0 {
      // Of the pieces that were put there.
      let piece = unsafe pieces[first + rest.trailingZeroBitCount]
      rest &= rest &- 1
      let (begin, end) = (start &+ Int(piece.start), start &+ Int(piece.end))
      if unsafe !LineShapes.isDecimal(bytes, from: begin, to: end),
        unsafe !LineShapes.isNumber(bytes, from: begin, to: end)
      {
        return false
      }
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
    layouts[number].numbers = 0
    var expected: [UInt8] = []
    var isFixed = [UInt8](repeating: 0xFF, count: length)
    // The line's bytes.
    for index in 0..<length { expected.append(unsafe bytes[start + index]) }
    for index in 0..<count {
      var piece = unsafe values[index]
      piece.start -= Int32(truncatingIfNeeded: start)
      piece.end -= Int32(truncatingIfNeeded: start)
      unsafe pieces[number * (LineLayouts.mostValues + 1) + index + 1] = piece
      guard piece.kind == .text || piece.kind == .number else { continue }
      if piece.kind == .number { layouts[number].numbers |= 1 << UInt64(index + 1) }
      for offset in Int(piece.start)..<Int(piece.end) {
        isFixed[offset] = 0
        expected[offset] = 0
      }
    }
    for index in 0..<LineLayouts.chunks(of: length) {
      // Inside the room of this layout, which is large enough for the length that was just measured.
      let place = number * LineLayouts.patternBytes + 2 * index * LineLayouts.chunk
      let offset = LineLayouts.offset(of: index, length)
      for lane in 0..<LineLayouts.chunk {
        unsafe patterns.storeBytes(
          of: expected[offset + lane], toByteOffset: place + lane, as: UInt8.self)
        unsafe patterns.storeBytes(
          of: isFixed[offset + lane], toByteOffset: place + LineLayouts.chunk + lane,
          as: UInt8.self)
      }
    }
  }

  /// A new layout of a shape, or one that gives way.
  private mutating func room(in chain: inout Chain) -> Int? {
    if chain.count < LineLayouts.mostOfShape, layouts.count < LineLayouts.mostLayouts {
      layouts.append(Layout(count: 0, next: chain.first, numbers: 0))
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

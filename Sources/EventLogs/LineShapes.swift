/// Remembers how lines look: a producer writes the same keys in the same order over and over, so that of a line that looks
/// like an earlier one only the values need to be found.
///
/// A shape is the bytes between values; it is met only where every one of them is the same. Everything else (escapes,
/// lists, control characters, another order) is left to the scanner, so a shape never decides what a line means.
@safe struct LineShapes: ~Copyable {
  private static let mostShapes = 200
  private static let mostSegments = 8000
  private static let mostLiteralBytes = 1 << 18
  private static let mostOpeners = 24
  /// A word that tells more shapes apart than these is not looked for.
  private static let mostTold = 48

  /// What a shape's lines are.
  struct Shape {
    var firstSegment: Int32
    var segments: Int32
    /// Of the schema; -1 where nothing speaks of it.
    var name: Int32
    /// What its values mean, among all fields.
    var firstField: Int32
    var fields: Int32
    /// A telltale stands between the values.
    var isTelling = false
    /// How often it was met since the names were taken, where nothing speaks of it.
    var unknownCount = 0
    /// The next shape with the same beginning.
    var next: Int32 = -1
    var layouts = LineLayouts.Chain()
  }

  /// Bytes, then a value; or, for the last one, the end of the line.
  private struct Segment {
    var literal: Int32
    var count: Int32
    var isText: Bool
  }

  /// Which value of a shape fills a slot.
  struct Field {
    var slot: UInt8
    var meaning: EventSchema.Meaning
    var value: Int32
  }

  /// A value of the present line.
  struct Piece {
    var start: Int32
    var end: Int32
    var kind: EventField.Kind
  }

  /// Shapes that begin with the same bytes, found by what follows upon the first value.
  private struct Opener {
    var segment: Segment
    /// So many bytes behind the first value are the same for all lines of a shape.
    var reach: Int
    /// Where a word of those stands that tells the shapes apart as well as any; -1 where there are fewer bytes.
    var word = -1
  }

  private(set) var shapes: [Shape] = []
  private(set) var fields: [Field] = []
  /// By shape: the name that nothing speaks of.
  private var unknownNames: [String] = []
  private var openers: [Opener] = []
  /// For each opener 256 first shapes.
  private var table: [Int32] = []
  private var members: [[Int32]] = []
  // Plain memory of a fixed size: these are read for every value of every line.
  private let literals = UnsafeMutablePointer<UInt8>.allocate(capacity: mostLiteralBytes + 64)
  private let segments = UnsafeMutablePointer<Segment>.allocate(capacity: mostSegments)
  private let ownPieces = UnsafeMutablePointer<Piece>.allocate(capacity: mostSegments)
  /// The values of the line that was matched last, and where their places are counted from.
  private var pieces: UnsafeMutablePointer<Piece>
  private var base: Int32 = 0
  private var literalCount = 0
  private var segmentCount = 0
  private var layouts = LineLayouts()
  /// Lines that were looked at in vain, for want of which the looking ends.
  private var failures = 0

  init() {
    unsafe literals.initialize(repeating: 0, count: LineShapes.mostLiteralBytes + 64)
    unsafe segments.initialize(
      repeating: Segment(literal: 0, count: 0, isText: false), count: LineShapes.mostSegments)
    unsafe ownPieces.initialize(
      repeating: Piece(start: 0, end: 0, kind: .null), count: LineShapes.mostSegments)
    unsafe pieces = ownPieces
  }

  deinit {
    unsafe literals.deallocate()
    unsafe segments.deallocate()
    unsafe ownPieces.deallocate()
  }

  /// A value of the line that was matched last.
  @inline(__always)
  func piece(_ index: Int32) -> Piece {
    // As many pieces as the shape has values.
    var piece = unsafe pieces[Int(index)]
    piece.start &+= base
    piece.end &+= base
    return piece
  }

  /// The shape of the line that starts at `start`, and the place after its line end; then `piece` has its values.
  ///
  /// Behind `end` stands a line end, and 64 more bytes can be read.
  mutating func match(
    _ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int
  ) -> (shape: Int, next: Int)? {
    for index in openers.indices {
      var position = start
      guard unsafe skip(openers[index].segment, bytes, &position, end),
        unsafe value(openers[index].segment, bytes, &position, end, 0)
      else { continue }
      let reach = openers[index].reach
      if position + reach > end { continue }
      let word = openers[index].word
      let first = table[index << 8 | (unsafe LineShapes.key(bytes + position, word))]
      // A line that is laid out as an earlier one is known at once, whatever shapes begin alike.
      var number = first
      while number >= 0 {
        let shape = Int(number)
        if !shapes[shape].layouts.isEmpty,
          let met = unsafe layouts.match(
            shapes[shape].layouts, bytes, from: position, to: end, behind: ownPieces[0])
        {
          unsafe pieces = met.pieces
          base = Int32(truncatingIfNeeded: position)
          return unsafe (shape, met.next)
        }
        number = shapes[shape].next
      }
      number = first
      while number >= 0 {
        let shape = Int(number)
        if let next = unsafe matchAnew(shape, bytes, position, end) {
          unsafe pieces = ownPieces
          base = 0
          unsafe layouts.remember(
            &shapes[shape].layouts, bytes, from: position, to: next - 1, ownPieces + 1,
            count: Int(shapes[shape].segments) - 2)
          return (shape, next)
        }
        number = shapes[shape].next
      }
    }
    return nil
  }

  /// The place after the line end, where what follows upon the first value is of a shape, value by value.
  private func matchAnew(
    _ shape: Int, _ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int
  ) -> Int? {
    var position = start
    let first = Int(shapes[shape].firstSegment)
    let last = Int(shapes[shape].segments) - 1
    var index = 1
    while index < last {
      // Segments of this shape, which stand in the table.
      let segment = unsafe segments[first + index]
      guard unsafe skip(segment, bytes, &position, end),
        unsafe value(segment, bytes, &position, end, index)
      else { return nil }
      index += 1
    }
    guard unsafe skip(segments[first + last], bytes, &position, end) else { return nil }
    // Behind the last byte stands a line end of ours.
    if unsafe bytes[position] == 0x0D, position < end { position += 1 }
    return unsafe bytes[position] == 0x0A ? position + 1 : nil
  }

  @inline(__always)
  private func skip(
    _ segment: Segment, _ bytes: UnsafePointer<UInt8>, _ position: inout Int, _ end: Int
  ) -> Bool {
    let count = Int(segment.count)
    if position + count > end { return false }
    // Both are readable for so many bytes; words may overlap.
    let left = unsafe UnsafeRawPointer(literals + Int(segment.literal))
    let right = unsafe UnsafeRawPointer(bytes + position)
    position += count
    if count < 8 {
      // Room behind both: the excess is masked away.
      let mask = (UInt64(1) << UInt64(count * 8)) &- 1
      let one = unsafe left.loadUnaligned(as: UInt64.self)
      let other = unsafe right.loadUnaligned(as: UInt64.self)
      return (UInt64(littleEndian: one) ^ UInt64(littleEndian: other)) & mask == 0
    }
    var offset = 0
    var difference: UInt64 = 0
    while offset + 8 < count {
      difference |=
        unsafe left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        ^ right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      offset += 8
    }
    difference |=
      unsafe left.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
      ^ right.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
    return difference == 0
  }

  @inline(__always)
  private func value(
    _ segment: Segment, _ bytes: UnsafePointer<UInt8>, _ position: inout Int, _ end: Int,
    _ number: Int
  ) -> Bool {
    let start = position
    if segment.isText {
      while true {
        // Sixteen bytes at a time; what is read beyond the end is not looked at.
        let chunk = unsafe UnsafeRawPointer(bytes + position)
          .loadUnaligned(as: SIMD16<UInt8>.self)
        let found = LineShapes.ends(chunk)
        if found.x | found.y != 0 {
          position +=
            found.x != 0
            ? found.x.trailingZeroBitCount >> 3 : 8 + (found.y.trailingZeroBitCount >> 3)
          break
        }
        position += 16
      }
      if unsafe bytes[position] != 0x22 || position >= end { return false }
      let kind: EventField.Kind = position == start ? .null : .text
      unsafe ownPieces[number] = Piece(
        start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: position),
        kind: kind)
      return true
    }
    while unsafe LineShapes.isLiteral(bytes[position]) { position += 1 }
    if position > end { return false }
    guard let kind = unsafe LineShapes.kind(bytes + start, position - start) else { return false }
    unsafe ownPieces[number] = Piece(
      start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: position),
      kind: kind)
    return true
  }

  /// Whether it may stand in a value that is no text.
  @inline(__always)
  private static func isLiteral(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x41...0x5A, 0x61...0x7A: true
    default: false
    }
  }

  /// Whether the bytes are at most eight digits and points and begin with a digit; there is one at least, and eight can
  /// be read.
  @inline(__always)
  static func isDecimal(_ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Bool {
    let count = end - start
    if count > 8 { return false }
    // Room for so many, as was said.
    let word = unsafe UnsafeRawPointer(bytes + start).loadUnaligned(as: UInt64.self)
    let top: UInt64 = 0x8080_8080_8080_8080
    let unused = UInt64.max << UInt64(count * 8)
    // Digits in the place of what stands behind.
    let text = UInt64(littleEndian: word) & ~unused | 0x3030_3030_3030_3030 & unused
    if text & top != 0 || (text & 0xFF) < 0x30 { return false }
    let isAbove = text &+ 0x4646_4646_4646_4646
    let isFromPoint = text &+ 0x5252_5252_5252_5252
    let slash = text ^ 0x2F2F_2F2F_2F2F_2F2F
    let isSlash = ~(slash &+ 0x7F7F_7F7F_7F7F_7F7F)
    return (isAbove | ~isFromPoint | isSlash) & top == 0
  }

  /// Whether the bytes would be taken for a number; there is one at least.
  @inline(__always)
  static func isNumber(_ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Bool {
    let first = unsafe bytes[start]
    guard first &- 0x30 < 10 || (first == 0x2D && end > start + 1) else { return false }
    for index in (start + 1)..<end where unsafe !isLiteral(bytes[index]) { return false }
    return true
  }

  /// Marks quotes, backslashes and control characters, the first one lowest.
  @inline(__always)
  private static func ends(_ chunk: SIMD16<UInt8>) -> SIMD2<UInt64> {
    let words = specials(chunk)
    return SIMD2(UInt64(littleEndian: words.x), UInt64(littleEndian: words.y))
  }

  /// Ones in the place of every quote, backslash and control character.
  @inline(__always)
  static func specials(_ chunk: SIMD16<UInt8>) -> SIMD2<UInt64> {
    // Their type is written out: else the compiler takes comparisons that go lane by lane.
    let quote = SIMD16<UInt8>(repeating: 0x22)
    let backslash = SIMD16<UInt8>(repeating: 0x5C)
    let space = SIMD16<UInt8>(repeating: 0x20)
    // A mask is a byte of ones or zeros for each lane; joined as words, which is one instruction each.
    return unsafe unsafeBitCast(chunk .== quote, to: SIMD2<UInt64>.self)
      | unsafeBitCast(chunk .== backslash, to: SIMD2<UInt64>.self)
      | unsafeBitCast(chunk .< space, to: SIMD2<UInt64>.self)
  }

  private static func kind(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> EventField.Kind? {
    if count == 0 { return nil }
    // The word's bytes, as many as there are.
    func isWord(_ word: UInt64, _ length: Int) -> Bool {
      if count != length { return false }
      var value: UInt64 = 0
      for index in 0..<length { value |= UInt64(unsafe bytes[index]) << UInt64(index * 8) }
      return value == word
    }
    switch unsafe bytes[0] {
    case 0x30...0x39: return .number
    case 0x2D: return count > 1 ? .number : nil
    case 0x74: return isWord(0x6575_7274, 4) ? .yes : nil
    case 0x66: return isWord(0x65_736C_6166, 5) ? .no : nil
    case 0x6E: return isWord(0x6C6C_756E, 4) ? .null : nil
    default: return nil
    }
  }

  /// A place in an opener's table, by the word that stands there.
  @inline(__always)
  private static func key(_ bytes: UnsafePointer<UInt8>, _ word: Int) -> Int {
    if word < 0 { return 0 }
    // Inside the opener's reach.
    let bytes = unsafe UnsafeRawPointer(bytes).loadUnaligned(
      fromByteOffset: word, as: UInt64.self)
    return Int(truncatingIfNeeded: (bytes &* 0x9E37_79B9_7F4A_7C15) >> 56)
  }

  // MARK: - Learning

  private struct Token {
    var start: Int
    var end: Int
    var isText: Bool
    var key: EventSchema.Key
  }

  /// Learns the shape of a line that is one object from `start` to `end`.
  mutating func learn(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, by schema: EventSchema,
    _ telltales: LineTelltales
  ) {
    if shapes.count == LineShapes.mostShapes || failures > 2000 { return }
    var tokens: [Token] = []
    var position = start
    guard
      LineShapes.object(bytes, &position, end, EventSchema.top, 0, schema, &tokens),
      position == end
    else {
      failures += 1
      return
    }
    // The best value for each slot, as the scanner chooses it.
    var best: [UInt8: Int] = [:]
    var order: [UInt8] = []
    for (number, token) in tokens.enumerated() where token.key.slot >= 0 {
      let slot = UInt8(truncatingIfNeeded: token.key.slot)
      if let known = best[slot] {
        if token.key.rank > tokens[known].key.rank { continue }
      } else {
        order.append(slot)
      }
      best[slot] = number
    }
    let nameSlot = UInt8(EventSchema.nameSlot)
    var name: Int32 = -1
    var unknownName = ""
    var folded: Int?
    if let place = best[nameSlot], tokens[place].isText {
      folded = place
      let spelling = bytes.extracting(tokens[place].start..<tokens[place].end)
      if !spelling.isEmpty, let known = schema.name(spelling) { name = Int32(known) }
      if name < 0 {
        var text: [UInt8] = []
        for index in spelling.indices { text.append(spelling[index]) }
        unknownName = String(decoding: text, as: UTF8.self)
      }
    }
    var values: [Token] = []
    var numbers: [Int: Int32] = [:]
    for (number, token) in tokens.enumerated() where number != folded {
      numbers[number] = Int32(values.count)
      values.append(token)
    }
    // Without a value in it there is nothing to find.
    guard !values.isEmpty,
      let first = add(values, of: bytes, from: start, to: end)
    else {
      failures += 1
      return
    }
    let firstField = Int32(fields.count)
    for slot in order where slot != nameSlot {
      guard let value = best[slot].flatMap({ numbers[$0] }) else { continue }
      fields.append(Field(slot: slot, meaning: schema.meaning(of: slot), value: value))
    }
    shapes.append(
      Shape(
        firstSegment: first, segments: Int32(values.count + 1), name: name,
        firstField: firstField, fields: Int32(fields.count) - firstField,
        isTelling: tells(values, bytes, start, end, telltales)))
    unknownNames.append(unknownName)
    open(Int32(shapes.count - 1))
  }

  /// Whether a telltale is a key, which all lines of the shape then have.
  private func tells(
    _ values: [Token], _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ telltales: LineTelltales
  ) -> Bool {
    var position = start
    for value in values {
      if telltales.areFound(in: bytes, from: position, to: value.start) { return true }
      position = value.end
    }
    return telltales.areFound(in: bytes, from: position, to: end)
  }

  /// Adds the bytes between values; the number of the first segment.
  private mutating func add(
    _ values: [Token], of bytes: Span<UInt8>, from start: Int, to end: Int
  ) -> Int32? {
    if segmentCount + values.count + 1 > LineShapes.mostSegments
      || literalCount + end - start > LineShapes.mostLiteralBytes
    {
      return nil
    }
    let first = Int32(segmentCount)
    var position = start
    for index in 0...values.count {
      let next = index < values.count ? values[index].start : end
      let literal = literalCount
      // Inside the room for literals, which was just measured.
      for place in position..<next { unsafe literals[literal + place - position] = bytes[place] }
      literalCount += next - position
      let segment = Segment(
        literal: Int32(literal), count: Int32(next - position),
        isText: index < values.count && values[index].isText)
      unsafe segments[segmentCount] = segment
      segmentCount += 1
      if index < values.count { position = values[index].end }
    }
    return first
  }

  /// Puts a shape among those that begin as it does.
  private mutating func open(_ number: Int32) {
    let first = Int(shapes[Int(number)].firstSegment)
    // Two segments of the shape at least: a value stands between them.
    let segment = unsafe segments[first]
    let reach = min(32, Int(unsafe segments[first + 1].count))
    var place = openers.firstIndex { isSame($0.segment, segment) }
    if place == nil {
      if openers.count == LineShapes.mostOpeners { return }
      openers.append(Opener(segment: segment, reach: reach))
      members.append([])
      table += repeatElement(-1, count: 256)
      place = openers.count - 1
    }
    guard let place else { return }
    members[place].append(number)
    openers[place].reach = min(openers[place].reach, reach)
    let word = openers[place].word
    if word >= 0, word + 8 <= openers[place].reach {
      let entry = place << 8 | (unsafe LineShapes.key(beginning(of: number), word))
      // Nobody else begins alike, or too many for another word to be looked for.
      if table[entry] < 0 || members[place].count > LineShapes.mostTold {
        shapes[Int(number)].next = table[entry]
        table[entry] = number
        return
      }
    }
    openers[place].word = telling(members[place], openers[place].reach)
    for key in 0..<256 { table[place << 8 | key] = -1 }
    for member in members[place] {
      let key = unsafe LineShapes.key(beginning(of: member), openers[place].word)
      shapes[Int(member)].next = table[place << 8 | key]
      table[place << 8 | key] = member
    }
  }

  /// What follows upon a shape's first value.
  private func beginning(of member: Int32) -> UnsafePointer<UInt8> {
    // Among the literals.
    unsafe UnsafePointer(
      literals + Int(segments[Int(shapes[Int(member)].firstSegment) + 1].literal))
  }

  /// Where a word stands that most shapes have to themselves.
  private func telling(_ members: [Int32], _ reach: Int) -> Int {
    var best = (word: -1, count: 0)
    for word in stride(from: 0, through: reach - 8, by: 1) {
      let keys = Set(members.map { unsafe LineShapes.key(beginning(of: $0), word) })
      if keys.count > best.count { best = (word, keys.count) }
    }
    return best.word
  }

  private func isSame(_ left: Segment, _ right: Segment) -> Bool {
    if left.count != right.count || left.isText != right.isText { return false }
    // Inside the literals of both.
    return (0..<Int(left.count)).allSatisfy { index in
      unsafe literals[Int(left.literal) + index] == literals[Int(right.literal) + index]
    }
  }

  /// Notes that the present line's shape was met.
  mutating func countUnknown(_ shape: Int) { shapes[shape].unknownCount += 1 }

  /// Adds the names that nothing speaks of, and begins to count anew.
  mutating func takeUnknownNames(into names: inout UnknownNames) {
    for index in shapes.indices where shapes[index].unknownCount > 0 {
      names.add(unknownNames[index], count: shapes[index].unknownCount)
      shapes[index].unknownCount = 0
    }
  }

  private static func object(
    _ bytes: Span<UInt8>, _ position: inout Int, _ end: Int, _ place: UInt8, _ depth: Int,
    _ schema: EventSchema, _ tokens: inout [Token]
  ) -> Bool {
    guard depth < 16, position < end, bytes[position] == 0x7B else { return false }
    position += 1
    JSONBytes.skipSpace(bytes, &position, end)
    if position < end && bytes[position] == 0x7D {
      position += 1
      return true
    }
    while position < end, bytes[position] == 0x22 {
      let keyStart = position + 1
      var isEscaped = false
      guard JSONBytes.skipString(bytes, &position, end, &isEscaped), !isEscaped else {
        return false
      }
      let key =
        place == 0
        ? EventSchema.Key()
        : schema.key(bytes.extracting(keyStart..<(position - 1)), in: place)
      JSONBytes.skipSpace(bytes, &position, end)
      guard position < end, bytes[position] == 0x3A else { return false }
      position += 1
      JSONBytes.skipSpace(bytes, &position, end)
      guard position < end, !key.isBase64 else { return false }
      let start = position
      switch bytes[position] {
      case 0x22:
        guard JSONBytes.skipString(bytes, &position, end, &isEscaped), !isEscaped else {
          return false
        }
        for place in start..<position where bytes[place] < 0x20 { return false }
        tokens.append(Token(start: start + 1, end: position - 1, isText: true, key: key))
      case 0x7B:
        guard key.slot < 0,
          object(bytes, &position, end, key.child, depth + 1, schema, &tokens)
        else { return false }
      case 0x5B: return false
      default:
        // What some producers write for a number is left to the scanner.
        guard bytes[start] != 0x4E, bytes[start] != 0x49,
          JSONBytes.skipLiteral(bytes, &position, end) != nil
        else { return false }
        tokens.append(Token(start: start, end: position, isText: false, key: key))
      }
      JSONBytes.skipSpace(bytes, &position, end)
      guard position < end else { return false }
      if bytes[position] == 0x7D {
        position += 1
        return true
      }
      guard bytes[position] == 0x2C else { return false }
      position += 1
      JSONBytes.skipSpace(bytes, &position, end)
    }
    return false
  }
}

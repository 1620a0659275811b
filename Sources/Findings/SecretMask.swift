/// Hides credentials in everything that leaves the program: keys by the protocols' patterns, and bearer tokens.
///
/// What is hidden keeps its length, so that carets still point at the right place.
public struct SecretMask: Sendable {
  /// A pattern split at its stars: the first part must begin the word, the last must end it.
  private let patterns: [[[UInt8]]]
  /// What a text with a secret holds, one of them at least: how a pattern begins, up to its first wildcard.
  private let signs: [[UInt8]]
  /// By byte: whether a sign begins with it.
  private let beginsSign: [Bool]
  /// How signs begin, two folded letters each; none where one of them is shorter, or there are too many.
  private let heads: [SIMD2<UInt8>]
  private static let mostHeads = 6

  /// Makes a mask.
  ///
  /// - Parameter globs: how secret words look; `*` stands for any characters, `?` for one.
  public init(globs: [String]) {
    patterns = Set(globs).sorted().map { glob in
      glob.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(
        Array.init)
    }
    let signs = patterns.map { Array($0[0].prefix { $0 != Self.anyByte }) } + [Self.bearer]
    self.signs = signs
    beginsSign = (0...UInt8.max).map { byte in
      signs.contains { $0.isEmpty || Self.folded($0[0]) == Self.folded(byte) }
    }
    let isLong = signs.allSatisfy { $0.count > 1 }
    let heads = isLong ? Set(signs.map { SIMD2(Self.folded($0[0]), Self.folded($0[1])) }) : []
    self.heads = heads.count > Self.mostHeads ? [] : Array(heads)
  }

  /// The text with stars in the place of every secret.
  public func mask(_ text: String) -> String {
    // The bytes are looked at while the call lasts.
    let isOpen = unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
      unsafe !holdsSign(Span(_unsafeElements: bytes))
    }
    if isOpen == true { return text }
    var bytes = Array(text.utf8)
    var changed = false
    var index = 0
    var end = 0
    while index < bytes.count {
      guard Self.isWordByte(bytes[index]) else {
        index += 1
        continue
      }
      // Found once for each word, so that one long word takes linear time.
      if index >= end { end = wordEnd(in: bytes, from: index) }
      if let hidden = hiddenPart(of: bytes, from: index, to: end) {
        for position in hidden { bytes[position] = UInt8(ascii: "*") }
        changed = true
        index = end
      } else {
        // A secret may follow a separator inside the word: `key=mk_…`.
        while index < end, Self.isNameByte(bytes[index]) { index += 1 }
        while index < end, !Self.isNameByte(bytes[index]) { index += 1 }
      }
    }
    return changed ? String(decoding: bytes, as: UTF8.self) : text
  }

  /// The finding with every secret hidden in its words; its fingerprint must be set before.
  public func mask(_ finding: Finding) -> Finding {
    var masked = finding
    // What hides nothing stays one with what it was made from.
    change(finding.message) { masked.message = $0 }
    change(finding.subject) { masked.subject = $0 }
    change(finding.route) { masked.route = $0 }
    change(finding.remedy) { masked.remedy = $0 }
    if let fix = finding.fix {
      // A text that must be hidden cannot be written either.
      if fix.edits.contains(where: { mask($0.replacement) != $0.replacement }) { masked.fix = nil }
      change(fix.message) { masked.fix?.message = $0 }
    }
    for (index, step) in finding.flow.enumerated() {
      change(step.message) { masked.flow[index].message = $0 }
    }
    guard let evidence = finding.evidence else { return masked }
    change(evidence.output) { masked.evidence?.output = $0 }
    change(evidence.certificate) { masked.evidence?.certificate = $0 }
    change(evidence.sharedIdentity) { masked.evidence?.sharedIdentity = $0 }
    for (index, event) in evidence.events.enumerated() {
      change(event.name) { masked.evidence?.events[index].name = $0 }
    }
    return masked
  }

  /// Hands on the text with every secret hidden, where there is one.
  func change(_ text: String?, _ put: (String) -> Void) {
    guard let text else { return }
    let masked = mask(text)
    if masked != text { put(masked) }
  }

  /// The drawing with every secret hidden in its words.
  public func mask(_ drawing: DrawnWorkflow) -> DrawnWorkflow {
    var masked = drawing
    masked.name = mask(drawing.name)
    for index in masked.steps.indices {
      masked.steps[index].name = mask(masked.steps[index].name)
      masked.steps[index].detail = masked.steps[index].detail.map(mask)
    }
    for index in masked.ways.indices {
      masked.ways[index].condition = masked.ways[index].condition.map(mask)
    }
    masked.gaps = drawing.gaps.map(mask)
    return masked
  }

  /// Whether a secret may stand there: most texts hold none, and looking for signs is cheaper than looking at words.
  private func holdsSign(_ bytes: Span<UInt8>) -> Bool {
    if bytes.count <= Self.chunk || heads.isEmpty { return holdsSign(bytes, bytes.indices) }
    var start = 0
    while true {
      // The last letters are looked at twice.
      start = min(start, bytes.count - Self.chunk - 1)
      let places = start..<(start + Self.chunk)
      if holdsHead(bytes, at: start), holdsSign(bytes, places) { return true }
      if places.upperBound == bytes.count - 1 { return false }
      start += Self.chunk
    }
  }

  private func holdsSign(_ bytes: Span<UInt8>, _ places: Range<Int>) -> Bool {
    for place in places where beginsSign[Int(bytes[place])] {
      for sign in signs where Self.stands(sign, in: bytes, at: place) { return true }
    }
    return false
  }

  private static var chunk: Int { 16 }

  /// Whether a sign may begin at one of so many places; a letter must follow upon them.
  @inline(__always)
  private func holdsHead(_ bytes: Span<UInt8>, at start: Int) -> Bool {
    precondition(start >= 0 && start + Self.chunk < bytes.count)
    // Inside the span, as was asked; the raw view is only read.
    let raw = unsafe bytes.bytes
    let large = SIMD16<UInt8>(repeating: 0x20)
    let letters =
      unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: SIMD16<UInt8>.self)
      | large
    let next =
      unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: start + 1, as: SIMD16<UInt8>.self)
      | large
    var found = SIMD2<UInt64>.zero
    for head in heads {
      // Their type is written out: else the compiler takes comparisons that go lane by lane.
      let first = SIMD16<UInt8>(repeating: head.x)
      let second = SIMD16<UInt8>(repeating: head.y)
      // A mask is a byte of ones or zeros for each lane.
      found |=
        unsafe unsafeBitCast(letters .== first, to: SIMD2<UInt64>.self)
        & unsafeBitCast(next .== second, to: SIMD2<UInt64>.self)
    }
    return found.x | found.y != 0
  }

  private static func stands(_ sign: [UInt8], in bytes: Span<UInt8>, at place: Int) -> Bool {
    guard place + sign.count <= bytes.count else { return false }
    for index in sign.indices where folded(bytes[place + index]) != folded(sign[index]) {
      return false
    }
    return true
  }

  /// Without what tells large letters from small ones; other bytes may fall together.
  private static func folded(_ byte: UInt8) -> UInt8 { byte | 0x20 }

  private func hiddenPart(of bytes: [UInt8], from start: Int, to end: Int) -> Range<Int>? {
    for pattern in patterns {
      let prefix = pattern[0]
      if let first = prefix.first, !Self.agrees(bytes[start], with: first) { continue }
      let secretStart = start + (prefix.firstIndex(of: Self.anyByte) ?? prefix.count)
      // Shorter words are names or placeholders, not keys.
      if end - secretStart >= 4, Self.matches(bytes[start..<end], pattern) {
        return secretStart..<end
      }
    }
    return isBearerToken(bytes, from: start, to: end) ? start..<end : nil
  }

  /// Whether the word follows `Bearer` and looks like a token rather than like prose.
  private func isBearerToken(_ bytes: [UInt8], from start: Int, to end: Int) -> Bool {
    var index = start
    while index > 0, bytes[index - 1] == 0x20 || bytes[index - 1] == 0x09 { index -= 1 }
    guard index < start, index >= 6 else { return false }
    let before = bytes[(index - 6)..<index]
    guard before.elementsEqual(Self.bearer, by: { Self.folded($0) == $1 }) else { return false }
    let hasDigit = bytes[start..<end].contains { (0x30...0x39).contains($0) }
    return end - start >= 16 || (end - start >= 8 && hasDigit)
  }

  private func wordEnd(in bytes: [UInt8], from start: Int) -> Int {
    var end = start
    while end < bytes.count, Self.isWordByte(bytes[end]) { end += 1 }
    while end > start + 1, bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
    return end
  }

  private static func matches(_ word: ArraySlice<UInt8>, _ pattern: [[UInt8]]) -> Bool {
    guard word.starts(with: pattern[0], by: agrees) else { return false }
    guard pattern.count > 1 else { return word.count == pattern[0].count }
    var rest = word.dropFirst(pattern[0].count)
    for part in pattern.dropFirst().dropLast() {
      guard let next = firstIndex(of: part, in: rest) else { return false }
      rest = rest[(next + part.count)...]
    }
    let last = pattern[pattern.count - 1]
    return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last, by: agrees)
  }

  private static let bearer = Array("bearer".utf8)
  private static let anyByte = UInt8(ascii: "?")

  private static func agrees(_ byte: UInt8, with wanted: UInt8) -> Bool {
    byte == wanted || wanted == anyByte
  }

  private static func firstIndex(of part: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    guard !part.isEmpty else { return bytes.startIndex }
    guard bytes.count >= part.count else { return nil }
    return (bytes.startIndex...(bytes.endIndex - part.count)).first { start in
      bytes[start..<(start + part.count)].elementsEqual(part, by: agrees)
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f, 0x2d: true
    default: false
    }
  }

  /// The characters of RFC 6750's `b64token`.
  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x2e, 0x7e, 0x2b, 0x2f, 0x3d: true
    default: isNameByte(byte)
    }
  }
}

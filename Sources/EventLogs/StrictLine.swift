/// The whole grammar of JSON over a line: what a reader that skips cheaply lets pass is told where it stands.
struct StrictLine {
  /// What is wrong with a line, and where.
  struct Fault: Equatable {
    var offset: Int
    var reason: String
  }

  private static let mostDepth = 512

  private var position: Int
  private let end: Int
  private var fault: Fault?

  /// The first fault of a line that is to be one object; `nil` where it is, or is blank.
  static func fault(in bytes: Span<UInt8>, from start: Int, to end: Int) -> Fault? {
    var line = StrictLine(position: start, end: end, fault: nil)
    line.skipSpace(bytes)
    if line.position == end { return nil }
    guard bytes[line.position] == 0x7B else {
      return Fault(offset: line.position, reason: "a line is one object, which begins with `{`")
    }
    line.value(bytes, 0)
    if line.fault == nil {
      line.skipSpace(bytes)
      if line.position < end { line.fail("something follows upon the object") }
    }
    return line.fault
  }

  private mutating func fail(_ reason: String) {
    if fault == nil { fault = Fault(offset: position, reason: reason) }
  }

  private mutating func skipSpace(_ bytes: Span<UInt8>) {
    while position < end {
      switch bytes[position] {
      case 0x20, 0x09, 0x0D: position += 1
      default: return
      }
    }
  }

  private mutating func value(_ bytes: Span<UInt8>, _ depth: Int) {
    if depth > StrictLine.mostDepth {
      return fail("more than 512 objects and lists inside each other")
    }
    guard position < end else { return fail("the line ends where a value is due") }
    switch bytes[position] {
    case 0x7B: object(bytes, depth)
    case 0x5B: list(bytes, depth)
    case 0x22: string(bytes)
    case 0x2D, 0x30...0x39: number(bytes)
    case 0x74: word(bytes, "true")
    case 0x66: word(bytes, "false")
    case 0x6E: word(bytes, "null")
    default: fail("no value begins so")
    }
  }

  private mutating func object(_ bytes: Span<UInt8>, _ depth: Int) {
    position += 1
    skipSpace(bytes)
    if position < end && bytes[position] == 0x7D {
      position += 1
      return
    }
    while fault == nil {
      guard position < end, bytes[position] == 0x22 else { return fail("a key is due") }
      string(bytes)
      skipSpace(bytes)
      if fault != nil { return }
      guard position < end, bytes[position] == 0x3A else { return fail("`:` is due") }
      position += 1
      skipSpace(bytes)
      value(bytes, depth + 1)
      if fault != nil || ended(bytes, 0x7D) { return }
    }
  }

  private mutating func list(_ bytes: Span<UInt8>, _ depth: Int) {
    position += 1
    skipSpace(bytes)
    if position < end && bytes[position] == 0x5D {
      position += 1
      return
    }
    while fault == nil {
      value(bytes, depth + 1)
      if fault != nil || ended(bytes, 0x5D) { return }
    }
  }

  /// Past a comma, or the bracket that ends the members.
  private mutating func ended(_ bytes: Span<UInt8>, _ closer: UInt8) -> Bool {
    skipSpace(bytes)
    guard position < end else {
      fail("the line ends inside an object or a list")
      return true
    }
    if bytes[position] == closer {
      position += 1
      return true
    }
    guard bytes[position] == 0x2C else {
      fail(closer == 0x7D ? "`,` or `}` is due" : "`,` or `]` is due")
      return true
    }
    position += 1
    skipSpace(bytes)
    return false
  }

  private mutating func string(_ bytes: Span<UInt8>) {
    position += 1
    while position < end {
      let byte = bytes[position]
      switch byte {
      case 0x22:
        position += 1
        return
      case 0x5C: escape(bytes)
      case 0..<0x20: return fail("a control character stands in a text unescaped")
      case 0x80...: scalar(bytes)
      default: position += 1
      }
      if fault != nil { return }
    }
    fail("the line ends inside a text")
  }

  private mutating func escape(_ bytes: Span<UInt8>) {
    guard position + 1 < end else { return fail("the line ends inside an escape") }
    switch bytes[position + 1] {
    case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: position += 2
    case 0x75:
      guard let unit = unit(bytes, position) else { return fail("`\\u` needs four digits") }
      switch unit {
      case 0xD800..<0xDC00:
        guard let low = self.unit(bytes, position + 6), (0xDC00..<0xE000).contains(low) else {
          return fail("half of a surrogate pair")
        }
        position += 12
      case 0xDC00..<0xE000: fail("half of a surrogate pair")
      default: position += 6
      }
    default: fail("there is no such escape")
    }
  }

  private func unit(_ bytes: Span<UInt8>, _ start: Int) -> UInt32? {
    guard start + 6 <= end, bytes[start] == 0x5C, bytes[start + 1] == 0x75 else { return nil }
    var unit: UInt32 = 0
    for index in start + 2..<start + 6 {
      switch bytes[index] {
      case 0x30...0x39: unit = unit << 4 | UInt32(bytes[index] - 0x30)
      case 0x41...0x46: unit = unit << 4 | UInt32(bytes[index] - 0x37)
      case 0x61...0x66: unit = unit << 4 | UInt32(bytes[index] - 0x57)
      default: return nil
      }
    }
    return unit
  }

  /// Past one character of several bytes.
  private mutating func scalar(_ bytes: Span<UInt8>) {
    let first = bytes[position]
    let count: Int
    var least: UInt8 = 0x80
    var most: UInt8 = 0xBF
    switch first {
    case 0xC2...0xDF: count = 2
    case 0xE0: (count, least) = (3, 0xA0)
    case 0xED: (count, most) = (3, 0x9F)
    case 0xE1...0xEF: count = 3
    case 0xF0: (count, least) = (4, 0x90)
    case 0xF4: (count, most) = (4, 0x8F)
    case 0xF1...0xF3: count = 4
    default: return fail("this is not UTF-8")
    }
    guard position + count <= end, (least...most).contains(bytes[position + 1]) else {
      return fail("this is not UTF-8")
    }
    for index in position + 2..<max(position + 2, position + count)
    where bytes[index] & 0xC0 != 0x80 {
      return fail("this is not UTF-8")
    }
    position += count
  }

  private mutating func number(_ bytes: Span<UInt8>) {
    if bytes[position] == 0x2D { position += 1 }
    guard position < end else { return fail("a number without digits") }
    if bytes[position] == 0x30 {
      position += 1
      if position < end, bytes[position] &- 0x30 < 10 {
        return fail("a number does not begin with a needless 0")
      }
    } else if !digits(bytes) {
      return fail("a number without digits")
    }
    if position < end && bytes[position] == 0x2E {
      position += 1
      if !digits(bytes) { return fail("no digits follow upon the point") }
    }
    if position < end && bytes[position] | 0x20 == 0x65 {
      position += 1
      if position < end && (bytes[position] == 0x2B || bytes[position] == 0x2D) { position += 1 }
      if !digits(bytes) { return fail("an exponent without digits") }
    }
  }

  private mutating func digits(_ bytes: Span<UInt8>) -> Bool {
    let start = position
    while position < end, bytes[position] &- 0x30 < 10 { position += 1 }
    return position > start
  }

  private mutating func word(_ bytes: Span<UInt8>, _ word: StaticString) {
    let start = position
    // The bytes of a literal of this program.
    let isWord = word.withUTF8Buffer { letters in
      for index in 0..<letters.count
      where unsafe start + index >= end || bytes[start + index] != letters[index] {
        return false
      }
      return true
    }
    if isWord { position += word.utf8CodeUnitCount } else { fail("no value begins so") }
  }
}

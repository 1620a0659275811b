/// Builds the flat tree of a document, and goes on behind damage where a list's next element begins.
struct JSONDocumentParser {
  var nodes: [JSONDocument.Node] = []
  var damage: [Range<Int>] = []
  var isCut = false
  var position = 0
  private let end: Int
  private var recoveries = 0

  private static let mostRecoveries = 1000
  /// How many places behind damage are tried as the start of the next element.
  private static let attempts = 64

  init(_ end: Int) { self.end = end }

  mutating func read(_ bytes: Span<UInt8>) {
    LogHead.skipMark(bytes, &position, end)
    JSONBytes.skipSpace(bytes, &position, end)
    guard position < end, bytes[position] == 0x7B || bytes[position] == 0x5B else { return }
    if !value(bytes, depth: 0), !isCut { damage.append(position..<end) }
  }

  /// Reads one value; `false` leaves `position` where it goes wrong, and the parts so far as they are.
  private mutating func value(
    _ bytes: Span<UInt8>, depth: Int, key: Range<Int> = 0..<0
  ) -> Bool {
    guard position < end else { return cut() }
    let start = position
    let index = nodes.count
    var node = JSONDocument.Node(kind: .null, start: Int32(start))
    node.keyStart = Int32(key.lowerBound)
    node.keyEnd = Int32(key.upperBound)
    var isWhole = true
    switch bytes[position] {
    case 0x22:
      var isEscaped = false
      guard JSONBytes.skipString(bytes, &position, end, &isEscaped) else {
        return position >= end ? cut() : false
      }
      node.kind = .text
      nodes.append(node)
    case 0x7B, 0x5B:
      guard depth < JSONDocument.deepest else { return false }
      node.kind = bytes[position] == 0x7B ? .object : .list
      nodes.append(node)
      position += 1
      isWhole =
        node.kind == .object
        ? members(bytes, of: index, depth) : elements(bytes, of: index, depth)
    default:
      guard let kind = JSONBytes.skipLiteral(bytes, &position, end) else {
        return position >= end ? cut() : false
      }
      switch kind {
      case .number: node.kind = .number
      case .yes: node.kind = .yes
      case .no: node.kind = .no
      default: node.kind = .null
      }
      nodes.append(node)
    }
    nodes[index].end = Int32(position)
    nodes[index].next = Int32(nodes.count)
    if !isWhole { nodes[index].isPartial = true }
    return isWhole
  }

  private mutating func members(_ bytes: Span<UInt8>, of index: Int, _ depth: Int) -> Bool {
    JSONBytes.skipSpace(bytes, &position, end)
    if position < end, bytes[position] == 0x7D {
      position += 1
      return true
    }
    while true {
      guard position < end else { return cut() }
      let keyStart = position + 1
      var isEscaped = false
      guard bytes[position] == 0x22 else { return false }
      guard JSONBytes.skipString(bytes, &position, end, &isEscaped) else {
        return position >= end ? cut() : false
      }
      let key = keyStart..<(position - 1)
      JSONBytes.skipSpace(bytes, &position, end)
      guard position < end else { return cut() }
      guard bytes[position] == 0x3A else { return false }
      position += 1
      JSONBytes.skipSpace(bytes, &position, end)
      let before = damage.count
      guard value(bytes, depth: depth + 1, key: key) else { return false }
      if damage.count > before { nodes[index].isPartial = true }
      JSONBytes.skipSpace(bytes, &position, end)
      guard position < end else { return cut() }
      if bytes[position] == 0x7D {
        position += 1
        return true
      }
      guard bytes[position] == 0x2C else { return false }
      position += 1
      JSONBytes.skipSpace(bytes, &position, end)
    }
  }

  private mutating func elements(_ bytes: Span<UInt8>, of index: Int, _ depth: Int) -> Bool {
    JSONBytes.skipSpace(bytes, &position, end)
    if position < end, bytes[position] == 0x5D {
      position += 1
      return true
    }
    while true {
      let start = position
      let count = nodes.count
      let known = damage.count
      let isWhole = value(bytes, depth: depth + 1)
      if damage.count > known { nodes[index].isPartial = true }
      if !isWhole {
        if isCut { return false }
        nodes.removeLast(nodes.count - count)
        nodes[index].isPartial = true
        guard recover(bytes, from: start) else { return false }
        continue
      }
      JSONBytes.skipSpace(bytes, &position, end)
      guard position < end else { return cut() }
      if bytes[position] == 0x5D {
        position += 1
        return true
      }
      if bytes[position] == 0x2C {
        position += 1
        JSONBytes.skipSpace(bytes, &position, end)
        continue
      }
      // Behind a whole element nothing but a comma or the end may stand.
      guard recover(bytes, from: position) else { return false }
    }
  }

  /// Moves to the next object that a comma or a line end precedes and that is whole; notes what was left out.
  private mutating func recover(_ bytes: Span<UInt8>, from start: Int) -> Bool {
    recoveries += 1
    if recoveries > Self.mostRecoveries { return false }
    var candidate = max(position, start)
    for _ in 0..<Self.attempts {
      candidate = ByteSearch.first(0x7B, in: bytes, from: candidate + 1, to: end)
      if candidate >= end { return false }
      var last = candidate - 1
      while last > start, bytes[last] == 0x20 || bytes[last] == 0x09 || bytes[last] == 0x0D {
        last -= 1
      }
      guard bytes[last] == 0x2C || bytes[last] == 0x0A else { continue }
      var next = candidate
      guard JSONBytes.skipNested(bytes, &next, end) else { continue }
      JSONBytes.skipSpace(bytes, &next, end)
      guard next < end, bytes[next] == 0x2C || bytes[next] == 0x5D else { continue }
      damage.append(start..<candidate)
      position = candidate
      return true
    }
    return false
  }

  private mutating func cut() -> Bool {
    isCut = true
    position = end
    return false
  }
}

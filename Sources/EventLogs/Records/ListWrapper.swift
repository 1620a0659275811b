/// An object around a list of events, as interfaces answer: `{"events": [{…}, …], "next": null}`.
enum ListWrapper {
  enum Search {
    /// Where the list's elements begin.
    case list(Int)
    /// The bytes end before that is decided.
    case cut
    case none
  }

  /// What such lists are called.
  private static let lists = ["events", "records", "items", "logs", "entries", "data"]
  static let keys = Set(lists.map { KeyMark(Array($0.utf8)) })
  /// An object with one of these is an event itself, whatever lists it has.
  private static let own = [
    "event", "type", "kind", "msg", "message", "name", "action", "eventtype", "event_type",
  ]

  /// Finds the list in the object that starts here.
  static func list(in bytes: Span<UInt8>, from start: Int, to end: Int) -> Search {
    var position = start
    guard position < end, bytes[position] == 0x7B else { return .none }
    position += 1
    while true {
      guard let key = key(bytes, &position, end) else {
        return position < end ? .none : .cut
      }
      if position == end { return .cut }
      if bytes[position] == 0x5B, lists.contains(key) {
        var first = position + 1
        JSONBytes.skipSpace(bytes, &first, end)
        if first == end { return .cut }
        return bytes[first] == 0x7B ? .list(position + 1) : .none
      }
      if own.contains(key), bytes[position] == 0x22 { return .none }
      guard skipValue(bytes, &position, end) else { return position < end ? .none : .cut }
      if position < end, bytes[position] == 0x7D { return .none }
      position += 1
    }
  }

  /// Whether what stands behind the list, as far as it is there, leaves the object a mere wrapper.
  static func isMere(_ bytes: Span<UInt8>, list: Int, to end: Int) -> Bool {
    var position = list - 1
    guard JSONBytes.skipNested(bytes, &position, end) else { return true }
    while position < end, bytes[position] != 0x7D {
      position += 1
      guard let key = key(bytes, &position, end), position < end else { return true }
      if own.contains(key), bytes[position] == 0x22 { return false }
      guard skipValue(bytes, &position, end) else { return true }
    }
    return true
  }

  /// Behind the object whose list ended here; `nil` where the bytes end first.
  static func end(in bytes: Span<UInt8>, from start: Int, to end: Int) -> Int? {
    var position = start
    JSONBytes.skipSpace(bytes, &position, end)
    while position < end, bytes[position] == 0x2C {
      position += 1
      guard key(bytes, &position, end) != nil, skipValue(bytes, &position, end) else {
        return position < end ? position : nil
      }
    }
    if position == end { return nil }
    return bytes[position] == 0x7D ? position + 1 : position
  }

  /// Past a key and its colon, up to the value.
  private static func key(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> String? {
    JSONBytes.skipSpace(bytes, &position, end)
    guard position < end, bytes[position] == 0x22 else { return nil }
    let start = position + 1
    var isEscaped = false
    guard JSONBytes.skipString(bytes, &position, end, &isEscaped) else {
      position = end
      return nil
    }
    let text = JSONBytes.unescape(bytes, start, position - 1)
    JSONBytes.skipSpace(bytes, &position, end)
    guard position < end, bytes[position] == 0x3A else { return nil }
    position += 1
    JSONBytes.skipSpace(bytes, &position, end)
    return String(decoding: text, as: UTF8.self).lowercased()
  }

  /// Past a value and the space behind it.
  private static func skipValue(
    _ bytes: Span<UInt8>, _ position: inout Int, _ end: Int
  ) -> Bool {
    guard position < end else { return false }
    var isWhole = true
    switch bytes[position] {
    case 0x22:
      var isEscaped = false
      isWhole = JSONBytes.skipString(bytes, &position, end, &isEscaped)
    case 0x7B, 0x5B: isWhole = JSONBytes.skipNested(bytes, &position, end)
    default:
      guard JSONBytes.skipLiteral(bytes, &position, end) != nil else { return false }
    }
    if !isWhole {
      position = end
      return false
    }
    JSONBytes.skipSpace(bytes, &position, end)
    return position < end
  }
}

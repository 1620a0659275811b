/// The JSON values that the first bytes of a file hold, one after another, as far as they are there.
enum HeadValues {
  /// Whether one of the values is what is looked for.
  static func contain(
    in head: Span<UInt8>, where isWanted: (JSONItem) -> Bool
  ) -> Bool {
    first(in: head) { isWanted($0) ? true : nil } ?? false
  }

  /// The first answer to one of the values; lines that begin none are passed over once one was there.
  static func first<Answer>(
    in head: Span<UInt8>, _ answer: (JSONItem) -> Answer?
  ) -> Answer? {
    var position = 0
    LogHead.skipMark(head, &position, head.count)
    var isFirst = true
    while true {
      while position < head.count, head[position] <= 0x20 || head[position] == 0x2C {
        position += 1
      }
      guard position < head.count else { return nil }
      guard head[position] == 0x7B || head[position] == 0x5B else {
        if isFirst { return nil }
        position = ByteSearch.first(0x0A, in: head, from: position, to: head.count)
        continue
      }
      isFirst = false
      var end = position
      if !JSONBytes.skipNested(head, &end, head.count) { end = head.count }
      var bytes: [UInt8] = []
      bytes.reserveCapacity(end - position)
      for index in position..<end { bytes.append(head[index]) }
      if let document = JSONDocument(bytes), let found = answer(document.root) { return found }
      position = end
    }
  }
}

extension JSONItem {
  /// The elements of a list; anything else stands for itself.
  var elements: [JSONItem] { isList ? items : [self] }
}

/// The end of a log of lines, whatever these say: a service goes on writing when it has no more events to tell.
package enum LogTail {
  /// So many bytes before the end are looked at, and so many lines: one of them may have come late.
  private static let mostBytes = 1 << 16
  private static let mostLines = 32

  /// The latest time of a log's last lines, in nanoseconds since 1970; `nil` where none of them has one.
  package static func latestTime(of bytes: LogBytes, by schema: EventSchema) -> Int64? {
    let count = min(mostBytes, bytes.count)
    var buffer = [UInt8](repeating: 0, count: count + LineBlocks.slack)
    guard let got = try? bytes.read(from: bytes.count - count, count: count, into: &buffer),
      got == count
    else { return nil }
    let span = buffer.span
    var scanner = EventScanner(schema: schema)
    var latest: Int64?
    var end = count
    for _ in 0..<mostLines where end > 0 {
      var start = end
      while start > 0, span[start - 1] != 0x0A { start -= 1 }
      // The first of these bytes may stand inside a line.
      if start == 0, count < bytes.count { break }
      if let time = scanner.time(ofObject: span, from: start, to: end) {
        latest = max(latest ?? time, time)
      }
      end = start - 1
    }
    return latest
  }
}

extension EventScanner {
  /// When the object in a line says that it was, be it an event or not.
  fileprivate mutating func time(ofObject bytes: Span<UInt8>, from start: Int, to end: Int)
    -> Int64?
  {
    var first = start
    JSONBytes.skipSpace(bytes, &first, end)
    guard first < end, case .object = look(bytes, from: first, to: end) else { return nil }
    let value = value(of: UInt8(EventSchema.timeSlot))
    let time = value.rank == .max ? .missing : time(value, bytes)
    return time.isMissing ? nil : time.nanoseconds
  }
}

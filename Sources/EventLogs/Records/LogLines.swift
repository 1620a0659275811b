/// Hands the lines of a log to a reader one after another.
enum LogLines {
  /// A line in the window: from `start` to its end, which is not part of it.
  struct Line {
    var start: Int
    var end: Int
    /// Offset in the file of the window's first byte.
    var offset: Int
    /// The log ends with it, without a line end.
    var isLast: Bool
  }

  static func read(
    _ input: inout LogInput, into feed: inout LogFeed,
    _ body: (Span<UInt8>, Line, inout LogFeed) -> Void
  ) {
    var searched = 0
    while true {
      let newline = ByteSearch.first(
        0x0A, in: input.buffer.span, from: input.start + searched, to: input.end)
      if newline < input.end {
        feed.lines += 1
        let line = Line(start: input.start, end: newline, offset: input.offset, isLast: false)
        body(input.buffer.span, line, &feed)
        input.start = newline + 1
        searched = 0
        feed.flush()
        continue
      }
      searched = input.end - input.start
      if input.fill() { continue }
      if searched > 0 {
        feed.lines += 1
        if input.isAtEnd {
          let line = Line(start: input.start, end: input.end, offset: input.offset, isLast: true)
          body(input.buffer.span, line, &feed)
        } else {
          feed.damage(
            "this line is longer than \(LogInput.largestObject >> 20) MiB; the rest of the log was not read",
            line: feed.lines,
            bytes: input.offset + input.start..<input.offset + input.end)
        }
        input.start = input.end
      }
      return
    }
  }
}

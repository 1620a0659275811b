import Synchronization

/// A log of lines in blocks that are scanned apart, in any order and on any thread.
///
/// A block is the lines that start in its part of the file: the last one may reach into the next parts.
package final class LineBlocks: Sendable {
  /// Small enough for a processor's cache, large enough that its ends do not count.
  package static let usualSize = 512 << 10

  package let bytes: LogBytes
  package let count: Int
  /// Why there are no more bytes, where there should be.
  private let failure: LogInputError?
  private let size: Int
  /// Buffers that no block is using: a new one costs a page fault every four kilobytes.
  private let buffers = Mutex<[[UInt8]]>([])

  package init(_ bytes: LogBytes, size: Int = usualSize, failure: LogInputError? = nil) {
    self.bytes = bytes
    self.failure = failure
    self.size = max(1, size)
    count = (bytes.count + self.size - 1) / self.size
  }

  /// Gives up the buffers: no more blocks are read.
  package func releaseRoom() { buffers.withLock { $0 = [] } }

  /// What a block holds; lines are counted from its start.
  package struct Block: Sendable {
    package var batch = EventBatch()
    package var lines = 0
    package var bytes = 0
    package var problems: [LogProblem] = []
    package var others = UnknownNames()
    package var telltales: [TelltaleLine] = []
    /// The file could not be read to the block's end.
    package var failure: LogInputError?
  }

  package func scan(
    _ index: Int, by schema: EventSchema, isStrict: Bool = false,
    telltales: LineTelltales = LineTelltales()
  ) -> Block {
    var buffer = buffers.withLock { $0.popLast() } ?? []
    defer {
      // A line of a hundred megabytes is no reason to keep as many.
      if buffer.count <= size * 4 { buffers.withLock { $0.append(buffer) } }
    }
    var block = Block()
    do throws(LogInputError) {
      // One byte before tells whether a line starts with the block.
      let start = max(0, index * size - 1)
      let limit = min((index + 1) * size, bytes.count)
      let end = try fill(&buffer, from: start, to: limit, &block)
      let feed = LogFeed(schema: schema, isStrict: isStrict, telltales: telltales) { _ in }
      block = scan(buffer.span, start, limit, end, feed, block)
    } catch {
      block.failure = error
    }
    if index == count - 1 { block.failure = block.failure ?? failure }
    return block
  }

  /// Where the lines of a block stand in its buffer.
  struct Extent {
    /// In the file: where the buffer begins, and where no line of the block begins any more.
    var start: Int
    var limit: Int
    /// In the buffer: where its last line ends.
    var end: Int
    /// The bytes of the whole file.
    var count: Int
  }

  /// Reads a block's lines and hands on their events one by one, as the scanner holds them.
  ///
  /// What does not stand as one object on a line comes as a batch. The block that is returned holds no events.
  package func read(
    _ index: Int, by scanner: inout LineScanner,
    consume: (inout LineScanner, Span<LineField>) -> Void, consumeBatch: (EventBatch) -> Void
  ) -> Block {
    var buffer = buffers.withLock { $0.popLast() } ?? []
    defer {
      if buffer.count <= size * 4 { buffers.withLock { $0.append(buffer) } }
    }
    var block = Block()
    do throws(LogInputError) {
      let start = max(0, index * size - 1)
      let limit = min((index + 1) * size, bytes.count)
      let end = try fill(&buffer, from: start, to: limit, &block)
      if buffer.count < end + LineBlocks.slack {
        buffer.append(contentsOf: repeatElement(0, count: end + LineBlocks.slack - buffer.count))
      }
      // A line end behind the last line, so that no search runs on.
      buffer[end] = 0x0A
      let extent = Extent(start: start, limit: limit, end: end, count: bytes.count)
      // The buffer lives until the call is over.
      unsafe buffer.withUnsafeBufferPointer { pointer in
        unsafe scanner.read(
          pointer, extent, &block, consume: consume, consumeBatch: consumeBatch)
      }
    } catch {
      block.failure = error
    }
    if index == count - 1 { block.failure = block.failure ?? failure }
    return block
  }

  /// So many bytes can be read behind a block.
  static let slack = 80

  /// Reads up to the end of the last line that starts before the limit; returns how much that is.
  private func fill(
    _ buffer: inout [UInt8], from start: Int, to limit: Int, _ block: inout Block
  ) throws(LogInputError) -> Int {
    let reach = 1 << 13
    var wanted = limit - start + reach
    var end = 0
    while true {
      if buffer.count < wanted {
        buffer.append(contentsOf: repeatElement(0, count: wanted - buffer.count))
      }
      end += try bytes.read(from: start + end, count: wanted - end, into: &buffer, at: end)
      if start > 0,
        ByteSearch.first(0x0A, in: buffer.span, from: 0, to: min(end, limit - start))
          >= min(end, limit - start)
      {
        // Inside one line of an earlier block: that one reads it.
        return 0
      }
      if end < wanted { return end }
      // The line that holds the last byte before the limit ends the block.
      let newline = ByteSearch.first(
        0x0A, in: buffer.span, from: max(0, limit - start - 1), to: end)
      if newline < end { return newline + 1 }
      if wanted >= LogInput.largestObject { return end }
      wanted = min(wanted * 2, LogInput.largestObject)
    }
  }

  private func scan(
    _ buffer: Span<UInt8>, _ start: Int, _ limit: Int, _ end: Int, _ feed: consuming LogFeed,
    _ begun: Block
  ) -> Block {
    var position = 0
    if start > 0 {
      position = ByteSearch.first(0x0A, in: buffer, from: 0, to: end) + 1
    }
    while position < end && start + position < limit {
      let newline = ByteSearch.first(0x0A, in: buffer, from: position, to: end)
      feed.lines += 1
      let isLast = newline == end
      if isLast && start + end < bytes.count {
        feed.damage(
          "this line is longer than \(LogInput.largestObject >> 20) MiB and was skipped",
          line: feed.lines, bytes: start + position..<start + end)
      } else {
        JSONLines.line(buffer, position, newline, start, isLast: isLast, &feed)
        feed.noteTelltales(buffer, position, newline, start)
      }
      position = newline + 1
    }
    var block = begun
    block.lines = feed.lines
    block.bytes = max(0, limit - start)
    block.problems = feed.problems
    block.others = feed.unknownNames
    block.telltales = feed.telltaleLines
    block.batch = feed.takeBatch()
    return block
  }
}

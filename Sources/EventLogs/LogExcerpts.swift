#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Looks again at places of a log that was read: for the columns and times of a finding.
package struct LogExcerpts: ~Copyable {
  private var bytes: [UInt8]
  private let descriptor: Int32
  /// A compressed log that has not been unpacked for this yet.
  private var packed: LogSource.Input?
  private var isUnpacked = false
  private var scanner: EventScanner

  /// How far before an event its line may begin; farther, it counts as the line's start.
  private static let reach = 4096
  private static let longest = 1 << 20
  /// Of a compressed log no more than this is unpacked again: behind it nothing is quoted.
  private static let mostUnpacked = 64 << 20

  package init(of input: LogSource.Input, schema: EventSchema) {
    scanner = EventScanner(schema: schema)
    switch input {
    case .bytes(let all):
      bytes = all
      descriptor = -1
      if UnpackedBytes.isCompressed(all) { packed = input }
    case .file(let path):
      bytes = []
      // The path is a C string for the call only.
      descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
      if UnpackedBytes.isCompressed(bytes(from: 0, count: 4)) { packed = input }
    case .descriptor:
      bytes = []
      descriptor = -1
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  package struct Excerpt: Sendable {
    /// In Unicode scalars, from 1.
    package var column = 1
    package var lineCount = 0
    package var endColumn = 1
    /// As the log writes it.
    package var time: String?
  }

  /// What stands at an event's place; columns of 1 where the log cannot be read again.
  package mutating func excerpt(of event: Event) -> Excerpt {
    let start = max(0, event.start - LogExcerpts.reach)
    let length = min(Int(event.length), LogExcerpts.longest)
    if let input = packed {
      bytes = UnpackedBytes.of(input, upTo: LogExcerpts.mostUnpacked)
      isUnpacked = true
      packed = nil
    }
    let read = bytes(from: start, count: event.start - start + length)
    let offset = event.start - start
    var excerpt = Excerpt()
    guard read.count >= offset else { return excerpt }
    var lineStart = offset
    while lineStart > 0 && read[lineStart - 1] != 0x0A { lineStart -= 1 }
    excerpt.column += scalars(read, lineStart, offset)
    var lastLine = lineStart
    for index in offset..<read.count where read[index] == 0x0A {
      excerpt.lineCount += 1
      lastLine = index + 1
    }
    excerpt.endColumn += scalars(read, lastLine, read.count)
    excerpt.time = scanner.timeText(read.span, from: offset, to: read.count)
    return excerpt
  }

  private func bytes(from start: Int, count: Int) -> [UInt8] {
    if descriptor < 0 || isUnpacked {
      return Array(bytes[min(start, bytes.count)..<min(start + count, bytes.count)])
    }
    var block = [UInt8](repeating: 0, count: count)
    // The kernel writes into our own buffer.
    let got = unsafe block.withUnsafeMutableBytes {
      unsafe pread(descriptor, $0.baseAddress, $0.count, off_t(start))
    }
    block.removeLast(count - max(0, got))
    return block
  }

  private func scalars(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
    var count = 0
    // Continuation bytes begin with the bits 10.
    for index in start..<max(start, end) where bytes[index] & 0xC0 != 0x80 { count += 1 }
    return count
  }
}

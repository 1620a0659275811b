#if Certificates
  import Certificates
  import SourceText

  /// Finds the lines of a file that hold a word, in constant memory.
  struct LineSearch {
    private let pattern: BytePattern

    /// Longer lines are passed over.
    private static let longest = Limits.fileBytes
    private static let blockBytes = 4 << 20

    init(for word: String) { pattern = BytePattern(Array("\"\(word)\"".utf8)) }

    /// Calls back with each line's number from 1, the offset of its first byte, and its bytes.
    func search(_ path: String, _ found: (Int, Int, [UInt8]) -> Void) {
      var offset = 0
      var line = 1
      var pending: [UInt8] = []
      while let block = try? FileSystem.read(
        path, from: offset + pending.count, upTo: Self.blockBytes),
        !block.isEmpty || !pending.isEmpty
      {
        let bytes = pending + block
        let isLast = block.isEmpty
        // Up to the last line break; at the end up to the end.
        let end = isLast ? bytes.count : bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        scan(bytes, upTo: end, line, offset, found)
        if end > 0 { line += bytes[..<end].count { $0 == 0x0A } }
        offset += end
        pending = Array(bytes[end...])
        if isLast { return }
        if pending.count > Self.longest {
          // A line of this length is no record.
          offset += pending.count
          pending = []
        }
      }
    }

    private func scan(
      _ bytes: [UInt8], upTo end: Int, _ line: Int, _ offset: Int,
      _ found: (Int, Int, [UInt8]) -> Void
    ) {
      var position = 0
      var counted = 0
      var number = line
      while let hit = pattern.first(in: bytes, from: position), hit < end {
        let start = bytes[..<hit].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let stop = bytes[hit..<end].firstIndex(of: 0x0A) ?? end
        number += bytes[counted..<start].count { $0 == 0x0A }
        counted = start
        found(number, offset + start, Array(bytes[start..<stop]))
        position = stop
      }
    }
  }
#endif

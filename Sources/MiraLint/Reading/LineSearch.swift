#if Certificates
  import Certificates
  import SourceText

  /// Finds the lines of a file that hold a word, in constant memory.
  struct LineSearch {
    private let pattern: BytePattern

    /// Longer lines are passed over.
    private static let longest = Limits.fileBytes
    fileprivate static let blockBytes = 4 << 20

    init(for word: String) { pattern = BytePattern(Array("\"\(word)\"".utf8)) }

    /// Calls back with each line's number from 1, the offset of its first byte, and its bytes.
    func search(_ path: String, _ found: (Int, Int, [UInt8]) -> Void) {
      var offset = 0
      var counter = LineCounter(path: path)
      var pending: [UInt8] = []
      while let block = try? FileSystem.read(
        path, from: offset + pending.count, upTo: Self.blockBytes),
        !block.isEmpty || !pending.isEmpty
      {
        let bytes = pending + block
        let isLast = block.isEmpty
        // Up to the last line break; at the end up to the end.
        let end = isLast ? bytes.count : bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        scan(bytes, upTo: end) { start, line in
          found(counter.line(at: offset + start), offset + start, line)
        }
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
      _ bytes: [UInt8], upTo end: Int, _ found: (Int, [UInt8]) -> Void
    ) {
      var position = 0
      while let hit = pattern.first(in: bytes, from: position), hit < end {
        let start = bytes[..<hit].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let stop = bytes[hit..<end].firstIndex(of: 0x0A) ?? end
        found(start, Array(bytes[start..<stop]))
        position = stop
      }
    }

    /// Counts lines up to what was found: most logs hold nothing that is looked for, and then nothing is counted.
    private struct LineCounter {
      let path: String
      private var line = 1
      private var counted = 0

      init(path: String) { self.path = path }

      mutating func line(at offset: Int) -> Int {
        while counted < offset,
          let block = try? FileSystem.read(
            path, from: counted, upTo: min(offset - counted, LineSearch.blockBytes)),
          !block.isEmpty
        {
          line += block.count { $0 == 0x0A }
          counted += block.count
        }
        return line
      }
    }
  }
#endif

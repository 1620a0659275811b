import Synchronization

/// Where the lines of a file begin, found when somebody first asks: of most files nothing is ever told.
final class LineTable: Sendable {
  private let made = Mutex<[Int]?>(nil)

  /// Offset of the first byte of each line of these bytes, which must be the same each time.
  func starts(in bytes: [UInt8]) -> [Int] {
    made.withLock { made in
      if let made { return made }
      let starts = Self.starts(in: bytes)
      made = starts
      return starts
    }
  }

  private static func starts(in bytes: [UInt8]) -> [Int] {
    var starts = [0]
    starts.reserveCapacity(bytes.count / 24 + 1)
    if ByteSearch.first(Byte.carriageReturn, in: bytes, from: 0) == nil {
      var offset = 0
      while let end = ByteSearch.first(Byte.lineFeed, in: bytes, from: offset) {
        offset = end + 1
        starts.append(offset)
      }
      return starts
    }
    let text = bytes.span
    for offset in text.indices where text[offset] <= Byte.carriageReturn {
      switch text[offset] {
      case Byte.lineFeed:
        starts.append(offset + 1)
      case Byte.carriageReturn
      where offset + 1 == text.count || text[offset + 1] != Byte.lineFeed:
        starts.append(offset + 1)
      default:
        break
      }
    }
    return starts
  }
}

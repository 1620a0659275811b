/// Cuts a stream into messages: header lines, an empty line, and as many bytes as the header says.
///
/// After a header that cannot be read the framer looks for the next one that can, so that one damaged message does
/// not cost the session.
struct MessageFramer {
  /// What the stream gives.
  enum Frame: Sendable, Equatable {
    case message([UInt8])
    /// A header that says nothing of use; its words are for the error that answers it.
    case malformedHeader(String)
    /// A message of more than ``mostBytes``, which is passed over.
    case oversized(bytes: Int)
  }

  /// What a message may have: an editor sends the whole of a file, escaped, and our own bound on those is 16 MiB.
  static let mostBytes = 64 << 20
  /// Headers of real clients have less than a hundred bytes.
  private static let mostHeaderBytes = 4 << 10
  private static let lengthName = Array("content-length".utf8)

  private var buffer: [UInt8] = []
  /// Where in the buffer reading goes on.
  private var place = 0
  /// Up to where the buffer holds no end of a header.
  private var searched = 0
  /// The length of the message whose header has been read.
  private var expected: Int?
  /// How many bytes of an oversized message are still to come.
  private var passing = 0

  /// Takes what has arrived.
  ///
  /// - Returns: the messages that are complete now, in order.
  mutating func receive(_ bytes: [UInt8]) -> [Frame] {
    buffer += bytes
    var frames: [Frame] = []
    while let frame = next() { frames.append(frame) }
    buffer.removeFirst(place)
    searched = max(0, searched - place)
    place = 0
    return frames
  }

  private mutating func next() -> Frame? {
    if passing > 0 {
      let passed = min(passing, buffer.count - place)
      passing -= passed
      place += passed
      if passing > 0 { return nil }
    }
    if let expected {
      guard buffer.count - place >= expected else { return nil }
      defer { place += expected }
      self.expected = nil
      return .message(Array(buffer[place..<(place + expected)]))
    }
    return nextHeader()
  }

  private mutating func nextHeader() -> Frame? {
    // Line ends before a header are nobody's content.
    while place < buffer.count, buffer[place] == 0x0d || buffer[place] == 0x0a { place += 1 }
    searched = max(searched, place)
    guard let (end, after) = headerEnd() else {
      guard buffer.count - place > Self.mostHeaderBytes else { return nil }
      resynchronize(from: place)
      return .malformedHeader("a header has more than \(Self.mostHeaderBytes) bytes")
    }
    let header = buffer[place..<end]
    switch Self.length(in: header) {
    case .success(let length) where length > Self.mostBytes:
      place = after
      passing = length
      return .oversized(bytes: length)
    case .success(let length):
      place = after
      expected = length
      return next()
    case .failure(let problem):
      // The damaged header may have swallowed the beginning of a sound one.
      resynchronize(from: place + 1, upTo: after)
      return .malformedHeader(problem.words)
    }
  }

  /// Where the header ends, and where the message begins; lines may end in LF alone.
  private mutating func headerEnd() -> (end: Int, after: Int)? {
    var index = searched
    let limit = min(buffer.count, place + Self.mostHeaderBytes)
    while index < limit {
      if buffer[index] == 0x0a {
        var next = index + 1
        if next < buffer.count, buffer[next] == 0x0d { next += 1 }
        if next < buffer.count, buffer[next] == 0x0a { return (index, next + 1) }
        if next >= buffer.count { break }
      }
      index += 1
    }
    searched = index
    return nil
  }

  private struct HeaderProblem: Error { var words: String }

  private static func length(in header: ArraySlice<UInt8>) -> Result<Int, HeaderProblem> {
    var length: Int?
    for line in header.split(separator: 0x0a) {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
        return .failure(HeaderProblem(words: "a header line has no colon"))
      }
      let name = line[..<colon].map { $0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0 }
      guard name == lengthName else { continue }
      let digits = line[(colon + 1)...].filter { $0 != 0x20 && $0 != 0x09 && $0 != 0x0d }
      guard digits.allSatisfy({ (0x30...0x39).contains($0) }), digits.count <= 18,
        let value = Int(String(decoding: digits, as: UTF8.self))
      else { return .failure(HeaderProblem(words: "Content-Length is not a number")) }
      length = value
    }
    guard let length else { return .failure(HeaderProblem(words: "Content-Length is missing")) }
    return .success(length)
  }

  /// Goes to the next place where a header may begin, else to the end of what is there.
  private mutating func resynchronize(from start: Int, upTo limit: Int? = nil) {
    let end = limit ?? buffer.count
    var index = start
    while index < end {
      let name = buffer[index..<min(index + Self.lengthName.count, buffer.count)]
      if zip(name, Self.lengthName).allSatisfy({ $0 | 0x20 == $1 | 0x20 }),
        name.count == Self.lengthName.count || end == buffer.count
      {
        break
      }
      index += 1
    }
    place = index
    searched = index
  }
}

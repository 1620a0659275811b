import Analysis
import EventLogs
import Foundation
import Rules
import Testing

/// Lines of a log that somebody else wants to look at, picked while it is read.
@Suite struct TelltaleLineTests {
  @Test func `a line is picked however the log is cut, and where it can be read only once`() throws
  {
    let book = try GeneratedLog.rules()
    for seed in 0..<40 {
      var log = MarkedLog(seed: UInt64(seed))
      let bytes = log.bytes()
      let expected = Self.lines(of: bytes).filter { Self.holds($0.bytes, "\"mark\"") }
      for size in [70, 900, 1 << 19] {
        var options = LogOptions(maximumSkew: 0)
        options.blockSize = size
        options.telltales = Deferred(LineTelltales(["mark"]))
        let judge = LogJudge(rules: book.rules, protocols: book.protocols, options: options)
        let found = judge.judge(LogSource(path: "log", input: .bytes(bytes))).telltales
        try Self.compare(found, expected, "seed \(seed), blocks of \(size)")
        if size != 900 { continue }
        let nothing = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/dev/null"))
        let once = judge.judge(
          LogSource(path: "log", input: .pipe(head: bytes, rest: nothing.fileDescriptor)),
          as: "ndjson")
        let kept = try #require(once.spooled)
        let told = try once.telltales.map { try Self.filled($0, from: kept) }
        try Self.compare(told, expected, "seed \(seed), once")
      }
    }
  }

  /// A line with its bytes, out of a log that was kept.
  private static func filled(_ line: TelltaleLine, from log: LogBytes) throws -> TelltaleLine {
    var line = line
    var bytes = [UInt8](repeating: 0, count: line.length)
    #expect(try log.read(from: line.start, count: line.length, into: &bytes) == line.length)
    line.bytes = bytes
    return line
  }

  private static func compare(
    _ found: [TelltaleLine], _ expected: [(line: Int, start: Int, bytes: ArraySlice<UInt8>)],
    _ what: String
  ) throws {
    // A word that is a value is a mark only to a reader who does not know the line by its looks.
    let keyed = expected.filter { holds($0.bytes, "\"mark\":") }
    for one in keyed {
      let same = found.first { $0.line == one.line }
      let line = try #require(same, "\(what), line \(one.line)")
      #expect(line.start == one.start, "\(what), line \(one.line)")
      #expect(line.length == one.bytes.count, "\(what), line \(one.line)")
      #expect(line.bytes.map { $0[...] == one.bytes } ?? false, "\(what), line \(one.line)")
    }
    for one in found {
      #expect(expected.contains { $0.line == one.line }, "\(what), line \(one.line)")
    }
    #expect(found.map(\.line) == found.map(\.line).sorted(), "\(what)")
  }

  private static func lines(
    of bytes: [UInt8]
  ) -> [(line: Int, start: Int, bytes: ArraySlice<UInt8>)] {
    var lines: [(line: Int, start: Int, bytes: ArraySlice<UInt8>)] = []
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      // Of a line end the carriage return is no part.
      let text = line.last == 0x0D ? line.dropLast() : line
      lines.append((lines.count + 1, text.startIndex, text))
    }
    return lines
  }

  private static func holds(_ bytes: ArraySlice<UInt8>, _ word: String) -> Bool {
    String(decoding: bytes, as: UTF8.self).contains(word)
  }
}

/// Events with and without a mark, in a few shapes, between lines that are none.
private struct MarkedLog {
  private var random: Congruence

  init(seed: UInt64) { random = Congruence(state: seed &* 49_979_687 &+ 3) }

  mutating func bytes() -> [UInt8] {
    var text = "{\"ts\":1767225600000,\"event\":\"cert.issued\",\"output_hash\":\"o\"}\n"
    for number in 0..<(20 + random.next(below: 60)) {
      let start = "{\"ts\":\(1_767_225_600_000 + number),\"event\":\"cert.issued\""
      switch random.next(below: 9) {
      case 0: text += start + ",\"output_hash\":\"o\(number)\",\"mark\":\"\(number)\"}"
      case 1: text += start + ",\"output_hash\":\"mark\"}"
      case 2: text += start + ",\"data\":{\"mark\":{\"v\":\(number)}}}"
      case 3: text += start + ",\"mark\":[\(number),\"b\"]}"
      case 4: text += "\"mark\": is broken {"
      case 5: text += start + ",\"note\":\"a \\\"mark\\\":\"}"
      case 6: text += start + ",\"note\":\"\(String(repeating: "x", count: 300))\",\"mark\":1}"
      case 7: text += ""
      default: text += start + ",\"output_hash\":\"o\(number)\"}"
      }
      text += random.next(below: 6) == 0 ? "\r\n" : "\n"
    }
    if random.next(below: 2) == 0 { text.removeLast() }
    return Array(text.utf8)
  }
}

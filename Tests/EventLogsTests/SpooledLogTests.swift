import EventLogs
import Foundation
import TestSupport
import Testing

@Suite struct SpooledLogTests {
  /// Lines of different lengths, so that no two places read alike.
  private static func lines(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for number in 0..<count { bytes += Array("{\"n\": \(number * number)}\n".utf8) }
    return bytes
  }

  private static func read(_ log: LogBytes, from start: Int, count: Int) throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    let got = try log.read(from: start, count: count, into: &buffer)
    return Array(buffer[..<got])
  }

  /// A pipe that somebody fills; what was looked at already is its head.
  private static func pipe(_ bytes: [UInt8], head: Int) -> LogSource.Input {
    let pipe = Pipe()
    let writer = pipe.fileHandleForWriting
    Thread.detachNewThread {
      try? writer.write(contentsOf: Data(bytes[head...]))
      try? writer.close()
    }
    return .pipe(
      head: Array(bytes[..<head]), rest: dup(pipe.fileHandleForReading.fileDescriptor))
  }

  @Test(arguments: [0, 1, 1_000, 1_200_000])
  func `a pipe's log can be read at any place, in memory or in a file`(count: Int) throws {
    let bytes = Self.lines(count)
    var told: [Int] = []
    let spooled = try #require(
      try SpooledLog(Self.pipe(bytes, head: min(bytes.count, 1 << 16))) { told.append($0) })
    #expect(spooled.failure == nil)
    #expect(spooled.bytes.count == bytes.count)
    #expect(told.isEmpty == (bytes.count <= 16 << 20))
    for start in [0, 1, bytes.count / 3, bytes.count - 100, bytes.count] where start >= 0 {
      let expected = Array(bytes.dropFirst(start).prefix(5_000))
      #expect(try Self.read(spooled.bytes, from: start, count: 5_000) == expected)
    }
  }

  @Test func `of a long log no more is read than is asked for`() throws {
    let bytes = Self.lines(100_000)
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let spooled = try #require(try SpooledLog(.file(file.path), upTo: 1000))
    #expect(spooled.bytes.count >= 1000)
    #expect(spooled.bytes.count < bytes.count)
  }

  @Test func `where there can be no file, small logs are kept, and nothing is taken from a pipe`()
    throws
  {
    let bytes = Self.lines(10)
    let kept = try SpooledLog(.bytes(bytes), in: ["/nowhere"])
    #expect(kept?.bytes.count == bytes.count)
    let large = try SpooledLog(.bytes(Self.lines(1_200_000)), in: ["/nowhere"])
    #expect(large == nil)
    let pipe = Self.pipe(bytes, head: 20)
    #expect(try SpooledLog(pipe, in: ["/nowhere"]) == nil)
    #expect(try SpooledLog(pipe)?.bytes.count == bytes.count)
  }
}

import EventLogs
import Foundation
import TestSupport
import Testing

@Suite struct CompressedLogTests {
  private static let folder = Checkout.root + "testdata/logs/compressed/"

  private static func bytes(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(fileURLWithPath: folder + name)))
  }

  private static let plain =
    Checkout.root + "testdata/stories/branch-before-consensus/bad/run.ndjson"

  @Test(arguments: ["gz", "zst"]) func `members one after another are one log`(kind: String) throws
  {
    let packed = try Self.bytes("bad-branch-before-certificate.ndjson.\(kind)")
    let (bytes, failure) = try unpackedLog(packed)
    #expect(failure == nil)
    let plain = try Array(Data(contentsOf: URL(fileURLWithPath: Self.plain)))
    #expect(bytes == plain)
  }

  @Test(arguments: ["gz", "zst"]) func `of a cut log what was there is read, and the cut is told`(
    kind: String
  ) throws {
    let packed = try Self.bytes("good-certificate-first.ndjson.gz")
    let both = kind == "gz" ? packed : try Self.bytes("good-certificate-first.ndjson.zst")
    for end in [20, both.count / 2, both.count - 1] {
      let (_, failure) = try unpackedLog(Array(both[..<end]))
      #expect(failure == "the compressed data is cut off here")
    }
  }

  @Test func `zeros behind a member are padding, anything else is not`() throws {
    let packed = try Self.bytes("good-certificate-first.ndjson.gz")
    #expect(try unpackedLog(packed + [0, 0, 0, 0]).failure == nil)
    let garbage = try unpackedLog(packed + Array("garbage".utf8))
    #expect(garbage.failure == "what stands behind the compressed data is no gzip")
    #expect(!garbage.bytes.isEmpty)
  }

  @Test(arguments: ["gz", "zst"]) func `damaged data is told`(kind: String) throws {
    var packed = try Self.bytes("bad-branch-before-certificate.ndjson.\(kind)")
    for index in packed.indices.dropFirst(40).prefix(30) { packed[index] ^= 0x5A }
    #expect(try unpackedLog(packed).failure != nil)
  }

  @Test func `a reader that stops early leaves no thread behind`() throws {
    // Ten million zeros: far more than a pipe holds.
    let script = "import gzip,sys; sys.stdout.buffer.write(gzip.compress(bytes(10_000_000)))"
    guard let packed = try Self.output(of: script) else { return }
    for _ in 0..<20 {
      let input = try LogInput(.bytes(packed))
      let isAtEnd = input.isAtEnd
      #expect(!isAtEnd)
    }
    let (bytes, failure) = try unpackedLog(packed)
    #expect(bytes.count == 10_000_000)
    #expect(failure == nil)
  }

  /// What Python writes; `nil`, with a word, where there is none.
  private static func output(of script: String) throws -> [UInt8]? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    if process.terminationStatus != 0 {
      print("skipped: there is no python3")
      return nil
    }
    return Array(data)
  }
}

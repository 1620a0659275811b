import EventLogs
import Foundation
import TestSupport
import Testing

/// Every example of every format, damaged: whatever the bytes are, reading ends and its complaints lie in the file.
@Suite struct LogFormatMutantTests {
  private static let folder = Checkout.root + "testdata/logs/"

  private static let samples = {
    let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    let wanted: Set<String> = ["json", "jsonl", "ndjson", "csv", "xes", "sse", "log", "gz", "zst"]
    return paths.filter { path in
      wanted.contains(String(path.split(separator: ".").last ?? ""))
        && (path.split(separator: "/").last ?? "").hasPrefix("bad")
    }.sorted()
  }()

  @Test(arguments: samples) func `200 mutants of each example end, and never crash`(
    path: String
  ) throws {
    let original = try Array(Data(contentsOf: URL(fileURLWithPath: Self.folder + path)))
    let format = String(path.split(separator: "/").first ?? "")
    let isPacked = ["compressed", "utf-16"].contains(format)
    let named = LogReaders.reader(named: format)
    var dice = Dice(state: UInt64(path.utf8.count) &* 77)
    let alphabet = Array("{}[]<>\"',:;=&/\\nul0-9e.\0\n\r\t ".utf8) + [0xFF]
    for round in 0..<200 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...6, using: &dice) where !bytes.isEmpty {
        let at = Int.random(in: 0..<bytes.count, using: &dice)
        switch Int.random(in: 0..<5, using: &dice) {
        case 0: bytes[at] = alphabet.randomElement(using: &dice) ?? 0
        case 1: bytes.remove(at: at)
        case 2: bytes.insert(alphabet.randomElement(using: &dice) ?? 0, at: at)
        case 3: bytes.removeSubrange(at..<min(bytes.count, at + 40))
        default: if round % 4 == 0 { bytes = Array(bytes[..<at]) }
        }
      }
      let log = try ReadLog(bytes: bytes, reader: named)
      if isPacked { continue }
      for problem in log.problems {
        #expect(problem.bytes.upperBound <= bytes.count)
        #expect(problem.lines.lowerBound >= 1)
      }
    }
  }

  @Test func `each format has an example`() {
    let folders = Set(Self.samples.compactMap { $0.split(separator: "/").first.map(String.init) })
    // Other suites have those of plain lines and lists; runs of GitHub hold no outputs.
    let elsewhere: Set<String> = ["json", "ndjson", "github-run"]
    for reader in LogReaders.all where !elsewhere.contains(reader.format) {
      #expect(folders.contains(reader.format), "\(reader.format) has no example")
    }
  }
}

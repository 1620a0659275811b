import Findings
import Reports
import SourceText
import TestSupport
import Testing

@testable import MiraLint

@Suite("Baselines as files")
struct BaselineFileTests {
  private static let baseline = Baseline([
    Baseline.Entry(
      rule: "MIRA102", path: "flows/\"q\" \u{202e}\n\t<x>.yml", step: "jobs.a.steps[1]",
      message: "`]]>` ::error:: 検証", fingerprint: String(repeating: "0a", count: 16), count: 3),
    Baseline.Entry(
      rule: "MIRA106", path: "b.json", step: "", message: "x",
      fingerprint: String(repeating: "b", count: 32)),
  ])

  @Test func `what is written is read again, whatever the names are`() throws {
    let bytes = BaselineText.document(Self.baseline)
    let read = try BaselineFile.read(SourceFile(path: "baseline.json", bytes: bytes))
    #expect(BaselineText.document(read) == bytes)
    #expect(read.entries.map(\.path) == Self.baseline.entries.map(\.path))
    #expect(read.entries.map(\.count) == Self.baseline.entries.map(\.count))
    #expect(read.entries.compactMap(\.location?.line) == [5, 11])
  }

  @Test func `a damaged baseline is an error or a baseline, never a crash`() {
    let sound = BaselineText.document(Self.baseline)
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<200 {
      var damaged = sound
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: damaged.indices, using: &generator)
        if Bool.random(using: &generator) {
          damaged[place] = UInt8.random(in: 0...127, using: &generator)
        } else {
          damaged.removeSubrange(place..<min(place + 9, damaged.count - 1))
        }
      }
      let (file, _) = SourceDecoder.decode(path: "baseline.json", raw: damaged)
      _ = try? BaselineFile.read(file)
    }
  }
}

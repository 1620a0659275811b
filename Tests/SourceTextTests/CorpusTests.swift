import Foundation
import SourceText
import TestSupport
import Testing

@Suite(.enabled(if: TestFiles.isPresent("corpus"), "no corpus"))
struct CorpusTests {
  @Test func `every file of the corpus reads within a second`() throws {
    for path in TestFiles.paths(below: "corpus", where: { !$0.hasSuffix(".gz") }) {
      guard let raw = try? TestFiles.bytes(path) else { continue }
      let clock = ContinuousClock()
      let time = clock.measure {
        for tree in [YAMLReader.read(path: path, raw: raw), JSONReader.read(path: path, raw: raw)] {
          if path.hasSuffix(".json") || path.hasSuffix(".json5") || path.hasSuffix("yml") || path.hasSuffix(".yaml"), tree.problems.contains(where: { $0.severity == .error }), tree.problems.count < 10 {
            print(path, tree.problems.count, tree.problems[0])
          }
        }
      }
      if time > .seconds(1) { print("SLOW \(path) \(raw.count) \(time)") }
    }
  }
}

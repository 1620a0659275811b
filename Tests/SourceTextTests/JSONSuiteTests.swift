import Foundation
import SourceText
import TestSupport
import Testing

@Suite(.enabled(if: TestFiles.isPresent("conformance/json-test-suite"), "no json-test-suite"))
struct JSONSuiteTests {
  @Test func `the json-test-suite is accepted and refused as it should be`() throws {
    var refused: [String] = []
    var accepted: [String] = []
    for path in TestFiles.paths(below: "conformance/json-test-suite", where: { $0.hasSuffix(".json") }) {
      let name = String(path.split(separator: "/").last ?? "")
      let tree = JSONReader.read(path: "in.json", raw: try TestFiles.bytes(path))
      if name.hasPrefix("y_"), !tree.problems.isEmpty { refused.append(name) }
      if name.hasPrefix("n_"), tree.problems.isEmpty { accepted.append(name) }
    }
    print("refused \(refused)\naccepted \(accepted)")
  }
}

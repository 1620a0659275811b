import Foundation
import SourceText
import TestSupport
import Testing

@Suite(.enabled(if: TestFiles.isPresent("conformance/yaml-test-suite"), "no yaml-test-suite"))
struct YAMLSuiteTests {
  static let cases = TestFiles.paths(below: "conformance/yaml-test-suite") {
    $0.hasSuffix("/in.yaml")
  }.map { String($0.dropLast("in.yaml".count)) }

  @Test func `events are those of the yaml-test-suite`() throws {
    var failures: [String] = []
    var accepted: [String] = []
    var valid = 0
    for folder in Self.cases {
      let raw = try TestFiles.bytes(folder + "in.yaml")
      let tree = YAMLReader.read(path: "in.yaml", raw: raw)
      let errors = tree.problems.filter { $0.severity == .error }
      let name = String(folder.dropFirst("conformance/yaml-test-suite/".count))
      if (try? TestFiles.bytes(folder + "error")) != nil {
        if errors.isEmpty { accepted.append(name) }
        continue
      }
      valid += 1
      let source = String(decoding: raw, as: UTF8.self)
      let expected = normalizedEvents(
        String(decoding: try TestFiles.bytes(folder + "test.event"), as: UTF8.self))
      let events = EventText(tree, source: source).lines
      if events != expected || !errors.isEmpty {
        failures.append(name)
        print("----- \(name)\n\(source)\n--- expected\n\(expected.joined(separator: "\n"))\n--- got\n\(events.joined(separator: "\n"))\n\(errors)")
      }
    }
    print("valid \(valid) failures \(failures.count) \(failures)\naccepted \(accepted.count) \(accepted)")
  }
}

import Foundation
import SourceText
import TestSupport
import Testing

@Suite(.enabled(if: TestFiles.isPresent("conformance/json-test-suite"), "no json-test-suite"))
struct JSONSuiteTests {
  /// What strict JSON forbids and this reader takes silently: comments and trailing commas.
  static let tolerances: Set = [
    "n_array_extra_comma.json", "n_array_number_and_comma.json", "n_object_trailing_comma.json",
    "n_object_trailing_comment.json", "n_object_trailing_comment_slash_open.json",
    "n_structure_object_with_comment.json",
  ]

  @Test func `the json-test-suite is accepted and refused as it should be`() throws {
    let paths = TestFiles.paths(below: "conformance/json-test-suite") { $0.hasSuffix(".json") }
    #expect(paths.count > 300)
    for path in paths {
      let name = String(path.split(separator: "/").last ?? "")
      let raw = try TestFiles.bytes(path)
      let tree = JSONReader.read(path: "in.json", raw: raw)
      let length = SourceDecoder.decode(path: "", raw: raw).file.bytes.count
      #expect(TreeInvariants(tree, length: length).violations.isEmpty, "\(name)")
      if name.hasPrefix("y_") {
        // A duplicate key is valid JSON and still worth a warning.
        let isExpected = tree.problems.isEmpty || name.contains("duplicated_key")
        #expect(isExpected, "\(name) \(tree.problems)")
        let value = try JSONSerialization.jsonObject(
          with: Data(raw), options: [.fragmentsAllowed])
        let root = try #require(tree.documents.first)
        #expect(Oracle.agrees(root, with: value), "\(name)")
      }
      if name.hasPrefix("n_") {
        #expect(tree.problems.isEmpty == Self.tolerances.contains(name), "\(name)")
      }
    }
  }
}

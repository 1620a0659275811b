import Foundation
import SourceText
import TestSupport
import Testing

@Suite(.enabled(if: TestFiles.isPresent("conformance/yaml-test-suite"), "no yaml-test-suite"))
struct YAMLSuiteTests {
  static let folder = "conformance/yaml-test-suite/"
  static let cases = TestFiles.paths(below: "conformance/yaml-test-suite") {
    $0.hasSuffix("/in.yaml")
  }.map { String($0.dropFirst(folder.count).dropLast("/in.yaml".count)) }

  /// Valid cases whose events differ on purpose.
  static let deviations: [String: String] = [
    "6WLZ": "the notation resolves %TAG for the whole file, the tree keeps tags as written",
    "9WXW": "the notation resolves %TAG for the whole file, the tree keeps tags as written",
    "JEF9/02": "a block of text that ends without a line break gets none, as in libyaml",
    "L24T/01": "a block of text that ends without a line break gets none, as in libyaml",
  ]

  /// Invalid cases that are read silently on purpose.
  static let tolerances: [String: String] = [
    "9C9N": "values of a flow collection at their key's column: every reader in use takes them",
    "VJP3/00": "values of a flow collection at their key's column: every reader in use takes them",
    "QB6E": "quoted lines at their key's column: libyaml and go-yaml take them",
    "Y79Y/000": "an empty line of a block of text may hold any blanks",
  ]

  private func read(_ name: String) throws -> (tree: SourceTree, raw: [UInt8], isInvalid: Bool) {
    let raw = try TestFiles.bytes(Self.folder + name + "/in.yaml")
    let isInvalid = (try? TestFiles.bytes(Self.folder + name + "/error")) != nil
    return (YAMLReader.read(path: "in.yaml", raw: raw), raw, isInvalid)
  }

  @Test func `events are those of the yaml-test-suite`() throws {
    #expect(Self.cases.count > 300)
    for name in Self.cases {
      let (tree, raw, isInvalid) = try read(name)
      if isInvalid || Self.deviations[name] != nil { continue }
      let source = String(decoding: raw, as: UTF8.self)
      let expected = normalizedEvents(
        String(decoding: try TestFiles.bytes(Self.folder + name + "/test.event"), as: UTF8.self))
      #expect(EventText(tree, source: source).lines == expected, "\(name)")
      #expect(!tree.problems.contains { $0.severity == .error }, "\(name)")
    }
  }

  @Test func `what the yaml-test-suite calls an error is one`() throws {
    for name in Self.cases {
      let (tree, _, isInvalid) = try read(name)
      guard isInvalid else { continue }
      let isAccepted = !tree.problems.contains { $0.severity == .error }
      #expect(isAccepted == (Self.tolerances[name] != nil), "\(name)")
    }
  }

  @Test func `trees of the yaml-test-suite are well formed`() throws {
    for name in Self.cases {
      let (tree, raw, _) = try read(name)
      #expect(TreeInvariants(tree, length: raw.count).violations.isEmpty, "\(name)")
    }
  }
}

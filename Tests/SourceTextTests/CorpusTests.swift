import Foundation
import SourceText
import TestSupport
import Testing
import Yams

@Suite(.enabled(if: TestFiles.isPresent("corpus"), "no corpus"))
struct CorpusTests {
  private func paths(_ endings: [String]) -> [String] {
    TestFiles.paths(below: "corpus") { path in endings.contains { path.hasSuffix($0) } }
  }

  private func file(_ path: String) throws -> SourceFile {
    SourceDecoder.decode(path: path, raw: try TestFiles.bytes(path)).file
  }

  private func isClean(_ tree: SourceTree) -> Bool { tree.problems.isEmpty }

  @Test func `YAML of the corpus reads as libyaml reads it`() throws {
    var compared = 0
    for path in paths([".yml", ".yaml"]) {
      let file = try file(path)
      var tree = SourceTree(documents: [], comments: [], problems: [])
      let time = CPUTime.measure { tree = YAMLReader.read(file) }
      #expect(time < .seconds(1), "\(path) \(time)")
      #expect(TreeInvariants(tree, length: file.bytes.count).violations.isEmpty, "\(path)")
      guard isClean(tree) else { continue }
      let text = String(decoding: file.bytes, as: UTF8.self)
      let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
      for document in tree.documents {
        let expected = try #require(try parser.nextRoot(), "\(path)")
        #expect(Oracle.agrees(document, with: expected, in: file), "\(path)")
      }
      compared += 1
    }
    #expect(compared > 300)
  }

  @Test func `JSON of the corpus reads as JSONSerialization reads it`() throws {
    var compared = 0
    for path in paths([".json", ".json5", ".jsonl"]) {
      let file = try file(path)
      var tree = SourceTree(documents: [], comments: [], problems: [])
      let time = CPUTime.measure { tree = JSONReader.read(file) }
      #expect(time < .seconds(1), "\(path) \(time)")
      #expect(TreeInvariants(tree, length: file.bytes.count).violations.isEmpty, "\(path)")
      #expect(!tree.problems.contains { $0.severity == .error }, "\(path) \(tree.problems)")
      guard isClean(tree), let root = tree.documents.first, tree.documents.count == 1,
        let value = try? JSONSerialization.jsonObject(
          with: Data(file.bytes), options: [.fragmentsAllowed])
      else { continue }
      #expect(Oracle.agrees(root, with: value), "\(path)")
      compared += 1
    }
    #expect(compared > 100)
  }
}

import Foundation
import SourceText
import TestSupport
import Testing
import Workflows

/// State machines as tests read them.
enum StateMachineFiles {
  static let hasCorpus = FileManager.default.fileExists(atPath: Checkout.shared + "corpus")

  /// Definition files below a folder of the corpus, sorted, relative to the corpus.
  static func paths(below folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: Checkout.shared + "corpus/" + folder)
    let endings = [".json", ".json5", ".asl", ".yaml", ".yml"]
    return (names?.compactMap { $0 as? String } ?? [])
      .filter { name in endings.contains { name.hasSuffix($0) } }
      .sorted().map { folder + "/" + $0 }
  }

  static func bytes(_ path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: Checkout.shared + "corpus/" + path).map(Array.init)
  }

  static func tree(path: String, _ bytes: [UInt8]) -> (file: SourceFile, tree: SourceTree) {
    let file = SourceFile(path: path, bytes: bytes)
    let isYAML = path.hasSuffix(".yaml") || path.hasSuffix(".yml")
    return (file, isYAML ? YAMLReader.read(file) : JSONReader.read(file))
  }

  /// Reads every document of a file that is a definition; `nil` where none is.
  static func read(
    path: String, _ bytes: [UInt8],
    neighbour: @escaping @Sendable (String) -> (file: SourceFile, tree: SourceTree)? = { _ in nil }
  ) -> WorkflowReading? {
    let (file, tree) = tree(path: path, bytes)
    var reading: WorkflowReading?
    for root in tree.documents where StepFunctionsReader.recognises(root, path: path) {
      let part = StepFunctionsReader.read(
        root, in: ReadingContext(file: file, neighbour: neighbour))
      reading = WorkflowReading(
        workflows: (reading?.workflows ?? []) + part.workflows,
        problems: (reading?.problems ?? []) + part.problems)
    }
    return reading
  }

  /// The graph of the only machine in a definition, as text, and what was wrong with it.
  static func dump(_ json: String) throws -> (graph: String, problems: [String]) {
    let reading = try #require(read(path: "machine.asl.json", Array(json.utf8)))
    let workflow = try #require(reading.workflows.first)
    return (GraphDump(workflow).description, reading.problems.map(\.message))
  }
}

import Foundation
import SourceText
import TestSupport
import Workflows

/// Definitions of Argo Workflows, Tekton and GitLab as tests read them.
enum PodFiles {
  static let hasCorpus = FileManager.default.fileExists(atPath: Checkout.shared + "corpus")

  static func paths(below folder: String, _ endings: [String] = [".yaml", ".yml"]) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)
    return (names?.compactMap { $0 as? String } ?? [])
      .filter { name in endings.contains { name.hasSuffix($0) } }
      .sorted().map { folder + "/" + $0 }
  }

  static func bytes(_ path: String) -> [UInt8] {
    FileManager.default.contents(atPath: path).map(Array.init) ?? []
  }

  /// Reads every document of a file that the engine knows; `nil` where it knows none.
  static func read(
    _ bytes: [UInt8], path: String, engine: String, beside neighbours: [String: String] = [:]
  ) -> WorkflowReading? {
    guard let reader = WorkflowReaders.reader(of: engine) else { return nil }
    func source(_ path: String, _ bytes: [UInt8]) -> (file: SourceFile, tree: SourceTree) {
      let file = SourceDecoder.decode(path: path, raw: bytes).file
      return (file, YAMLReader.read(file))
    }
    let (file, tree) = source(path, bytes)
    let others = neighbours.mapValues { Array($0.utf8) }
    var context = ReadingContext(file: file) { name in
      others[name].map { bytes in
        let file = SourceDecoder.decode(path: name, raw: bytes).file
        return (file, YAMLReader.read(file))
      }
    }
    context.documents = tree.documents
    let around = others.sorted { $0.key < $1.key }.map { source($0.key, $0.value) }
    context.surroundings = { around }
    var reading: WorkflowReading?
    for root in tree.documents where reader.recognises(root, path: path) {
      let part = reader.read(root, in: context)
      reading = WorkflowReading(
        workflows: (reading?.workflows ?? []) + part.workflows,
        problems: (reading?.problems ?? []) + part.problems)
    }
    return reading
  }

  /// The graphs of a text, and what was wrong with it.
  static func dump(
    _ text: String, engine: String, path: String = "definition.yaml",
    beside neighbours: [String: String] = [:]
  ) -> String {
    guard
      let reading = read(Array(text.utf8), path: path, engine: engine, beside: neighbours)
    else { return "not recognised" }
    let problems = reading.problems.map { "problem \($0.message)" }
    return (reading.workflows.map { GraphDump($0).description } + problems)
      .joined(separator: "\n")
  }
}

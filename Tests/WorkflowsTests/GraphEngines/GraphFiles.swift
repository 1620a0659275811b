import Foundation
import SourceText
import TestSupport
import Workflows

/// Definitions of Dify, Kestra, BPMN and agentic workflows as tests read them.
enum GraphFiles {
  static let hasCorpus = FileManager.default.fileExists(atPath: Checkout.shared + "corpus")

  static func paths(below folder: String, _ endings: [String]) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)
    return (names?.compactMap { $0 as? String } ?? [])
      .filter { name in endings.contains { name.hasSuffix($0) } }
      .sorted().map { folder + "/" + $0 }
  }

  static func bytes(_ path: String) -> [UInt8] {
    FileManager.default.contents(atPath: path).map(Array.init) ?? []
  }

  /// Reads a definition; `nil` where the engine does not know it.
  static func read(_ bytes: [UInt8], engine: String, path: String) -> WorkflowReading? {
    guard let reader = WorkflowReaders.reader(of: engine) else { return nil }
    let file = SourceDecoder.decode(path: path, raw: bytes).file
    let tree =
      switch engine {
      case "bpmn": XMLReader.read(file)
      case "github-agentic": FrontMatterReader.read(file)
      default: YAMLReader.read(file)
      }
    guard let root = tree.documents.first, reader.recognises(root, path: path) else { return nil }
    return reader.read(root, in: ReadingContext(file: file) { _ in nil })
  }

  /// The graphs of a text.
  static func dump(_ text: String, engine: String) -> String {
    guard let reading = read(Array(text.utf8), engine: engine, path: "definition") else {
      return "not recognised"
    }
    return reading.workflows.map { GraphDump($0).description }.joined(separator: "\n")
  }

  /// Names and kinds of a graph's steps, and its edges between names: what a person can check against the file.
  static func outline(_ workflow: Workflow) -> [String] {
    workflow.edges.map { edge in
      let outcome = edge.outcome == .success ? "" : " \(edge.outcome)"
      let guards = edge.guards.map { ($0.holds ? " ?" : " !") + String($0.decision) }.joined()
      return
        "\(workflow.steps[edge.from].name) -> \(workflow.steps[edge.to].name)\(outcome)\(guards)"
    }
  }

  static func isSound(_ workflow: Workflow) -> Bool {
    let steps = workflow.steps.indices
    return workflow.edges.allSatisfy { edge in
      steps.contains(edge.from) && steps.contains(edge.to)
        && edge.guards.allSatisfy {
          workflow.steps[edge.from].decisions.indices.contains($0.decision)
        }
    } && workflow.returns.allSatisfy { steps.contains($0.step) }
  }
}

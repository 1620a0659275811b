import Foundation
import SourceText
import TestSupport
import Testing
import Workflows

/// Definitions of Serverless Workflow, Google Workflows, Logic Apps and Conductor as tests read them.
enum ServiceFiles {
  static let hasCorpus = FileManager.default.fileExists(atPath: Checkout.shared + "corpus")

  struct Engine: Sendable, CustomTestStringConvertible {
    var name: String
    /// The folders of the public corpus that hold it.
    var folders: [String]
    /// How its examples' names end.
    var endings: [String]

    var testDescription: String { name }
  }

  static let engines = [
    Engine(
      name: "serverless-workflow", folders: ["serverless-workflow-1.0", "serverless-workflow-0.8"],
      endings: [".serverless-workflow.yaml", ".0-8.sw.yaml"]),
    Engine(
      name: "google-workflows", folders: ["google-workflows"], endings: [".google-workflows.yaml"]),
    Engine(
      name: "logic-apps", folders: ["logic-apps"],
      endings: [".logic-apps.json", ".power-automate.json"]),
    Engine(name: "conductor", folders: ["conductor"], endings: [".conductor.json"]),
  ]

  static func paths(below folder: String, _ endings: [String]) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)
    return (names?.compactMap { $0 as? String } ?? [])
      .filter { name in endings.contains { name.hasSuffix($0) } }
      .sorted().map { folder + "/" + $0 }
  }

  static func bytes(_ path: String) -> [UInt8] {
    FileManager.default.contents(atPath: path).map(Array.init) ?? []
  }

  /// Reads a file; `nil` where the engine does not know it.
  static func read(
    _ bytes: [UInt8], path: String, engine: String, beside neighbours: [String: String] = [:]
  ) -> WorkflowReading? {
    guard let reader = WorkflowReaders.reader(of: engine) else { return nil }
    @Sendable func source(_ path: String, _ bytes: [UInt8]) -> (file: SourceFile, tree: SourceTree)
    {
      let file = SourceDecoder.decode(path: path, raw: bytes).file
      return (file, path.hasSuffix(".json") ? JSONReader.read(file) : YAMLReader.read(file))
    }
    let (file, tree) = source(path, bytes)
    let context = ReadingContext(file: file) { name in
      neighbours[name].map { source(name, Array($0.utf8)) }
    }
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
    let dangling = reading.workflows.flatMap(\.danglingReferences).map { "dangling \($0.text)" }
    let problems = reading.problems.map { "problem \($0.message)" }
    return (reading.workflows.map { GraphDump($0).description } + dangling + problems)
      .joined(separator: "\n")
  }
}

import Foundation
import SourceText
import TestSupport
import Workflows

/// Reads n8n exports and Mira flows that tests write down, or that lie in the checkout.
enum FlowFiles {
  static func read(_ text: String, path: String) -> WorkflowReading? {
    read(Array(text.utf8), path: path)
  }

  static func read(_ bytes: [UInt8], path: String) -> WorkflowReading? {
    let file = SourceDecoder.decode(path: path, raw: bytes).file
    let tree = path.hasSuffix(".json") ? JSONReader.read(file) : YAMLReader.read(file)
    guard let root = tree.documents.first else { return nil }
    let context = ReadingContext(file: file) { _ in nil }
    if N8nReader.recognises(root, path: path) { return N8nReader.read(root, in: context) }
    if MiraFlowReader.recognises(root, path: path) {
      return MiraFlowReader.read(root, in: context)
    }
    return nil
  }

  /// The graph of the only workflow, as text.
  static func dump(_ text: String, path: String) -> String {
    guard let reading = read(text, path: path), let workflow = reading.workflows.first else {
      return "not recognised"
    }
    let problems = reading.problems.map { "problem \($0.message)" }
    return ([GraphDump(workflow).description] + problems).joined(separator: "\n")
  }

  /// An n8n export of these nodes, each written as the inside of its JSON object, one after another.
  static func export(_ nodes: [(name: String, rest: String)], _ connections: String) -> String {
    let written = nodes.map { "{\"name\": \"\($0.name)\", \"position\": [0, 0], \($0.rest)}" }
    return "{\"name\": \"Test\", \"nodes\": [\(written.joined(separator: ",\n"))],"
      + " \"connections\": {\(connections)}}"
  }

  /// Connections from each name to the next.
  static func chain(_ names: String...) -> String {
    zip(names, names.dropFirst()).map { from, to in
      "\"\(from)\": {\"main\": [[{\"node\": \"\(to)\", \"type\": \"main\", \"index\": 0}]]}"
    }.joined(separator: ",\n")
  }

  static func files(below path: String, _ suffixes: [String]) -> [String] {
    guard let walk = FileManager.default.enumerator(atPath: path) else { return [] }
    return walk.compactMap { $0 as? String }
      .filter { name in suffixes.contains { name.hasSuffix($0) } }
      .sorted().map { path + "/" + $0 }
  }

  static func bytes(of path: String) -> [UInt8] {
    FileManager.default.contents(atPath: path).map(Array.init) ?? []
  }
}

import Foundation
import SourceText
import TestSupport
import Workflows

/// Definitions as tests read them.
enum TestDefinition {
  static let hasCorpus = FileManager.default.fileExists(atPath: Checkout.shared + "corpus")

  /// The files below a folder whose names end so, in order.
  static func paths(below folder: String, _ endings: [String] = [".yaml", ".yml"]) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)
    return (names?.compactMap { $0 as? String } ?? [])
      .filter { name in endings.contains { name.hasSuffix($0) } }
      .sorted().map { folder + "/" + $0 }
  }

  static func bytes(_ path: String) -> [UInt8] {
    FileManager.default.contents(atPath: path).map(Array.init) ?? []
  }

  private static func tree(_ file: SourceFile) -> SourceTree {
    if file.path.hasSuffix(".md") { return FrontMatterReader.read(file) }
    switch file.bytes.first(where: { $0 > 32 }) {
    case UInt8(ascii: "<"): return WorkflowReaders.tree(ofXML: file)
    case UInt8(ascii: "{"), UInt8(ascii: "["): return JSONReader.read(file)
    default: return YAMLReader.read(file)
    }
  }

  private static func source(_ path: String, _ bytes: [UInt8]) -> ReadingContext.Source {
    let file = SourceDecoder.decode(path: path, raw: bytes).file
    return (file, tree(file))
  }

  /// Reads a file by the first engine that knows each of its documents, or by one; `nil` where none does.
  static func read(
    _ bytes: [UInt8], path: String, engine: String? = nil, beside neighbours: [String: String] = [:]
  ) -> WorkflowReading? {
    let (file, tree) = source(path, bytes)
    var context = ReadingContext(file: file) { name in
      neighbours[name].map { source(name, Array($0.utf8)) }
    }
    context.documents = tree.documents
    let around = neighbours.keys.sorted().map { name in
      source(name, Array((neighbours[name] ?? "").utf8))
    }
    context.surroundings = { around }
    context.namesakes = { kind in
      let mark = BytePattern(Array(kind.mark.utf8))
      return around.filter { mark.isFound(in: $0.file.bytes) }
    }
    let readers = engine.map { name in WorkflowReaders.all.filter { $0.engine == name } }
    var reading: WorkflowReading?
    for root in tree.documents {
      guard
        let reader = (readers ?? WorkflowReaders.all)
          .first(where: { $0.recognises(root, path: path) })
      else { continue }
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

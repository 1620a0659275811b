import SourceText
import TestSupport
import Workflows

/// Reads definitions that tests write down, with the files that lie beside them.
enum GitHubActionsProbe {
  static func read(
    _ text: String, path: String = ".github/workflows/test.yml",
    beside neighbours: [String: String] = [:]
  ) -> WorkflowReading? {
    let file = SourceFile(path: path, bytes: Array(text.utf8))
    guard let root = YAMLReader.read(file).documents.first,
      GitHubActionsReader.recognises(root, path: path)
    else { return nil }
    let context = ReadingContext(file: file) { path in
      neighbours[path].map { text in
        let file = SourceFile(path: path, bytes: Array(text.utf8))
        return (file, YAMLReader.read(file))
      }
    }
    return GitHubActionsReader.read(root, in: context)
  }

  /// The graph of the only workflow, as text.
  static func dump(_ text: String, beside neighbours: [String: String] = [:]) -> String {
    guard let reading = read(text, beside: neighbours), let workflow = reading.workflows.first
    else { return "not recognised" }
    let problems = reading.problems.map { "problem \($0.message)" }
    return ([GraphDump(workflow).description] + problems).joined(separator: "\n")
  }
}

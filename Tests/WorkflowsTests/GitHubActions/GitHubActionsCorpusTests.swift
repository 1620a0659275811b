import Foundation
import SourceText
import TestSupport
import Testing
import Workflows

/// Public definitions that lie beside the checkout, where they do.
private enum Corpus {
  static let isThere = FileManager.default.fileExists(atPath: Checkout.shared + "corpus")

  static func files(_ folder: String) -> [String] {
    let root = Checkout.shared + "corpus/" + folder
    guard let walk = FileManager.default.enumerator(atPath: root) else { return [] }
    return walk.compactMap { $0 as? String }
      .filter { $0.hasSuffix(".yml") || $0.hasSuffix(".yaml") }
      .sorted().map { root + "/" + $0 }
  }

  static func read(_ path: String) -> WorkflowReading? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    return read(Array(data), path: path)
  }

  static func read(_ bytes: [UInt8], path: String) -> WorkflowReading? {
    let file = SourceDecoder.decode(path: path, raw: bytes).file
    guard let root = YAMLReader.read(file).documents.first,
      GitHubActionsReader.recognises(root, path: path)
    else { return nil }
    let context = ReadingContext(file: file) { _ in nil }
    return GitHubActionsReader.read(root, in: context)
  }
}

@Suite(.enabled(if: Corpus.isThere, "the public corpus does not lie beside this checkout"))
struct GitHubActionsCorpusTests {
  @Test func `every public workflow is read whole`() {
    var steps = 0
    for path in Corpus.files("github-actions") + Corpus.files("github-action-meta") {
      guard let reading = Corpus.read(path) else {
        continue
      }
      for problem in reading.problems {
        #expect(problem.severity != .error, "\(path): \(problem.message)")
      }
      for workflow in reading.workflows { steps += workflow.steps.count }
    }
    #expect(steps > 100)
  }

  @Test func `look-alikes are not recognised`() {
    // Some repositories of the folder keep true workflows, at their place.
    for path in Corpus.files("lookalikes") where !path.contains("/.github/workflows/") {
      let isRecognised = Corpus.read(path) != nil
      #expect(!isRecognised, "\(path)")
    }
  }
}

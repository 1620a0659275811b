import SourceText
import Synchronization

/// The definitions that are being read, each for the sake of the one before, and how much that has brought in.
package struct CallChain: Sendable {
  fileprivate var open: [String] = []
  fileprivate let taken = Taken()

  package init() {}

  fileprivate final class Taken: Sendable {
    let steps = Mutex(0)
  }

  /// Nobody nests workflows deeper by hand.
  fileprivate static let deepest = 8
  /// Workflows that run each other twice grow with every level: real ones have a few hundred steps.
  fileprivate static let mostSteps = 2_000
}

/// Which files may hold the definitions that a workflow can run.
package struct DefinitionFiles: Sendable, Hashable {
  package var extensions: Set<String>
  /// What stands in every one of them: what lacks it need not be read.
  package var mark: String
  package init(_ extensions: Set<String>, containing mark: String) {
    self.extensions = extensions
    self.mark = mark
  }
}

/// Why a definition that is run as a part of another was not taken in.
enum UntakenDefinition: Error {
  case missing, circular, tooLarge

  func message(for name: String) -> String {
    switch self {
    case .missing: "the workflow `\(name)` is not in sight"
    case .circular: "the workflow `\(name)` runs itself"
    case .tooLarge: "the workflow `\(name)` brings in too many others"
    }
  }
}

extension ReadingContext {
  /// Reads the definition of the name that a workflow runs, of this file or of those around: `find` gives it where a
  /// document holds it, `read` its graph.
  func called<Definition>(
    _ name: String, in files: DefinitionFiles, find: (Node, SourceFile) -> Definition?,
    read: (Definition, ReadingContext) -> Workflow?
  ) -> Result<Workflow, UntakenDefinition> {
    guard !name.isEmpty else { return .failure(.missing) }
    for document in documents {
      if let own = find(document, file) { return take(own, named: name, in: file, documents, read) }
    }
    for source in namesakes(files) where source.file.path != file.path {
      for document in source.tree.documents {
        guard let found = find(document, source.file) else { continue }
        return take(found, named: name, in: source.file, source.tree.documents, read)
      }
    }
    return .failure(.missing)
  }

  private func take<Definition>(
    _ definition: Definition, named name: String, in file: SourceFile, _ documents: [Node],
    _ read: (Definition, ReadingContext) -> Workflow?
  ) -> Result<Workflow, UntakenDefinition> {
    let identity = "\(file.path)#\(name)"
    if chain.open.contains(identity) { return .failure(.circular) }
    guard chain.open.count < CallChain.deepest,
      chain.taken.steps.withLock({ $0 < CallChain.mostSteps })
    else { return .failure(.tooLarge) }
    var inner = self
    inner.file = file
    inner.documents = documents
    inner.repositoryPath = pathFromRoot(file.path)
    inner.chain.open.append(identity)
    guard let workflow = read(definition, inner) else { return .failure(.missing) }
    let total = chain.taken.steps.withLock { taken in
      taken += workflow.steps.count
      return taken
    }
    return total > CallChain.mostSteps ? .failure(.tooLarge) : .success(workflow)
  }
}

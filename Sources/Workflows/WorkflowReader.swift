package import SourceText

/// Reads one engine's definitions.
///
/// A reader is total: any tree gives workflows, a problem, or nothing. It never decides what is a violation.
package protocol WorkflowReader: Sendable {
  /// The engine's name as users write it: `github-actions`.
  static var engine: String { get }
  /// Whether this document is a definition of this engine: by content first, the path may only support it.
  static func recognises(_ root: Node, path: String) -> Bool
  /// Whether a file under this path can only be meant as a definition of this engine, so that one which cannot be
  /// read at all is not passed over in silence.
  static func expects(path: String) -> Bool
  /// Whether it follows scripts of the repository that the definition runs; others are given none.
  static var followsScriptFiles: Bool { get }
  /// Whether its definitions tell models what to do, so that their order matters whatever words they show.
  static var runsModels: Bool { get }
  /// The workflows defined in the document, with what could not be read.
  static func read(_ root: Node, in context: ReadingContext) -> WorkflowReading
}

extension WorkflowReader {
  package static func expects(path: String) -> Bool { false }
  package static var followsScriptFiles: Bool { false }
  package static var runsModels: Bool { false }
}

/// What a reader may know beside the document.
package struct ReadingContext: Sendable {
  /// Another file with its tree.
  package typealias Source = (file: SourceFile, tree: SourceTree)

  package var file: SourceFile
  /// Another file of the same repository by its path from the repository's root, `nil` where it is absent or outside.
  package var neighbour: @Sendable (String) -> (file: SourceFile, tree: SourceTree)?
  /// A script of the same repository by its path from the repository's root, `nil` where it is absent or outside; for
  /// readers that say in ``WorkflowReader/followsScriptFiles`` that they ask.
  package var script: @Sendable (String) -> SourceFile? = { _ in nil }
  /// The file's path from the repository's root; `nil` where that is not known.
  package var repositoryPath: String?
  /// The path from the repository's root of a file by the path that it is shown under; `nil` outside.
  package var pathFromRoot: @Sendable (String) -> String? = { $0 }
  /// Every document of the file, for definitions that name each other.
  package var documents: [Node] = []
  /// Definitions in the directories around, for engines that look others up by name and not by path.
  package var surroundings: @Sendable () -> [(file: SourceFile, tree: SourceTree)] = { [] }
  /// Definitions of one kind in the directories around.
  package var namesakes: @Sendable (DefinitionFiles) -> [Source] = { _ in [] }
  /// Whether somebody asks what the workflows do.
  ///
  /// Where nobody does, a reader may leave out whatever tells of no problem
  /// in the document and asks for no other file, such as scripts.
  package var needsWholeGraph = true
  /// For whose sake the document is read.
  package var chain = CallChain()
  package init(
    file: SourceFile,
    neighbour: @escaping @Sendable (String) -> (file: SourceFile, tree: SourceTree)?
  ) {
    self.file = file
    self.neighbour = neighbour
  }

  /// Whether a document in which nothing but its text can be wrong need not be lowered: nobody asks what it does, and
  /// its file has none of the words with which it would include others.
  func passesOver(unlessItHas words: [BytePattern] = []) -> Bool {
    !needsWholeGraph && !words.contains { $0.isFound(in: file.bytes) }
  }
}

/// What reading a document gave.
package struct WorkflowReading: Sendable {
  package var workflows: [Workflow]
  package var problems: [SourceProblem]
  /// Whether the workflows tell all that they do: ``ReadingContext/needsWholeGraph``.
  package var isWhole = true
  package init(workflows: [Workflow] = [], problems: [SourceProblem] = []) {
    self.workflows = workflows
    self.problems = problems
  }
}

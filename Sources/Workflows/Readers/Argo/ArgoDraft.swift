import Expressions
import SourceText

/// A workflow of Argo while its definition is being lowered.
struct ArgoDraft: GraphDrafting {
  var draft: GraphDraft
  let library: ArgoLibrary
  /// The templates of steps and tasks that are being lowered, outermost first.
  var frames: [Frame] = []
  /// The files in artifacts that are directories, by the variable and the artifact's name.
  var artifactFiles: [String: [String]] = [:]
  /// Whether anything reads what scripts print.
  let readsResults: Bool

  /// A call of a template that is being lowered already.
  struct Frame {
    var identity: String
    /// Where the template begins.
    var entry: Int
    /// Holds the outputs of the call.
    var variable: Variable
    /// Where control goes on after calls from within.
    var returns: [Int] = []
  }

  private static let deepestNesting = 40
  private static let result = BytePattern(Array("outputs.result".utf8))

  init(_ library: ArgoLibrary) {
    self.library = library
    draft = GraphDraft(path: library.definition.file.path, in: library.context)
    readsResults = Self.result.isFound(in: library.definition.file.bytes)
  }

  /// Whether one more template may be put in.
  mutating func mayNest() -> Bool { mayExpand() && frames.count < Self.deepestNesting }
}

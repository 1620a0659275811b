import MiraLint
import SourceText
import Synchronization

/// What the reading of messages and the checking share: the client's documents, and what is still to be done.
final class Session: Sendable {
  /// How far the client and the server have come with each other.
  enum Phase: Sendable { case fresh, running, shutDown }

  /// Everything that both sides look at.
  struct State: Sendable {
    var phase = Phase.fresh
    var abilities = ClientAbilities()
    /// The workspace's folders, absolute.
    var folders: [String] = []
    /// The open documents by the client's names.
    var documents: [String: OpenDocument] = [:]
    /// The paths whose texts are not what the last check saw.
    var changed: Set<String> = []
    /// Counts the changes, so that a check can wait for the last of a row.
    var changes = 0
    /// The requests that wait for their answers.
    var waiting: Set<RequestID> = []
    /// Those among them that the client does not want any more.
    var cancelled: Set<RequestID> = []
  }

  private let state = Mutex(State())

  func with<Result: Sendable>(_ work: (inout State) -> Result) -> Result {
    state.withLock { work(&$0) }
  }

  /// The directory that a document's paths start from: its folder of the workspace, else its repository.
  static func folder(of path: String, among folders: [String]) -> String {
    let around = folders.filter { FilePath.relative(path, to: $0) != nil }
    if let nearest = around.max(by: { $0.utf8.count < $1.utf8.count }) { return nearest }
    let directory = FilePath.parent(path)
    let root = FilePath.ancestors(of: directory).first {
      FileSystem.kind(of: FilePath.join($0, ".git")) != nil
    }
    return root ?? directory
  }
}

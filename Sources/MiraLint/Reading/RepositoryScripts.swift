import Workflows

/// The scripts of the repositories that definitions stand in: those that the walk for definitions has met, and where it
/// did not go, those that are found.
struct RepositoryScripts: Sendable {
  /// Where more stands than this, nobody knows what is in it.
  private static let mostEntries = 10_000
  private static let mostBytes = 4 << 20

  private let walks: [String]
  private let met: [String]
  private let passedOver: [String]

  init(_ found: InputFinder) {
    walks = found.walks
    met = found.scripts
    passedOver = found.unwalkedDirectories
  }

  /// Whether a script below a directory is as wanted, or there is too much of them to tell.
  func contain(below root: String, _ isWanted: @escaping ([UInt8]) -> Bool) -> Bool {
    var search = Search(isWanted: isWanted)
    let isWalked = walks.contains { FilePath.relative(root, to: $0) != nil }
    guard isWalked else { return search.walk(root) }
    let inside = root.hasSuffix("/") ? root : root + "/"
    return met.contains { $0.hasPrefix(inside) && search.look(at: $0) }
      || passedOver.contains { $0.hasPrefix(inside) && search.walk($0) }
  }

  private struct Search {
    let isWanted: ([UInt8]) -> Bool
    var entries = 0
    var bytes = 0

    mutating func walk(_ root: String) -> Bool {
      var directories = [root]
      while let directory = directories.popLast() {
        guard let found = try? FileSystem.entries(of: directory) else { return true }
        entries += found.count
        if entries > RepositoryScripts.mostEntries { return true }
        for entry in found {
          let path = FilePath.join(directory, entry.name)
          switch entry.kind {
          case .directory:
            if InputFinder.mayHoldScripts(entry.name) { directories.append(path) }
          case .file, .link:
            if ScriptLanguage.mayBeScript(fileName: entry.name), look(at: path) { return true }
          case .other: continue
          }
        }
      }
      return false
    }

    mutating func look(at path: String) -> Bool {
      // A link may lead to a pipe that nobody writes.
      guard FileSystem.kind(of: path) == .file,
        let text = try? FileSystem.read(path, upTo: RepositoryScripts.mostBytes)
      else { return false }
      bytes += text.count
      return bytes >= RepositoryScripts.mostBytes || isWanted(text)
    }
  }
}

import Analysis
import SourceText
import Synchronization
import Workflows

extension InputInspector {
  /// Itself, reading in full only what a rule may be about: for many files, of which nobody asks what they depend on.
  var sparing: InputInspector {
    var inspector = self
    inspector.mentions = workflowJudge.screen.map(MentionRegister.init)
    return inspector
  }
}

/// Which files mention a protocol, each looked at once: what mentions none, and includes nothing that does, no rule can
/// be about.
final class MentionRegister: Sendable {
  private let screen: MentionScreen
  /// By the path that reports show.
  private let files = Mutex<[String: Bool]>([:])
  /// Of directories, whether a script below them mentions one.
  private let roots = Mutex<[String: Bool]>([:])

  init(_ screen: MentionScreen) { self.screen = screen }

  func areFound(in file: SourceFile) -> Bool {
    if let known = files.withLock({ $0[file.path] }) { return known }
    let areFound = screen.areMentioned(in: file.bytes)
    files.withLock { $0[file.path] = areFound }
    return areFound
  }

  /// Reads a document for its problems alone, as nobody asks what it does; `nil` where it includes what mentions a
  /// protocol.
  func read(
    _ document: Node, by reader: any WorkflowReader.Type, in context: ReadingContext
  ) -> WorkflowReading? {
    let hasIncluded = Flag()
    @Sendable func note(_ source: ReadingContext.Source) {
      if areFound(in: source.file) { hasIncluded.raise() }
    }
    var noting = context
    noting.needsWholeGraph = false
    noting.neighbour = { path in
      let source = context.neighbour(path)
      if let source { note(source) }
      return source
    }
    noting.surroundings = {
      let sources = context.surroundings()
      sources.forEach(note)
      return sources
    }
    noting.namesakes = { files in
      let sources = context.namesakes(files)
      sources.forEach(note)
      return sources
    }
    let reading = WorkflowReaders.read(document, by: reader, in: noting)
    return hasIncluded.isRaised ? nil : reading
  }

  private final class Flag: Sendable {
    private let value = Mutex(false)
    var isRaised: Bool { value.withLock { $0 } }
    func raise() { value.withLock { $0 = true } }
  }

  // MARK: Scripts of the repository

  /// Directories with more entries are searched no further, and taken for ones with a mention.
  private static let mostEntries = 2_000
  private static let mostBytes = 4 << 20
  /// Of files that are no scripts.
  private static let dataExtensions: Set<String> = [
    "yml", "yaml", "json", "jsonc", "xml", "bpmn", "md", "txt", "csv", "html", "css", "svg", "png",
    "jpg", "jpeg", "gif", "ico", "pdf", "lock", "zip", "gz", "zst", "ndjson", "jsonl", "log",
  ]

  /// Whether a script that the reader may follow mentions a protocol, or nobody knows.
  func areReached(byScriptsOf reader: any WorkflowReader.Type, of input: InputFile) -> Bool {
    guard reader.followsScriptFiles else { return false }
    // For one file it is not worth while to look at all others.
    guard !input.isExplicit else { return true }
    if let known = roots.withLock({ $0[input.root] }) { return known }
    let areReached = areFound(inScriptsBelow: input.root)
    roots.withLock { $0[input.root] = areReached }
    return areReached
  }

  private func areFound(inScriptsBelow root: String) -> Bool {
    var entries = 0
    var bytes = 0
    var directories = [root]
    while let directory = directories.popLast() {
      guard let found = try? FileSystem.entries(of: directory) else { return true }
      entries += found.count
      if entries > Self.mostEntries { return true }
      for entry in found {
        let path = FilePath.join(directory, entry.name)
        switch entry.kind {
        case .directory:
          if entry.name != ".git" { directories.append(path) }
        case .file, .link:
          if Self.dataExtensions.contains(FilePath.fileExtension(path)) { continue }
          // A link may lead to a pipe that nobody writes.
          if entry.kind == .link, FileSystem.kind(of: path) != .file { continue }
          guard let text = try? FileSystem.read(path, upTo: Self.mostBytes) else { continue }
          bytes += text.count
          if bytes >= Self.mostBytes || screen.areMentioned(in: text) { return true }
        case .other: continue
        }
      }
    }
    return false
  }
}

import Analysis
import SourceText
import Synchronization
import Workflows

extension InputInspector {
  /// Itself, reading in full only what a rule may be about: for the files of a walk, of which nobody asks what they
  /// depend on.
  func sparing(_ found: InputFinder) -> InputInspector {
    var inspector = self
    inspector.mentions = workflowJudge.screen.map {
      MentionRegister($0, RepositoryScripts(found))
    }
    return inspector
  }
}

/// Which files mention a protocol, each looked at once: what mentions none, and includes nothing that does, no rule can
/// be about.
final class MentionRegister: Sendable {
  private let screen: MentionScreen
  private let scripts: RepositoryScripts
  /// By the path that reports show.
  private let files = Mutex<[String: Bool]>([:])
  /// Of directories, whether a script below them mentions one.
  private let roots = Mutex<[String: Bool]>([:])

  init(_ screen: MentionScreen, _ scripts: RepositoryScripts) {
    self.screen = screen
    self.scripts = scripts
  }

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

  /// Whether a script that the reader may follow mentions a protocol, or nobody knows.
  func areReached(byScriptsOf reader: any WorkflowReader.Type, of input: InputFile) -> Bool {
    guard reader.followsScriptFiles else { return false }
    // For one file it is not worth while to look at all others.
    guard !input.isExplicit else { return true }
    if let known = roots.withLock({ $0[input.root] }) { return known }
    let areReached = scripts.contain(below: input.root, screen.areMentioned)
    roots.withLock { $0[input.root] = areReached }
    return areReached
  }
}

import Rules
import SourceText
import Synchronization
import Workflows

/// Patterns of calls by the kind of call that they can match: a document speaks of many kinds, and a call is of one.
struct PatternIndex<Meaning: Sendable>: Sendable {
  final class Entry: Sendable {
    let meaning: Meaning
    fileprivate let source: CallPattern
    /// Most of what documents speak of is never called by the files of one run.
    private let compiled = DeferredPattern()

    init(_ pattern: CallPattern, _ meaning: Meaning) {
      self.meaning = meaning
      source = pattern
    }

    var pattern: CompiledPattern { compiled.pattern(source) }

    /// The words that a command line may begin with; `nil` where a wildcard stands there.
    fileprivate var firstWords: [String]? {
      var words: [String] = []
      for line in source.names {
        guard let word = line.parts(by: " ").first, Glob.isLiteral(word) else { return nil }
        let text = String(word)
        if !words.contains(text) { words.append(text) }
      }
      return words
    }
  }

  /// Those that a call of a kind can match, in the order in which the documents have them; commands by their first word, too.
  private let byKind: [String: [Entry]]
  /// The same together with those that look at the request alone, which are `requests`.
  private let byKindWithRequests: Deferred<[String: [Entry]]>
  private let requests: [Entry]
  private let commands: [String: [Entry]]
  private let otherCommands: [Entry]
  /// For a call that can be of two kinds.
  private let all: [Entry]

  init(_ patterns: [(pattern: CallPattern, meaning: Meaning)]) {
    let all = patterns.map { Entry($0.pattern, $0.meaning) }
    let byKind = Dictionary(grouping: all.filter { $0.source.kind != nil }) { $0.source.kind ?? "" }
    self.all = all
    self.byKind = byKind
    requests = all.filter { $0.source.kind == nil }
    byKindWithRequests = Deferred {
      byKind.mapValues { ofKind in
        all.filter { $0.source.kind == nil || $0.source.kind == ofKind[0].source.kind }
      }
    }
    var commands: [String: [Entry]] = [:]
    var others: [Entry] = []
    for line in byKind[Self.command] ?? [] {
      guard let words = line.firstWords else {
        others.append(line)
        for word in commands.keys { commands[word]?.append(line) }
        continue
      }
      for word in words { commands[word, default: others].append(line) }
    }
    self.commands = commands
    otherCommands = others
  }

  private static var command: String { "command" }

  /// The entries that may match, in the order given.
  func candidates(for call: Call) -> [Entry] {
    // A call in a container is told by its image, too.
    if call.image != nil { return all }
    if call.http != nil { return byKindWithRequests.value[call.kind] ?? requests }
    guard call.kind == Self.command else { return byKind[call.kind] ?? [] }
    return CallMatcher.firstWord(of: call).flatMap { commands[$0] } ?? otherCommands
  }
}

/// A pattern that is compiled when a call first asks, by a type of its own: a generic one is looked up at each call.
private final class DeferredPattern: Sendable {
  private let made = Mutex<CompiledPattern?>(nil)

  func pattern(_ source: CallPattern) -> CompiledPattern {
    made.withLock { made in
      if let made { return made }
      let pattern = CompiledPattern(source)
      made = pattern
      return pattern
    }
  }
}

import Rules
import SourceText
import Synchronization
import Workflows

/// Patterns of calls by the kind of call that they can match: a document speaks of many kinds, and a call is of one.
struct PatternIndex<Meaning: Sendable>: Sendable {
  /// Patterns that a call may match, in the order given, with what each of them means.
  struct Candidates: Sendable {
    private let group: Deferred<PatternGroup>
    private let meanings: [Meaning]

    fileprivate init(_ entries: [(pattern: DeferredPattern, meaning: Meaning)]) {
      let sources = entries.map(\.pattern)
      group = Deferred { PatternGroup(sources) }
      meanings = entries.map(\.meaning)
    }

    var isEmpty: Bool { meanings.isEmpty }

    /// The meaning of the first that matches.
    func first(_ matcher: CallMatcher) -> Meaning? {
      var found: Meaning?
      visit(matcher) { meaning in
        found = meaning
        return false
      }
      return found
    }

    /// The meanings of all that match.
    func all(_ matcher: CallMatcher) -> [Meaning] {
      var found: [Meaning] = []
      visit(matcher) { meaning in
        found.append(meaning)
        return true
      }
      return found
    }

    /// Hands on the meanings of those that match, as long as more are wanted.
    @inline(__always)
    private func visit(_ matcher: CallMatcher, _ take: (Meaning) -> Bool) {
      let group = group.value
      let patterns = group.patterns.span
      var number = -1
      for screen in group.screens
      where screen.pattern != number && screen.passes(matcher) {
        number = screen.pattern
        if matcher.matches(patterns[number]), !take(meanings[number]) { return }
      }
    }
  }

  /// Those that a call of a kind can match, in the order in which the documents have them; commands by their first word, too.
  private let byKind: [String: Candidates]
  /// The same together with those that look at the request alone, which are `requests`.
  private let byKindWithRequests: Deferred<[String: Candidates]>
  private let requests: Candidates
  private let commands: [String: Candidates]
  private let otherCommands: Candidates
  /// For a call that can be of two kinds.
  private let all: Candidates

  init(_ patterns: [(pattern: CallPattern, meaning: Meaning)]) {
    let all = patterns.map { (pattern: DeferredPattern($0.pattern), meaning: $0.meaning) }
    let byKind = Dictionary(grouping: all.filter { $0.pattern.kind != nil }) {
      $0.pattern.kind ?? ""
    }
    self.all = Candidates(all)
    self.byKind = byKind.mapValues(Candidates.init)
    requests = Candidates(all.filter { $0.pattern.kind == nil })
    byKindWithRequests = Deferred {
      byKind.mapValues { ofKind in
        Candidates(
          all.filter { $0.pattern.kind == nil || $0.pattern.kind == ofKind[0].pattern.kind })
      }
    }
    var commands: [String: [(pattern: DeferredPattern, meaning: Meaning)]] = [:]
    var others: [(pattern: DeferredPattern, meaning: Meaning)] = []
    for line in byKind[Self.command] ?? [] {
      guard let words = line.pattern.firstWords else {
        others.append(line)
        for word in commands.keys { commands[word]?.append(line) }
        continue
      }
      for word in words { commands[word, default: others].append(line) }
    }
    self.commands = commands.mapValues(Candidates.init)
    otherCommands = Candidates(others)
  }

  private static var command: String { "command" }

  /// What may match; `nil` for nothing.
  func candidates(for call: Call) -> Candidates? {
    // A call in a container is told by its image, too.
    if call.image != nil { return all }
    if call.http != nil { return byKindWithRequests.value[call.kind] ?? requests }
    guard call.kind == Self.command else { return byKind[call.kind] }
    return CallMatcher.firstWord(of: call).flatMap { commands[$0] } ?? otherCommands
  }
}

/// Patterns that are tried on the same calls: made ready together, so that a call asks once for all of them.
private struct PatternGroup {
  let patterns: [CompiledPattern]
  /// In the order of the patterns.
  let screens: [PatternScreen]

  init(_ sources: [DeferredPattern]) {
    patterns = sources.map(\.compiled)
    screens = patterns.enumerated().flatMap { PatternScreen.screens(of: $1, number: $0) }
  }
}

/// What a call must show for one way to match a pattern: hardly any call matches, and a look at a few bits says so of most.
private struct PatternScreen {
  /// The pattern's number in its group.
  let pattern: Int
  private let subject: Subject
  private let marks: ByteMarks

  /// What the marks are those of.
  private enum Subject { case name, nameOrImage, url }

  /// A screen for each glob one of which must match; one that everything passes where no such globs are.
  static func screens(of pattern: CompiledPattern, number: Int) -> [PatternScreen] {
    func screens(_ globs: [Glob], _ subject: Subject) -> [PatternScreen] {
      globs.map { PatternScreen(pattern: number, subject: subject, marks: $0.marks) }
    }
    if pattern.kind == nil, !pattern.urls.isEmpty { return screens(pattern.urls, .url) }
    if pattern.kind != nil, pattern.commands.isEmpty {
      return screens(pattern.names, pattern.isOfImage ? .nameOrImage : .name)
    }
    return screens([Glob("")], .name)
  }

  func passes(_ matcher: CallMatcher) -> Bool {
    switch subject {
    case .name: matcher.name.lowercaseMarks.holds(marks)
    case .nameOrImage:
      matcher.name.lowercaseMarks.holds(marks)
        || matcher.image.map { $0.lowercaseMarks.holds(marks) } ?? false
    case .url: matcher.url.map { $0.lowercaseMarks.holds(marks) } ?? false
    }
  }
}

/// A pattern that is compiled when a call first asks: most of what documents speak of is never called by the files of one run.
private final class DeferredPattern: Sendable {
  private let source: CallPattern
  private let made = Mutex<CompiledPattern?>(nil)

  init(_ source: CallPattern) { self.source = source }

  var kind: String? { source.kind }

  var compiled: CompiledPattern {
    made.withLock { made in
      if let made { return made }
      let pattern = CompiledPattern(source)
      made = pattern
      return pattern
    }
  }

  /// The words that a command line may begin with; `nil` where a wildcard stands there.
  var firstWords: [String]? {
    var words: [String] = []
    for line in source.names {
      guard let word = line.parts(by: " ").first, Glob.isLiteral(word) else { return nil }
      let text = String(word)
      if !words.contains(text) { words.append(text) }
    }
    return words
  }
}

import Rules
import Workflows

/// Patterns of calls by the kind of call that they can match: a document speaks of many kinds, and a call is of one.
struct PatternIndex<Meaning: Sendable>: Sendable {
  final class Entry: Sendable {
    let pattern: CompiledPattern
    let meaning: Meaning

    init(_ pattern: CallPattern, _ meaning: Meaning) {
      self.pattern = CompiledPattern(pattern)
      self.meaning = meaning
    }
  }

  private let byKind: [String: [Entry]]

  /// Where a call can be of two kinds, in the order in which the documents have them.
  private let all: [Entry]

  init(_ patterns: [(pattern: CallPattern, meaning: Meaning)]) {
    all = patterns.map { Entry($0.pattern, $0.meaning) }
    byKind = Dictionary(grouping: all.filter { $0.pattern.kind != nil }) { $0.pattern.kind ?? "" }
  }

  /// The entries that may match, in the order given.
  func candidates(for matcher: CallMatcher) -> [Entry] {
    let call = matcher.call
    // A call in a container is told by its image, too.
    if call.image != nil || call.http != nil { return all }
    return byKind[call.kind] ?? []
  }
}

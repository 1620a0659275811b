/// What stands in every definition that calls a protocol: all the words of one group, in letters of either case.
///
/// A short word counts where it is no part of a longer one.
package struct Mentions: Sendable, Equatable {
  /// The fewest bytes of a group's longest word, and of one that counts as a part of others.
  package static let shortest = 4

  package let groups: [[String]]

  /// - Parameter texts: a group each, its words with a space between.
  package init(_ texts: [String] = []) {
    groups = texts.map { $0.lowercased().split(separator: " ").map(String.init) }
  }

  package var isEmpty: Bool { groups.isEmpty }

  /// The name or address in a pattern that calls may match without showing a group, neither by it nor by what they have
  /// to be given; `nil` where all that the pattern matches show one.
  package func uncovered(_ pattern: CallPattern) -> String? {
    let names = pattern.kind == nil ? pattern.urls : pattern.names
    if names.isEmpty { return pattern.kind ?? pattern.methods.first ?? "*" }
    return names.first { name in
      !areShown(by: [name])
        && !pattern.arguments.values.contains { values in
          !values.isEmpty && values.allSatisfy { areShown(by: [name, $0]) }
        }
    }
  }

  /// Whether whatever matches the globs has the words of a group.
  private func areShown(by globs: [String]) -> Bool {
    let globs = globs.map { Array($0.lowercased().utf8) }
    return groups.contains { group in
      !group.isEmpty
        && group.allSatisfy { word in globs.contains { Self.shows(Array(word.utf8), $0) } }
    }
  }

  private static func shows(_ word: [UInt8], _ glob: [UInt8]) -> Bool {
    guard let last = word.last, glob.count >= word.count else { return false }
    let isPart = word.count >= shortest
    return (0...(glob.count - word.count)).contains { start in
      let end = start + word.count
      guard glob[start..<end].elementsEqual(word) else { return false }
      return isPart
        || (start == 0 || isEdge(glob[start - 1], beside: word[0]))
          && (end == glob.count || isEdge(glob[end], beside: last))
    }
  }

  /// Whether a short word can end beside a byte of a glob, in all that matches the glob.
  private static func isEdge(_ byte: UInt8, beside own: UInt8) -> Bool {
    let isWildcard = [UInt8(ascii: "*"), UInt8(ascii: "?")].contains(byte)
    return !continues(own) || !isWildcard && !continues(byte)
  }

  /// Whether a byte is of a word that goes on: a letter, a digit, `_`, or beyond ASCII.
  package static func continues(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }
}

extension VerificationProtocol {
  /// The patterns of calls without which no workflow is judged: such a call makes, proves, withdraws or publishes something.
  package var tellingPatterns: [CallPattern] {
    generates + verifies + awaits + looksUp + revokes + publishes
  }
}

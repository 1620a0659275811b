/// What stands in every definition that calls a protocol: all the words of one group, in letters of either case.
package struct Mentions: Sendable, Equatable {
  /// The fewest bytes of a group's longest word.
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
    let literals = globs.flatMap { $0.lowercased().split { $0 == "*" || $0 == "?" } }
    return groups.contains { group in
      !group.isEmpty && group.allSatisfy { word in literals.contains { $0.contains(word) } }
    }
  }
}

extension VerificationProtocol {
  /// The patterns of calls without which no workflow is judged: such a call makes, proves, withdraws or publishes something.
  package var tellingPatterns: [CallPattern] {
    generates + verifies + awaits + looksUp + revokes + publishes
  }
}

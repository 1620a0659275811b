/// Finds the name that a writer may have meant.
package enum NearestName {
  /// The candidate with the fewest edits from `name`, `nil` where none is near enough to suggest.
  package static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = folded(name)
    // Half of a short name, a third of a long one: further away it is another word.
    let bound = max(1, wanted.count / 3)
    var best: (distance: Int, name: String)?
    for candidate in candidates {
      let folded = folded(candidate)
      guard abs(folded.count - wanted.count) <= bound else { continue }
      let distance = distance(wanted, folded)
      if distance <= bound, distance < best?.distance ?? .max { best = (distance, candidate) }
    }
    return best?.name
  }

  private static func folded(_ name: String) -> [UInt8] {
    name.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
  }

  /// Insertions, deletions, replacements and swaps of neighbours that make `second` of `first`.
  private static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
    var before: [Int] = []
    var above = Array(0...second.count)
    for (index, byte) in first.enumerated() {
      var row = [index + 1]
      row.reserveCapacity(above.count)
      for (column, other) in second.enumerated() {
        var best = min(above[column] + (byte == other ? 0 : 1), above[column + 1] + 1)
        best = min(best, row[column] + 1)
        if index > 0, column > 0, byte == second[column - 1], first[index - 1] == other {
          best = min(best, before[column - 1] + 1)
        }
        row.append(best)
      }
      before = above
      above = row
    }
    return above[second.count]
  }
}

/// How alike two words are, for "did you mean".
package enum Closeness {
  /// `did you mean …?` with the nearest of the words, or `nil` where none is near.
  package static func suggestion(for word: String, among words: [String]) -> String? {
    nearest(to: word, among: words).map { "did you mean `\($0)`?" }
  }

  /// The word that was most likely meant; the first of several equally near.
  package static func nearest(to word: String, among words: [String]) -> String? {
    let key = KeyName(word)
    if let same = words.first(where: { KeyName($0) == key }) { return same }
    // A third of the letters may be wrong: `sumary`, `severty`, `requries`; `id` is never meant by `on`.
    let bound = max(1, min(word.count, 24) / 3)
    var best: (word: String, distance: Int)?
    for candidate in words where word.count > 2 {
      let distance = distance(word.lowercased(), candidate.lowercased())
      if distance <= bound, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
  }

  /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
  package static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left.unicodeScalars.prefix(64))
    let right = Array(right.unicodeScalars.prefix(64))
    var twoAbove: [Int] = []
    var above = Array(0...right.count)
    for row in left.indices {
      var current = [row + 1]
      for column in right.indices {
        let replaced = above[column] + (left[row] == right[column] ? 0 : 1)
        var cost = min(above[column + 1] + 1, current[column] + 1, replaced)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          cost = min(cost, twoAbove[column - 1] + 1)
        }
        current.append(cost)
      }
      (twoAbove, above) = (above, current)
    }
    return above[right.count]
  }
}

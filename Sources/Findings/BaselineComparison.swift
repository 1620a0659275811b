/// What became of one baseline in another.
///
/// Only what is written in both is compared: the files that they speak of may be gone.
public struct BaselineComparison: Sendable {
  /// In the new baseline only; the count is how many there are more.
  public private(set) var new: [Baseline.Entry] = []
  /// In the old baseline only; the count is how many there are fewer.
  public private(set) var gone: [Baseline.Entry] = []
  /// In both, under another path: the file was moved.
  public private(set) var moved: [(from: Baseline.Entry, to: Baseline.Entry)] = []
  /// How many findings are in both.
  public private(set) var kept = 0

  /// Compares two baselines.
  public init(from old: Baseline, to new: Baseline) {
    let before = Dictionary(
      old.entries.map { ($0.fingerprint, $0.count) }, uniquingKeysWith: { first, _ in first })
    let after = Dictionary(
      new.entries.map { ($0.fingerprint, $0.count) }, uniquingKeysWith: { first, _ in first })
    for var entry in old.entries {
      let left = min(entry.count, after[entry.fingerprint] ?? 0)
      kept += left
      entry.count -= left
      if entry.count > 0 { gone.append(entry) }
    }
    for var entry in new.entries {
      entry.count -= min(entry.count, before[entry.fingerprint] ?? 0)
      if entry.count > 0 { self.new.append(entry) }
    }
    findRenumbered()
    findMoves(
      oldPaths: Set(old.entries.map(\.path)), newPaths: Set(new.entries.map(\.path)))
  }

  /// Steps that only got another number in their file: one was put before them, or taken out.
  private mutating func findRenumbered() {
    var candidates: [[String]: [Int]] = [:]
    for (index, entry) in new.enumerated() {
      candidates[[entry.path] + Self.words(of: entry), default: []].append(index)
    }
    for place in gone.indices {
      for index in candidates[[gone[place].path] + Self.words(of: gone[place])] ?? [] {
        let same = min(gone[place].count, new[index].count)
        gone[place].count -= same
        new[index].count -= same
        kept += same
      }
    }
    gone.removeAll { $0.count == 0 }
    new.removeAll { $0.count == 0 }
  }

  /// A file was moved where all that is known of the old path is gone, and nothing was known of the new one.
  private mutating func findMoves(oldPaths: Set<String>, newPaths: Set<String>) {
    var candidates: [[String]: [Int]] = [:]
    for (index, entry) in new.enumerated() where !oldPaths.contains(entry.path) {
      candidates[Self.words(of: entry), default: []].append(index)
    }
    var taken: Set<Int> = []
    gone.removeAll { entry in
      guard !newPaths.contains(entry.path), let places = candidates[Self.words(of: entry)],
        let index = places.first(where: { !taken.contains($0) && new[$0].count == entry.count })
      else { return false }
      taken.insert(index)
      moved.append((entry, new[index]))
      kept += entry.count
      return true
    }
    new = new.enumerated().filter { !taken.contains($0.offset) }.map(\.element)
  }

  private static func words(of entry: Baseline.Entry) -> [String] {
    [entry.rule, Baseline.withoutNumbers(entry.step), entry.message]
  }
}

public import Findings
import SourceText

/// What mending the findings of one file makes of it.
public struct FileChange: Sendable {
  /// The file's path as reports show it.
  public var path: String
  /// The findings that are gone, in the order in which they were mended.
  public var mended: [Finding]
  /// The whole file as it was read.
  public var before: [UInt8]
  /// The whole file as it is to be.
  public var after: [UInt8]
  /// Where it is to be written; `nil` for standard input.
  package var absolutePath: String?
  /// The directory that the file must lie in.
  package var root: String
}

/// Mends the findings of one definition, one after the other: each change is judged on what the one before left.
struct FileMender {
  var inspector: InputInspector
  let input: InputFile
  let offered: OfferedFixes

  /// More changes than this are no longer one; a large file gets fewer in one run, since each is judged on the whole.
  private static let mostChanges = 100
  private static let mostBytes = 1 << 22

  /// The file after all changes; `wanted` says which findings are to be mended.
  func change(_ raw: [UInt8], wanted: (Finding) -> Bool) -> FileChange? {
    var change = FileChange(
      path: input.path, mended: [], before: raw, after: raw, absolutePath: input.absolutePath,
      root: input.root)
    var plain = inspector
    plain.offeredFixes = .none
    plain.drawsWorkflows = false
    var first: [Finding] = []
    let rounds = min(Self.mostChanges, max(2, Self.mostBytes / max(raw.count, 1)))
    for round in 0..<rounds {
      let findings = plain.inspectDefinition(change.after, of: input).findings
        .sorted(by: FindingOrder.precedes)
      if round == 0 { first = findings.filter(wanted) }
      change.mended = Self.gone(from: first, in: findings)
      guard
        var finder = FixFinder(
          findings, raw: change.after, of: input, inspector: plain, offered: offered),
        let fix = Self.first(findings.filter(wanted), &finder)
      else { break }
      let mark = change.after.starts(with: FixFinder.byteOrderMark) ? 3 : 0
      guard let text = fix.applied(to: Array(change.after.dropFirst(mark))) else { break }
      change.after = change.after.prefix(mark) + text
    }
    return change.mended.isEmpty ? nil : change
  }

  /// The findings that are no longer there: one gate may end several.
  private static func gone(from first: [Finding], in findings: [Finding]) -> [Finding] {
    var left = FindingKey.counts(findings)
    return first.filter { finding in
      let key = FindingKey(finding)
      guard let count = left[key], count > 0 else { return true }
      left[key] = count - 1
      return false
    }
  }

  private static func first(
    _ findings: [Finding], _ finder: inout FixFinder
  ) -> Fix? {
    for finding in findings {
      if let fix = finder.fix(for: finding) { return fix }
    }
    return nil
  }
}

extension Linter {
  /// What mending the findings of an outcome makes of their files, ordered by path.
  ///
  /// - Parameters:
  ///   - outcome: what a check of `paths` gave; only findings that count there are mended.
  ///   - paths: as they were given to the check; standard input is left out.
  ///   - offered: which of the fixes to take.
  /// - Returns: one change for each file in which something can be mended; nothing is written.
  public func changes(
    for outcome: CheckOutcome, in paths: [String], taking offered: OfferedFixes
  ) -> [FileChange] {
    let fixable = outcome.findings.filter { finding in
      finding.fix.map { $0.safety == .safe ? offered != .none : offered == .all } ?? false
    }
    if fixable.isEmpty { return [] }
    let wanted = Dictionary(grouping: fixable, by: \.location.path)
      .mapValues { Set($0.map(FindingKey.init)) }
    let neighbours = NeighbourFiles(workingDirectory: workingDirectory)
    let inspector = inspector(LinterRules(rules), neighbours)
    return inputs(paths).compactMap { input in
      guard let keys = wanted[input.path], let absolute = input.absolutePath,
        let raw = try? FileSystem.read(absolute, upTo: Limits.fileBytes)
      else { return nil }
      return FileMender(inspector: inspector, input: input, offered: offered)
        .change(raw) { keys.contains(FindingKey($0)) }
    }
  }
}

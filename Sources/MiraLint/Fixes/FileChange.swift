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

/// Mends the findings of one definition, as many at once as can be; what comes after is judged on what that left.
struct FileMender {
  var inspector: InputInspector
  let input: InputFile
  let offered: OfferedFixes

  /// More rounds than this are no longer one change; a large file gets fewer trials, since each judges the whole.
  private static let mostRounds = 100
  private static let mostBytes = 1 << 22

  /// The file after all changes; `wanted` says which findings are to be mended.
  func change(_ raw: [UInt8], wanted: (Finding) -> Bool) -> FileChange? {
    var change = FileChange(
      path: input.path, mended: [], before: raw, after: raw, absolutePath: input.absolutePath,
      root: input.root)
    var plain = inspector
    plain.offeredFixes = .none
    plain.drawsWorkflows = false
    plain.fixBudgetBytes = Self.mostBytes
    var first: [Finding] = []
    for round in 0..<Self.mostRounds {
      let findings = plain.inspectDefinition(change.after, of: input).findings
        .sorted(by: FindingOrder.precedes)
      if round == 0 { first = findings.filter(wanted) }
      change.mended = Self.gone(from: first, in: findings)
      guard
        var finder = FixFinder(
          findings, raw: change.after, of: input, inspector: plain, offered: offered)
      else { break }
      let edits = finder.changes(ending: findings.filter(wanted))
      let mark = change.after.starts(with: FixFinder.byteOrderMark) ? 3 : 0
      guard !edits.isEmpty,
        let text = Fix(message: "", edits: edits).applied(to: Array(change.after.dropFirst(mark)))
      else { break }
      plain.fixBudgetBytes -= finder.trialCount * change.after.count
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
}

extension Linter {
  /// What mending the findings of an outcome makes of their files, ordered by path.
  ///
  /// - Parameters:
  ///   - outcome: what a check of `paths` gave; only findings that count there are mended.
  ///   - paths: as they were given to the check; standard input is left out.
  ///   - offered: which of the fixes to take.
  ///   - earlier: changes to begin with, where others are looked for after them.
  /// - Returns: one change for each file in which something can be mended; nothing is written.
  public func changes(
    for outcome: CheckOutcome, in paths: [String], taking offered: OfferedFixes,
    after earlier: [FileChange] = []
  ) -> [FileChange] {
    if offered == .none || outcome.findings.isEmpty { return [] }
    let wanted = Dictionary(grouping: outcome.findings, by: \.location.path)
      .mapValues { Set($0.map(FindingKey.init)) }
    let neighbours = NeighbourFiles(workingDirectory: workingDirectory)
    let inspector = inspector(LinterRules(rules), neighbours)
    return inputs(paths).compactMap { input in
      guard let keys = wanted[input.path], let absolute = input.absolutePath,
        inspector.mayBeDefinition(input),
        let raw = earlier.first(where: { $0.absolutePath == absolute })?.after
          ?? (try? FileSystem.read(absolute, upTo: Limits.fileBytes))
      else { return nil }
      return FileMender(inspector: inspector, input: input, offered: offered)
        .change(raw) { keys.contains(FindingKey($0)) }
    }
  }
}

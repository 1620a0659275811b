package import Findings
import Rules
import SourceText

extension Linter {
  /// What a check of one open text gave.
  package struct EditorCheck: Sendable {
    /// The findings that concern the text or the files it refers to, and nothing else of the run.
    package var findings: [Finding]
    /// The absolute paths of the files that the text refers to; where one changes, so may the findings.
    package var consulted: Set<String>
  }

  /// Checks a text as an editor holds it.
  ///
  /// - Parameters:
  ///   - path: where the text is, or would be saved; absolute.
  ///   - texts: all open texts by absolute path, which stand for the files of these names.
  ///   - fixes: which changes are looked for beside the findings: each is tried, which takes its time.
  /// - Returns: no findings for a text that is neither a definition nor a log, or that the configuration excludes.
  package func check(
    openText path: String, among texts: [String: [UInt8]], offering fixes: OfferedFixes = .none
  ) async -> EditorCheck {
    var finder = InputFinder(
      workingDirectory: settings.workingDirectory, excluded: excluded, root: settings.repositoryRoot
    )
    finder.add(openText: texts[path] ?? [], at: path)
    guard let input = finder.files.first else { return EditorCheck(findings: [], consulted: []) }
    let neighbours = NeighbourFiles(
      workingDirectory: settings.workingDirectory, openTexts: texts)
    var inspector = inspector(LinterRules(rules), neighbours)
    inspector.offeredFixes = fixes
    var readings = [inspector.inspect(input)]
    _ = await inspector.judgeLogs([input], &readings, jobs: settings.jobs, notify: nil)
    let sources = neighbours.all
    let outcome = outcome([], [input], readings, sources, [], nil)
    // Entries of the configuration and the baseline that speak of other files are no news here.
    let shown = outcome.findings.filter {
      $0.location.path == input.path || sources[$0.location.path] != nil
    }
    return EditorCheck(findings: shown, consulted: neighbours.consulted)
  }

  /// Where paths of findings start from; absolute.
  package var baseDirectory: String { settings.workingDirectory }
}

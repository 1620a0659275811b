import Findings
import MiraLint
import Reports

/// The page that GitHub Actions shows for a job: whatever a step appends to a file that the service names.
enum JobSummary {
  /// Appends the findings in Markdown where a step runs that can show them.
  static func append(_ outcome: CheckOutcome, in context: ReportContext) {
    guard let path = Environment.value("GITHUB_STEP_SUMMARY"), !path.isEmpty else { return }
    do throws(FileSystem.Failure) {
      try FileSystem.append(MarkdownReport.render(outcome, in: context), to: path)
    } catch {
      // The annotations are written all the same; a page that is missing is no reason to fail a run.
      StandardStreams.note("mira-lint: cannot append to the job summary \(path): \(error.words)")
    }
  }
}

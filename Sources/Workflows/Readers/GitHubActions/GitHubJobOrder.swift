import Expressions
import SourceText

/// Puts jobs into an order in which each comes after those it needs.
enum GitHubJobOrder {
  static func ordered(
    _ jobs: [GitHubJob], file: SourceFile, in draft: inout GitHubDraft
  ) -> [GitHubJob] {
    var indices: [String: Int] = [:]
    for (index, job) in jobs.enumerated() { indices[job.id.lowercased()] = index }
    let waits = jobs.map { job in
      job.needs.compactMap { need in
        if indices[need] == nil { report("no job has the id `\(need)`", job, file, &draft) }
        return indices[need]
      }
    }
    let (order, circular) = TaskSequence.ordered(waits)
    for index in circular {
      report("the job waits for itself through its `needs`", jobs[index], file, &draft)
    }
    return (order + circular).map { jobs[$0] }
  }

  private static func report(
    _ message: String, _ job: GitHubJob, _ file: SourceFile, _ draft: inout GitHubDraft
  ) {
    let range = job.node["needs"]?.range ?? job.location.range
    draft.report(
      SourceProblem(severity: .warning, message: message, range: range), in: file.path)
  }
}

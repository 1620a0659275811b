import Expressions
import SourceText

/// Puts jobs into an order in which each comes after those it needs.
enum GitHubJobOrder {
  static func ordered(
    _ jobs: [GitHubJob], file: SourceFile, in draft: inout GitHubDraft
  ) -> [GitHubJob] {
    var indices: [String: Int] = [:]
    for (index, job) in jobs.enumerated() { indices[job.id.lowercased()] = index }
    var waiting = [Int](repeating: 0, count: jobs.count)
    var dependents = [[Int]](repeating: [], count: jobs.count)
    for (index, job) in jobs.enumerated() {
      for need in job.needs {
        guard let needed = indices[need] else {
          report("no job has the id `\(need)`", job, file, &draft)
          continue
        }
        waiting[index] += 1
        dependents[needed].append(index)
      }
    }
    var order = jobs.indices.filter { waiting[$0] == 0 }
    var next = 0
    while next < order.count {
      for dependent in dependents[order[next]] {
        waiting[dependent] -= 1
        if waiting[dependent] == 0 { order.append(dependent) }
      }
      next += 1
    }
    let circular = jobs.indices.filter { waiting[$0] > 0 }
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

import Findings
import Rules

/// Takes out the findings that a baseline knows, and tells which of its entries hide nothing any more.
struct BaselineFilter {
  let baseline: Baseline
  /// The baseline's own path as reports show it.
  let path: String
  let ratchets: Bool
  /// The rules in force.
  let rules: Set<String>
  let linterRules: LinterRules
  /// The repository paths of the files that this run could read.
  let readPaths: Set<String>
  /// Whether a file is there, by its repository path.
  let exists: (String) -> Bool

  /// What the baseline says of a run.
  struct Division {
    /// Indices of the findings that the baseline knows.
    var known: Set<Int> = []
    var complaints: [Finding] = []
  }

  /// Divides findings in report order; where there are more of one kind than the baseline has, the first are known.
  func divide(_ findings: [Finding], repositoryPath: (String) -> String) -> Division {
    var division = Division()
    var left = Dictionary(
      baseline.entries.map { ($0.fingerprint, $0.count) }, uniquingKeysWith: { first, _ in first })
    for (index, finding) in findings.enumerated() {
      let digest = String(finding.fingerprint.prefix { $0 != ":" })
      guard let count = left[digest], count > 0 else { continue }
      left[digest] = count - 1
      division.known.insert(index)
    }
    followMoves(findings, &left, &division, repositoryPath)
    complain(findings, left, &division)
    return division
  }

  /// A step that was put before others changes their numbers, and a file that is gone may stand elsewhere: such a
  /// finding is the same in all but the number or the path.
  private func followMoves(
    _ findings: [Finding], _ left: inout [String: Int], _ division: inout Division,
    _ repositoryPath: (String) -> String
  ) {
    let lost = baseline.entries.filter { left[$0.fingerprint, default: 0] > 0 }
    guard !lost.isEmpty else { return }
    let byPlace = Dictionary(grouping: lost) { [$0.rule, Baseline.withoutNumbers($0.step)] }
    let knownPaths = Set(baseline.entries.map(\.path))
    for (index, finding) in findings.enumerated() where !division.known.contains(index) {
      let path = repositoryPath(finding.location.path)
      let candidates = byPlace[[finding.rule, Baseline.withoutNumbers(finding.route)]] ?? []
      let origin = candidates.first { entry in
        left[entry.fingerprint, default: 0] > 0
          && (entry.path == path || !knownPaths.contains(path) && isAway(entry.path))
          && Fingerprint.digest(of: finding, at: entry.path, route: entry.step)
            == entry.fingerprint
      }
      guard let origin else { continue }
      left[origin.fingerprint, default: 0] -= 1
      division.known.insert(index)
    }
  }

  private func isAway(_ path: String) -> Bool { !readPaths.contains(path) && !exists(path) }

  private func complain(
    _ findings: [Finding], _ left: [String: Int], _ division: inout Division
  ) {
    var gone: [String: Int] = [:]
    for entry in baseline.entries {
      guard let count = left[entry.fingerprint], count > 0, isDecided(entry) else { continue }
      gone[entry.rule, default: 0] += count
      let part = count < entry.count ? "\(count) of \(entry.count) findings" : "the finding"
      let place = entry.step.isEmpty ? entry.path : "\(entry.step) in \(entry.path)"
      division.complaints += linterRules.suppression(
        "the baseline accepts \(entry.rule) at \(place), and \(part) can no longer be found",
        hint:
          "write it anew with `mira-lint baseline`, so that the finding cannot come back unseen",
        rule: entry.rule, severity: ratchets ? .error : nil,
        at: entry.location ?? .start(of: path))
    }
    guard ratchets else { return }
    var new: [String: [Finding]] = [:]
    for (index, finding) in findings.enumerated()
    where !division.known.contains(index) && !finding.isInconclusive {
      new[finding.rule, default: []].append(finding)
    }
    for (rule, found) in new.sorted(by: { $0.key < $1.key }) {
      // A new error fails the run by itself.
      guard found.count > gone[rule, default: 0], !found.contains(where: { $0.severity == .error })
      else { continue }
      let accepted = baseline.entries.filter { $0.rule == rule }.reduce(0) { $0 + $1.count }
      division.complaints += linterRules.suppression(
        "\(rule) finds \(found.count - gone[rule, default: 0]) more than the baseline, which accepts \(accepted)",
        hint: "with `--ratchet` the number of findings of a rule may only go down",
        rule: rule, severity: .error, at: .start(of: path))
    }
  }

  /// Whether this run can tell that an entry's finding is gone.
  private func isDecided(_ entry: Baseline.Entry) -> Bool {
    rules.contains(entry.rule) && (readPaths.contains(entry.path) || isAway(entry.path))
  }
}

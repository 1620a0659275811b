import Expressions
import SourceText

/// Works out from how the needed jobs end in which cases a job runs.
struct GitHubNeeds {
  let job: GitHubJob
  /// The jobs that it waits for, with their ends.
  let needed: [Needed]
  let condition: GitHubCondition?
  /// Routes of needed jobs whose results the job's condition or its steps ask for.
  let asked: Set<String>
  /// Where control enters if nothing is needed.
  let entry: [LooseEnd]
  /// Whether somebody asks when the job does not run.
  let wantsSkipped: Bool

  /// A job that is waited for.
  struct Needed {
    var route: String
    var ends: GitHubJobEnds
    /// It needs no job itself: no failure before it is why it did not run.
    var isFirst: Bool
    /// The routes of the jobs after whose success it surely runs; `nil` where it has a condition of its own.
    var follows: [String]?
  }

  /// The ways into the job's body, and out of it where it is skipped.
  struct Entrances {
    var rails = GitHubRails()
    var skipped: [LooseEnd] = []
  }

  /// One combination of ends.
  private struct Case {
    /// The asked jobs' ends, by index into `needed`.
    var kinds: [Int: GitHubJobEnds.Kind] = [:]
    /// Whether all the other jobs succeeded, cleanly.
    var othersAreClean = true

    var isClean: Bool { othersAreClean && kinds.values.allSatisfy { $0 == .clean } }
  }

  /// More combinations than this are not told apart: three asked jobs with four ends each, twice, fit.
  private static let mostCases = 128

  func lower(in draft: inout GitHubDraft) -> Entrances {
    var entrances = Entrances()
    var groups: [(key: Group, ends: [LooseEnd])] = []
    var anyEnds: [Int: Int] = [:]
    for combination in cases {
      let verdict = verdict(in: combination)
      let isSkippedQuietly = verdict.isKnown == false && !wantsSkipped
      if isSkippedQuietly { continue }
      let joined = join(combination, &anyEnds, &draft)
      if joined.isEmpty { continue }
      if verdict.isKnown == false {
        entrances.skipped += joined
        continue
      }
      var rail = GitHubRail(hasFailed: false, isTainted: !combination.isClean)
      for (index, kind) in combination.kinds where stepsAsk.contains(needed[index].route) {
        rail.outcomes[needed[index].route] = kind.outcome
      }
      let group = Group(rail: rail, isKnown: verdict.isKnown, condition: verdict.condition)
      if let place = groups.firstIndex(where: { $0.key == group }) {
        groups[place].ends += joined
      } else {
        groups.append((group, joined))
      }
    }
    for (group, ends) in groups { open(group, from: ends, &entrances, &draft) }
    return entrances
  }

  private struct Group: Hashable {
    var rail: GitHubRail
    var isKnown: Bool?
    var condition: Condition
  }

  /// Routes that only the job's own condition asks for do not divide its steps.
  private var stepsAsk: Set<String> { asked.subtracting(conditionOnly) }
  let conditionOnly: Set<String>

  private func open(
    _ group: Group, from ends: [LooseEnd], _ entrances: inout Entrances, _ draft: inout GitHubDraft
  ) {
    var ends = ends
    if let condition {
      let branch = draft.add(
        Step(
          name: job.name, route: job.route, kind: .branch,
          decisions: [Step.Decision(group.condition, at: condition.location)],
          location: condition.location), from: ends)
      ends = [LooseEnd(branch, guards: [Edge.Guard(0, true)])]
      if group.isKnown == nil {
        entrances.skipped.append(LooseEnd(branch, guards: [Edge.Guard(0, false)]))
      }
    }
    entrances.rails.add(ends, to: group.rail)
  }

  // MARK: Cases

  private var cases: [Case] {
    let indices = needed.indices.filter { asked.contains(needed[$0].route) }
    var cases = [Case()]
    for index in indices {
      let kinds = GitHubJobEnds.Kind.allCases.filter { needed[index].ends[$0] != nil }
      if cases.count * kinds.count * 2 > Self.mostCases { break }
      cases = cases.flatMap { before in
        kinds.map { kind in
          var next = before
          next.kinds[index] = kind
          return next
        }
      }
    }
    cases.removeAll { isImpossible($0) }
    let told = Set(cases.first?.kinds.keys.map { $0 } ?? [])
    let others = needed.indices.filter { !told.contains($0) }
    let othersMayFail = others.contains { index in
      GitHubJobEnds.Kind.allCases.contains { $0 != .clean && needed[index].ends[$0] != nil }
    }
    if othersMayFail {
      cases += cases.map { before in
        var next = before
        next.othersAreClean = false
        return next
      }
    }
    return cases
  }

  /// Whether a job was skipped although every job before it succeeded, and it has no condition.
  private func isImpossible(_ combination: Case) -> Bool {
    combination.kinds.contains { index, kind in
      guard kind == .skipped, let follows = needed[index].follows, !follows.isEmpty else {
        return false
      }
      return follows.allSatisfy { route in
        combination.kinds.contains { needed[$0].route == route && $1 == .clean }
      }
    }
  }

  private func verdict(in combination: Case) -> GitHubVerdict {
    var verdict = GitHubVerdict(isKnown: true, condition: .constant(true))
    if let condition {
      verdict = condition.condition.decided { outcome, routes in
        holds(outcome, of: routes, in: combination)
      }
    }
    if condition?.hasStatusFunction != true, !combination.isClean { verdict.isKnown = false }
    return verdict
  }

  private func holds(
    _ outcome: Condition.Outcome, of routes: [String], in combination: Case
  ) -> Bool? {
    switch outcome {
    case .always: return true
    case .cancelled: return false
    case .succeeded where routes.isEmpty: return combination.isClean
    case .failed where routes.isEmpty:
      if combination.kinds.values.contains(.failed) { return true }
      let nothingFailed = combination.kinds.allSatisfy { index, kind in
        kind == .clean || (kind == .skipped && needed[index].isFirst)
      }
      return combination.othersAreClean && nothingFailed ? false : nil
    case .succeeded, .failed, .skipped:
      guard routes.count == 1, let index = needed.firstIndex(where: { $0.route == routes[0] })
      else { return nil }
      if let kind = combination.kinds[index] { return kind.outcome == outcome }
      return combination.othersAreClean ? outcome == .succeeded : nil
    }
  }

  // MARK: Joins

  /// Waits for every needed job, ended as the combination says.
  private func join(
    _ combination: Case, _ anyEnds: inout [Int: Int], _ draft: inout GitHubDraft
  ) -> [LooseEnd] {
    if needed.isEmpty { return entry }
    var ends: [LooseEnd] = []
    // If only one job is not told apart, it is the one that did not succeed.
    let isAlone = needed.count - combination.kinds.count == 1
    for index in needed.indices {
      let end: Int? =
        if let kind = combination.kinds[index] {
          needed[index].ends[kind]
        } else if combination.othersAreClean {
          needed[index].ends.clean
        } else {
          anyEnd(index, failing: isAlone, &anyEnds, &draft)
        }
      guard let end else { return [] }
      ends.append(LooseEnd(end))
    }
    if ends.count == 1 { return ends }
    let join = Step(
      name: job.name, route: job.route, kind: .control, joinsAll: true, location: job.location)
    return [LooseEnd(draft.add(join, from: ends))]
  }

  /// The end of a job whose result is not asked for: any of its ends, or any but a clean one.
  private func anyEnd(
    _ index: Int, failing: Bool, _ anyEnds: inout [Int: Int], _ draft: inout GitHubDraft
  ) -> Int? {
    if let known = anyEnds[index] { return known }
    let kinds = GitHubJobEnds.Kind.allCases.filter { !failing || $0 != .clean }
    let ends = kinds.compactMap { needed[index].ends[$0] }
    guard let first = ends.first else { return nil }
    var end = first
    if ends.count > 1 {
      let merge = Step(
        name: job.name, route: job.route, kind: .control, location: job.location)
      end = draft.add(merge, from: ends.map { LooseEnd($0) })
    }
    anyEnds[index] = end
    return end
  }
}

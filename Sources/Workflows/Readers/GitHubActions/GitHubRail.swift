import Expressions

/// One way through a job, by what the engine knows on it: whether it failed, and how the steps ended that later
/// conditions ask about.
///
/// Steps that run on several rails are copied, so that what holds after a success is not lost at a merge with a failure.
struct GitHubRail: Hashable {
  var hasFailed = false
  /// A job before this one did not succeed: what implicitly needs success does not follow.
  var isTainted = false
  var outcomes: [String: Condition.Outcome] = [:]

  /// The rail after a step that did not run.
  func skipping(_ route: String, isTracked: Bool) -> GitHubRail {
    var rail = self
    if isTracked { rail.outcomes[route] = .skipped }
    return rail
  }

  /// Whether earlier work ended so, where that is known here.
  func holds(_ outcome: Condition.Outcome, of routes: [String]) -> Bool? {
    switch outcome {
    case .always: return true
    case .succeeded where routes.isEmpty: return !hasFailed
    case .failed where routes.isEmpty: return hasFailed
    case .cancelled, .skipped, .succeeded, .failed:
      // Cancellation by a person is not followed: it opens no way to act on an answer.
      if outcome == .cancelled { return false }
      guard routes.count == 1, let actual = outcomes[routes[0]] else { return nil }
      return actual == outcome
    }
  }
}

/// A condition as far as it is decided on one rail.
struct GitHubVerdict {
  /// Whether it holds, where that is known without data.
  var isKnown: Bool?
  /// What is left to decide; checks of the status that the author wrote stay visible.
  var condition: Condition
}

extension Condition {
  /// The condition where the outcomes of earlier work are known.
  func decided(
    _ holds: (Condition.Outcome, [String]) -> Bool?
  ) -> GitHubVerdict {
    switch self {
    case .constant(let constant):
      return GitHubVerdict(isKnown: constant, condition: self)
    case .outcome(let outcome, let routes, _):
      return GitHubVerdict(isKnown: holds(outcome, routes), condition: self)
    case .not(let inner):
      let verdict = inner.decided(holds)
      return GitHubVerdict(isKnown: verdict.isKnown.map { !$0 }, condition: .not(verdict.condition))
    case .all(let parts):
      let verdicts = parts.map { $0.decided(holds) }
      if let no = verdicts.first(where: { $0.isKnown == false }) { return no }
      let isKnown = verdicts.allSatisfy { $0.isKnown == true } ? true : nil
      return GitHubVerdict(isKnown: isKnown, condition: .all(verdicts.map(\.condition)))
    case .any(let parts):
      let verdicts = parts.map { $0.decided(holds) }
      if let yes = verdicts.first(where: { $0.isKnown == true }) { return yes }
      let open = verdicts.filter { $0.isKnown == nil }
      if open.isEmpty { return GitHubVerdict(isKnown: false, condition: self) }
      let left = open.map(\.condition)
      return GitHubVerdict(isKnown: nil, condition: left.count == 1 ? left[0] : .any(left))
    case .test, .every, .some, .unknown:
      return GitHubVerdict(isKnown: nil, condition: self)
    }
  }

  /// Whether the author asks how earlier work ended.
  var hasWrittenOutcome: Bool {
    switch self {
    case .outcome(_, _, let written): written
    case .not(let inner): inner.hasWrittenOutcome
    case .all(let parts), .any(let parts): parts.contains { $0.hasWrittenOutcome }
    case .constant, .test, .every, .some, .unknown: false
    }
  }

  /// Whether it asks for a failure of any earlier work.
  var asksForFailure: Bool {
    switch self {
    case .outcome(let outcome, let routes, _): outcome == .failed && routes.isEmpty
    case .not(let inner): inner.asksForFailure
    case .all(let parts), .any(let parts): parts.contains { $0.asksForFailure }
    case .constant, .test, .every, .some, .unknown: false
    }
  }

  /// The routes of the work whose outcome it asks for.
  var outcomeRoutes: Set<String> {
    switch self {
    case .outcome(_, let routes, _): Set(routes)
    case .not(let inner): inner.outcomeRoutes
    case .all(let parts), .any(let parts):
      parts.reduce(into: []) { $0.formUnion($1.outcomeRoutes) }
    case .constant, .test, .every, .some, .unknown: []
    }
  }
}

/// The ways through a job at one point of it, in the order in which they opened.
struct GitHubRails {
  private(set) var open: [(rail: GitHubRail, ends: [LooseEnd])] = []
  /// Where each rail stands, once there are more than a few: those are looked through.
  private var places: [GitHubRail: Int] = [:]
  private static let few = 8

  mutating func add(_ ends: [LooseEnd], to rail: GitHubRail) {
    if ends.isEmpty { return }
    if let place = place(of: rail) {
      open[place].ends += ends
      return
    }
    open.append((rail, ends))
    if open.count == Self.few + 1 {
      for place in open.indices { places[open[place].rail] = place }
    } else if open.count > Self.few {
      places[rail] = open.count - 1
    }
  }

  private func place(of rail: GitHubRail) -> Int? {
    open.count > Self.few ? places[rail] : open.firstIndex { $0.rail == rail }
  }

  /// Takes a way out, in order to send it elsewhere.
  mutating func take(_ rail: GitHubRail) -> [LooseEnd] {
    guard let place = place(of: rail) else { return [] }
    let ends = open[place].ends
    open[place].ends = []
    return ends
  }

  /// Merges ways that differ only in what nobody asks for any more.
  mutating func simplify(_ change: (inout GitHubRail) -> Void) {
    let before = open
    open = []
    places = [:]
    for (rail, ends) in before where !ends.isEmpty {
      var rail = rail
      change(&rail)
      add(ends, to: rail)
    }
  }
}

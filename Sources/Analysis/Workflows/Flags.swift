import Expressions
import Workflows

/// Where a value that somebody tests later is kept: a variable, or a part of it.
struct FlagPlace: Sendable, Hashable {
  var variable: Variable
  var path: [PathComponent]
}

extension FlagPlace {
  /// Where a value stands that is read as it is, or as a text.
  init?(_ value: Value) {
    switch value {
    case .reference(let reference): self.init(variable: reference.variable, path: reference.path)
    case .selection(.reference(let reference), let path):
      self.init(variable: reference.variable, path: reference.path + path)
    case .text(let inner, _): self.init(inner)
    case .template(let parts) where parts.count == 1: self.init(parts[0])
    default: return nil
    }
  }
}

/// What a flag holds on some of the ways to a step.
enum FlagValue: Sendable, Hashable {
  case known(Probe)
  /// Computed at run time.
  case unknown
}

/// The proofs by what a flag holds: `verified=true` was written on one side of a gate only, and whoever finds it `true`
/// came through there.
///
/// Each value's proofs follow the flow like those of the step itself (trace partitioning: Mauborgne and Rival, 2005).
typealias FlagPartition = [FlagValue: [Int: Proof]]

/// The places worth following: those that take a literal somewhere and are compared somewhere.
struct FlagPlaces: Sendable {
  private(set) var all: Set<FlagPlace> = []
  private var byVariable: [Variable: [FlagPlace]] = [:]

  /// More than these in one workflow are not followed; without those that take nothing but null, if that helps.
  private static let limit = 64
  /// Nor are more candidates looked at, nor longer paths: a state that is written into itself has them without end.
  private static let mostCandidates = 512
  private static let longestPath = 6

  /// Follows nothing.
  init() {}

  init(_ graph: FlowGraph) {
    let steps = graph.order.map { graph.workflow.steps[$0] }
    let writers = Writers(steps.flatMap(\.assignments))
    var seen: Set<FlagPlace> = []
    var pending: [FlagPlace] = []
    func add(_ reference: Reference) -> FlagPlace? {
      let place = FlagPlace(variable: reference.variable, path: reference.path)
      guard place.path.count <= Self.longestPath, seen.count < Self.mostCandidates else {
        return nil
      }
      if seen.insert(place).inserted { pending.append(place) }
      return place
    }
    for step in steps {
      let values = (step.call?.values ?? []) + step.assignments.map(\.value)
      let conditions = step.decisions.map(\.condition) + values.flatMap(\.conditions)
      for test in conditions.flatMap(\.tests) { _ = test.subject.copied.map(add) }
      for route in conditions.flatMap(\.askedRoutes) {
        _ = add(Reference(.outcome(of: route), at: .nowhere))
      }
    }
    // What is copied into a place that is read is read, too; a copy of a flag is one.
    var copies: [FlagPlace: [FlagPlace]] = [:]
    var written: [FlagPlace] = []
    var cleared: [FlagPlace] = []
    while let place = pending.popLast() {
      var (isWritten, isCleared) = (false, false)
      for value in writers.values(of: place) {
        isWritten = isWritten || value.mayBeLiteral
        isCleared = isCleared || value.mayBeNothing
        for source in value.copied.compactMap(add) { copies[source, default: []].append(place) }
      }
      if isWritten { written.append(place) } else if isCleared { cleared.append(place) }
    }
    all = Self.copied(from: written + cleared, by: copies)
    if all.count > Self.limit { all = Self.copied(from: written, by: copies) }
    if all.count > Self.limit { all = [] }
    byVariable = Dictionary(grouping: all, by: \.variable)
  }

  /// The places and all that take a copy of them.
  private static func copied(
    from places: [FlagPlace], by copies: [FlagPlace: [FlagPlace]]
  ) -> Set<FlagPlace> {
    var found: Set<FlagPlace> = []
    var pending = places
    while let place = pending.popLast() {
      guard found.insert(place).inserted else { continue }
      pending += copies[place] ?? []
    }
    return found
  }

  /// The assignments that write a place, found without looking at those that write beside it.
  private struct Writers {
    private var byStart: [FlagPlace: [Step.Assignment]] = [:]

    init(_ assignments: [Step.Assignment]) {
      for assignment in assignments {
        let start = FlagPlace(
          variable: assignment.variable, path: Array(assignment.path.prefix(1)))
        byStart[start, default: []].append(assignment)
      }
    }

    /// What each of them writes there.
    func values(of place: FlagPlace) -> [Value] {
      let starts = place.path.isEmpty ? [[]] : [[], Array(place.path.prefix(1))]
      return starts.flatMap { start in
        (byStart[FlagPlace(variable: place.variable, path: start)] ?? []).compactMap { assignment in
          place.rest(below: assignment.path).map { assignment.value.selecting($0) }
        }
      }
    }
  }

  func places(in variable: Variable) -> [FlagPlace] { byVariable[variable] ?? [] }
}

extension FlagPlace {
  /// What is left of the path behind a prefix; `nil` where it does not begin with it.
  func rest(below prefix: [PathComponent]) -> [PathComponent]? {
    path.starts(with: prefix) ? Array(path.dropFirst(prefix.count)) : nil
  }
}

extension Condition {
  /// The steps whose ends are asked for, where it is one at a time.
  fileprivate var askedRoutes: [String] {
    switch self {
    case .outcome(_, let routes, true): routes.count == 1 ? routes : []
    case .all(let parts), .any(let parts): parts.flatMap(\.askedRoutes)
    case .not(let inner), .every(_, let inner), .some(_, let inner): inner.askedRoutes
    case .constant, .test, .outcome, .unknown: []
    }
  }
}

extension Value {
  /// The references that the value may be, unchanged.
  fileprivate var copied: [Reference] {
    switch self {
    case .reference(let reference): [reference]
    case .selection(.reference(let reference), let path):
      [Reference(reference.variable, path: reference.path + path, at: reference.location)]
    case .text(let inner, _): inner.copied
    case .template(let parts) where parts.count == 1: parts[0].copied
    case .either(let values): values.flatMap(\.copied)
    case .conditional(_, let first, let second), .fallback(let first, let second):
      first.copied + second.copied
    case .template, .selection, .literal, .null, .result, .record, .list, .length, .converted,
      .unknown:
      []
    }
  }

  fileprivate var mayBeLiteral: Bool {
    switch self {
    case .literal: true
    case .text(let inner, _): inner.mayBeLiteral
    case .template(let parts): parts.allSatisfy(\.mayBeLiteral)
    case .either(let values): values.contains(where: \.mayBeLiteral)
    case .conditional(_, let first, let second), .fallback(let first, let second):
      first.mayBeLiteral || second.mayBeLiteral
    case .reference, .selection, .null, .result, .record, .list, .length, .converted, .unknown:
      false
    }
  }

  /// Whether it may be the language's null, as it stands: `return null`.
  fileprivate var mayBeNothing: Bool {
    switch self {
    case .null: true
    case .either(let values): values.contains(where: \.mayBeNothing)
    case .conditional(_, let first, let second): first.mayBeNothing || second.mayBeNothing
    case .literal, .reference, .selection, .fallback, .text, .template, .result, .record, .list,
      .length, .converted, .unknown:
      false
    }
  }
}

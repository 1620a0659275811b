import Expressions
import Workflows

/// Where a value that somebody tests later is kept: a variable, or a part of it.
struct FlagPlace: Sendable, Hashable {
  var variable: Variable
  var path: [PathComponent]
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

  /// More than these in one workflow are not followed.
  private static let limit = 64

  init(_ graph: FlowGraph) {
    let steps = graph.order.map { graph.workflow.steps[$0] }
    let assignments = steps.flatMap(\.assignments)
    var read: Set<FlagPlace> = []
    for step in steps {
      let values = (step.call?.values ?? []) + step.assignments.map(\.value)
      let conditions = step.decisions.map(\.condition) + values.flatMap(\.conditions)
      for test in conditions.flatMap(\.tests) {
        read.formUnion(
          test.subject.references.map { FlagPlace(variable: $0.variable, path: $0.path) })
      }
    }
    if read.isEmpty { return }
    var byTarget: [Variable: [Step.Assignment]] = [:]
    for assignment in assignments { byTarget[assignment.variable, default: []].append(assignment) }
    // What is copied into a place that is read is read, too.
    var pending = Array(read)
    while let place = pending.popLast() {
      for assignment in byTarget[place.variable] ?? [] {
        guard let rest = place.rest(below: assignment.path) else { continue }
        for reference in assignment.value.selecting(rest).copied {
          let source = FlagPlace(variable: reference.variable, path: reference.path)
          if read.count < Self.limit * 16, read.insert(source).inserted { pending.append(source) }
        }
      }
    }
    func isWritten(_ place: FlagPlace, by isWanted: (Value) -> Bool) -> Bool {
      (byTarget[place.variable] ?? []).contains { assignment in
        place.rest(below: assignment.path).map { isWanted(assignment.value.selecting($0)) } ?? false
      }
    }
    all = read.filter { isWritten($0) { $0.mayBeLiteral } }
    // A copy of a flag is one, whatever else is written to it.
    var grown = !all.isEmpty
    while grown {
      let copies = read.subtracting(all).filter { place in
        isWritten(place) { value in
          value.copied.contains { all.contains(FlagPlace(variable: $0.variable, path: $0.path)) }
        }
      }
      all.formUnion(copies)
      grown = !copies.isEmpty
    }
    if all.count > Self.limit { all = [] }
    byVariable = Dictionary(grouping: all, by: \.variable)
  }

  func places(in variable: Variable) -> [FlagPlace] { byVariable[variable] ?? [] }
}

extension FlagPlace {
  /// What is left of the path behind a prefix; `nil` where it does not begin with it.
  func rest(below prefix: [PathComponent]) -> [PathComponent]? {
    path.starts(with: prefix) ? Array(path.dropFirst(prefix.count)) : nil
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
}

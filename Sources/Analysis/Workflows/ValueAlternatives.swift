import Expressions

/// The ways a value can turn out: one per branch of its conditionals, each in the state in which that branch is taken.
struct ValueAlternatives {
  var branches: [Branch]

  struct Branch {
    var value: Value
    var state: FlowState
  }

  /// More branches than this are looked at as one.
  private static let limit = 16

  init(
    of value: Value, in state: FlowState, judging judge: (Condition, FlowState) -> JudgedCondition
  ) {
    branches = Self.expand(value, state, judge)
    if branches.count > Self.limit { branches = [Branch(value: value, state: state)] }
  }

  private static func expand(
    _ value: Value, _ state: FlowState, _ judge: (Condition, FlowState) -> JudgedCondition
  ) -> [Branch] {
    switch value {
    case .conditional(let condition, let first, let second):
      let judged = judge(condition, state)
      return [(true, first), (false, second)].flatMap { holds, branch -> [Branch] in
        guard let taken = state.assuming(judged, holds) else { return [] }
        return expand(branch, taken, judge)
      }
    case .either(let values):
      return values.flatMap { expand($0, state, judge) }
    case .template(let parts):
      return expand(parts, value, state, judge) { .template($0) }
    case .text(let inner, let null):
      return expand(inner, state, judge).map {
        Branch(value: .text($0.value, null: null), state: $0.state)
      }
    case .converted(let name, let inner):
      return expand(inner, state, judge).map {
        Branch(value: .converted(name, $0.value), state: $0.state)
      }
    case .record(let fields):
      guard !value.conditions.isEmpty else { break }
      return expand(fields.map(\.value), value, state, judge) { values in
        .record(zip(fields, values).map { Value.Field($0.name, $1) })
      }
    case .list(let items):
      guard !value.conditions.isEmpty else { break }
      return expand(items, value, state, judge) { .list($0) }
    case .literal, .null, .reference, .result, .selection, .fallback, .length, .unknown: break
    }
    return [Branch(value: value, state: state)]
  }

  /// Every combination of the parts' branches, unless these are too many.
  private static func expand(
    _ parts: [Value], _ whole: Value, _ state: FlowState,
    _ judge: (Condition, FlowState) -> JudgedCondition, _ made: ([Value]) -> Value
  ) -> [Branch] {
    var branches = [(parts: [Value](), state: state)]
    for part in parts {
      branches = branches.flatMap { branch in
        expand(part, branch.state, judge).map { (branch.parts + [$0.value], $0.state) }
      }
      if branches.count > limit { return [Branch(value: whole, state: state)] }
    }
    return branches.map { Branch(value: made($0.parts), state: $0.state) }
  }
}

extension FlowState {
  /// The state where the condition has this result; `nil` where it cannot have it.
  func assuming(_ condition: JudgedCondition, _ holds: Bool) -> FlowState? {
    guard let proofs = condition.apply(holds, to: proofs) else { return nil }
    var state = self
    state.proofs = proofs
    return state
  }
}

import Expressions

/// What holds when control arrives at a step.
struct FlowState: Sendable, Hashable {
  /// What each variable carries of the outputs; variables that carry nothing are absent.
  var store: [Variable: AbstractValue] = [:]
  /// Per output that exists here.
  var proofs: [Int: Proof] = [:]
  /// A person has approved on every way to here.
  var isApproved = false
  /// Some way to here leads through failure handling.
  var isAfterFailure = false

  /// Both ways meet (XOR-join).
  func merged(with other: FlowState) -> FlowState {
    combined(with: other, proofs: { $0.merged(with: $1) }, approved: isApproved && other.isApproved)
  }

  /// Both have happened (AND-join).
  func joined(with other: FlowState) -> FlowState {
    combined(with: other, proofs: { $0.joined(with: $1) }, approved: isApproved || other.isApproved)
  }

  private func combined(
    with other: FlowState, proofs combine: (Proof, Proof) -> Proof, approved: Bool
  ) -> FlowState {
    var result = self
    for (variable, value) in other.store {
      result.store[variable] = result.store[variable].map { $0.union(value) } ?? value
    }
    for (output, proof) in other.proofs {
      result.proofs[output] = result.proofs[output].map { combine($0, proof) } ?? proof
    }
    result.isApproved = approved
    result.isAfterFailure = isAfterFailure || other.isAfterFailure
    return result
  }

  mutating func assign(_ value: AbstractValue, to variable: Variable) {
    store[variable] = value.isEmpty ? nil : value
  }
}

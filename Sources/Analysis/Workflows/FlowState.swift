import Expressions

/// What holds when control arrives at a step.
struct FlowState: Sendable, Hashable {
  /// What each variable carries of the outputs; variables that carry nothing are absent.
  var store: [Variable: AbstractValue] = [:]
  /// Per output that exists here.
  var proofs: [Int: Proof] = [:]
  /// What the flags hold that somebody tests later, and what is proven where they do; never written ones are absent.
  var flags: [FlagPlace: FlagPartition] = [:]
  /// A person has approved on every way to here.
  var isApproved = false
  /// Some way to here leads through failure handling.
  var isAfterFailure = false

  /// Both ways meet (XOR-join).
  func merged(with other: FlowState) -> FlowState {
    // What only the way with the proof brings along is proven behind the join, too.
    var result = marking(provenBeside: other)
      .combined(with: other.marking(provenBeside: self), approved: isApproved && other.isApproved)
    result.proofs = proofs.merged(with: other.proofs)
    for place in Set(flags.keys).union(other.flags.keys) {
      // Where nobody has written it, it is absent.
      let own = flags[place] ?? [.known(.null): proofs]
      result.flags[place] = own.merged(with: other.flags[place] ?? [.known(.null): other.proofs])
    }
    return result
  }

  /// Both have happened (AND-join).
  func joined(with other: FlowState) -> FlowState {
    var result = combined(with: other, approved: isApproved || other.isApproved)
    result.proofs = proofs.joined(with: other.proofs)
    for place in Set(flags.keys).union(other.flags.keys) {
      switch (flags[place], other.flags[place]) {
      case (let own?, nil): result.flags[place] = own.mapValues { $0.joined(with: other.proofs) }
      case (nil, let own?): result.flags[place] = own.mapValues { $0.joined(with: proofs) }
      case (let first?, let second?): result.flags[place] = first.merged(with: second)
      case (nil, nil): break
      }
    }
    return result
  }

  private func combined(with other: FlowState, approved: Bool) -> FlowState {
    var result = self
    for (variable, value) in other.store {
      result.store[variable] = result.store[variable].map { $0.union(value) } ?? value
    }
    result.isApproved = approved
    result.isAfterFailure = isAfterFailure || other.isAfterFailure
    return result
  }

  /// The same with everything marked that is proven here, and not on the other way.
  private func marking(provenBeside other: FlowState) -> FlowState {
    let proven = proofs.filter { $1.isProven && other.proofs[$0]?.isProven == false }
    if proven.isEmpty { return self }
    var result = self
    for (variable, value) in store where value.holds({ proven[$0] != nil }) {
      result.store[variable] = value.mapTraces(of: { proven[$0] != nil }) { $0.isProven = true }
    }
    return result
  }

  /// The same where a list is empty.
  func without(_ list: Reference?) -> FlowState {
    guard let list, let present = store[list.variable],
      !present.selecting(list.path).isEmpty
    else { return self }
    var result = self
    result.assign(present.writing(.empty, at: list.path[...]), to: list.variable)
    return result
  }

  mutating func assign(_ value: AbstractValue, to variable: Variable) {
    store[variable] = value.isEmpty ? nil : value
  }
}

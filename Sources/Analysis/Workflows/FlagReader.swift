import Expressions
import Workflows

/// Tells what values a flag may hold at a step, and what is proven on the ways on which it holds each.
struct FlagReader {
  let places: FlagPlaces
  let state: FlowState
  let judge: (Condition, FlowState) -> JudgedCondition

  /// What a value may be; `nil` where nothing is known of it.
  func partition(of value: Value) -> FlagPartition? {
    let found = read(value, in: state)
    return found.keys.allSatisfy { $0 == .unknown } ? nil : found
  }

  private func read(_ value: Value, in state: FlowState) -> FlagPartition {
    if let probe = Probe(value) { return [.known(probe): state.proofs] }
    switch value {
    case .reference(let reference):
      return flag(at: FlagPlace(variable: reference.variable, path: reference.path), in: state)
    case .selection(.reference(let reference), let path):
      return flag(
        at: FlagPlace(variable: reference.variable, path: reference.path + path), in: state)
    case .text(let inner, let null):
      return read(inner, in: state).mapValues(of: .known(.null), to: .known(.text(null)))
    case .template(let parts) where parts.count == 1:
      return read(parts[0], in: state)
    case .fallback(let first, let second):
      var found = read(first, in: state)
      var missing: [Int: Proof]?
      for absent in [FlagValue.known(.null), .known(.text(""))] {
        guard let proofs = found.removeValue(forKey: absent) else { continue }
        missing = missing.map { $0.merged(with: proofs) } ?? proofs
      }
      guard let missing else { return found }
      var instead = state
      instead.proofs = missing
      return found.merged(with: read(second, in: instead))
    case .conditional, .either:
      let branches = ValueAlternatives(of: value, in: state, judging: judge).branches
      // Looked at as one, it is not known which.
      if branches.count == 1, branches[0].value == value { break }
      return branches.reduce([:]) { $0.merged(with: read($1.value, in: $1.state)) }
    case .literal, .null, .result, .record, .list, .template, .selection, .length, .converted,
      .unknown:
      break
    }
    return [.unknown: state.proofs]
  }

  private func flag(at place: FlagPlace, in state: FlowState) -> FlagPartition {
    if let known = state.flags[place] {
      // A branch of the value at hand may know more of the outputs than the flag does.
      return known.mapValues { $0.joined(with: state.proofs) }
    }
    // Not written yet: it is absent.
    return [places.all.contains(place) ? .known(.null) : .unknown: state.proofs]
  }
}

extension FlowState {
  /// Notes what an assignment makes of the flags that it touches.
  mutating func noteFlags(_ assignment: Step.Assignment, reader: FlagReader) {
    for place in reader.places.places(in: assignment.variable) {
      if let rest = place.rest(below: assignment.path), !assignment.appends {
        flags[place] =
          reader.partition(of: assignment.value.selecting(rest)) ?? [.unknown: proofs]
      } else if assignment.path.starts(with: place.path) || assignment.appends {
        flags[place] = [.unknown: proofs]
      }
    }
  }

  /// Changes what is proven, on all ways together and on those of each flag.
  mutating func changeProofs(_ change: (inout [Int: Proof]) -> Void) {
    change(&proofs)
    for place in flags.keys {
      flags[place] = flags[place]?.mapValues { proofs in
        var changed = proofs
        change(&changed)
        return changed
      }
    }
  }
}

extension [FlagValue: [Int: Proof]] {
  /// Both ways meet: each value's ways stay apart.
  func merged(with other: FlagPartition) -> FlagPartition {
    merging(other) { $0.merged(with: $1) }
  }

  fileprivate func mapValues(of old: FlagValue, to new: FlagValue) -> FlagPartition {
    guard let proofs = self[old] else { return self }
    var result = self
    result[old] = nil
    return result.merged(with: [new: proofs])
  }
}

extension [Int: Proof] {
  /// Either has happened: an output that one side does not have yet is as the other side has it.
  func merged(with other: [Int: Proof]) -> [Int: Proof] {
    merging(other) { $0.merged(with: $1) }
  }

  /// Both have happened.
  func joined(with other: [Int: Proof]) -> [Int: Proof] {
    merging(other) { $0.joined(with: $1) }
  }
}

import Expressions
import Rules

/// A use of an output by a step, or a step by itself, that a rule flags.
struct Consumption {
  /// Index of the rule.
  var rule: Int
  /// The using step.
  var step: Int
  /// Where exactly it is used.
  var location: SourceLocation
  /// What is told apart under one step: an argument's name, a decision.
  var slot: String
  /// The output used; `nil` where the rule speaks of the step alone.
  var output: Int?
  /// What was proven of it here.
  var proof: Proof?
  var derivation: Derivation = .exact
  var isApproved = false
  /// What names the read part in a message.
  var field = ""
  /// The name of what is read where it is no output of a protocol.
  var source: String?
  /// Which of a rule's sentences tells it, where that is not decided by a cause.
  var variant: String?
  /// Other outputs that are used at the same place and told with this one.
  var others: Set<Int> = []
  /// Lowered where something could not be understood.
  var isUnclear = false

  var isDecision: Bool { slot.hasPrefix("decision") }

  /// Both stand at the same place: told once, by the worse of the two.
  func merged(with other: Consumption) -> Consumption {
    var result = self
    if let proof, let second = other.proof { result.proof = proof.merged(with: second) }
    result.derivation = max(derivation, other.derivation)
    result.isApproved = isApproved && other.isApproved
    result.isUnclear = isUnclear || other.isUnclear
    result.others.formUnion(other.others)
    if let second = other.output { result.others.insert(second) }
    if let output { result.others.remove(output) }
    return result
  }
}

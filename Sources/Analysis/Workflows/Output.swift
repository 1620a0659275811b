import Expressions

/// Something that needs a proof: the answer of a generating call, or the text given to a verification.
struct Output: Sendable {
  /// Index of the protocol.
  var protocolIndex: Int
  /// The step that made it, or, for a text from outside, the step that has it verified.
  var step: Int
  /// For a text that is verified: where it comes from.
  var origins: [Origin]
  /// The verification was given a part that was cut out of the text.
  var isExcerpt = false
  /// Whether a generating call made it (and not another call whose text is verified).
  var isGenerated: Bool

  /// Where a verified text comes from.
  enum Origin: Sendable, Hashable {
    /// A part of a step's result.
    case step(Int, [PathComponent])
    /// A part of a variable that nothing in the workflow writes.
    case input(Variable, [PathComponent])
  }
}

package import SourceText

/// An expression of names, calls and operators, as several engines write them; ranges are UTF-8 offsets in the text.
package struct CallExpression: Sendable {
  package var form: Form
  package var range: ByteRange

  package indirect enum Form: Sendable {
    case text(String)
    case number(String)
    case boolean(Bool)
    case null
    case name(String)
    case member(CallExpression, String)
    case index(CallExpression, CallExpression)
    case call(CallExpression, [CallExpression])
    /// `-`, `not`.
    case unary(String, CallExpression)
    case binary(String, CallExpression, CallExpression)
    /// A run of one associative operator: `+`, `and`, `or`.
    case chain(String, [CallExpression])
    case list([CallExpression])
    case record([(key: CallExpression, value: CallExpression)])
  }

  /// A name with plain members after it, as text: `map.get`.
  package var dottedName: String? {
    switch form {
    case .name(let name): name
    case .member(let base, let name): base.dottedName.map { $0 + "." + name }
    default: nil
    }
  }

  /// The text, where the expression is a literal one.
  package var text: String? {
    if case .text(let text) = form { text } else { nil }
  }

  /// Whether the expression is the same in every run.
  package var isLiteral: Bool {
    switch form {
    case .text, .number, .boolean, .null: true
    case .unary("-", let operand): operand.isLiteral
    default: false
    }
  }

  /// The expressions directly below.
  package var children: [CallExpression] {
    switch form {
    case .text, .number, .boolean, .null, .name: []
    case .member(let base, _), .unary(_, let base): [base]
    case .index(let left, let right), .binary(_, let left, let right): [left, right]
    case .call(let callee, let arguments): [callee] + arguments
    case .chain(_, let operands), .list(let operands): operands
    case .record(let entries): entries.flatMap { [$0.key, $0.value] }
    }
  }
}

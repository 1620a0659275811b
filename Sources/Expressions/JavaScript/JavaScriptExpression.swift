package import SourceText

/// An expression of JavaScript; ranges are UTF-8 offsets in the text that was parsed.
package struct JavaScriptExpression: Sendable {
  package var form: Form
  package var range: ByteRange
  /// How many levels stand below this one: bounds every walk over the tree.
  var height: Int

  package indirect enum Form: Sendable {
    case identifier(String)
    case string(String)
    case number(String)
    case boolean(Bool)
    case null
    case undefined
    case regularExpression(pattern: String, flags: String)
    /// The texts between the substitutions, one more than these.
    case template(texts: [String], [JavaScriptExpression])
    case member(JavaScriptExpression, String)
    case index(JavaScriptExpression, JavaScriptExpression)
    case call(JavaScriptExpression, [JavaScriptExpression])
    case new(JavaScriptExpression, [JavaScriptExpression])
    /// `!`, `-`, `+`, `~`, `typeof`, `void`, `delete`.
    case unary(String, JavaScriptExpression)
    case binary(String, JavaScriptExpression, JavaScriptExpression)
    /// A run of one associative operator: `+`, `&&`, `||`, `??`.
    case chain(String, [JavaScriptExpression])
    case conditional(
      JavaScriptExpression, then: JavaScriptExpression, otherwise: JavaScriptExpression)
    case function(JavaScriptFunction)
    case array([JavaScriptExpression])
    case object([Property])
    /// `=`, `+=`, `??=`, …; `++` and `--` are `+=` with a number.
    case assignment(String, JavaScriptExpression, JavaScriptExpression)
    case spread(JavaScriptExpression)
    case await(JavaScriptExpression)
    case sequence([JavaScriptExpression])
  }

  package struct Property: Sendable {
    /// `nil` for a spread or a computed key.
    package var name: String?
    package var value: JavaScriptExpression

    package init(name: String?, value: JavaScriptExpression) {
      self.name = name
      self.value = value
    }
  }

  package init(
    _ form: Form, _ range: ByteRange, over children: [JavaScriptExpression] = []
  ) {
    self.form = form
    self.range = range
    var tallest = 0
    for child in children { tallest = max(tallest, child.height) }
    self.height = tallest + 1
  }

  /// The same expression over other children.
  package func mapping(
    _ transform: (JavaScriptExpression) -> JavaScriptExpression
  ) -> JavaScriptExpression {
    var mapped = self
    switch form {
    case .identifier, .string, .number, .boolean, .null, .undefined, .regularExpression,
      .function:
      break
    case .template(let texts, let parts):
      mapped.form = .template(texts: texts, parts.map(transform))
    case .member(let object, let name): mapped.form = .member(transform(object), name)
    case .index(let object, let index): mapped.form = .index(transform(object), transform(index))
    case .call(let callee, let arguments):
      mapped.form = .call(transform(callee), arguments.map(transform))
    case .new(let callee, let arguments):
      mapped.form = .new(callee, arguments.map(transform))
    case .unary(let symbol, let operand): mapped.form = .unary(symbol, transform(operand))
    case .spread(let operand): mapped.form = .spread(transform(operand))
    case .await(let operand): mapped.form = .await(transform(operand))
    case .binary(let symbol, let left, let right):
      mapped.form = .binary(symbol, transform(left), transform(right))
    case .assignment(let symbol, let left, let right):
      mapped.form = .assignment(symbol, left, transform(right))
    case .chain(let symbol, let operands): mapped.form = .chain(symbol, operands.map(transform))
    case .array(let operands): mapped.form = .array(operands.map(transform))
    case .sequence(let operands): mapped.form = .sequence(operands.map(transform))
    case .conditional(let condition, let then, let otherwise):
      mapped.form = .conditional(
        transform(condition), then: transform(then), otherwise: transform(otherwise))
    case .object(let properties):
      mapped.form = .object(
        properties.map { Property(name: $0.name, value: transform($0.value)) })
    }
    return mapped
  }

  /// The expressions directly below.
  package var children: [JavaScriptExpression] {
    switch form {
    case .identifier, .string, .number, .boolean, .null, .undefined, .regularExpression,
      .function:
      []
    case .template(_, let parts): parts
    case .member(let object, _): [object]
    case .index(let object, let index): [object, index]
    case .call(let callee, let arguments), .new(let callee, let arguments): [callee] + arguments
    case .unary(_, let operand), .spread(let operand), .await(let operand): [operand]
    case .binary(_, let left, let right), .assignment(_, let left, let right): [left, right]
    case .chain(_, let operands), .array(let operands), .sequence(let operands): operands
    case .conditional(let condition, let then, let otherwise): [condition, then, otherwise]
    case .object(let properties): properties.map(\.value)
    }
  }
}

/// A function literal or declaration.
package struct JavaScriptFunction: Sendable {
  /// A method's name begins with its class's: `Client.ask`.
  package var name: String?
  package var parameters: [JavaScriptPattern]
  package var body: Body
  /// What a method calls its object: `this`, `self`.
  package var receiver: String?

  package indirect enum Body: Sendable {
    /// `x => x.ok`
    case expression(JavaScriptExpression)
    case block([JavaScriptStatement])
  }
}

/// What a declaration or a parameter binds.
package indirect enum JavaScriptPattern: Sendable {
  case name(String, ByteRange)
  /// `{ a, b: c, ...rest }`: each field with what it is bound to; `nil` for the rest.
  case object([(field: String?, pattern: JavaScriptPattern)])
  case array([JavaScriptPattern?])
  case fallback(JavaScriptPattern, JavaScriptExpression)
  case unknown
}

/// A statement, as far as control and data flow through it.
package indirect enum JavaScriptStatement: Sendable {
  case declaration(isConstant: Bool, [Binding], ByteRange)
  case expression(JavaScriptExpression)
  case branch(JavaScriptExpression, then: [JavaScriptStatement], otherwise: [JavaScriptStatement])
  /// `while`, `do`, `for`; `runsFirst` for `do`.
  case loop(JavaScriptExpression?, body: [JavaScriptStatement], runsFirst: Bool, ByteRange)
  /// `for (x of list)`; `for … in` has the keys.
  case each(JavaScriptPattern, of: JavaScriptExpression, body: [JavaScriptStatement], ByteRange)
  case selection(JavaScriptExpression, [Case], ByteRange)
  case attempt([JavaScriptStatement], caught: [JavaScriptStatement]?, last: [JavaScriptStatement])
  case block([JavaScriptStatement])
  case function(JavaScriptFunction, ByteRange)
  case returning(JavaScriptExpression?, ByteRange)
  case raising(JavaScriptExpression?, ByteRange)
  case leaving(ByteRange)
  case continuing(ByteRange)
  /// Could not be parsed.
  case unknown(ByteRange)

  package struct Binding: Sendable {
    package var pattern: JavaScriptPattern
    package var value: JavaScriptExpression?
  }

  package struct Case: Sendable {
    /// `nil` for `default`.
    package var test: JavaScriptExpression?
    package var body: [JavaScriptStatement]
  }
}

extension JavaScriptExpression {
  /// A chain of a read and what stands in where there is no such key at all: Python's `get` with a default.
  static let whereMissing = "get"

  /// Whether the expression selects elements of a list, or counts such a selection.
  package var isSelection: Bool {
    switch form {
    case .call(let callee, let arguments):
      if case .member(_, "filter") = callee.form {
        arguments.first?.isFunction == true
      } else {
        false
      }
    case .member(let list, "length"): list.isSelection
    default: false
    }
  }

  /// Whether the name is read somewhere in the expression.
  package func reads(_ name: String) -> Bool {
    if case .identifier(name) = form { return true }
    return children.contains { $0.reads(name) }
  }
}

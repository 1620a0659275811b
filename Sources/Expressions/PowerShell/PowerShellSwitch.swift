import SourceText

/// `switch` over a value: a chain of questions, of which the first that holds counts.
extension PowerShellParser {
  /// What stands behind the keyword.
  mutating func selection(_ from: Int) -> [JavaScriptStatement] {
    var comparison = "-eq"
    skipBlanks(lines: true)
    while byte == UInt8(ascii: "-") {
      switch word(at: position + 1) {
      case "regex", "r": comparison = "-match"
      case "wildcard", "w": comparison = "-like"
      case "file", "f":
        failed = true
        return []
      default: break
      }
      position += 1 + word(at: position + 1).utf8.count
      skipBlanks(lines: true)
    }
    guard take("("), let given = nested({ $0.pipeline() }) else {
      failed = true
      return []
    }
    skipBlanks(lines: true)
    guard take(")") else {
      failed = true
      return []
    }
    // A command is run once, however often its answer is asked.
    var before: [JavaScriptStatement] = []
    var subject = given
    if given.dottedName == nil {
      let name = Expression(.identifier("_switch\(from)"), given.range)
      before.append(
        .expression(Expression(.assignment("=", name, given), given.range, over: [given])))
      subject = name
    }
    skipBlanks(lines: true)
    guard depth < Self.deepest, take("{") else {
      failed = true
      return []
    }
    depth += 1
    defer { depth -= 1 }
    var cases: [JavaScriptStatement.Case] = []
    while true {
      skipBlanks(lines: true)
      if byte == UInt8(ascii: ";") {
        position += 1
        continue
      }
      if byte == nil || byte == UInt8(ascii: "}") { break }
      let place = position
      guard let one = clause(of: subject, comparison), !failed else {
        failed = true
        return []
      }
      cases.append(one)
      if position == place { position += 1 }
    }
    guard take("}") else {
      failed = true
      return []
    }
    let range = ByteRange(from, position)
    let truth = Expression(.boolean(true), given.range)
    return before + [.selection(truth, cases, range)]
  }

  /// A pattern, or a block that asks of `$_`, with what is done then.
  private mutating func clause(
    of subject: Expression, _ comparison: String
  ) -> JavaScriptStatement.Case? {
    var test: Expression?
    if word(at: position) == "default" {
      position += "default".utf8.count
    } else if byte == UInt8(ascii: "{") {
      let asked = block()
      guard case .expression(let condition)? = asked.first, asked.count == 1 else { return nil }
      test = condition.replacing("_", by: subject)
    } else {
      guard let pattern = nested({ $0.primary() }) else { return nil }
      test = compared(comparison, subject, pattern)
    }
    let body = block()
    return .init(test: test, body: body + [.leaving(ByteRange(position, position))])
  }
}

extension JavaScriptExpression {
  /// The expression with another in the place of a name; beyond comparisons, what reads the name stays as it is.
  fileprivate func replacing(
    _ name: String, by other: JavaScriptExpression
  ) -> JavaScriptExpression {
    func inner(_ part: JavaScriptExpression) -> JavaScriptExpression {
      part.replacing(name, by: other)
    }
    switch form {
    case .identifier(name): return other
    case .binary(let symbol, let left, let right):
      let (left, right) = (inner(left), inner(right))
      return Self(.binary(symbol, left, right), range, over: [left, right])
    case .chain(let symbol, let operands):
      let operands = operands.map(inner)
      return Self(.chain(symbol, operands), range, over: operands)
    case .unary(let symbol, let operand):
      let operand = inner(operand)
      return Self(.unary(symbol, operand), range, over: [operand])
    case .member(let object, let field):
      let object = inner(object)
      return Self(.member(object, field), range, over: [object])
    case .call(let callee, let arguments):
      let (callee, arguments) = (inner(callee), arguments.map(inner))
      return Self(.call(callee, arguments), range, over: [callee] + arguments)
    default: return self
    }
  }
}

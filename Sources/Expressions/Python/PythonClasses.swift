import SourceText

/// Classes: each method becomes a function whose name begins with the class's.
extension PythonParser {
  mutating func classDefinition() -> [JavaScriptStatement] {
    advance()
    let name = anyName() ?? ""
    var base: String?
    if take("(") {
      base = expression()?.dottedName
    }
    failed = false
    while current != .symbol(":"), current != .lineEnd, current != .end { advance() }
    let outer = names.parameters
    assigned.append([])
    let body = block()
    assigned.removeLast()
    names.parameters = outer
    if name.isEmpty { return [] }
    var builder = JavaScriptClass(name: name, receiver: "self")
    builder.base = base
    for statement in body {
      switch statement {
      case .function(var function, let range):
        guard let method = function.name else { continue }
        // Whoever calls a method does not name its object.
        if let first = function.parameters.first?.plainName, ["self", "cls"].contains(first) {
          function.parameters.removeFirst()
          function.receiver = first
        }
        builder.add(function, named: method == "__init__" ? "constructor" : method, range)
      case .expression(let expression):
        guard case .assignment("=", let target, let value) = expression.form,
          case .identifier(let field) = target.form
        else { continue }
        builder.addField(field, value)
      default: break
      }
    }
    return builder.statements
  }
}

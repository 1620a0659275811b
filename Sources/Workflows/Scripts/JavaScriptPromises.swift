import Expressions

/// What a promise is made of.
extension JavaScriptExpression {
  /// Whether the expression only waits: `new Promise(done => setTimeout(done, 1000))`.
  var isDelay: Bool {
    guard case .new(let callee, let arguments) = form, callee.dottedName == "Promise",
      case .function(let function)? = arguments.first?.form
    else { return false }
    switch function.body {
    case .expression(let body): return body.startsTimer
    case .block(let statements):
      return statements.contains {
        if case .expression(let expression) = $0 { expression.startsTimer } else { false }
      }
    }
  }

  /// `new Promise(resolve => { const req = https.request(options, …); … })`: what stands before the request, and the
  /// request itself; what its handlers do is to read the answer.
  var promisedRequest: (before: [JavaScriptStatement], request: JavaScriptExpression)? {
    guard case .new(let callee, let arguments) = form, callee.dottedName == "Promise",
      case .function(let function)? = arguments.first?.form,
      case .block(let statements) = function.body
    else { return nil }
    for (index, statement) in statements.enumerated() {
      let values: [JavaScriptExpression] =
        switch statement {
        case .declaration(_, let bindings, _): bindings.compactMap(\.value)
        case .expression(let expression): [expression]
        default: []
        }
      for value in values {
        if let request = value.nodeRequest { return (Array(statements[..<index]), request) }
      }
    }
    return nil
  }

  /// A request of the runtime's own client, at the start of a chain of calls, without its handlers.
  private var nodeRequest: JavaScriptExpression? {
    guard case .call(let callee, let arguments) = form else { return nil }
    if let name = callee.dottedName, JavaScriptRequest.nodeClients.contains(name) {
      let given = arguments.filter { if case .function = $0.form { false } else { true } }
      return JavaScriptExpression(.call(callee, given), range, over: [callee] + given)
    }
    if case .member(let inner, _) = callee.form { return inner.nodeRequest }
    return nil
  }

  private var startsTimer: Bool {
    if case .call(let callee, _) = form { return callee.dottedName == "setTimeout" }
    return false
  }

  var isCount: Bool { if case .number = form { true } else { false } }
}

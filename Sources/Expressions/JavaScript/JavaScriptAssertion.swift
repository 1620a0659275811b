import SourceText

/// Calls that throw where what they are given does not hold: `assert.ok(answer.cert_hash)`.
package enum JavaScriptAssertion {
  /// The call as the check that it is; `nil` for any other expression.
  package static func check(_ expression: JavaScriptExpression) -> JavaScriptStatement? {
    guard case .call(let callee, let arguments) = expression.form, let first = arguments.first,
      let test = test(callee.dottedName ?? "", first, arguments.dropFirst().first, expression.range)
    else { return nil }
    return .branch(test, then: [], otherwise: [.raising(nil, expression.range)])
  }

  private static func test(
    _ name: String, _ first: JavaScriptExpression, _ second: JavaScriptExpression?,
    _ range: ByteRange
  ) -> JavaScriptExpression? {
    let parts = name.split(separator: ".")
    guard let root = parts.first, roots.contains(String(root)), parts.count <= 3 else { return nil }
    let method = parts.count == 1 ? "ok" : String(parts[parts.count - 1])
    func comparison(_ symbol: String) -> JavaScriptExpression? {
      second.map { JavaScriptExpression(.binary(symbol, first, $0), range, over: [first, $0]) }
    }
    switch method {
    case "ok", "strict", "assert": return first
    case "equal", "deepEqual": return comparison("==")
    case "strictEqual", "deepStrictEqual": return comparison("===")
    case "notEqual", "notDeepEqual": return comparison("!=")
    case "notStrictEqual", "notDeepStrictEqual": return comparison("!==")
    case "match":
      guard let second else { return nil }
      let test = JavaScriptExpression(.member(second, "test"), range, over: [second])
      return JavaScriptExpression(.call(test, [first]), range, over: [test, first])
    default: return nil
    }
  }

  private static let roots: Set<String> = ["assert", "invariant"]
}

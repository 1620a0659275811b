import Expressions
import SourceText

/// Which expressions do more than to compute.
extension JavaScriptBody {
  /// Whether evaluating the expression does more than to compute.
  func acts(_ expression: JavaScriptExpression) -> Bool {
    switch expression.form {
    case .assignment: return true
    case .call(let callee, _):
      if case .function = callee.form { return true }
      if case .member(_, let name) = callee.form, Self.appending.contains(name) { return true }
      if let name = callee.dottedName {
        if functions[name] != nil || isEffect(name) { return true }
      }
      if construction(expression) != nil || method(callee) != nil { return true }
    case .new where construction(expression) != nil: return true
    case .new: if expression.isDelay || expression.promisedRequest != nil { return true }
    case .function(let function): return acts(function)
    default: break
    }
    return expression.children.contains { acts($0) }
  }

  func acts(_ function: JavaScriptFunction) -> Bool {
    switch function.body {
    case .expression(let body): acts(body)
    case .block(let statements): statements.contains { acts($0) }
    }
  }

  private func acts(_ statement: JavaScriptStatement) -> Bool {
    switch statement {
    case .declaration(_, let bindings, _):
      bindings.contains { $0.value.map(acts) ?? false }
    case .expression(let expression): acts(expression)
    case .branch(let test, let then, let otherwise):
      acts(test) || (then + otherwise).contains { acts($0) }
    case .loop(let test, let body, _, _):
      (test.map(acts) ?? false) || body.contains { acts($0) }
    case .each(_, let list, let body, _): acts(list) || body.contains { acts($0) }
    case .selection(let subject, let cases, _):
      acts(subject) || cases.contains { $0.body.contains { acts($0) } }
    case .attempt(let tried, let caught, let last):
      (tried + (caught ?? []) + last).contains { acts($0) }
    case .block(let body): body.contains { acts($0) }
    case .returning(let value, _): value.map(acts) ?? false
    case .raising, .unknown: true
    case .function, .leaving, .continuing: false
    }
  }

  static let appending: Set<String> = ["push", "unshift"]

  /// Whether calling this name does something outside the script.
  func isEffect(_ name: String) -> Bool {
    if context.obeyed.contains(name) { return true }
    let parts = name.parts(by: ".").map(String.init)
    guard let root = parts.first else { return false }
    if translator.scope.locals[root] != nil || root.hasPrefix("#") {
      guard client(in: name) != nil else { return false }
      return parts.count > 1 ? !Self.dataMethods.contains(parts[parts.count - 1]) : true
    }
    if Self.pureRoots.contains(root) || root.hasPrefix("$") { return false }
    if Self.silent.contains(name) { return false }
    let links = parts.dropFirst().map { JavaScriptLink(form: .field($0), end: 0) }
    let place = SourceLocation(path: context.path, range: ByteRange(0, 0))
    return context.resolve(root, links, place) == nil
  }

  private static let pureRoots: Set<String> = [
    "JSON", "Math", "Object", "Array", "String", "Number", "Boolean", "Date", "Promise", "RegExp",
    "Buffer", "console", "parseInt", "parseFloat", "isNaN", "isFinite", "encodeURIComponent",
    "decodeURIComponent", "encodeURI", "decodeURI", "escape", "unescape", "btoa", "atob", "require",
    "Symbol", "Set", "Map", "structuredClone", "Intl", "URL", "URLSearchParams", "crypto", "moment",
    "DateTime", "Duration", "Interval", "Error", "path", "performance", "BigInt", "Reflect",
    "import",
    "clearTimeout", "util", "os", "TextEncoder", "TextDecoder", "_",
  ]

  /// Calls that only log or read: nothing leaves through them.
  private static let silent: Set<String> = [
    "core.info", "core.debug", "core.notice", "core.warning", "core.error", "core.startGroup",
    "core.endGroup", "core.getInput", "core.getBooleanInput", "core.setSecret",
    "PythonFile.read", "fs.readFileSync",
  ]

  private static let dataMethods: Set<String> = [
    "map", "filter", "find", "forEach", "some", "every", "reduce", "includes", "join", "slice",
    "toString", "trim", "split", "replace", "json", "text", "then", "catch", "finally", "sort",
    "startsWith", "endsWith", "match", "toLowerCase", "toUpperCase", "flatMap", "flat", "at",
  ]
}

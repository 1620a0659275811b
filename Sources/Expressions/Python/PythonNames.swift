import SourceText

/// What Python's own names do, in terms of the tree that scripts are followed in.
struct PythonNames {
  typealias Expression = JavaScriptExpression

  /// Stands for `open(path, mode)`.
  static let handle = "PythonFile.handle"

  /// What imports call things.
  var aliases: [String: String] = [:]
  /// The path and mode of each open file, by its name.
  var files: [String: [Expression]] = [:]
  /// The parameters of the script's own functions, for calls that name them.
  var parameters: [String: [String]] = [:]

  func identifier(_ name: String, _ range: ByteRange) -> Expression {
    Self.dotted(aliases[name] ?? name, range)
  }

  private static func dotted(_ path: String, _ range: ByteRange) -> Expression {
    let parts = path.parts(by: ".").map(String.init)
    var result = Expression(.identifier(parts.first ?? path), range)
    for part in parts.dropFirst() {
      result = Expression(.member(result, part), range, over: [result])
    }
    return result
  }

  /// Whether a condition is `if __name__ == "__main__"`: the script is run, not imported.
  static func asksForMain(_ test: Expression) -> Bool {
    guard case .binary("===", let left, _) = test.form else { return false }
    return left.dottedName == "__name__"
  }

  /// The pattern that has to be found in a text where a function that asks for one, such as `re.match`, finds it.
  static func matching(_ name: String, _ pattern: String) -> String? {
    switch name {
    case "_.re.search": pattern
    case "_.re.match": "^(?:\(pattern))"
    case "_.re.fullmatch": "^(?:\(pattern))$"
    default: nil
    }
  }

  /// Calls that fail where their object is not well: as the check that they are.
  static func asserting(_ expression: Expression) -> [JavaScriptStatement]? {
    guard case .call(let callee, _) = expression.form,
      case .member(let object, "raise_for_status") = callee.form
    else { return nil }
    let test = Expression(.member(object, "ok"), expression.range, over: [object])
    return [.branch(test, then: [], otherwise: [.raising(nil, expression.range)])]
  }

  /// A call, by what it does.
  func call(
    _ callee: Expression, _ positional: [Expression], _ named: [Expression.Property],
    _ range: ByteRange
  ) -> Expression {
    if case .member(let object, let method) = callee.form,
      let known = self.method(method, of: object, positional, named, range)
    {
      return known
    }
    guard let name = callee.dottedName else { return plain(callee, positional, named, range) }
    if let known = function(name, positional, named, range) { return known }
    if let order = parameters[name], !named.isEmpty {
      return plain(callee, inOrder(order, positional, named, range), [], range)
    }
    let root = name.prefix { $0 != "." }
    if Self.pure.contains(name) || Self.pureModules.contains(String(root))
      || (!name.contains(".") && (name.hasSuffix("Error") || name.hasSuffix("Exception")))
    {
      return plain(Self.dotted("_." + name, range), positional, named, range)
    }
    return plain(callee, positional, named, range)
  }

  private func plain(
    _ callee: Expression, _ positional: [Expression], _ named: [Expression.Property],
    _ range: ByteRange
  ) -> Expression {
    var arguments = positional
    if !named.isEmpty {
      arguments.append(Expression(.object(named), range, over: named.map(\.value)))
    }
    return Expression(.call(callee, arguments), range, over: [callee] + arguments)
  }

  private func inOrder(
    _ order: [String], _ positional: [Expression], _ named: [Expression.Property],
    _ range: ByteRange
  ) -> [Expression] {
    var result = positional
    for name in order.dropFirst(positional.count) {
      result.append(
        named.first { $0.name == name }?.value ?? Expression(.undefined, range))
    }
    return result
  }

  // MARK: Functions

  private func function(
    _ name: String, _ given: [Expression], _ named: [Expression.Property], _ range: ByteRange
  ) -> Expression? {
    let first = given.first
    func js(_ path: String, _ arguments: [Expression]) -> Expression {
      plain(Self.dotted(path, range), arguments, [], range)
    }
    switch name {
    case "json.loads", "orjson.loads", "yaml.safe_load":
      return first.map { js("JSON.parse", [$0]) }
    case "json.dumps", "orjson.dumps": return first.map { js("JSON.stringify", [$0]) }
    case "json.load":
      // A file that is open, or a response: what can be read is read.
      return first.map { path($0).map { js("PythonFile.read", [$0]) } ?? js("JSON.parse", [$0]) }
    case "json.dump":
      guard let first, let path = given.dropFirst().first.flatMap(path) else { return nil }
      return js("PythonFile.write", [path, first])
    case "str": return js("String", given)
    case "int", "float": return js("Number", given)
    case "bool": return js("Boolean", given)
    case "len":
      return first.map { Expression(.member($0, "length"), range, over: [$0]) }
    case "list", "tuple", "set", "sorted", "reversed", "iter", "dict", "textwrap.dedent",
      "copy.copy", "copy.deepcopy", "html.escape", "str.strip":
      return named.isEmpty || first != nil
        ? first ?? Expression(.array([]), range)
        : Expression(.object(named), range, over: named.map(\.value))
    case "sum":
      return first.flatMap { counted($0, range) }
    case "any", "all":
      guard let first else { return nil }
      return quantified(name == "any" ? "some" : "every", first, range)
    case "os.getenv", "os.environ.get":
      guard case .string(let key)? = first?.form else { return nil }
      let read = Self.dotted("os.environ", range)
      let value = Expression(.member(read, key), range, over: [read])
      guard let other = given.dropFirst().first else { return value }
      return Expression(.chain("??", [value, other]), range, over: [value, other])
    case "time.sleep", "asyncio.sleep": return js("sleep", given)
    case "sys.exit", "exit", "quit", "os._exit":
      return js("process.exit", [first ?? Expression(.string("0"), range)])
    case "open", "io.open":
      let mode = named.first { $0.name == "mode" }?.value
      return js(Self.handle, given + (mode.map { [$0] } ?? []))
    case "print":
      let file = named.first { $0.name == "file" }?.value
      guard let path = file.flatMap(path) else { return js("console.log", given) }
      let line = Expression(.string("\n"), range)
      let text = Expression(.chain("+", given + [line]), range, over: given + [line])
      return js("PythonFile.append", [path, text])
    case "urllib.request.Request":
      guard let first else { return nil }
      var properties = [Expression.Property(name: "url", value: first)] + named
      if let data = given.dropFirst().first { properties.append(.init(name: "data", value: data)) }
      return Expression(.object(properties), range, over: properties.map(\.value))
    case "asyncio.run", "asyncio.gather": return first
    default: return nil
    }
  }

  /// `sum(1 for x in list if test)`, `sum(test for x in list)`: how many elements satisfy the test.
  private func counted(_ list: Expression, _ range: ByteRange) -> Expression? {
    guard case .call(let callee, let arguments) = list.form,
      case .member(let source, "map") = callee.form,
      case .function(let function)? = arguments.first?.form,
      case .expression(let element) = function.body
    else { return nil }
    if case .number("1") = element.form {
      return Expression(.member(source, "length"), range, over: [source])
    }
    guard element.isDecision, let test = arguments.first else { return nil }
    let method = Expression(.member(source, "filter"), range, over: [source])
    let kept = Expression(.call(method, [test]), range, over: [method, test])
    return Expression(.member(kept, "length"), range, over: [kept])
  }

  /// `any(test(x) for x in list)`: the list's own quantifier, where the test stands in it.
  private func quantified(_ method: String, _ list: Expression, _ range: ByteRange) -> Expression {
    var object = list
    var arguments: [Expression] = []
    if case .call(let callee, let given) = list.form, case .member(let inner, "map") = callee.form {
      object = inner
      arguments = given
    }
    let callee = Expression(.member(object, method), range, over: [object])
    return Expression(.call(callee, arguments), range, over: [callee] + arguments)
  }

  /// The path of an open file.
  private func path(_ file: Expression) -> Expression? {
    if file.dottedName == "sys.stdin" { return Expression(.string("/dev/stdin"), file.range) }
    if case .identifier(let name) = file.form { return files[name]?.first }
    if case .call(let callee, let arguments) = file.form,
      callee.dottedName == Self.handle || callee.dottedName == "pathlib.Path"
        || callee.dottedName == "_.pathlib.Path" || callee.dottedName == "Path"
    {
      return arguments.first
    }
    return nil
  }

  // MARK: Methods

  private func method(
    _ method: String, of object: Expression, _ given: [Expression],
    _ named: [Expression.Property], _ range: ByteRange
  ) -> Expression? {
    func js(_ object: Expression, _ name: String, _ arguments: [Expression]) -> Expression {
      plain(Expression(.member(object, name), range, over: [object]), arguments, [], range)
    }
    if let path = path(object) {
      switch method {
      case "read", "read_text", "readlines", "read_bytes":
        return plain(Self.dotted("PythonFile.read", range), [path], [], range)
      case "write", "write_text", "writelines", "write_bytes":
        return plain(
          Self.dotted("PythonFile." + (isAppending(object) ? "append" : "write"), range),
          [path] + given, [], range)
      case "close", "flush": return Expression(.undefined, range)
      default: break
      }
    }
    switch method {
    case "join":
      guard object.dottedName?.hasPrefix("os") != true, let list = given.first else { return nil }
      return js(list, "join", [object])
    case "get" where given.count == 2 && named.isEmpty && isData(object):
      let read = js(object, "get", [given[0]])
      // The environment holds texts; elsewhere what is there and `None` stays that.
      let name = object.dottedName ?? ""
      let isText = name.hasPrefix("os.environ") || name.hasPrefix("process.env")
      return Expression(
        .chain(isText ? "??" : JavaScriptExpression.whereMissing, [read, given[1]]), range,
        over: [read, given[1]])
    case "append", "extend", "add": return given.count == 1 ? js(object, "push", given) : nil
    case "lower", "casefold": return js(object, "toLowerCase", [])
    case "upper": return js(object, "toUpperCase", [])
    case "strip", "lstrip", "rstrip": return js(object, "trim", [])
    case "startswith": return js(object, "startsWith", given)
    case "endswith": return js(object, "endsWith", given)
    case "items", "values": return js(object, "values", [])
    case "decode", "encode", "copy", "read":
      return given.count <= 1 && isData(object) ? object : nil
    default: return nil
    }
  }

  private func isAppending(_ file: Expression) -> Bool {
    var arguments: [Expression] = []
    if case .identifier(let name) = file.form { arguments = files[name] ?? [] }
    if case .call(_, let given) = file.form { arguments = given }
    guard arguments.count > 1, case .string(let mode) = arguments[1].form else { return false }
    return mode.contains("a")
  }

  /// Not a module or a client: calls on these do something.
  private func isData(_ object: Expression) -> Bool {
    guard let name = object.dottedName else { return true }
    let root = String(name.prefix { $0 != "." })
    return !["requests", "httpx", "session", "client", "s3", "redis", "cache"].contains(root)
  }

  private static let pure: Set<String> = [
    "isinstance", "hasattr", "getattr", "min", "max", "sum", "abs", "round", "type", "id", "range",
    "enumerate", "zip", "map", "filter", "next", "repr", "format", "ord", "chr", "hash", "vars",
    "callable", "issubclass", "super", "object", "input", "Path",
  ]

  private static let pureModules: Set<String> = [
    "os", "re", "datetime", "math", "random", "logging", "logger", "log", "uuid", "hashlib",
    "base64", "string", "itertools", "functools", "collections", "pathlib", "typing", "pprint",
    "traceback", "copy", "textwrap", "html", "statistics", "argparse", "csv", "io", "dataclasses",
    "warnings", "secrets", "hmac", "time", "sys", "json", "shlex", "tempfile", "glob", "enum",
    "pydantic", "tiktoken", "difflib", "operator", "decimal", "parser", "load_dotenv", "dotenv",
  ]
}

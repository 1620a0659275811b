import SourceText

/// Pipelines and commands: cmdlets by what they do, other programs by their words.
extension PowerShellParser {
  /// Commands one after the other, each given what the one before made.
  mutating func pipeline() -> Expression? {
    skipBlanks(lines: false)
    let from = position
    guard var value = element(given: nil) else { return nil }
    while true {
      let saved = position
      skipBlanks()
      guard byte == UInt8(ascii: "|"), peek(1) != UInt8(ascii: "|") else {
        position = saved
        break
      }
      position += 1
      skipBlanks(lines: true)
      guard let next = nested({ $0.element(given: value) }) else { return nil }
      value = next
    }
    return redirected(value, from)
  }

  /// `> file` and `>> file`.
  private mutating func redirected(_ value: Expression, _ from: Int) -> Expression? {
    let saved = position
    skipBlanks()
    _ = take("2>&1")
    skipBlanks()
    guard byte == UInt8(ascii: ">") else {
      position = saved
      return value
    }
    position += 1
    let appends = take(">")
    skipBlanks()
    guard let path = argument() else { return nil }
    return write(path, value, appends: appends, from)
  }

  private func write(
    _ path: Expression, _ value: Expression, appends: Bool, _ from: Int
  ) -> Expression {
    if case .null = path.form { return value }
    let line = Expression(.string("\n"), path.range)
    let text =
      appends ? Expression(.chain("+", [value, line]), value.range, over: [value, line]) : value
    return call(appends ? "PythonFile.append" : "PythonFile.write", [path, text], from)
  }

  private mutating func element(given: Expression?) -> Expression? {
    skipBlanks()
    guard let byte else {
      failed = true
      return nil
    }
    let isCall = byte == UInt8(ascii: "&") || byte == UInt8(ascii: ".") && peek(1) == 0x20
    if isCall {
      position += 1
      skipBlanks()
      return command(given: given)
    }
    let startsWord = Self.isWord(byte) && !(0x30...0x39).contains(byte)
    if startsWord || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/")
      || byte == UInt8(ascii: "%")
      || byte == UInt8(ascii: "?")
    {
      return command(given: given)
    }
    return expression()
  }

  // MARK: Commands

  private struct Command {
    var name: String
    var words: [Expression] = []
    var positional: [Expression] = []
    var named: [String: Expression] = [:]
    var spread: [Expression] = []

    func value(_ names: String..., at place: Int? = nil) -> Expression? {
      for name in names {
        if let value = named[name] { return value }
      }
      guard let place, place < positional.count else { return nil }
      return positional[place]
    }
  }

  private mutating func command(given: Expression?) -> Expression? {
    let from = position
    guard let first = bareWord() ?? argument() else { return nil }
    var command = Command(name: "")
    if case .string(let text) = first.form { command.name = text }
    command.words = [first]
    while true {
      skipBlanks()
      guard !isAtEndOfStatement, let byte, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ">"),
        !(byte == UInt8(ascii: "&") && peek(1) == byte)
      else { break }
      if byte == UInt8(ascii: "2"), peek(1) == UInt8(ascii: ">") {
        position += 2
        _ = argument()
        continue
      }
      let isOption =
        byte == UInt8(ascii: "-") && peek(1).map { Self.isWord($0) || $0 == 0x2d } == true
      guard let word = isOption ? bareWord() : argument(), !failed else { return nil }
      command.words.append(word)
      guard isOption, case .string(let option) = word.form else {
        if case .spread(let table) = word.form {
          command.spread.append(table)
        } else {
          command.positional.append(word)
        }
        continue
      }
      var name = option.drop { $0 == "-" }.lowercased()
      var value: Expression?
      if name.hasSuffix(":") {
        name.removeLast()
        value = argument()
      } else {
        skipBlanks()
        let isSwitch = Self.switches.contains(name)
        if !isSwitch, !isAtEndOfStatement, let next = self.byte, next != UInt8(ascii: "|"),
          next != UInt8(ascii: ">"),
          next != UInt8(ascii: "-") || peek(1).map({ (0x30...0x39).contains($0) }) == true
        {
          value = argument()
          if let value { command.words.append(value) }
        }
      }
      command.named[name] = value ?? Expression(.boolean(true), word.range)
      if failed { return nil }
    }
    return meaning(of: command, given: given, from)
  }

  private static let switches: Set<String> = [
    "append", "raw", "nonewline", "force", "recurse", "compress", "asjson", "passthru", "unique",
    "usebasicparsing", "skiphttperrorcheck", "skipcertificatecheck", "asplaintext", "wait", "quiet",
    "not", "ashashtable",
  ]

  /// A word up to a blank, as it stands.
  private mutating func bareWord() -> Expression? {
    let from = position
    while let byte, !Self.endsWord(byte) {
      // A variable makes it a text that is put together.
      if byte == UInt8(ascii: "$") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        position = from
        return nil
      }
      position += 1
    }
    guard position > from else { return nil }
    return Expression(
      .string(String(decoding: bytes[from..<position], as: UTF8.self)), ByteRange(from, position))
  }

  private static func endsWord(_ byte: UInt8) -> Bool {
    byte <= 0x20 || [0x28, 0x29, 0x3b, 0x7b, 0x7d, 0x7c, 0x3e, 0x60].contains(byte)
  }

  /// An argument: a bare word, or an expression without operators; several joined by commas are a list.
  private mutating func argument() -> Expression? {
    skipBlanks()
    let from = position
    var items: [Expression] = []
    repeat {
      skipBlanks()
      guard let item = oneArgument() else {
        failed = true
        return nil
      }
      items.append(item)
    } while take(",")
    if items.count == 1 { return items[0] }
    return Expression(.array(items), ByteRange(from, position), over: items)
  }

  private mutating func oneArgument() -> Expression? {
    guard let byte else { return nil }
    switch byte {
    case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "("), UInt8(ascii: "@"),
      UInt8(ascii: "{"), UInt8(ascii: "["):
      return nested { $0.primary() }
    case UInt8(ascii: "$"):
      guard let value = nested({ $0.primary() }) else { return nil }
      // `$dir/answer.json`: more of the same word.
      guard let next = self.byte, !Self.endsWord(next), next != UInt8(ascii: ",") else {
        return value
      }
      let start = position
      while let byte = self.byte, !Self.endsWord(byte), byte != UInt8(ascii: ",") { position += 1 }
      let tail = String(decoding: bytes[start..<position], as: UTF8.self)
      return Expression(
        .template(texts: ["", tail], [value]), ByteRange(value.range.start, position), over: [value]
      )
    default:
      let from = position
      while let byte = self.byte, !Self.endsWord(byte), byte != UInt8(ascii: ",") { position += 1 }
      guard position > from else { return nil }
      return Expression(
        .string(String(decoding: bytes[from..<position], as: UTF8.self)), ByteRange(from, position))
    }
  }

  // MARK: Meanings

  private mutating func meaning(
    of command: Command, given: Expression?, _ from: Int
  ) -> Expression? {
    let range = ByteRange(from, position)
    let nothing = Expression(.undefined, range)
    let name = command.name.lowercased()
    func pure(_ arguments: [Expression]) -> Expression { call("_." + name, arguments, from) }
    func method(_ object: Expression, _ name: String, _ arguments: [Expression]) -> Expression {
      let callee = Expression(.member(object, name), range, over: [object])
      return Expression(.call(callee, arguments), range, over: [callee] + arguments)
    }
    if let names = parameters[name] {
      var arguments: [Expression] = []
      var rest = command.positional[...]
      for name in names { arguments.append(command.named[name] ?? rest.popFirst() ?? nothing) }
      return call(name, arguments, from)
    }
    switch name {
    case "invoke-restmethod", "irm", "invoke-webrequest", "iwr":
      let isWhole = name == "invoke-webrequest" || name == "iwr"
      return request(command, given: given, named: isWhole ? "webRequest" : "restMethod", from)
    case "convertfrom-json", "convertfrom-yaml":
      return call("JSON.parse", [command.value("inputobject", at: 0) ?? given ?? nothing], from)
    case "convertto-json", "convertto-yaml":
      return call("JSON.stringify", [command.value("inputobject", at: 0) ?? given ?? nothing], from)
    case "write-output", "echo", "write", "write-host", "write-information", "write-verbose",
      "write-warning", "write-debug":
      let value = command.value("inputobject", "object", "message", at: 0) ?? given ?? nothing
      if name == "write-output" || name == "echo" || name == "write" { return value }
      return call("console.log", [value], from)
    case "write-error":
      return call("console.error", [command.value("message", at: 0) ?? nothing], from)
    case "out-file", "set-content", "add-content", "tee-object", "sc", "ac":
      let path = command.value("filepath", "path", "literalpath", at: 0)
      let value = command.value("inputobject", "value", at: given == nil ? 1 : nil) ?? given
      guard let path, let value else { return pure(command.positional) }
      let appends = name == "add-content" || name == "ac" || command.named["append"] != nil
      return write(path, value, appends: appends, from)
    case "get-content", "gc", "cat", "type":
      guard let path = command.value("path", "literalpath", at: 0) else { return given ?? nothing }
      return call("PythonFile.read", [path], from)
    case "start-sleep", "sleep":
      return call("sleep", [command.value("seconds", "milliseconds", at: 0) ?? nothing], from)
    case "foreach-object", "%", "foreach":
      guard let list = given, let action = command.value("process", at: 0) else {
        return given ?? nothing
      }
      if case .function = action.form { return method(list, "map", [action]) }
      if case .string(let field) = action.form {
        return Expression(.member(list, field), range, over: [list])
      }
      return list
    case "where-object", "?", "where":
      guard let list = given, let test = command.value("filterscript", at: 0) else {
        return given ?? nothing
      }
      if case .function(var function) = test.form, case .block(let body) = function.body,
        body.count == 1, case .expression(let condition) = body[0]
      {
        function.body = .expression(condition)
        return method(list, "filter", [Expression(.function(function), test.range)])
      }
      return list
    case "select-object", "select":
      guard let list = given else { return nothing }
      if case .string(let field)? = command.named["expandproperty"]?.form {
        return Expression(.member(list, field), range, over: [list])
      }
      return list
    case "out-null": return given ?? nothing
    case "out-string", "format-list", "format-table", "sort-object", "select-string", "out-default",
      "out-host", "measure-object", "group-object":
      return given ?? nothing
    default: break
    }
    let parts = name.split(separator: "-")
    if parts.count == 2, let verb = parts.first,
      Self.verbs.contains(String(verb))
    {
      // A cmdlet that computes or only looks.
      if Self.looking.contains(String(verb)) {
        return pure(command.positional + [given].compactMap(\.self))
      }
      var arguments = command.positional + [given].compactMap(\.self)
      if !command.named.isEmpty {
        let properties = command.named.sorted { $0.key < $1.key }.map {
          Expression.Property(name: $0.key, value: $0.value)
        }
        arguments.append(Expression(.object(properties), range, over: properties.map(\.value)))
      }
      let callee = Expression(.identifier(command.name), range)
      return Expression(.call(callee, arguments), range, over: [callee] + arguments)
    }
    let words = Expression(.array(command.words), range, over: command.words)
    guard let given else { return call("subprocess.run", [words], from) }
    let input = Expression(
      .object([.init(name: "input", value: given)]), given.range, over: [given])
    return call("subprocess.run", [words, input], from)
  }

  private static let looking: Set<String> = [
    "get", "test", "measure", "compare", "convert", "convertto", "convertfrom", "join", "split",
    "resolve", "find", "import", "new", "remove", "copy", "move", "rename", "clear", "set", "push",
    "pop", "wait", "start", "stop", "show", "trace", "enable", "disable", "install", "expand",
    "compress", "add", "assert", "read", "format", "select", "sort", "group", "out",
  ]
  private static let verbs: Set<String> = looking.union([
    "invoke", "send", "publish", "update", "write", "push", "submit", "deploy", "export", "save",
    "register", "restart", "resume", "grant", "revoke", "approve", "deny", "connect", "disconnect",
    "mount", "sync", "merge", "backup", "restore", "use", "unregister", "uninstall", "initialize",
  ])

  private func request(
    _ command: Command, given: Expression?, named name: String, _ from: Int
  ) -> Expression {
    let range = ByteRange(from, position)
    var properties: [Expression.Property] = []
    for table in command.spread { properties.append(.init(name: nil, value: table)) }
    for (key, value) in command.named.sorted(by: { $0.key < $1.key }) {
      properties.append(.init(name: key, value: value))
    }
    if command.named["uri"] == nil, let address = command.positional.first {
      properties.append(.init(name: "uri", value: address))
    }
    if command.named["body"] == nil, let given {
      properties.append(.init(name: "body", value: given))
    }
    let options: Expression
    if let table = command.spread.first, command.named.isEmpty, command.positional.isEmpty {
      options = table
    } else {
      options = Expression(.object(properties), range, over: properties.map(\.value))
    }
    return call("PowerShell." + name, [options], from)
  }
}

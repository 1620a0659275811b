import Expressions
import SourceText

/// Tasks that run something: a container, a script, a shell command, another workflow.
extension TaskLowerer {
  mutating func lowerRun(_ place: Place) -> (head: Int, ways: [Way]) {
    let node = place.body["run"] ?? place.body
    guard node["await"]?.text == "false" else { return lowerRun(of: node, place) }
    // What nobody waits for runs on beside what follows.
    let head = add(place, part: Self.startPart, kind: .control)
    let run = lowerRun(of: node, place)
    graph.connect(head, to: run.head)
    return (head, [way(head, place, isMade: false)])
  }

  /// The number of the step that only starts what nobody waits for; a program's own steps count up from 0.
  private static let startPart = 10_000

  private mutating func lowerRun(
    of node: Node, _ place: Place
  ) -> (head: Int, ways: [Way]) {
    let expressions = expressions(at: place)
    if let container = node["container"] {
      let call = Call(
        kind: "image", name: container["image"]?.text ?? "",
        arguments: expressions.tree.arguments("container", container),
        location: location(container["image"] ?? container))
      return lowerCall(place, call, result: .result([]))
    }
    if let workflow = node["workflow"] { return lowerWorkflow(place, workflow) }
    if let shell = node["shell"], let command = shell["command"] {
      return lowerShell(place, shell, command)
    }
    if let script = node["script"] {
      return lowerScript(place, script)
    }
    note("what `\(place.name)` runs could not be read", at: node.range)
    return lowerPlain(place, kind: .action)
  }

  private mutating func lowerShell(
    _ place: Place, _ shell: Node, _ command: Node
  ) -> (head: Int, ways: [Way]) {
    let expressions = expressions(at: place)
    let text = command.text ?? ""
    if let arguments = shell["arguments"] {
      return lowerCall(
        place, self.command(text, command, arguments, expressions), result: .result([]))
    }
    let bytes = Array(text.utf8)
    let holes = TextHoles.find(in: bytes, opening: "${", quotes: "\"")
    if holes.contains(where: { $0.whole == ByteRange(0, bytes.count) }) {
      // The whole command line is computed.
      let call = Call(
        kind: "command", name: "sh",
        arguments: [.init("-c", expressions.text(command), at: location(command))],
        location: location(command))
      return lowerCall(place, call, result: .result([]))
    }
    let head = add(place, kind: .control)
    let substitutions = holes.map { hole in
      let text = String(decoding: bytes[hole.whole.start..<hole.whole.end], as: UTF8.self)
      let code = Node(
        .scalar(.init(style: .plain, text: text)), range: command.fileRange(ofText: hole.whole))
      return ScriptContext.Substitution(range: hole.whole, value: expressions.text(code))
    }
    var environment: [String: Value] = [:]
    for entry in shell["environment"]?.entries ?? [] {
      if let key = entry.key.text { environment[key] = expressions.tree.value(entry.value) }
    }
    var context = ScriptContext(
      path: path, stepName: place.name, route: place.route + ".run.shell",
      variableScope: place.route + "/", fileScope: place.route + "/",
      substitutions: substitutions, environment: environment, exitsOnError: false)
    let printed = Variable("\(place.route).stdout")
    context.standardOutput = printed
    let exits = ShellLowering.lower(
      script: command, in: context, into: &graph, from: [LooseEnd(head)])
    gaps += exits.gaps
    fail(exits.failure, place)
    let output = assignments(
      place, raw: .reference(Reference(printed, at: location(command))))
    let last = add(place, part: 1, kind: .control, assignments: output.list)
    graph.connect(exits.success, to: last)
    return (head, [way(last, place, isMade: output.isMade)])
  }

  /// A program with its arguments written as a list, or as options with values.
  private func command(
    _ text: String, _ node: Node, _ arguments: Node, _ expressions: RuntimeExpression
  ) -> Call {
    var given: [Call.Argument] = []
    var position = 0
    func add(_ value: Value, _ node: Node) {
      given.append(.init(String(position), value, at: location(node)))
      position += 1
    }
    let words = text.parts(by: " ").map(String.init)
    for word in words.dropFirst() { add(.literal(word), node) }
    for item in arguments.items { add(expressions.tree.value(item), item) }
    for entry in arguments.entries {
      guard let key = entry.key.text else { continue }
      let value = expressions.tree.value(entry.value)
      if key.hasPrefix("-") {
        given.append(.init(key, value, at: location(entry.value)))
      } else {
        add(.literal(key), entry.key)
        add(value, entry.value)
      }
    }
    return Call(
      kind: "command", name: words.first ?? text, arguments: given, location: location(node))
  }

  private mutating func lowerScript(_ place: Place, _ script: Node) -> (head: Int, ways: [Way]) {
    let expressions = expressions(at: place)
    let language = script["language"]?.text?.lowercased() ?? ""
    var values: [String: Value] = [:]
    for entry in script["arguments"]?.entries ?? [] {
      if let key = entry.key.text { values[key] = expressions.tree.value(entry.value) }
    }
    if let code = script["code"], ScriptLanguage(interpreter: language) == .python {
      return lowerPython(place, script, code)
    }
    guard ["js", "javascript"].contains(language), let code = script["code"] else {
      let call = Call(
        kind: "script", name: language,
        arguments: expressions.tree.arguments("script", script), location: location(script))
      return lowerCall(place, call, result: .result([]))
    }
    let head = add(place, kind: .control)
    let result = Variable("\(place.route).result")
    let context = JavaScriptContext(
      path: path, stepName: place.name, route: place.route + ".run.script",
      variableScope: place.route + "/", result: result,
      resolve: { name, links, _ in
        if let value = values[name] { return JavaScriptResolution(value, used: 0) }
        if name == "process", links.first?.field == "env", let key = links.dropFirst().first?.field,
          let node = script["environment"]?[key]
        {
          return JavaScriptResolution(expressions.tree.value(node), used: 2)
        }
        return nil
      },
      writes: { name, given, place in
        // What is printed is what the task gives.
        guard name == "console.log" || name == "process.stdout.write" else { return nil }
        return [.init(result, value: Value.joined(given), at: place)]
      })
    let exits = JavaScriptLowering.lower(
      script: code, in: context, into: &graph, from: [LooseEnd(head)])
    return finish(exits, place, result, at: code, from: head)
  }

  private mutating func lowerPython(
    _ place: Place, _ script: Node, _ code: Node
  ) -> (head: Int, ways: [Way]) {
    let tree = expressions(at: place).tree
    let head = add(place, kind: .control)
    var context = ScriptContext(
      path: path, stepName: place.name, route: place.route + ".run.script",
      variableScope: place.route + "/", fileScope: place.route + "/")
    for entry in script["environment"]?.entries ?? [] {
      if let key = entry.key.text { context.environment[key] = tree.value(entry.value) }
    }
    context.positional = (script["arguments"]?.items ?? []).map { tree.value($0) }
    context.standardInput = script["stdin"].map { tree.value($0) }
    // What is printed is what the task gives.
    let result = Variable("\(place.route).result")
    context.standardOutput = result
    let exits = ProgramLowering.lower(
      .python, script: code, in: context, into: &graph, from: [LooseEnd(head)])
    return finish(exits, place, result, at: code, from: head)
  }

  private mutating func finish(
    _ exits: ScriptExits, _ place: Place, _ result: Variable, at code: Node, from head: Int
  ) -> (head: Int, ways: [Way]) {
    gaps += exits.gaps
    fail(exits.failure, place)
    let output = assignments(place, raw: .reference(Reference(result, at: location(code))))
    let last = add(place, part: 1, kind: .control, assignments: output.list)
    graph.connect(exits.success, to: last)
    return (head, [way(last, place, isMade: output.isMade)])
  }
}

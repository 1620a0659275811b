import Expressions
import SourceText

/// What an activity is given, what it runs, and where its result goes, in the words of each engine.
struct BPMNTask {
  let node: BPMNNode
  /// The name of what is run: `connector/http-connector`, `job/io.camunda:http-json:1`, `topic/x`, `class/a.b.C`.
  let name: String
  /// What the task is given, by name, each with its place.
  private(set) var inputs: [(name: String, value: Value, place: SourceLocation)] = []
  /// What is written when it is done.
  private(set) var outputs: [Step.Assignment] = []
  /// Whether a mapping says where the result goes; else its variables become the process's.
  private(set) var mapsResult = false
  private var text: BPMNText

  init(_ node: BPMNNode, in definitions: BPMNDefinitions, text: BPMNText) {
    self.node = node
    self.text = text
    let source = Self.implementation(of: node)
    let expression = source.extended("expression")
    let called = expression.flatMap(text.called)
    name = called.map { "expression/" + $0.name } ?? Self.name(of: source, node, definitions)
    let extensions = source.child("extensionElements") ?? node.element.child("extensionElements")
    readCamunda(extensions)
    readZeebe(extensions)
    readFields(extensions)
    readAssociations()
    for (index, value) in (called?.arguments ?? []).enumerated() {
      inputs.append((String(index), value, text.location((expression ?? node.element.node).range)))
    }
  }

  /// A message event carries its implementation on the definition of the event.
  private static func implementation(of node: BPMNNode) -> XMLElement {
    if let event = node.event, event.kind == "message",
      event.element.child("extensionElements") != nil || event.element.extended("class") != nil
        || event.element.extended("type") != nil || event.element.extended("expression") != nil
        || event.element.extended("delegateExpression") != nil
    {
      return event.element
    }
    return node.element
  }

  private static func name(
    of element: XMLElement, _ node: BPMNNode, _ definitions: BPMNDefinitions
  ) -> String {
    let extensions = element.child("extensionElements")
    if let id = extensions?.child("connector")?.child("connectorId")?.text?.text {
      return "connector/" + id
    }
    if let job = (extensions ?? node.element.child("extensionElements"))?.child("taskDefinition"),
      let type = job.attribute("type")?.text
    {
      return "job/" + type
    }
    if element.extended("type")?.text == "external", let topic = element.extended("topic")?.text {
      return "topic/" + topic
    }
    for (key, word) in [
      ("class", "class"), ("delegateExpression", "delegate"), ("expression", "expression"),
      ("type", "type"), ("decisionRef", "decision"), ("taskName", "work-item"),
    ] {
      if let text = element.extended(key)?.text { return word + "/" + text.withoutMarks }
    }
    if let decision = extensions?.child("calledDecision")?.attribute("decisionId")?.text {
      return "decision/" + decision
    }
    if let operation = element.attribute("operationRef")?.text,
      let name = definitions.operations[operation]
    {
      return "service/" + name
    }
    let message =
      node.event?.element.attribute("messageRef") ?? node.event?.element.attribute("signalRef")
      ?? element.attribute("messageRef")
    let subject = message?.text.map { definitions.names[$0] ?? $0 } ?? node.title
    switch node.kind {
    case "sendTask", "intermediateThrowEvent", "endEvent": return "send/" + subject
    case "receiveTask", "intermediateCatchEvent", "boundaryEvent", "startEvent":
      return "receive/" + subject
    default: return node.kind
    }
  }

  func input(_ names: String...) -> Value? {
    for name in names {
      if let input = inputs.last(where: { $0.name.lowercased() == name.lowercased() }) {
        return input.value
      }
    }
    return nil
  }

  /// The request, where the task is known to send one.
  var request: Call.HTTPRequest? {
    let lowered = name.lowercased()
    guard lowered.holds("http") || lowered.hasSuffix("/rest"),
      let url = input("url", "requestUrl")
    else { return nil }
    let method: String
    if case .literal(let word)? = input("method", "requestMethod") {
      method = word.uppercased()
    } else {
      method = "GET"
    }
    var body = input("body", "payload", "requestBody", "ContentData", "Content")
    let fields = inputs.filter { $0.name.hasPrefix("body.") }
      .map { Value.Field(String($0.name.dropFirst(5)), $0.value) }
    if body == nil, !fields.isEmpty { body = .record(fields) }
    return Call.HTTPRequest(
      method: method, url: url, body: body.map { JSONTemplate.parse($0) ?? $0 },
      // Camunda 7's connector hands the status on; the others fail on it.
      failsOnErrorStatus: !lowered.hasPrefix("connector/"))
  }

  /// The call's arguments: every input, records by their fields.
  var arguments: [Call.Argument] {
    var arguments: [Call.Argument] = []
    func add(_ name: String, _ value: Value, _ place: SourceLocation, _ depth: Int) {
      if case .record(let fields) = value, depth < 4, arguments.count < 500 {
        for field in fields { add(name + "." + field.name, field.value, place, depth + 1) }
      } else {
        arguments.append(Call.Argument(name, value, at: place))
      }
    }
    for input in inputs { add(input.name, input.value, input.place, 0) }
    return arguments
  }

  // MARK: Camunda 7

  private mutating func readCamunda(_ extensions: XMLElement?) {
    let element = Self.implementation(of: node)
    if let mapping = extensions?.child("inputOutput") { readInputs(mapping) }
    let connector = extensions?.child("connector")
    var answer = text
    answer.locals = text.locals
    answer.locals["response"] = .result([])
    answer.locals["statusCode"] = .result([.field("status_code")])
    answer.locals["headers"] = .result([.field("headers")])
    if let mapping = connector?.child("inputOutput") {
      readInputs(mapping)
      for output in mapping.children(named: "outputParameter") { write(output, in: answer) }
    }
    if let result = element.extended("resultVariable") ?? element.extended("responseVariableName"),
      let name = result.text
    {
      add(name, .result([]), at: result)
    }
    if let mapping = extensions?.child("inputOutput") {
      for output in mapping.children(named: "outputParameter") {
        // What the task itself left: a connector's output, or the result.
        var scope = connector == nil ? answer : text
        scope.locals["result"] = .result([])
        write(output, in: scope)
      }
    }
  }

  private mutating func readInputs(_ mapping: XMLElement) {
    for input in mapping.children(named: "inputParameter") {
      guard let name = input.attribute("name")?.text else { continue }
      add(input: name, value(of: input, in: text), at: input.text ?? input.node)
    }
  }

  private mutating func write(_ output: XMLElement, in scope: BPMNText) {
    guard let name = output.attribute("name"), let key = name.text else { return }
    add(key, value(of: output, in: scope), at: output.text ?? name)
  }

  /// A parameter: text, a list, a map, or a script.
  private func value(of parameter: XMLElement, in scope: BPMNText) -> Value {
    if let script = parameter.child("script") {
      return BPMNScript(text: scope).value(of: script.text)
    }
    if let map = parameter.child("map") {
      return .record(
        map.children(named: "entry").compactMap { entry in
          entry.attribute("key")?.text.map { .init($0, value(of: entry, in: scope)) }
        })
    }
    if let list = parameter.child("list") {
      return .list(list.children.map { scope.juel($0.text) })
    }
    return scope.juel(parameter.text)
  }

  // MARK: Zeebe

  private mutating func readZeebe(_ extensions: XMLElement?) {
    guard let extensions else { return }
    for input in extensions.child("ioMapping")?.children(named: "input") ?? [] {
      guard let source = input.attribute("source"), let target = input.attribute("target")?.text
      else { continue }
      add(input: target, text.feel(source), at: source)
    }
    var answer = text
    let response = Value.record([
      .init("body", .result([])), .init("status", .result([.field("status_code")])),
      .init("headers", .result([.field("headers")])),
    ])
    answer.locals["response"] = isConnector ? response : .result([])
    for header in extensions.child("taskHeaders")?.children(named: "header") ?? [] {
      guard let value = header.attribute("value"), let text = value.text, !text.isEmpty else {
        continue
      }
      switch header.attribute("key")?.text {
      case "resultVariable":
        add(text, answer.locals["response"] ?? .result([]), at: value)
        answer.locals[text] = answer.locals["response"]
      case "resultExpression":
        // A context: its fields become variables.
        let result = answer.feel(value)
        if case .record(let fields) = result {
          for field in fields {
            add(field.name, field.value, at: value)
            answer.locals[field.name] = field.value.bounded
          }
        } else {
          mapsResult = true
        }
      case .some(let key): add(input: key, self.text.feel(value), at: value)
      case nil: break
      }
    }
    for output in extensions.child("ioMapping")?.children(named: "output") ?? [] {
      guard let source = output.attribute("source"), let target = output.attribute("target")?.text
      else { continue }
      var scope = answer
      if !isConnector, let name = source.text?.dropFirst().prefix(while: \.isWordCharacter),
        scope.locals[String(name)] == nil
      {
        // A worker's variables are the fields of its result.
        scope.locals[String(name)] = .result([.field(String(name))])
      }
      add(target, scope.feel(source), at: source)
    }
    if let called = extensions.child("calledDecision"),
      let name = called.attribute("resultVariable"),
      let text = name.text
    {
      add(text, .result([]), at: name)
    }
  }

  private var isConnector: Bool { name.lowercased().holds("http") }

  // MARK: Flowable, Activiti, jBPM

  private mutating func readFields(_ extensions: XMLElement?) {
    for field in extensions?.children(named: "field") ?? [] {
      guard let name = field.attribute("name")?.text else { continue }
      let value =
        field.child("string")?.text ?? field.child("expression")?.text
        ?? field.attribute("stringValue") ?? field.attribute("expression")
      if let value {
        add(input: name, text.juel(value), at: value)
        if name == "responseVariableName", let variable = value.text {
          add(variable, .result([]), at: value)
        }
      }
    }
  }

  /// The names of what is handed over, by identifier.
  private var dataNames: [String: String] {
    let element = node.element
    var names: [String: String] = [:]
    let holders = element.children(named: "ioSpecification") + [element]
    for item in holders.flatMap(\.children)
    where item.name == "dataInput" || item.name == "dataOutput" {
      if let id = item.attribute("id")?.text { names[id] = item.attribute("name")?.text ?? id }
    }
    return names
  }

  /// What is taken over by name from a process that the activity runs.
  var associatedOutputs: [(source: String, target: Node)] {
    let names = dataNames
    return node.element.children(named: "dataOutputAssociation").compactMap { association in
      guard let target = association.child("targetRef")?.text,
        let source = association.child("sourceRef")?.text?.text
      else { return nil }
      return (names[source] ?? source, target)
    }
  }

  private mutating func readAssociations() {
    let element = node.element
    let names = dataNames
    for association in element.children(named: "dataInputAssociation") {
      guard let target = association.child("targetRef")?.text?.text else { continue }
      let name = names[target] ?? target
      if let from = association.child("assignment")?.child("from")?.text {
        add(input: name, text.juel(from), at: from)
      } else if let source = association.child("sourceRef")?.text, let variable = source.text {
        let place = text.location(source.range)
        add(
          input: name, .reference(Reference(BPMNText.variable(variable), at: place)), at: source)
      }
    }
    for association in element.children(named: "dataOutputAssociation") {
      guard let target = association.child("targetRef")?.text, let variable = target.text else {
        continue
      }
      add(variable, .result([]), at: target)
    }
  }

  private mutating func add(input name: String, _ value: Value, at node: Node) {
    inputs.append((name, value, text.location(node.range)))
    text.locals[name] = value.bounded
  }

  private mutating func add(_ variable: String, _ value: Value, at node: Node) {
    mapsResult = true
    let path = variable.parts(by: ".").map(String.init)
    guard let head = path.first else { return }
    outputs.append(
      Step.Assignment(
        BPMNText.variable(head), path: path.dropFirst().map { .field($0) }, value: value,
        at: text.location(node.range)))
  }
}

extension XMLElement {
  /// An attribute of an engine's own namespace, whichever that is.
  func extended(_ name: String) -> Node? {
    guard case .mapping(let own) = node.content else { return nil }
    let entries = own.span
    for index in entries.indices {
      // Few attributes have a namespace: the others are passed over by their first bytes.
      guard let key = entries[index].key.text, key.begins(with: "@{"), key.hasSuffix("}" + name)
      else { continue }
      return entries[index].value
    }
    return nil
  }
}

extension String {
  /// `${mailer}` is `mailer`.
  fileprivate var withoutMarks: String {
    guard hasPrefix("${") || hasPrefix("#{"), hasSuffix("}") else { return self }
    return String(dropFirst(2).dropLast())
  }
}

extension Character {
  fileprivate var isWordCharacter: Bool { isLetter || isNumber || self == "_" }
}

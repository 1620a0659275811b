import Expressions
import SourceText

/// Activities, events and gateways, each as steps.
extension BPMNLowering {
  mutating func place(_ node: BPMNNode, in scope: BPMNScope) -> Placed {
    switch node.kind {
    case "exclusiveGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway":
      return plain(add(node, .control))
    case "parallelGateway":
      let step = add(node, .control)
      if scope.incoming[node.id] ?? 0 > 1 { builder.update(step) { $0.joinsAll = true } }
      return plain(step)
    case "startEvent": return placeStart(node)
    case "endEvent", "intermediateThrowEvent": return placeThrow(node)
    case "intermediateCatchEvent": return placeCatch(node)
    default: return repeated(node) { lowering in lowering.placeActivity(node) }
    }
  }

  private func plain(_ step: Int) -> Placed { Placed(head: step, ends: [LooseEnd(step)]) }

  // MARK: Events

  private mutating func placeStart(_ node: BPMNNode) -> Placed {
    triggers.append(
      .init(name: node.event?.kind ?? "none", location: location(node.place)))
    let step = add(node, .control)
    let task = BPMNTask(node, in: definitions, text: text)
    // What started the process brings its data along.
    let outputs = task.outputs.map { output in
      var output = output
      output.value = .reference(Reference(Variable("input"), at: output.location))
      return output
    }
    builder.update(step) { $0.assignments = outputs }
    return plain(step)
  }

  private mutating func placeThrow(_ node: BPMNNode) -> Placed {
    switch node.event?.kind {
    case "message", "signal":
      var placed = call(node)
      placed.waits = []
      return placed
    case "error" where node.kind == "endEvent":
      let step = add(node, .control)
      return Placed(head: step, ends: [], failures: [LooseEnd(step, .failure)])
    case "cancel" where node.kind == "endEvent":
      let step = add(node, .control)
      return Placed(head: step, ends: [], cancels: [LooseEnd(step)])
    case "terminate":
      let step = add(node, .control)
      terminated.append(LooseEnd(step))
      return Placed(head: step, ends: [])
    default: return plain(add(node, .control))
    }
  }

  private mutating func placeCatch(_ node: BPMNNode) -> Placed {
    switch node.event?.kind {
    case "timer":
      let step = add(node, .delay)
      return Placed(head: step, ends: [LooseEnd(step)], waits: [step])
    case "conditional":
      // Control stands still until the condition holds.
      guard let condition = node.event?.element.child("condition"), let scalar = condition.text
      else { return plain(add(node, .control)) }
      let decision = Step.Decision(
        text.condition(scalar, language: condition.attribute("language")?.text ?? ""),
        at: location(scalar.range))
      let step = add(node, .branch, decisions: [decision])
      return Placed(
        head: step, ends: [LooseEnd(step, guards: [.init(0, true)])], waits: [step])
    case "message", "signal": return call(node)
    default: return plain(add(node, .control))
    }
  }

  /// A boundary event takes over from the activity that it is attached to.
  mutating func placeBoundary(
    _ node: BPMNNode, in scope: BPMNScope, _ placed: inout [String: Placed]
  ) -> Placed? {
    guard let id = node.element.attribute("attachedToRef"), let host = id.text,
      var item = placed[host]
    else { return nil }
    let step = add(node, .control)
    let interrupts = node.element.attribute("cancelActivity")?.text != "false"
    switch node.event?.kind {
    case "cancel" where !item.cancels.isEmpty: builder.connect(item.cancels, to: step)
    case "error", "cancel", "compensate", "escalation":
      builder.connect(item.failures, to: step)
      if node.event?.kind == "error" { item.failures = [] }
    case _ where !interrupts:
      // Beside the activity, which goes on.
      builder.connect(item.head, to: step)
    case "timer":
      for wait in item.waits { builder.connect(wait, to: step, on: .timeout) }
    default:
      for wait in item.waits { builder.connect(wait, to: step, on: .failure) }
    }
    placed[host] = item
    return plain(step)
  }

  mutating func placeEventSubProcess(_ node: BPMNNode, around: Int, _ region: inout Region) {
    let scope = BPMNScope(node.element)
    let head = add(node, .control)
    let inner = lower(scope, around: head)
    for entry in inner.entries { builder.connect(head, to: entry) }
    let start = scope.nodes.first { $0.kind == "startEvent" }
    switch start?.event?.kind {
    case "error", "escalation":
      builder.connect(region.failures, to: head)
      region.failures = []
    case "timer" where start?.element.attribute("isInterrupting")?.text != "false":
      for wait in region.waits { builder.connect(wait, to: head, on: .timeout) }
    default: builder.connect(around, to: head)
    }
    region.ends += inner.ends
    region.failures += inner.failures
  }

  // MARK: Activities

  private mutating func placeActivity(_ node: BPMNNode) -> Placed {
    switch node.kind {
    case "subProcess", "transaction", "adHocSubProcess":
      let head = add(node, .control)
      let region = lower(BPMNScope(node.element), around: head)
      for entry in region.entries { builder.connect(head, to: entry) }
      if region.entries.isEmpty { return plain(head) }
      return Placed(
        head: head, ends: region.ends, failures: region.failures, cancels: region.cancels,
        waits: region.waits)
    case "userTask": return approval(node)
    case "manualTask": return plain(add(node, .approval))
    case "scriptTask": return script(node)
    case "callActivity": return callActivity(node)
    case "task" where node.element.extended("taskName") == nil:
      return plain(add(node, .control))
    default: return call(node)
    }
  }

  /// An activity that does something outside of the process.
  private mutating func call(_ node: BPMNNode) -> Placed {
    let task = BPMNTask(node, in: definitions, text: text)
    let place = location(node.place)
    var call = Call(kind: "node", name: task.name, arguments: task.arguments, location: place)
    call.http = task.request
    let step = add(node, .action, call: call)
    builder.update(step) { $0.assignments = task.outputs }
    if !task.mapsResult, node.kind.hasSuffix("Task") || node.kind == "intermediateCatchEvent" {
      freeVariables.note(worker: step)
    }
    let retry = retry(of: node)
    builder.update(step) { $0.retry = retry }
    return Placed(
      head: step, ends: [LooseEnd(step)], failures: [LooseEnd(step, .failure)], waits: [step])
  }

  /// `R3/PT10M`: how often the engine tries a job again.
  private func retry(of node: BPMNNode) -> Step.Retry? {
    let extensions = node.element.child("extensionElements")
    guard
      let cycle = extensions?.child("failedJobRetryTimeCycle")?.text,
      let text = cycle.text, text.hasPrefix("R")
    else { return nil }
    return Step.Retry(
      attempts: Int(text.dropFirst().prefix { $0.isNumber }), on: [],
      location: location(cycle.range))
  }

  private mutating func approval(_ node: BPMNNode) -> Placed {
    let task = BPMNTask(node, in: definitions, text: text)
    let call = Call(
      kind: "node", name: "userTask", arguments: task.arguments, location: location(node.place))
    let step = add(node, .approval, call: call)
    let place = location(node.place)
    // What a person fills in is theirs.
    let outputs = task.outputs.map { output in
      var output = output
      if output.value == .result([]) {
        output.value = .reference(Reference(Variable("person"), at: place))
      }
      return output
    }
    builder.update(step) { $0.assignments = outputs }
    return Placed(head: step, ends: [LooseEnd(step)], waits: [step])
  }

  // MARK: Scripts

  private mutating func script(_ node: BPMNNode) -> Placed {
    let element = node.element
    let extensions = element.child("extensionElements")
    let place = location(node.place)
    let head = add(node, .action)
    // Zeebe's own form: one expression.
    if let script = extensions?.child("script"), let expression = script.attribute("expression"),
      let variable = script.attribute("resultVariable")?.text
    {
      let value = text.feel(expression)
      builder.update(head) {
        $0.assignments = [.init(BPMNText.variable(variable), value: value, at: place)]
      }
      return plain(head)
    }
    guard let script = element.child("script")?.text else {
      return plain(head)
    }
    let format = (element.attribute("scriptFormat")?.text ?? "").lowercased()
    let result = element.extended("resultVariable")?.text
    if let result, script.text?.holds("setVariable") != true {
      let value = BPMNScript(text: text).value(of: script)
      builder.update(head) {
        $0.assignments = [.init(BPMNText.variable(result), value: value, at: place)]
      }
      return plain(head)
    }
    guard
      format.isEmpty || format.holds("javascript") || format.holds("ecmascript")
        || format.holds("groovy") || format.holds("js")
    else { return opaque(node, script, format, at: head) }
    let exits = JavaScriptLowering.lower(
      script: script.readAsJavaScript, in: context(node, result), into: &builder,
      from: [LooseEnd(head)])
    gaps += exits.gaps
    return Placed(head: head, ends: exits.success, failures: exits.failure, waits: [head])
  }

  private func context(_ node: BPMNNode, _ result: String?) -> JavaScriptContext {
    JavaScriptContext(
      path: path, stepName: node.title, route: "process.\(processID).\(node.id)",
      variableScope: node.id + "/", result: result.map(BPMNText.variable),
      resolve: { name, links, place in
        switch name {
        case "execution", "kcontext":
          guard links.first?.field == "getVariable" else { return nil }
          // Without its argument only the name is asked for.
          guard links.count > 1, let variable = links[1].textArgument else {
            return JavaScriptResolution(.unknown([]), used: links.count)
          }
          return JavaScriptResolution(
            .reference(Reference(BPMNText.variable(variable), at: place)), used: 2)
        case "JSON", "S", "Spin", "console", "java", "Packages", "Math", "Date", "Object", "Array",
          "String", "Number", "Boolean", "connector", "out", "System",
          "fetch", "axios", "require", "undefined":
          return nil
        default:
          return JavaScriptResolution(
            .reference(Reference(BPMNText.variable(name), at: place)), used: 0)
        }
      },
      writes: { name, arguments, place in
        guard name.hasSuffix(".setVariable") || name.hasSuffix(".setVariableLocal"),
          arguments.count > 1, case .literal(let variable) = arguments[0]
        else { return nil }
        return [Step.Assignment(BPMNText.variable(variable), value: arguments[1], at: place)]
      })
  }

  /// Another language: it may read whatever it names.
  private mutating func opaque(
    _ node: BPMNNode, _ script: Node, _ format: String, at step: Int
  ) -> Placed {
    let place = location(script.range)
    let references = (script.text ?? "").split { !$0.isLetter && !$0.isNumber && $0 != "_" }
      .prefix(400)
    let names = Set(references.map(String.init)).intersection(workers.written)
    let arguments = names.sorted().map { name in
      Call.Argument(name, .reference(Reference(BPMNText.variable(name), at: place)), at: place)
    }
    let language = format.parts(by: "/").last.map(String.init) ?? "script"
    builder.update(step) { step in
      step.call = Call(kind: "script", name: language, arguments: arguments, location: place)
    }
    return Placed(
      head: step, ends: [LooseEnd(step)], failures: [LooseEnd(step, .failure)], waits: [step])
  }

  // MARK: Loops

  /// An activity that runs for each element of a list, or as long as a condition holds.
  private mutating func repeated(
    _ node: BPMNNode, _ body: (inout BPMNLowering) -> Placed
  ) -> Placed {
    if let many = node.element.child("multiInstanceLoopCharacteristics") {
      return repeatedForEach(node, many, body)
    }
    guard let loop = node.element.child("standardLoopCharacteristics") else { return body(&self) }
    var placed = body(&self)
    let condition = loop.child("loopCondition")?.text
    let decision = Step.Decision(
      condition.map { text.condition($0) } ?? .unknown([]),
      at: location(condition?.range ?? loop.place))
    let branch = add(node, .branch, part: "loop", decisions: [decision])
    builder.connect(placed.ends, to: branch)
    builder.connect(branch, to: placed.head, when: [.init(0, true)])
    placed.ends = [LooseEnd(branch, guards: [.init(0, false)])]
    if loop.attribute("loopMaximum") != nil {
      placed.ends.append(LooseEnd(branch, .timeout, guards: [.init(0, true)]))
    }
    return placed
  }

  private mutating func repeatedForEach(
    _ node: BPMNNode, _ many: XMLElement, _ body: (inout BPMNLowering) -> Placed
  ) -> Placed {
    let zeebe = many.child("extensionElements")?.child("loopCharacteristics")
    let list =
      zeebe?.attribute("inputCollection") ?? many.extended("collection")
      ?? many.child("loopDataInputRef")?.text
    let name =
      zeebe?.attribute("inputElement")?.text ?? many.extended("elementVariable")?.text
      ?? many.child("inputDataItem")?.attribute("name")?.text
    let head = add(node, .control, part: "each")
    var values: Value?
    if let list, let name {
      let place = location(list.range)
      let isName = list.text.map { !$0.hasPrefix("=") && !$0.contains("{") } ?? true
      let items =
        isName
        ? Value.reference(Reference(BPMNText.variable(list.text ?? ""), at: place))
        : text.feel(list)
      values = items
      let element = items.selecting([.element])
      builder.update(head) {
        $0.assignments = [.init(BPMNText.variable(name), value: element, at: place)]
      }
    }
    var placed = body(&self)
    builder.connect(head, to: placed.head)
    builder.connect(placed.ends, toNextElementAt: head)
    let exit = add(node, .control, part: "end")
    builder.connect(placed.ends, to: exit)
    // No element at all: the activity is passed by.
    let count = many.child("loopCardinality")?.text?.text.flatMap { Int($0) } ?? 0
    if count <= 0 { builder.connect(head, past: values, to: exit) }
    if let output = zeebe?.attribute("outputCollection"), let collection = output.text,
      let element = zeebe?.attribute("outputElement")
    {
      let value = Value.list([text.feel(element)])
      let place = location(output.range)
      builder.update(exit) {
        $0.assignments = [.init(BPMNText.variable(collection), value: value, at: place)]
      }
    }
    placed.head = head
    placed.ends = [LooseEnd(exit)]
    return placed
  }
}

extension Node {
  /// Groovy's `def` is JavaScript's `let`, at the same places.
  fileprivate var readAsJavaScript: Node {
    guard case .scalar(var scalar) = content else { return self }
    var bytes = Array(scalar.text.utf8)
    let word = Array("def ".utf8)
    var index = 0
    while index + word.count <= bytes.count {
      if bytes[index] == word[0], bytes[index...].starts(with: word),
        index == 0 || bytes[index - 1] <= 32 || bytes[index - 1] == UInt8(ascii: ";")
      {
        bytes.replaceSubrange(index..<(index + 3), with: Array("let".utf8))
      }
      index += 1
    }
    scalar.text = String(decoding: bytes, as: UTF8.self)
    var node = self
    node.content = .scalar(scalar)
    return node
  }
}

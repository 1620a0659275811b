/// The history of an AWS Step Functions execution, as `get-execution-history` gives it, in one or several pages.
///
/// Identifiers give the order, also where the pages run backwards; `previousEventId` says what belongs to what.
/// https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
package enum StateMachineHistory: LogReader {
  package static let format = "step-functions-history"
  package static let isUnmistakable = true
  package static let envelope = EventSchema.Envelope()

  package static let marks = ["previousEventId"]

  package static func recognizes(_ head: Span<UInt8>) -> Bool {
    LogHead.beginsObject(head, with: ["previousEventId"])
  }

  package static func read(_ input: inout LogInput, into feed: inout LogFeed) {
    var pages = Pages()
    DocumentFeed.read(&input, into: &feed) { part, feed in
      pages.take(part.document.root, part, &feed)
    }
    pages.finish(&feed)
  }

  /// An event of the history.
  private struct Record {
    var id: Int
    var previous: Int
    var type: String
    var details: JSONItem?
    var moment: RecordedStep.Moment
  }

  /// Events of one execution, gathered over its pages.
  private struct Pages {
    private var records: [Int: Record] = [:]
    private var workflow = ""
    private var execution = ""
    private var executions = 0

    mutating func take(_ root: JSONItem, _ part: DocumentFeed.Part, _ feed: inout LogFeed) {
      if root.isList {
        let children = root.items
        guard children.first?["previousEventId"] == nil else {
          add(children, root, part, &feed)
          return
        }
        for child in children { take(child, part, &feed) }
        return
      }
      if let events = root.first("events", "Events") {
        add(events.items, root, part, &feed)
      } else if root["previousEventId"] != nil {
        add([root], root, part, &feed)
      }
    }

    private mutating func add(
      _ events: [JSONItem], _ root: JSONItem, _ part: DocumentFeed.Part, _ feed: inout LogFeed
    ) {
      let page = events.compactMap { $0.isPartial ? nil : Self.record($0, part) }
      // The same identifier again: another execution begins.
      if page.contains(where: { records[$0.id] != nil }) { finish(&feed) }
      for record in page { records[record.id] = record }
      let machine = root.first("stateMachineArn", "stateMachineName", "StateMachineArn")?.text
      if let machine { workflow = Self.lastPart(machine) }
      if let name = root.first("executionArn", "ExecutionArn")?.text {
        execution = name
        let parts = name.split(separator: ":")
        if workflow.isEmpty, parts.count >= 2 { workflow = String(parts[parts.count - 2]) }
      }
    }

    private static func lastPart(_ arn: String) -> String {
      arn.split(separator: ":").last.map(String.init) ?? arn
    }

    private static func record(_ item: JSONItem, _ part: DocumentFeed.Part) -> Record? {
      guard let id = item["id"]?.scalar.flatMap({ Int($0) }), let type = item["type"]?.text else {
        return nil
      }
      let details = item.members.last { $0.key.hasSuffix("EventDetails") || $0.key == "details" }
      return Record(
        id: id, previous: item["previousEventId"]?.scalar.flatMap { Int($0) } ?? 0, type: type,
        details: details,
        moment: RecordedStep.Moment(
          sequence: id,
          time: item.first("timestamp", "event_timestamp").map { Array($0.source) },
          place: part.place(of: item)))
    }

    mutating func finish(_ feed: inout LogFeed) {
      if records.isEmpty { return }
      executions += 1
      var run = RecordedRun(
        engine: "step-functions", workflow: workflow,
        identifier: execution.isEmpty ? "execution \(executions)" : execution)
      run.steps =
        StateMachineSteps(
          events: records.values.map {
            StateMachineSteps.Event(
              id: $0.id, previous: $0.previous, type: $0.type, details: $0.details,
              moment: $0.moment)
          }
        ).steps
      records = [:]
      workflow = ""
      execution = ""
      feed.take(run)
    }
  }
}

/// Finds the steps in the events of one execution.
private struct StateMachineSteps {
  struct Event {
    var id: Int
    var previous: Int
    var type: String
    var details: JSONItem?
    var moment: RecordedStep.Moment
  }

  private(set) var steps: [RecordedStep] = []
  /// By event: the name of the state that it happened in.
  private var states: [Int: String] = [:]
  /// By event: the step that its call is, for what comes after it.
  private var calls: [Int: Int] = [:]
  /// By event: the choice that was made just before.
  private var choices: [Int: Int] = [:]

  init(events: [Event]) {
    for event in events.sorted(by: { $0.id < $1.id }) { read(event) }
  }

  private mutating func read(_ event: Event) {
    let state = states[event.previous]
    if event.type.hasSuffix("StateEntered") {
      enter(event)
    } else if event.type.hasSuffix("StateExited") {
      leave(event)
    } else if event.type.hasSuffix("Scheduled") {
      schedule(event, state ?? "")
    } else if event.type.hasSuffix("Succeeded"), let call = calls[event.previous] {
      steps[call].result = event.details?["output"]?.unwrapped
      steps[call].end = event.moment
      calls[event.id] = call
      states[event.id] = state
    } else if event.type == "ExecutionStarted" {
      var step = RecordedStep(name: "", kind: .control, begin: event.moment)
      step.arguments = event.details?["input"]?.unwrapped
      steps.append(step)
    } else {
      states[event.id] = state
      if let call = calls[event.previous], !event.type.hasSuffix("Failed"),
        !event.type.hasSuffix("TimedOut")
      {
        calls[event.id] = call
      }
    }
    if event.type == "MapIterationStarted" || event.type.hasSuffix("StateStarted") {
      choices[event.id] = choices[event.previous]
    }
  }

  private mutating func enter(_ event: Event) {
    let name = event.details?["name"]?.text ?? ""
    states[event.id] = name
    if let choice = choices[event.previous] {
      steps[choice].kind = .decision(taken: name)
    }
    let kind: RecordedStep.Kind =
      event.type.hasPrefix("Choice") ? .decision(taken: "") : .control
    // A task's call is a step of its own.
    if event.type.hasPrefix("Task") { return }
    var step = RecordedStep(name: name, kind: kind, begin: event.moment)
    step.arguments = event.details?["input"]?.unwrapped
    if event.type.hasPrefix("Choice") { choices[event.id] = steps.count }
    steps.append(step)
  }

  private mutating func leave(_ event: Event) {
    if let choice = choices[event.previous], steps[choice].name == states[event.previous] {
      choices[event.id] = choice
      steps[choice].end = event.moment
    }
  }

  private mutating func schedule(_ event: Event, _ state: String) {
    states[event.id] = state
    let details = event.details
    let resource = details?["resource"]?.text ?? ""
    // What a definition writes as its resource.
    let name =
      details?["resourceType"]?.text.map { "arn:aws:states:::\($0):\(resource)" } ?? resource
    var step = RecordedStep(
      name: state, kind: .call(kind: "resource", name: name), begin: event.moment)
    step.arguments = details?.first("parameters", "input")?.unwrapped
    step.argumentPrefix = "Parameters"
    if let address = step.arguments?["ApiEndpoint"]?.text {
      step.request = RecordedStep.Request(
        method: step.arguments?["Method"]?.text ?? "GET", address: address,
        body: step.arguments?["RequestBody"])
    }
    calls[event.id] = steps.count
    steps.append(step)
  }
}

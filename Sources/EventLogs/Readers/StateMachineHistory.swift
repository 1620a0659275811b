/// The history of AWS Step Functions executions: as `get-execution-history` gives it, in one or several pages, or as
/// they log it, many executions in one log.
///
/// Identifiers give the order, also where the pages run backwards; `previousEventId` says what belongs to what.
/// https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
/// https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
package enum StateMachineHistory: LogReader {
  package static let format = "step-functions-history"
  package static let isUnmistakable = true
  package static let envelope = EventSchema.Envelope()

  /// The last one stands in a text, as CloudWatch's exports have it.
  package static let marks = ["previousEventId", "previous_event_id", #"previous_event_id\"#]

  package static func recognizes(_ head: Span<UInt8>) -> Bool {
    HeadValues.contain(in: head) { holdsEvents($0) }
  }

  /// Whether events of an execution, or some that it logged, stand in a value.
  private static func holdsEvents(_ root: JSONItem) -> Bool {
    root.elements.contains { item in
      let events = item.first("logEvents", "events", "Events")?.items ?? [item]
      return events.contains { event in
        let event = LoggedExecutions.event(event) ?? event
        return event["type"]?.text != nil && event["id"] != nil
          && event.first("previousEventId", "previous_event_id") != nil
      }
    }
  }

  package static func read(_ input: inout LogInput, into feed: inout LogFeed) {
    var pages = Pages()
    var executions = LoggedExecutions()
    DocumentFeed.read(&input, into: &feed) { part, feed in
      let root = part.document.root
      if !executions.take(root, part, &feed) { pages.take(root, part, &feed) }
    }
    pages.finish(&feed)
    executions.finish(&feed)
  }

  /// Events of one execution.
  private struct Execution {
    var records: [Int: StateMachineSteps.Event] = [:]
    var workflow = ""
    var name = ""

    mutating func add(_ item: JSONItem, at place: RecordPlace) {
      guard let event = StateMachineSteps.Event(item, at: place) else { return }
      records[event.id] = event
    }

    /// Whether an event's identifier is that of an event that says something else.
    func has(another event: StateMachineSteps.Event) -> Bool {
      records[event.id].map { $0.fingerprint != event.fingerprint } ?? false
    }

    /// Takes what an ARN says.
    mutating func name(_ arn: String) {
      name = arn
      let parts = arn.split(separator: ":")
      if workflow.isEmpty,
        let kind = parts.firstIndex(where: { $0 == "execution" || $0 == "express" }),
        kind + 1 < parts.count
      {
        workflow = String(parts[kind + 1])
      }
    }

    func finish(_ feed: inout LogFeed) {
      if records.isEmpty { return }
      var run = RecordedRun(engine: "step-functions", workflow: workflow, identifier: name)
      run.steps = StateMachineSteps(events: Array(records.values)).steps
      feed.take(run)
    }
  }

  /// One execution after another, gathered over its pages.
  private struct Pages {
    private var execution = Execution()
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
      let page = events.compactMap { item in
        item.isPartial ? nil : StateMachineSteps.Event(item, at: part.place(of: item))
      }
      // The same identifier with something else: another execution begins. The same event is one that came twice.
      if page.contains(where: { execution.has(another: $0) }) { finish(&feed) }
      for event in page { execution.records[event.id] = event }
      let machine = root.first("stateMachineArn", "stateMachineName", "StateMachineArn")?.text
      if let machine {
        execution.workflow = machine.split(separator: ":").last.map(String.init) ?? machine
      }
      if let name = root.first("executionArn", "ExecutionArn")?.text { execution.name(name) }
    }

    mutating func finish(_ feed: inout LogFeed) {
      if execution.records.isEmpty { return }
      executions += 1
      if execution.name.isEmpty { execution.name = "execution \(executions)" }
      execution.finish(&feed)
      execution = Execution()
    }
  }

  /// Executions whose events were logged one by one, between those of others.
  private struct LoggedExecutions {
    private var executions: [String: Execution] = [:]
    /// Those that have ended, with the number of events before that.
    private var ended: [(name: String, at: Int)] = []
    private var events = 0

    /// So many more events are read before an execution is thought complete: deliverers do not keep the order.
    private static let patience = 4096

    /// `false` where the value is nobody's log.
    mutating func take(
      _ root: JSONItem, _ part: DocumentFeed.Part, _ feed: inout LogFeed
    ) -> Bool {
      var isLogged = false
      let items = root.first("logEvents", "events")?.items ?? (root.isList ? root.items : [root])
      for item in items where !item.isPartial {
        guard let event = Self.event(item), let name = event["execution_arn"]?.text else {
          continue
        }
        isLogged = true
        feed.ordersByTime = true
        var execution = executions.removeValue(forKey: name) ?? Execution()
        if execution.name.isEmpty { execution.name(name) }
        execution.add(event, at: part.place(of: item))
        executions[name] = execution
        events += 1
        if let type = event["type"]?.text, Self.ends.contains(type) { ended.append((name, events)) }
      }
      while let first = ended.first, events - first.at > Self.patience {
        ended.removeFirst()
        executions.removeValue(forKey: first.name)?.finish(&feed)
      }
      return isLogged
    }

    private static let ends: Set<String> = [
      "ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut",
    ]

    /// The event that an item is, or that its message holds.
    static func event(_ item: JSONItem) -> JSONItem? {
      if item["previous_event_id"] != nil { return item }
      return item["message"]?.unwrapped.flatMap { $0["previous_event_id"] == nil ? nil : $0 }
    }

    func finish(_ feed: inout LogFeed) {
      for (_, execution) in executions.sorted(by: { $0.key < $1.key }) { execution.finish(&feed) }
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
    /// Of the event as it is written.
    var fingerprint: UInt64

    var isEntry: Bool { type.hasSuffix("StateEntered") }

    /// `nil` where the item is no event.
    init?(_ item: JSONItem, at place: RecordPlace) {
      guard let id = item["id"]?.scalar.flatMap({ Int($0) }), let type = item["type"]?.text else {
        return nil
      }
      self.id = id
      previous =
        item.first("previousEventId", "previous_event_id")?.scalar.flatMap { Int($0) } ?? 0
      self.type = type
      fingerprint = Fingerprint64.of(Array(item.source).span)
      details = item.members.last { $0.key.hasSuffix("EventDetails") || $0.key == "details" }
      moment = RecordedStep.Moment(
        sequence: id, time: item.first("timestamp", "event_timestamp").map { Array($0.source) },
        place: place)
    }
  }

  private(set) var steps: [RecordedStep] = []
  /// By event: the name of the state that it happened in.
  private var states: [Int: String] = [:]
  /// By event: the step that its call is, for what comes after it.
  private var calls: [Int: Int] = [:]
  /// By event: the choice that was made just before.
  private var choices: [Int: Int] = [:]

  /// By event: the way that led to what comes after it; nothing comes before the first one.
  private var ways: [Int: RecordedStep.Way] = [0: .straight]
  /// By the names of states with branches: the way that led to them, which goes on behind them.
  private var entries: [String: RecordedStep.Way] = [:]

  init(events: [Event]) {
    for event in events.sorted(by: { $0.id < $1.id }) { read(event) }
  }

  /// The way that led to an event.
  private mutating func way(to event: Event) -> RecordedStep.Way {
    let way = ways[event.previous] ?? .unknown
    guard let name = event.details?["name"]?.text else { return way }
    switch event.type {
    case "ParallelStateEntered", "MapStateEntered": entries[name] = way
    case "ParallelStateExited", "MapStateExited": return entries[name] ?? way
    default: break
    }
    return way
  }

  private mutating func read(_ event: Event) {
    let way = way(to: event)
    let count = steps.count
    take(event)
    for index in count..<steps.count { steps[index].way = way }
    ways[event.id] = choices[event.id] != nil && event.isEntry ? .decision(event.id) : way
  }

  private mutating func take(_ event: Event) {
    let state = states[event.previous]
    if event.isEntry {
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

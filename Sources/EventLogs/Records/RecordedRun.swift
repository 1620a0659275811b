/// One execution of a workflow as its engine recorded it: which steps ran, with what, and what came of it.
///
/// What a call means is not for a reader to say: an interpreter asks the documents.
package struct RecordedRun: Sendable {
  /// The engine's name as its definitions have it: `step-functions`, `n8n`, `github-actions`.
  package var engine: String
  /// The workflow's name; empty where the record does not say.
  package var workflow: String
  /// Distinguishes this execution from others.
  package var identifier: String
  /// In the order in which they began.
  package var steps: [RecordedStep] = []

  /// The workflow as events name it.
  package var workflowName: String {
    workflow.isEmpty ? LogVocabulary.Envelope.unnamedWorkflow : workflow
  }

  package init(engine: String, workflow: String, identifier: String) {
    self.engine = engine
    self.workflow = workflow
    self.identifier = identifier
  }
}

/// What one step of a run did.
package struct RecordedStep: Sendable {
  /// As a definition names it.
  package var name: String
  package var kind: Kind
  /// What went in, as the engine resolved it; paths into it begin with `argumentPrefix`.
  package var arguments: JSONItem?
  package var argumentPrefix = ""
  package var request: Request?
  /// What came out; absent where the step failed or the record ends before.
  package var result: JSONItem?
  package var begin: Moment
  package var end: Moment?
  package var way = Way.unknown

  /// The way that led to a step.
  package enum Way: Sendable, Hashable {
    /// The record does not tell branches of a run apart: it may be that of any decision before.
    case unknown
    /// No decision's.
    case straight
    /// That of the decision whose beginning has this number in its run.
    case decision(Int)
  }

  package enum Kind: Sendable, Hashable {
    /// The kind of name and the name, as in a definition.
    case call(kind: String, name: String)
    /// The way that was taken, by the name of what it led to.
    case decision(taken: String)
    /// Something came in from outside: a signal, a callback.
    case message
    /// The engine's own: waits, passes, the run's begin and end.
    case control
  }

  /// An HTTP request, where the engine says that the call is one.
  package struct Request: Sendable {
    package var method: String
    package var address: String
    package var body: JSONItem?

    package init(method: String, address: String, body: JSONItem?) {
      self.method = method
      self.address = address
      self.body = body
    }
  }

  /// A point in the run's history.
  package struct Moment: Sendable {
    /// Orders the moments of a run.
    package var sequence: Int
    /// As JSON: a text or a number; `nil` where the record has none.
    package var time: [UInt8]?
    package var place: RecordPlace

    package init(sequence: Int, time: [UInt8]?, place: RecordPlace) {
      self.sequence = sequence
      self.time = time
      self.place = place
    }
  }

  package init(name: String, kind: Kind, begin: Moment) {
    self.name = name
    self.kind = kind
    self.begin = begin
  }
}

/// An event that an interpreter reads out of a run.
package struct InterpretedEvent: Sendable {
  package var step: String
  package var moment: RecordedStep.Moment
  package var object: CanonicalObject

  package init(step: String, moment: RecordedStep.Moment, object: CanonicalObject) {
    self.step = step
    self.moment = moment
    self.object = object
  }
}

/// Says which events a recorded run consists of.
package protocol RunInterpreter: Sendable {
  func events(of run: RecordedRun) -> [InterpretedEvent]
}

extension LogFeed {
  /// Keeps the events of a run: those that its payloads are, and those that the documents read into its calls.
  package mutating func take(_ run: RecordedRun) {
    var found: [(sequence: Int, order: Int, event: InterpretedEvent)] = []
    for step in run.steps {
      // What a call was given may be an event to be written, what it gave one that was read.
      var payloads: [(item: JSONItem, moment: RecordedStep.Moment)] = []
      if case .call = step.kind, let given = step.arguments { payloads.append((given, step.begin)) }
      if let result = step.result { payloads.append((result, step.end ?? step.begin)) }
      for (item, moment) in payloads {
        for payload in PayloadEvents.objects(in: item) {
          var object = CanonicalObject()
          object.open(LogVocabulary.Envelope.payload)
          object.add("workflow", run.workflowName)
          object.add("step", step.name)
          object.close()
          object.addMembers(of: payload)
          let event = InterpretedEvent(step: step.name, moment: moment, object: object)
          found.append((moment.sequence, found.count, event))
        }
      }
    }
    for event in interpreter?.events(of: run) ?? [] {
      found.append((event.moment.sequence, found.count, event))
    }
    found.sort { ($0.sequence, $0.order) < ($1.sequence, $1.order) }
    for one in found { takeIfEvent(one.event.object, at: one.event.moment.place) }
    flush()
  }
}

/// Objects inside a payload that may be events themselves.
enum PayloadEvents {
  private static let deepest = 4
  private static let most = 1000

  static func objects(in item: JSONItem) -> [JSONItem] {
    var found: [JSONItem] = []
    collect(item, 0, &found)
    return found
  }

  private static func collect(_ item: JSONItem, _ depth: Int, _ found: inout [JSONItem]) {
    if found.count >= most || depth > deepest { return }
    guard let value = item.unwrapped else { return }
    // A name and a time: anything less is too little to be taken for an event.
    let isNamed = value["event"]?.text != nil || value["type"]?.text != nil
    let isTimed = value.first("ts", "time", "timestamp", "@timestamp") != nil
    if isNamed && isTimed {
      found.append(value)
      return
    }
    for child in value.children { collect(child, depth + 1, &found) }
  }
}

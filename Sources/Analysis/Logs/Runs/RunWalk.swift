import EventLogs
import Rules
import Workflows

/// Goes through the steps of one run and remembers its outputs.
struct RunWalk {
  let reader: RunReader
  let run: RecordedRun
  private(set) var events: [InterpretedEvent] = []
  private var outputs: [RunOutput] = []
  private var known: Set<String> = []
  /// Decisions whose ways have not led to anything yet, with the outputs that each could see: one for each item of a
  /// node that decides about several, and for each branch of a run.
  private var decisions: [(step: RecordedStep, taken: String, outputs: Set<Int>)] = []

  init(reader: RunReader, run: RecordedRun) {
    self.reader = reader
    self.run = run
  }

  mutating func take(_ step: RecordedStep, _ call: Call?, _ model: StepModel) {
    if case .decision(let taken) = step.kind {
      noteProofs(reader.payloads.answers(in: step.arguments), step, step.begin)
      if step.way == .unknown, decisions.last?.step.isSameTurn(as: step) != true { decisions = [] }
      let seen = Set(outputs.indices.filter { carries(step.arguments, $0) })
      decisions.append((step, taken, seen))
      return
    }
    let given = reader.payloads.answers(in: step.arguments)
    noteProofs(given, step, step.begin)
    guard let call else {
      if let result = step.result {
        read(reader.payloads.answers(in: result), given: [], step, step.end ?? step.begin)
      }
      return
    }
    if let role = model.protocolRole, let index = model.protocolIndex {
      // Asking for the proof is what a gate does with its way.
      if role == .await || role == .lookUp {
        let others = decisions.filter { made in
          step.way == .unknown
            ? !made.outputs.contains { carries(step.arguments, $0) } : !step.isOnWay(of: made.step)
        }
        decisions = step.way == .unknown && decisions.count == 1 ? [] : others
      }
      takeOwn(step, role, ofProtocol: index, given)
    } else if !takeUses(step, call, model, given), !model.isTransport {
      read(reader.payloads.answers(in: step.result), given: given, step, step.end ?? step.begin)
    }
  }

  /// A call of the protocol itself.
  private mutating func takeOwn(
    _ step: RecordedStep, _ role: Role, ofProtocol index: Int, _ given: [Answer]
  ) {
    let answers = reader.payloads.answers(in: step.result)
    guard let words = reader.call(role.rawValue, ofProtocol: index) else {
      read(answers, given: given, step, step.end ?? step.begin)
      return
    }
    // A call that asks for the proof says nothing new of the answer itself.
    if role != .generate { noteProofs(answers, step, step.end ?? step.begin) }
    let answer = answers.first
    let request =
      answer?.request ?? given.first?.request
      ?? "\(run.identifier)/\(step.name)#\(step.begin.sequence)"
    if !words.begins.isEmpty {
      var object = draft(step, step.begin)
      object.add(LogVocabulary.Envelope.request, request)
      add(words.begins, object, step, step.begin)
    }
    guard let end = step.end, !words.ends.isEmpty else { return }
    var object = draft(step, end)
    object.add(LogVocabulary.Envelope.request, request)
    if let content = answer?.object ?? step.result?.unwrapped, content.isObject {
      object.open(LogVocabulary.Envelope.payload)
      object.addMembers(of: content)
      object.close()
    }
    add(words.ends, object, step, end)
    if role == .generate {
      let content = (answer?.object ?? step.result?.unwrapped).map(reader.payloads.content) ?? []
      remember(RunOutput(output: answer?.output, request: request, content: content))
      noteProofs(answers, step, end)
    }
  }

  /// What a result says by itself: an answer without proof came into being, or a proof came.
  private mutating func read(
    _ answers: [Answer], given: [Answer], _ step: RecordedStep, _ moment: RecordedStep.Moment
  ) {
    for answer in answers where answer.isUnproven {
      guard let name = answer.output ?? answer.request, !known.contains(name),
        !given.contains(where: { $0.output == name || $0.request == name })
      else { continue }
      guard let words = reader.call(Role.generate.rawValue), !words.ends.isEmpty else { continue }
      let request = answer.request ?? "\(run.identifier)/\(step.name)#\(moment.sequence)"
      var object = draft(step, moment)
      object.add(LogVocabulary.Envelope.request, request)
      object.open(LogVocabulary.Envelope.payload)
      object.addMembers(of: answer.object)
      object.close()
      add(words.ends, object, step, moment)
      remember(
        RunOutput(
          output: answer.output, request: request,
          content: reader.payloads.content(of: answer.object)))
    }
    noteProofs(answers, step, moment)
  }

  /// A certificate that is seen for the first time proves its output from then on.
  private mutating func noteProofs(
    _ answers: [Answer], _ step: RecordedStep, _ moment: RecordedStep.Moment
  ) {
    for answer in answers {
      guard let certificate = answer.certificate,
        let words = reader.call(VerificationProtocol.EventNames.proof), !words.ends.isEmpty
      else { continue }
      let named = outputs.first { output in
        if let hash = answer.output { return output.output == hash }
        if let request = answer.request { return output.request == request }
        return false
      }
      // A certificate that names nothing is that of the only output there is.
      let owner =
        named
        ?? (answer.output == nil && answer.request == nil && outputs.count == 1
          ? outputs.first : nil)
      guard let output = answer.output ?? owner?.output ?? owner?.request ?? answer.request,
        known.insert("\(certificate)\n\(output)").inserted
      else { continue }
      var object = draft(step, moment)
      object.open(LogVocabulary.Envelope.payload)
      object.addMembers(of: answer.object)
      object.close()
      object.add(LogVocabulary.Envelope.request, answer.request ?? owner?.request)
      object.add(reader.payloads.outputField, answer.output ?? owner?.output)
      object.add(reader.payloads.certificateField, certificate)
      for index in outputs.indices where outputs[index].isNamed(output) {
        outputs[index].certificate = certificate
      }
      add(words.ends, object, step, moment)
    }
  }

  /// Whether the call is one that does something with outputs, by the integrations.
  private mutating func takeUses(
    _ step: RecordedStep, _ call: Call, _ model: StepModel, _ given: [Answer]
  ) -> Bool {
    var isUse = false
    for role in model.roles.sorted(by: { $0.rawValue < $1.rawValue }) {
      guard let words = reader.call(role.rawValue) else { continue }
      isUse = true
      // What failed may not have happened.
      guard let end = step.end else { continue }
      let moment = words.begins.isEmpty ? end : step.begin
      let name = words.begins.isEmpty ? words.ends : words.begins
      let arguments = ArgumentReader(call: call, model: model)
      if role == .cacheRead {
        for answer in reader.payloads.answers(in: step.result) where answer.output != nil {
          var object = draft(step, moment)
          object.open(LogVocabulary.Envelope.payload)
          object.addMembers(of: answer.object)
          object.close()
          object.add(words.sink, sink(words, arguments, role) ?? step.name)
          add(name, object, step, moment)
        }
        continue
      }
      let texts = arguments.arguments(for: nil, roles: [role]).map(RunText.init)
      var carried = outputs.indices.filter { outputs[$0].isIn(texts) }
      let whole = outputs.indices.filter { outputs[$0].isNamed(in: given) }
      carried += whole.filter { !carried.contains($0) }
      for index in carried { decide(index, step) }
      // A claim without the text is about the only text there is.
      if carried.isEmpty, role == .badge, outputs.count == 1 { carried = [0] }
      let all = call.arguments.map(RunText.init)
      var objects = carried.map { index in
        (
          outputs[index].output, Optional(outputs[index].request),
          outputs[index].certificate.flatMap { name in
            all.contains { $0.text.contains(name) } ? name : nil
          }
        )
      }
      let strangers = given.filter { answer in
        answer.output != nil && !carried.contains { outputs[$0].output == answer.output }
      }
      objects += strangers.map { ($0.output, $0.request, $0.certificate) }
      for (output, request, shown) in objects {
        var object = draft(step, moment)
        object.add(LogVocabulary.Envelope.request, request)
        object.add(reader.payloads.outputField, output)
        object.add(words.sink, sink(words, arguments, role) ?? step.name)
        if let shown {
          object.add(reader.payloads.certificateField, shown)
        } else if let answer = given.first(where: { $0.output == output || output == nil }) {
          if let certificate = answer.certificate {
            object.add(reader.payloads.certificateField, certificate)
          } else if answer.saysNoCertificate {
            object.add(reader.payloads.certificateField, json: Array("null".utf8))
          }
        }
        add(name, object, step, moment)
      }
    }
    return isUse
  }

  /// The decision before a use of what it could see was taken on it.
  private mutating func decide(_ output: Int, _ step: RecordedStep) {
    let place = decisions.firstIndex { made in
      made.outputs.contains(output) && step.isOnWay(of: made.step)
    }
    guard let place, let words = reader.call(Role.branch.rawValue)
    else { return }
    let made = decisions.remove(at: place)
    var object = draft(made.step, made.step.begin)
    object.add(LogVocabulary.Envelope.request, outputs[output].request)
    object.add(reader.payloads.outputField, outputs[output].output)
    object.add(words.sink, made.taken.isEmpty ? made.step.name : made.taken)
    add(words.begins.isEmpty ? words.ends : words.begins, object, made.step, made.step.begin)
  }

  private func sink(
    _ words: VerificationProtocol.EventNames.RecordedCall, _ arguments: ArgumentReader,
    _ role: Role
  ) -> String? {
    if words.from.isEmpty { return nil }
    let texts = arguments.any(words.from).map { CallMatcher.rendered($0.value) }
    return texts.first { !$0.isEmpty }
  }

  private func carries(_ item: JSONItem?, _ output: Int) -> Bool {
    guard let item else { return false }
    if outputs[output].isNamed(in: reader.payloads.answers(in: item)) { return true }
    return outputs[output].isIn(reader.payloads.content(of: item).map(RunText.init))
  }

  private mutating func remember(_ output: RunOutput) {
    if let hash = output.output { known.insert(hash) }
    known.insert(output.request)
    outputs.append(output)
  }

  private func draft(_ step: RecordedStep, _ moment: RecordedStep.Moment) -> CanonicalObject {
    var object = CanonicalObject()
    if let time = moment.time { object.add(LogVocabulary.Envelope.time, json: time) }
    object.add("workflow", run.workflowName)
    object.add("step", step.name.isEmpty ? nil : step.name)
    return object
  }

  private mutating func add(
    _ name: String, _ object: CanonicalObject, _ step: RecordedStep,
    _ moment: RecordedStep.Moment
  ) {
    var object = object
    object.add(LogVocabulary.Envelope.name, name)
    // Two calls may say the same at the same time.
    object.add(
      LogVocabulary.Envelope.delivery, "\(run.identifier)/\(moment.sequence)/\(events.count)")
    events.append(InterpretedEvent(step: step.name, moment: moment, object: object))
  }
}

extension RecordedStep {
  /// Whether the way of a decision may have led here.
  fileprivate func isOnWay(of decision: RecordedStep) -> Bool {
    way == .unknown || way == .decision(decision.begin.sequence)
  }

  /// Whether both are what one turn of a node did, with one item each.
  fileprivate func isSameTurn(as other: RecordedStep) -> Bool {
    name == other.name && begin.place == other.begin.place && begin.time == other.begin.time
  }
}

/// An output of a run, and how it is known again.
struct RunOutput {
  var output: String?
  var request: String
  var content: [PayloadReader.Content]
  /// Once it is known.
  var certificate: String?

  func isNamed(_ name: String) -> Bool { output == name || request == name }

  func isNamed(in answers: [Answer]) -> Bool {
    answers.contains { answer in
      if let hash = output, answer.output == hash { return true }
      return answer.output == nil && answer.request == request
    }
  }

  /// Whether the texts hold its hash, its request's name or a part of its content.
  func isIn(_ texts: [RunText]) -> Bool {
    texts.contains { text in
      if let output, text.text.contains(output) { return true }
      if text.text == request { return true }
      return content.contains { content in
        content.isTelling
          ? text.text.contains(content.text)
          : content.name == text.name && content.text == text.text
      }
    }
  }
}

/// A text that went into a call, by the name of its field.
struct RunText {
  var name: String
  var text: String

  init(_ argument: Call.Argument) {
    var parts = argument.name.split(separator: ".").map(String.init)
    // `pk.S` of a store's typed values is the field `pk`.
    if parts.count > 1, let last = parts.last, last.count == 1 { parts.removeLast() }
    name = KeyName.folded(parts.last ?? "")
    text = CallMatcher.rendered(argument.value)
  }

  init(_ content: PayloadReader.Content) {
    name = content.name
    text = content.text
  }
}

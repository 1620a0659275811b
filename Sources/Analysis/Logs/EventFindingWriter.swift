import EventLogs
import Findings
import Rules

/// Puts judgements into words and places.
struct EventFindingWriter {
  let plan: LogPlan
  let tests: TestEvaluator
  let end: Int64
  private var excerpts: LogExcerpts
  private let lines: LoadedLines
  /// What was found so far.
  var violations: ViolationCounts
  let paths: [String]
  /// By rule, once it was asked for.
  private var words: [RuleWords?]

  /// What a rule's page says of its findings.
  private struct RuleWords {
    let severity: Level
    let severityByCause: [String: Level]
    let message: MessageTemplate
    let remedy: MessageTemplate?

    init(_ rule: Rule, _ sentences: SentenceStore) {
      severity = rule.severity
      severityByCause = rule.severityByCause
      message = sentences.template(rule.message)
      remedy = rule.remedies["default"].map { sentences.template($0) }
    }
  }

  init(
    sources: [RecordedSource], plan: LogPlan, tests: TestEvaluator, end: Int64, lines: LoadedLines
  ) {
    paths = sources.map(\.path)
    self.plan = plan
    self.tests = tests
    self.end = end
    violations = ViolationCounts(rules: plan.rules.count)
    words = Array(repeating: nil, count: plan.rules.count)
    excerpts = LogExcerpts(
      of: sources.map {
        LogExcerpts.Log(
          bytes: $0.bytes, standing: $0.standing, schema: $0.schema)
      })
    self.lines = lines
  }

  func key(of judgement: Judgement) -> Judgement.Key {
    var isPerOutput = false
    if case .output = plan.rules[judgement.rule].check.scope { isPerOutput = true }
    return Judgement.Key(
      rule: plan.firstOfName[judgement.rule], name: isPerOutput ? 0 : judgement.event.name,
      sink: isPerOutput ? .none : tests.textKey(plan.sinkSlots, judgement.event),
      output: subject(of: judgement.event))
  }

  /// The same in words.
  func name(of key: Judgement.Key) -> String {
    "\(plan.rules[key.rule].rule.id) \(key.name) \(tests.text(key.sink) ?? "")"
  }

  /// The output, else what a field of a house's rules says that the event is about.
  private func subject(of event: CaseEvent) -> UInt32 {
    if event.output != Event.nobody { return event.output }
    for slot in plan.sharedSlots {
      if let value = tests.value(.slot(slot), event), case .text = value.kind {
        return value.payload
      }
    }
    return Event.nobody
  }

  /// `nil` where the rule is off for its cause.
  mutating func severity(of judgement: Judgement) -> Severity? {
    let words = words(of: judgement.rule)
    let own =
      words.severityByCause.isEmpty ? nil : words.severityByCause[judgement.outcome.cause]
    let severity: Severity
    switch own ?? words.severity {
    case .off: return nil
    case .note: severity = .note
    case .warning: severity = .warning
    case .error: severity = .error
    }
    return judgement.verdict == .inconclusive ? min(severity, .warning) : severity
  }

  private mutating func words(of rule: Int) -> RuleWords {
    if let known = words[rule] { return known }
    let made = RuleWords(plan.rules[rule].rule, plan.sentences)
    words[rule] = made
    return made
  }

  /// `nil` where the rule is off for its cause.
  mutating func finding(_ judgement: Judgement) -> Finding? {
    guard let severity = severity(of: judgement) else { return nil }
    let rule = plan.rules[judgement.rule].rule
    let words = words(of: judgement.rule)
    let cause = judgement.outcome.cause
    let event = judgement.event
    let output = text(event.output)
    let subject = subject(of: event)
    var evidence = Evidence(
      verdict: judgement.verdict, reason: cause,
      exposureMilliseconds: judgement.gap.map { Double($0) / 1e6 }, output: output,
      certificate: text(certificate(of: judgement)), events: events(of: judgement))
    evidence.precisionMilliseconds = tests.precisionMilliseconds(digits: digits(judgement))
    evidence.sharedIdentity = judgement.witnesses.first.flatMap { shared(event, $0) }
    return Finding(
      rule: rule.id, name: rule.name, cause: cause, severity: severity,
      confidence: judgement.verdict == .violated ? .high : .low,
      message: fill(words.message, judgement), location: location(event),
      evidence: evidence,
      remedy: words.remedy.map { fill($0, judgement) },
      route: name(event) + "[" + (sink(of: event) ?? "") + "]",
      subject: (subject == event.output ? output : text(subject)) ?? "")
  }

  /// The certificate that the witnesses name, else the event's own.
  private func certificate(of judgement: Judgement) -> UInt32 {
    for witness in judgement.witnesses where witness.certificate != Event.nobody {
      return witness.certificate
    }
    return judgement.event.certificate
  }

  /// The judged use as seen from the step that made it, where the log names one.
  mutating func observation(_ judgement: Judgement) -> StepObservation? {
    let event = judgement.event
    guard let workflow = plan.workflowSlot.flatMap({ tests.text(.slot($0), event) }),
      let step = plan.stepSlot.flatMap({ tests.text(.slot($0), event) })
    else { return nil }
    return StepObservation(
      workflow: workflow, step: step, rule: plan.rules[judgement.rule].rule.id,
      verdict: judgement.verdict, exposureMilliseconds: judgement.gap.map { Double($0) / 1e6 },
      location: location(event), time: time(event))
  }

  /// What two events share, and under which name: the output, else what links them.
  private func shared(_ event: CaseEvent, _ other: CaseEvent) -> String? {
    let identities: [(EventIdentity, UInt8?)] = [
      (.output, plan.outputSlot), (.certificate, plan.certificateSlot),
      (.request, plan.requestSlot), (.prompt, plan.promptSlot),
    ]
    for (identity, slot) in identities {
      let shared = event.text(of: identity)
      guard shared != Event.nobody, shared == other.text(of: identity), let slot else { continue }
      // An output without a hash goes by its request.
      if identity == .output, shared == event.request { continue }
      return plan.schema.fields[Int(slot)] + " " + tests.texts[shared]
    }
    return nil
  }

  private func name(_ event: CaseEvent) -> String { plan.schema.names[Int(event.name)] }

  private func text(_ identity: UInt32) -> String? {
    identity == Event.nobody ? nil : tests.texts[identity]
  }

  private func sink(of event: CaseEvent) -> String? {
    for slot in plan.sinkSlots {
      if let text = tests.text(.slot(slot), event) { return text }
    }
    return nil
  }

  private mutating func location(_ event: CaseEvent) -> Location {
    let one = tests.store.events[event.index]
    let columns = excerpts.columns(of: one, lines.bytes(of: event.index))
    let line = Int(one.line)
    return Location(
      path: paths[Int(one.source)], line: line, column: columns.column,
      endLine: line + columns.lineCount,
      endColumn: columns.endColumn, startByte: one.start, endByte: one.start + Int(one.length))
  }

  private mutating func time(_ event: CaseEvent) -> String? {
    let one = tests.store.events[event.index]
    if one.time.isMissing { return nil }
    if let written = lines.time(of: event.index) { return written }
    return excerpts.time(of: one, lines.bytes(of: event.index)) ?? one.time.text
  }

  private mutating func events(of judgement: Judgement) -> [Evidence.Event] {
    var events = [judgement.event] + judgement.witnesses.prefix(8)
    if let generation = judgement.generation { events.append(generation) }
    events.sort { $0.isFirst(before: $1) }
    var written: [Evidence.Event] = []
    written.reserveCapacity(events.count)
    for (place, event) in events.enumerated() {
      // The same one stands beside itself.
      if place > 0, events[place - 1].index == event.index { continue }
      let line = Int(tests.store.events[event.index].line)
      written.append(Evidence.Event(line: line, time: time(event), name: name(event)))
    }
    return written
  }

  private func fill(_ template: MessageTemplate, _ judgement: Judgement) -> String {
    template.filled { name in
      name == "cause" ? phrase(of: judgement) : value(name, judgement)
    }
  }

  private func phrase(of judgement: Judgement) -> String? {
    switch judgement.verdict {
    case .violated:
      return plan.sentences.template(judgement.outcome.says).filled { value($0, judgement) }
    case .inconclusive:
      if judgement.outcome.says.isEmpty { return Self.reasons[judgement.outcome.cause] }
      return plan.sentences.template(judgement.outcome.says).filled { value($0, judgement) }
    }
  }

  /// Why a log does not decide.
  private static let reasons = [
    "forgotten":
      "and what came before it was forgotten: `--horizon` says after how long",
    "clock-skew":
      "in an order that the clocks leave open: times and lines disagree inside their bound, or a line came late",
    "log-starts-later":
      "and what had to come first may stand before the beginning of this log",
    "no-identity": "and nothing says of which output",
    "no-timestamp": "at a time that the log does not tell closely enough",
    "log-ends-first": "is not decided: the log ends before its time is over",
  ]

  private func value(_ name: String, _ judgement: Judgement) -> String? {
    let event = judgement.event
    let other = judgement.witnesses.first
    switch name {
    case "event": return self.name(event)
    case "sink": return sink(of: event) ?? self.name(event)
    case "output": return short(event.output)
    case "certificate": return short(certificate(of: judgement))
    case "exposure":
      return judgement.gap.map { gap in
        let digits = digits(judgement)
        let doubt =
          digits == 0 ? " (±1 s)" : digits < 3 ? " (±\(digits == 1 ? "0.1" : "0.01") s)" : ""
        return duration(gap, digits) + doubt
      }
    case "delay": return judgement.delay.map { duration($0, digits(judgement)) }
    case "budget": return duration(plan.roundBudgetNanoseconds, 0)
    case "rest":
      return end > event.latest ? duration(end - event.latest, digits(judgement)) : "0 ms"
    case "other.event": return other.map { self.name($0) }
    case "other.line": return other.map { String(tests.store.events[$0.index].line) }
    case "other.output": return other.flatMap { short($0.output) }
    case "other.certificate": return other.flatMap { short($0.certificate) }
    case "other.sink": return other.flatMap { sink(of: $0) ?? self.name($0) }
    case "threshold": return ConditionEvaluator.decimal(plan.threshold)
    case "weight":
      for candidate in [event] + judgement.witnesses {
        for slot in plan.weightSlots {
          if let text = tests.text(.slot(slot), candidate) { return text }
        }
      }
      return nil
    default:
      if name.hasPrefix("field.") { return field(name.dropFirst(6), of: event) }
      if name.hasPrefix("other.field.") {
        return other.flatMap { field(name.dropFirst(12), of: $0) }
      }
      return judgement.figures[name]
    }
  }

  private func field(_ name: Substring, of event: CaseEvent) -> String? {
    if let identity = EventIdentity(rawValue: String(name)) {
      return short(event.text(of: identity))
    }
    // The envelope's own fields are kept apart.
    if name == LogVocabulary.Envelope.producer {
      return event.producer == Event.nobody ? nil : tests.texts[event.producer]
    }
    return plan.slot(of: String(name)).flatMap { tests.text(.slot($0), event) }
  }

  /// A hash by its first twelve digits, with its prefix.
  private func short(_ identity: UInt32) -> String? {
    guard let text = text(identity) else { return nil }
    // Not by characters: where one ends would have to be found out for each.
    let letters = text.unicodeScalars
    guard letters.count > 24 else { return text }
    if let colon = letters.prefix(12).firstIndex(of: ":") {
      return String(letters[...colon]) + String(letters[letters.index(after: colon)...].prefix(12))
        + "…"
    }
    return String(letters.prefix(16)) + "…"
  }

  /// As finely as the coarser of the two times was written.
  func digits(_ judgement: Judgement) -> Int {
    func digits(_ event: CaseEvent) -> Int? {
      event.isTimed ? Int(tests.store.events[event.index].time.fractionDigits) : nil
    }
    let own = digits(judgement.event)
    guard let other = judgement.witnesses.first.flatMap(digits) else { return own ?? 3 }
    return min(own ?? other, other)
  }

  private func duration(_ nanoseconds: Int64, _ digits: Int) -> String {
    let milliseconds = nanoseconds / 1_000_000
    if digits >= 3 && nanoseconds < 1_000_000_000 {
      let micros = nanoseconds / 1000 % 1000
      if milliseconds < 10 && digits > 3 && micros > 0 {
        return "\(Double(nanoseconds / 1000) / 1000) ms"
      }
      return "\(milliseconds) ms"
    }
    let seconds = nanoseconds / 1_000_000_000
    if digits == 0 {
      return seconds < 120 ? "\(seconds) s" : "\(seconds / 60) min \(seconds % 60) s"
    }
    if seconds >= 120 { return "\(seconds / 60) min \(seconds % 60) s" }
    let rest = String(1000 + milliseconds % 1000).dropFirst().prefix(min(3, digits))
    return "\(seconds).\(rest) s"
  }
}

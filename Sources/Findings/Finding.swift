/// One violation, or one place that stays undecided.
public struct Finding: Sendable {
  /// The one element is what the finding says: a list of findings is then a list of words, which is sorted and copied for
  /// next to nothing.
  private var content: [Content]

  private struct Content: Sendable {
    var rule: String
    var name: String
    var cause: String?
    var severity: Severity
    var confidence: Confidence
    var message: String
    var location: Location
    var flow: [FlowStep]
    var evidence: Evidence?
    var observed: Observation?
    var remedy: String?
    var fix: Fix?
    var route: String
    var subject: String
    var drawnPath: DrawnPath?
    var fingerprint: String
  }

  /// The rule's ID.
  public var rule: String {
    get { content[0].rule }
    set { content[0].rule = newValue }
  }
  /// The rule's name: `provisional-branch`.
  public var name: String {
    get { content[0].name }
    set { content[0].name = newValue }
  }
  /// Why the proof does not hold: `no-gate`, `late-certificate`; `nil` where the rule has no second axis.
  public var cause: String? {
    get { content[0].cause }
    set { content[0].cause = newValue }
  }
  /// How bad it is, after what the user decided about the rule.
  public var severity: Severity {
    get { content[0].severity }
    set { content[0].severity = newValue }
  }
  /// How sure it is.
  public var confidence: Confidence {
    get { content[0].confidence }
    set { content[0].confidence = newValue }
  }
  /// One sentence in the words of that engine, with the user's own names.
  public var message: String {
    get { content[0].message }
    set { content[0].message = newValue }
  }
  /// Where the output is consumed; in a log, the event that consumes it.
  public var location: Location {
    get { content[0].location }
    set { content[0].location = newValue }
  }
  /// The path: generated, gate, consumed.
  public var flow: [FlowStep] {
    get { content[0].flow }
    set { content[0].flow = newValue }
  }
  /// What the log shows; only for findings in event logs.
  public var evidence: Evidence? {
    get { content[0].evidence }
    set { content[0].evidence = newValue }
  }
  /// What a matching log says of this place; only for findings in definitions.
  public var observed: Observation? {
    get { content[0].observed }
    set { content[0].observed = newValue }
  }
  /// What to write instead, in that engine's syntax.
  public var remedy: String? {
    get { content[0].remedy }
    set { content[0].remedy = newValue }
  }
  /// The remedy as a change to the file; `nil` where none was asked for, or none is known to hold.
  public var fix: Fix? {
    get { content[0].fix }
    set { content[0].fix = newValue }
  }
  /// The symbolic route of the sink: the same after lines move.
  public var route: String {
    get { content[0].route }
    set { content[0].route = newValue }
  }
  /// The sink's own text, for the fingerprint and for baselines.
  public var subject: String {
    get { content[0].subject }
    set { content[0].subject = newValue }
  }
  /// Where it stands in the drawing of its workflow, where one was made.
  public var drawnPath: DrawnPath? {
    get { content[0].drawnPath }
    set { content[0].drawnPath = newValue }
  }
  /// Set once for a whole run, see ``Fingerprint``.
  public var fingerprint: String {
    get { content[0].fingerprint }
    set { content[0].fingerprint = newValue }
  }

  /// Makes a finding; its fingerprint is set later, when all findings of the run are known.
  public init(
    rule: String, name: String, cause: String? = nil, severity: Severity,
    confidence: Confidence = .high, message: String, location: Location, flow: [FlowStep] = [],
    evidence: Evidence? = nil, observed: Observation? = nil, remedy: String? = nil,
    route: String = "", subject: String = ""
  ) {
    content = [
      Content(
        rule: rule, name: name, cause: cause, severity: severity, confidence: confidence,
        message: message, location: location, flow: flow, evidence: evidence, observed: observed,
        remedy: remedy, fix: nil, route: route, subject: subject, drawnPath: nil, fingerprint: "")
    ]
  }
}

/// How bad a finding is.
public enum Severity: String, Sendable, Hashable, Comparable, CaseIterable {
  case note, warning, error

  /// Orders by weight: a note is less than an error.
  public static func < (left: Severity, right: Severity) -> Bool { left.weight < right.weight }

  private var weight: Int {
    switch self {
    case .note: 0
    case .warning: 1
    case .error: 2
    }
  }
}

/// How sure a finding is.
public enum Confidence: String, Sendable, Hashable, Comparable, CaseIterable {
  case low, medium, high

  /// Orders by certainty.
  public static func < (left: Confidence, right: Confidence) -> Bool { left.weight < right.weight }

  private var weight: Int {
    switch self {
    case .low: 0
    case .medium: 1
    case .high: 2
    }
  }
}

/// A place in a file as people and reports count.
public struct Location: Sendable, Hashable {
  /// Relative, with `/`.
  public var path: String
  /// From 1.
  public var line: Int
  /// In Unicode scalars, from 1.
  public var column: Int
  /// The line of the last character, from 1.
  public var endLine: Int
  /// After the last character.
  public var endColumn: Int
  /// Offset of the first byte, from 0.
  public var startByte: Int
  /// Offset after the last byte.
  public var endByte: Int

  /// Makes a location from positions computed by the reader of the file.
  public init(
    path: String, line: Int, column: Int, endLine: Int, endColumn: Int, startByte: Int,
    endByte: Int
  ) {
    self.path = path
    self.line = line
    self.column = column
    self.endLine = endLine
    self.endColumn = endColumn
    self.startByte = startByte
    self.endByte = endByte
  }
}

/// One station of a finding's path.
public struct FlowStep: Sendable, Hashable {
  /// What happens here.
  public enum Role: String, Sendable, Hashable {
    case generated, gate, passed, consumed
  }
  /// What happens here.
  public var role: Role
  /// The same in words, as part of the finding's story.
  public var message: String
  /// Where.
  public var location: Location

  /// Makes a station.
  public init(role: Role, message: String, location: Location) {
    self.role = role
    self.message = message
    self.location = location
  }
}

/// The events behind a finding in a log.
public struct Evidence: Sendable, Hashable {
  /// Whether the log decides.
  public enum Verdict: String, Sendable, Hashable { case violated, inconclusive }
  /// Whether the log decides.
  public var verdict: Verdict
  /// The cause or, where inconclusive, the reason.
  public var reason: String
  /// From use to certificate, in milliseconds in the log's own resolution; `nil` where no certificate came.
  public var exposureMilliseconds: Double?
  /// How finely the exposure is known, in milliseconds: 1000 where a time tells whole seconds.
  public var precisionMilliseconds: Double = 1
  /// The output's hash or request id.
  public var output: String?
  /// The certificate's hash.
  public var certificate: String?
  /// The events that show it, in the order of their story.
  public var events: [Event]
  /// What those events share, as the log writes it: `output_hash sha256:e009…`.
  public var sharedIdentity: String?
  /// The output's story, as an index into ``CheckOutcome/timelines``.
  public var timeline: Int?

  /// One line of the log.
  public struct Event: Sendable, Hashable {
    /// The log that it stands in, where that is not the finding's own file.
    public var path: String?
    /// From 1.
    public var line: Int
    /// As written in the log; `nil` where it is missing.
    public var time: String?
    /// The event's name as written in the log.
    public var name: String

    /// Makes an event reference.
    public init(line: Int, time: String?, name: String, path: String? = nil) {
      self.path = path
      self.line = line
      self.time = time
      self.name = name
    }
  }

  /// Makes evidence.
  public init(
    verdict: Verdict, reason: String, exposureMilliseconds: Double? = nil, output: String? = nil,
    certificate: String? = nil, events: [Event]
  ) {
    self.verdict = verdict
    self.reason = reason
    self.exposureMilliseconds = exposureMilliseconds
    self.output = output
    self.certificate = certificate
    self.events = events
  }
}

/// How often a log shows what the definition allows.
public struct Observation: Sendable, Hashable {
  /// How many violating uses.
  public var count: Int
  /// The longest exposure, in milliseconds; `nil` where no certificate ever came.
  public var worstExposureMilliseconds: Double?
  /// The first violating use.
  public var first: Location
  /// When that was, as written in the log; `nil` where the event has no time.
  public var firstTime: String?

  /// Makes an observation.
  public init(
    count: Int, worstExposureMilliseconds: Double?, first: Location, firstTime: String?
  ) {
    self.count = count
    self.worstExposureMilliseconds = worstExposureMilliseconds
    self.first = first
    self.firstTime = firstTime
  }
}

/// The story of one output of a log that was used too early or wrongly: what happened to it, when, and by whose clock.
///
/// One for each output, whatever number of findings speaks of it; see ``CheckOutcome/timeline(of:)``.
public struct Timeline: Sendable, Hashable {
  /// The output's hash, or its request's ID where no hash is known.
  public var output: String
  /// The first certificate of the output; `nil` where none came.
  public var certificate: String?
  /// What happened, ordered by time; what stands between without a role is folded.
  public var moments: [Moment]
  /// How many further moments there are that are not listed.
  public var omittedMoments: Int
  /// From the first early use to the first certificate, in milliseconds; where none came, to the end of the log.
  ///
  /// `nil` where no use was early or a time is missing.
  public var exposureMilliseconds: Double?
  /// Whether no certificate came: the exposure is then at least so long.
  public var isExposureOpen: Bool
  /// How finely the exposure is known, in milliseconds: 1000 where a time tells whole seconds.
  public var precisionMilliseconds: Double
  /// How the output spread; `nil` where nothing used it before its proof.
  public var chain: Chain?

  /// Makes a timeline.
  public init(
    output: String, certificate: String? = nil, moments: [Moment], omittedMoments: Int = 0,
    exposureMilliseconds: Double? = nil, isExposureOpen: Bool = false,
    precisionMilliseconds: Double = 1, chain: Chain? = nil
  ) {
    self.output = output
    self.certificate = certificate
    self.moments = moments
    self.omittedMoments = omittedMoments
    self.exposureMilliseconds = exposureMilliseconds
    self.isExposureOpen = isExposureOpen
    self.precisionMilliseconds = precisionMilliseconds
    self.chain = chain
  }
}

/// One event of a timeline, or several of one name that say the same: votes, claims.
public struct Moment: Sendable, Hashable {
  /// What the event is to the output.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The prompt went up.
    case request
    /// The output came back, still provisional.
    case response
    /// Votes, folded into one moment.
    case votes
    /// Somebody acted on the output, kept it or called it verified.
    case use
    /// The output went out again: a cache was read, an answer served.
    case reuse
    /// The output's proof.
    case certificate
    /// The round closed without one.
    case refusal
    /// The proof was withdrawn.
    case revocation
    /// A use was held back or taken back.
    case compensation
    /// Anything else that names the output, such as a claim or a round.
    case other
  }
  /// What the event is to the output.
  public var kind: Kind
  /// The event's canonical name.
  public var name: String
  /// The action, branch, cache key or label; `nil` where the event names none.
  public var sink: String?
  /// The log's path as reports show it.
  public var path: String
  /// The event's line, from 1; of several, the first.
  public var line: Int
  /// The last line of several events.
  public var lastLine: Int
  /// How many events are folded into this one.
  public var count: Int
  /// What they say and how often, such as votes by value; empty for a single event that is no vote.
  public var tally: [Tally]
  /// In UTC and in the log's own resolution; `nil` where the event has no time.
  public var time: String?
  /// From the response (else from the first moment with a time), in milliseconds; negative before it.
  public var offsetMilliseconds: Double?
  /// Likewise for the last of several events.
  public var lastOffsetMilliseconds: Double?
  /// How finely the time is written, in milliseconds: 1000 for whole seconds.
  public var precisionMilliseconds: Double
  /// Who wrote the event, and so whose clock tells its time; `nil` where it does not say.
  public var producer: String?
  /// Whether a use came before the proof.
  public var isEarly: Bool

  /// A value that events state, and how many do.
  public struct Tally: Sendable, Hashable {
    /// The value as written.
    public var value: String
    /// How many events state it.
    public var count: Int

    /// Counts a value.
    public init(value: String, count: Int) {
      self.value = value
      self.count = count
    }
  }

  /// Makes a moment of one event.
  public init(
    kind: Kind, name: String, sink: String? = nil, path: String, line: Int, time: String? = nil,
    offsetMilliseconds: Double? = nil, precisionMilliseconds: Double = 1, producer: String? = nil,
    isEarly: Bool = false
  ) {
    self.kind = kind
    self.name = name
    self.sink = sink
    self.path = path
    self.line = line
    self.time = time
    self.offsetMilliseconds = offsetMilliseconds
    self.precisionMilliseconds = precisionMilliseconds
    self.producer = producer
    self.isEarly = isEarly
    lastLine = line
    count = 1
    tally = []
    lastOffsetMilliseconds = offsetMilliseconds
  }
}

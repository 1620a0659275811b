/// How a provisional output spread: which went first, through which keys and consumers, and how long it was live.
public struct Chain: Sendable, Hashable {
  /// The provisional output of the prompt that was used first; not always the timeline's own.
  public var firstOutput: String
  /// What carried it on, ordered by time; the first link is the first use.
  public var links: [Link]
  /// How many further links there are that are not listed.
  public var omittedLinks: Int
  /// From the first link to what ended its being live, in milliseconds; `nil` where a time is missing.
  public var liveMilliseconds: Double?
  /// How finely that is known, in milliseconds.
  public var precisionMilliseconds: Double
  /// What ended it.
  public var end: End

  /// What ended an output's being live and unproven.
  public enum End: String, Sendable, Hashable, CaseIterable {
    /// Its certificate came.
    case certificate
    /// It was held or rolled back.
    case compensation
    /// Nothing: the log ends first, and the time is the least.
    case logEnd = "log-end"
  }

  /// Makes a chain.
  public init(
    firstOutput: String, links: [Link], omittedLinks: Int = 0, liveMilliseconds: Double? = nil,
    precisionMilliseconds: Double = 1, end: End = .logEnd
  ) {
    self.firstOutput = firstOutput
    self.links = links
    self.omittedLinks = omittedLinks
    self.liveMilliseconds = liveMilliseconds
    self.precisionMilliseconds = precisionMilliseconds
    self.end = end
  }

  /// One station on the way.
  public struct Link: Sendable, Hashable {
    /// What happened.
    public var moment: Moment
    /// Which output it carried.
    public var output: String
    /// How it got there.
    public var via: Via
    /// What both ends share: the cache key, the request, the hash.
    public var shared: String?
    /// The earlier link that it comes from, as an index; `nil` for what comes from the response itself.
    public var source: Int?

    /// Makes a link.
    public init(
      moment: Moment, output: String, via: Via, shared: String? = nil, source: Int? = nil
    ) {
      self.moment = moment
      self.output = output
      self.via = via
      self.shared = shared
      self.source = source
    }
  }

  /// How an output got from one place to the next.
  public enum Via: String, Sendable, Hashable, CaseIterable {
    /// Both name the same bytes.
    case output
    /// One wrote under the key that the other read.
    case key
    /// One replaces the other.
    case supersedes
    /// Both belong to one request.
    case request
    /// Both belong to one trace.
    case trace
    /// Both answer one prompt.
    case prompt
  }
}

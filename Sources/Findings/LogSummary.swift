/// Numbers over one event log.
public struct LogSummary: Sendable, Hashable {
  /// The log's path as reports show it.
  public var path: String
  /// The name of the log's format; empty where nothing could be read.
  public var format = ""
  /// All lines.
  public var lines = 0
  /// Lines that are events.
  public var events = 0
  /// Events that say again what an earlier one said.
  public var redelivered = 0
  /// Events without a usable time.
  public var untimed = 0
  /// Outputs that were judged and forgotten before the log ended, as nothing came for the horizon.
  public var forgotten = 0
  /// Outputs among them that were forgotten before their time, for want of room.
  public var evicted = 0
  /// Findings that are counted and not listed, as there are too many.
  public var unlisted = UnlistedFindings()
  /// How often each event name occurs that no protocol knows, ordered by name.
  public var unknownNames: [Count] = []
  /// What the log tells of its producers' clocks, ordered by name.
  public var clocks: [Clock] = []

  /// An empty log.
  public init(path: String) { self.path = path }

  /// How often a name occurs.
  public struct Count: Sendable, Hashable {
    /// The event's name.
    public var name: String
    /// How many events have it.
    public var count: Int

    /// Counts a name.
    public init(name: String, count: Int) {
      self.name = name
      self.count = count
    }
  }

  /// One producer's clock.
  public struct Clock: Sendable, Hashable {
    /// The producer's name; empty for events that name none.
    public var producer: String
    /// How many lines it wrote.
    public var lines: Int
    /// How far its clock is ahead of the others', in milliseconds; `nil` where it wrote too little to tell.
    public var offsetMilliseconds: Double?

    /// Describes a clock.
    public init(producer: String, lines: Int, offsetMilliseconds: Double?) {
      self.producer = producer
      self.lines = lines
      self.offsetMilliseconds = offsetMilliseconds
    }
  }
}

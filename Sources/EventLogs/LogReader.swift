/// A format of logs: one file each under `Readers/`; content decides which one reads.
package protocol LogReader: Sendable {
  /// The name that `--as` takes.
  static var format: String { get }
  /// Whether its marks are such that nothing else has them: then a log without a single known event is one still.
  static var isUnmistakable: Bool { get }
  /// Words in double quotes, one of which stands in the first bytes of every log in this format; none where there are
  /// no such words.
  static var marks: [String] { get }
  /// Whether a log with marks may begin with anything but a brace or a bracket.
  static var beginsAnyhow: Bool { get }
  /// Keys one of which an object has that stands in no other one, in every log in this format; none where nothing is
  /// known of them.
  static var outerKeys: Set<KeyMark> { get }
  /// Whether a log that starts with these bytes is in this format.
  static func recognizes(_ head: Span<UInt8>) -> Bool
  /// Whether its events are objects as they are written, and stand in no other one but a list's.
  static var hasPlainObjects: Bool { get }
  /// Whether an event of the schema may stand among these bytes; only where a quick look tells that there is none it
  /// is not so.
  static func mayHoldEvents(_ head: Span<UInt8>, _ schema: EventSchema) -> Bool
  /// How the format wraps an event.
  static var envelope: EventSchema.Envelope { get }
  /// Reads to the end; whatever the bytes are, it ends.
  static func read(_ input: inout LogInput, into feed: inout LogFeed)
  /// Whether every event of a log that starts with these bytes stands on a line by itself, so that lines can be
  /// read apart, in any order.
  static func isLineByLine(_ head: Span<UInt8>) -> Bool
}

extension LogReader {
  package static func isLineByLine(_ head: Span<UInt8>) -> Bool { false }
  package static var isUnmistakable: Bool { false }
  package static var marks: [String] { [] }
  package static var hasPlainObjects: Bool { false }
  package static func mayHoldEvents(_ head: Span<UInt8>, _ schema: EventSchema) -> Bool {
    // A name is a text in quotes, or made of several.
    !hasPlainObjects || !schema.house.templates.isEmpty
      || schema.beginnings.mayStand(in: head, quotes: [0x22])
  }
  package static var beginsAnyhow: Bool { false }
  package static var outerKeys: Set<KeyMark> { [] }
}

/// The formats, the most particular first.
package enum LogReaders {
  package static let all: [any LogReader.Type] = [
    CloudEvents.self, OpenTelemetry.self, StateMachineHistory.self, TemporalHistory.self,
    N8nExecution.self, GitHubRun.self, ObjectCentricLog.self, ProcessLog.self,
    CloudWatchLogs.self, LokiLogs.self, DatadogLogs.self, CollectedLines.self, EventStream.self,
    ConsoleLines.self, JSONArray.self, JSONLines.self, DelimitedText.self,
  ]

  /// The bits of the formats with marks that need not begin with a brace or a bracket; those without marks look themselves.
  private static let unbracketed = all.enumerated().reduce(UInt64(0)) { bits, reader in
    reader.element.beginsAnyhow ? bits | 1 << UInt64(reader.offset) : bits
  }
  private static let marks = QuotedMarks(all.map { $0.marks })
  /// The bits of the formats without marks.
  private static let unmarked = all.enumerated().reduce(UInt64(0)) { bits, reader in
    reader.element.marks.isEmpty ? bits | 1 << UInt64(reader.offset) : bits
  }

  /// The reader for a log that starts with these bytes.
  package static func reader(for head: Span<UInt8>) -> (any LogReader.Type)? {
    reader(for: head) { _, _ in true }
  }

  /// Likewise, the first that is also wanted; what may be JSON is asked about with its outline.
  static func reader(
    for head: Span<UInt8>, where isWanted: (any LogReader.Type, JSONOutline?) -> Bool
  ) -> (any LogReader.Type)? {
    let first = LogHead.firstByte(head)
    let isBracketed = first == 0x7B || first == 0x5B
    let outline = isBracketed ? JSONOutline(head, marks) : nil
    let found =
      if let outline { outline.isWhole ? outline.formats : marks.formats(in: head) } else {
        unbracketed
      }
    for (index, reader) in all.enumerated() where (found | unmarked) & (1 << UInt64(index)) != 0 {
      let keys = reader.outerKeys
      if !keys.isEmpty, let outline, !outline.mayHave(keys) { continue }
      if reader.recognizes(head), isWanted(reader, outline) { return reader }
    }
    return nil
  }

  /// The reader that `--as` names.
  package static func reader(named format: String) -> (any LogReader.Type)? {
    all.first { $0.format == format }
  }
}

/// A format of logs: one file each under `Readers/`; content decides which one reads.
package protocol LogReader: Sendable {
  /// The name that `--as` takes.
  static var format: String { get }
  /// Whether its marks are such that nothing else has them: then a log without a single known event is one still.
  static var isUnmistakable: Bool { get }
  /// Words in double quotes, one of which stands in the first bytes of every log in this format; none where there are
  /// no such words.
  static var marks: [String] { get }
  /// Whether a log that starts with these bytes is in this format.
  static func recognizes(_ head: Span<UInt8>) -> Bool
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
}

/// The formats, the most particular first.
package enum LogReaders {
  package static let all: [any LogReader.Type] = [
    CloudEvents.self, OpenTelemetry.self, StateMachineHistory.self, TemporalHistory.self,
    N8nExecution.self, GitHubRun.self, ObjectCentricLog.self, ProcessLog.self,
    CloudWatchLogs.self, LokiLogs.self, DatadogLogs.self, CollectedLines.self, EventStream.self,
    ConsoleLines.self, JSONArray.self, JSONLines.self, DelimitedText.self,
  ]

  private static let marks = QuotedMarks(all.map { $0.marks })
  /// The bits of the formats without marks.
  private static let unmarked = all.enumerated().reduce(UInt64(0)) { bits, reader in
    reader.element.marks.isEmpty ? bits | 1 << UInt64(reader.offset) : bits
  }

  /// The reader for a log that starts with these bytes.
  package static func reader(for head: Span<UInt8>) -> (any LogReader.Type)? {
    let found = marks.formats(in: head)
    for (index, reader) in all.enumerated()
    where (found | unmarked) & (1 << UInt64(index)) != 0 && reader.recognizes(head) {
      return reader
    }
    return nil
  }

  /// The reader that `--as` names.
  package static func reader(named format: String) -> (any LogReader.Type)? {
    all.first { $0.format == format }
  }
}

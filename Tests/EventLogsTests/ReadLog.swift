import EventLogs
import Testing

/// What a log holds once it is unpacked, and why reading stopped.
func unpackedLog(_ bytes: [UInt8]) throws -> (bytes: [UInt8], failure: String?) {
  var input = try LogInput(.bytes(bytes))
  var all: [UInt8] = []
  repeat {
    all += input.buffer[input.start..<input.end]
    input.start = input.end
  } while input.fill()
  return (all, input.failure?.message)
}

/// A log as read, for tests.
struct ReadLog {
  var format: String
  var names: [String] = []
  var lines: [Int] = []
  var problems: [LogProblem] = []
  var fields: [[String: String]] = []
  var times: [String] = []

  static let vocabulary = LogVocabulary(
    names: ["cert.issued": "cert.issued", "use": "use", "used": "use"],
    fields: ["output_hash": ["output_hash", "outputHash", "output.hash"], "n": ["n"]])

  init(_ text: String) throws { try self.init(bytes: Array(text.utf8)) }

  init(
    bytes: [UInt8], reader named: (any LogReader.Type)? = nil
  ) throws {
    var input = try LogInput(.bytes(bytes))
    let found = named ?? LogReaders.reader(for: bytes.span)
    let reader: any LogReader.Type = found ?? JSONLines.self
    format = reader.format
    let schema = EventSchema(Self.vocabulary, envelope: reader.envelope)
    var batches: [EventBatch] = []
    var feed = LogFeed(schema: schema) { batches.append($0) }
    reader.read(&input, into: &feed)
    feed.flush(atLeast: 1)
    problems = feed.problems
    for batch in batches {
      for event in batch.events {
        names.append(schema.names[Int(event.name)])
        lines.append(Int(event.line))
        times.append(event.time.text)
        fields.append(Self.fields(of: event, in: batch, schema))
      }
    }
  }

  private static func fields(
    of event: Event, in batch: EventBatch, _ schema: EventSchema
  ) -> [String: String] {
    var fields: [String: String] = [:]
    let first = Int(event.firstField)
    for field in batch.fields[first..<(first + Int(event.fieldCount))] {
      let name = schema.fields[Int(field.slot)]
      switch field.kind {
      case .text: fields[name] = batch.texts[field.payload]
      case .number: fields[name] = String(batch.numbers[Int(field.payload)])
      case .null: fields[name] = "null"
      case .yes, .no, .list, .object: fields[name] = "\(field.kind)"
      }
    }
    return fields
  }
}

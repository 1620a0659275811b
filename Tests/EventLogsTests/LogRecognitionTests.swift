import EventLogs
import Synchronization
import Testing

/// What is passed over unread is what reading would have found to be no log.
@Suite struct LogRecognitionTests {
  private static let keys = [
    "event", "type", "Ty-pe", "msg", "data", "message", "log", "line", "events", "records", "items",
    "nodes", "a", "ts", "output_hash", "hits", "result", "_raw", "specversion", "eventType",
    "attributes", "\\u0065vent",
  ]
  private static let names = ["use", "cert.issued", "used", "foreign", "us\\u0065", "x"]

  private static func value(_ dice: inout Dice, _ depth: Int) -> String {
    switch Int.random(in: 0..<12, using: &dice) {
    case 0..<4: return "\"\(names.randomElement(using: &dice) ?? "")\""
    case 4: return ["0", "true", "null", "1abc", "nul"].randomElement(using: &dice) ?? ""
    case 5: return "\"2026-01-01T00:00:00Z\""
    case 6: return #""INFO {\"event\":\"use\",\"output_hash\":\"h\"}""#
    case 7: return #""{\"event\":\"use\",\"n\":1}""#
    case 8 where depth < 4:
      let values = (0..<Int.random(in: 0..<3, using: &dice)).map { _ in value(&dice, depth + 1) }
      return "[\(values.joined(separator: ", "))]"
    case _ where depth < 4: return object(&dice, depth + 1)
    default: return "\"\""
    }
  }

  private static func object(_ dice: inout Dice, _ depth: Int = 0) -> String {
    let layouts = [("{", ":", ",", "}"), ("{\n  ", ": ", ",\n  ", "\n}"), ("{ ", ": ", ",\n", "}")]
    let (open, colon, comma, close) = layouts.randomElement(using: &dice) ?? layouts[0]
    let members = (0..<Int.random(in: 0..<5, using: &dice)).map { _ in
      "\"\(keys.randomElement(using: &dice) ?? "")\"\(colon)\(value(&dice, depth))"
    }
    return open + members.joined(separator: comma) + close
  }

  private static func log(_ dice: inout Dice) -> [UInt8] {
    let objects = (0..<Int.random(in: 1..<4, using: &dice)).map { _ in object(&dice) }
    let text =
      switch Int.random(in: 0..<6, using: &dice) {
      case 0: objects[0]
      case 1, 2: objects.joined(separator: "\n")
      case 3: "[\(objects.joined(separator: ",\n"))]"
      case 4: "{\"events\": [\(objects.joined(separator: ","))], \"a\": 1}"
      default: "\u{FEFF}" + objects.joined(separator: ", ")
      }
    var bytes = Array(text.utf8)
    let alphabet = Array("{}[]\",:\\nu0e.\0\n ".utf8) + [0xFF]
    for _ in 0..<Int.random(in: 0..<3, using: &dice) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &dice)
      switch Int.random(in: 0..<4, using: &dice) {
      case 0: bytes[place] = alphabet.randomElement(using: &dice) ?? 0
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(alphabet.randomElement(using: &dice) ?? 0, at: place)
      default: break
      }
    }
    return bytes
  }

  /// Asks every format, and reads everything: the first format, and the first in which there are events.
  private static func formats(_ bytes: [UInt8]) throws -> (first: String?, ofLog: String?) {
    let readers = LogReaders.all.filter { $0.recognizes(bytes.span) }
    return (readers.first?.format, try readers.first { try isLog(bytes, $0) }?.format)
  }

  private static func isLog(_ bytes: [UInt8], _ reader: any LogReader.Type) throws -> Bool {
    var events = 0
    var isLog = false
    var feed = LogFeed(schema: EventSchema(ReadLog.vocabulary, envelope: reader.envelope)) {
      batch in
      events += batch.events.count
      isLog = isLog || batch.events.contains { !$0.time.isMissing && $0.fieldCount > 0 }
    }
    var input = try LogInput(.bytes(bytes))
    reader.read(&input, into: &feed)
    feed.flush(atLeast: 1)
    return isLog || (events > 0 && events >= feed.unknownNames.total)
  }

  @Test(arguments: 0..<8) func `500 texts are known for what reading finds`(seed: Int) throws {
    var dice = Dice(state: UInt64(seed) + 7)
    let schemas = EventSchemas(ReadLog.vocabulary)
    for _ in 0..<500 {
      let bytes = Self.log(&dice)
      let expected = try Self.formats(bytes)
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(LogReaders.reader(for: bytes.span)?.format == expected.first, "\(text)")
      let found = LogRecognition.reader(for: bytes, schemas: [schemas])
      #expect(found?.format == expected.ofLog, "\(text)")
    }
  }

  @Test func `a name in references or single quotes is a name`() {
    func isLog(_ value: String) -> Bool {
      let event = "<event><string key='concept:name' value=\(value)/></event>"
      return LogRecognition.recognizes(
        head: Array("<log xes.version='1.0'><trace>\(event)</trace></log>".utf8),
        schemas: [EventSchemas(ReadLog.vocabulary)])
    }
    for value in [#""use""#, "'use'", "'us&#101;'", "'&#117;se'"] { #expect(isLog(value)) }
    for value in ["'user'", "'&apos;use'", "'a &amp; use'"] { #expect(!isLog(value)) }
  }

  @Test func `a schema is made only where something may be an event`() {
    let asked = Atomic(0)
    let schemas = EventSchemas(placesOf: ReadLog.vocabulary) { envelope in
      asked.add(1, ordering: .relaxed)
      return EventSchema(ReadLog.vocabulary, envelope: envelope)
    }
    let definition = #"{"name": "n", "nodes": [{"type": "use", "event": "use"}], "on": {}}"#
    #expect(!LogRecognition.recognizes(head: Array(definition.utf8), schemas: [schemas]))
    #expect(asked.load(ordering: .relaxed) == 0)
    #expect(LogRecognition.recognizes(head: Array(#"{"event":"use"}"#.utf8), schemas: [schemas]))
    #expect(asked.load(ordering: .relaxed) == 1)
  }
}

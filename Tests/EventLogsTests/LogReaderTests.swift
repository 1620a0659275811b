import EventLogs
import Testing

private let use = #"{"ts":"2026-01-01T00:00:00Z","event":"use","data":{"output_hash":"h1"}}"#

@Suite struct LogReaderTests {
  @Test func `fields stand at the top or under data, under any of their names`() throws {
    let log = try ReadLog(
      """
      {"event":"used","outputHash":"a"}
      {"data":{"OUTPUT-HASH":"b","n":1.5},"event":"use"}
      {"event":"use","output":{"hash":"c"},"n":null}
      {"event":"use","data":{"output_hash":"\\u0064\\n"}}
      """)
    #expect(log.names == ["use", "use", "use", "use"])
    #expect(log.fields.map { $0["output_hash"] } == ["a", "b", "c", "d\n"])
    #expect(log.fields.map { $0["n"] } == [nil, "1.5", "null", nil])
  }

  @Test func `a key inside a text or a foreign object is no field`() throws {
    let log = try ReadLog(
      #"{"event":"use","note":"\"output_hash\":\"x\"","other":{"output_hash":"y","event":"z"}}"#)
    #expect(log.names == ["use"])
    #expect(log.fields == [[:]])
  }

  @Test func `a list and a list across lines are read`() throws {
    let flat = try ReadLog("[\(use),\(use)]")
    #expect(flat.format == "json")
    #expect(flat.lines == [1, 1])
    let tall = try ReadLog("[\n  \(use),\n  {\n \"event\": \"use\"\n  },\n  \(use)\n]\n")
    #expect(tall.lines == [2, 3, 6])
    #expect(tall.problems.isEmpty)
  }

  @Test func `cloud events are read with payloads in Base64`() throws {
    let log = try ReadLog(
      #"""
      {"specversion":"1.0","id":"1","source":"/a","type":"use","time":"2026-01-01T00:00:00Z","data":{"output_hash":"h"}}
      {"specversion":"1.0","id":"2","source":"/a","type":"use","datacontenttype":"application/json","data_base64":"eyJvdXRwdXRfaGFzaCI6ImgyIn0="}
      """#)
    #expect(log.format == "cloudevents")
    #expect(log.fields.map { $0["output_hash"] } == ["h", "h2"])
  }

  @Test(arguments: [
    ("a stray line", "\(use)\nKilled\n\(use)\n", [1, 3], [2...2]),
    ("neighbours are one region", "\(use)\noops\n{]\n\(use)\n", [1, 4], [2...3]),
    ("NUL bytes at the head", "\0\0\0\(use)\n\(use)\n", [1, 2], [1...1]),
    ("a byte-order mark inside", "\(use)\n\u{FEFF}\(use)\n", [1, 2], [2...2]),
    ("a torn line before a whole one", "{\"event\":\"u\(use)\n\(use)\n", [1, 2], [1...1]),
    ("a text before the event", "12:00 INFO \(use)\n\(use)\n", [1, 2], [1...1]),
  ]) func `damage is one located problem, and the rest is read`(
    name: String, text: String, lines: [Int], regions: [ClosedRange<Int>]
  ) throws {
    let log = try ReadLog(text)
    #expect(log.lines == lines)
    #expect(log.problems.map(\.lines) == regions)
    #expect(log.problems.allSatisfy { $0.severity == .error })
  }

  @Test(arguments: [
    "\u{FEFF}\(use)\r\n\r\n\(use)\r\n", "\(use)\(use)", "\(use) \(use)\n\n\n",
    "\n\n\(use)\n\(use)", "\(use)\n{\"event\":\"foreign\"}\n\(use)\n",
  ]) func `what is only unusual is no damage`(text: String) throws {
    let log = try ReadLog(text)
    #expect(log.names == ["use", "use"])
    #expect(log.problems.isEmpty)
  }

  @Test func `a cut last line is a note, a cut list an error`() throws {
    let line = try ReadLog("\(use)\n{\"ts\":\"2026")
    #expect(line.names == ["use"])
    #expect(line.problems.map(\.severity) == [.note])
    let list = try ReadLog("[\(use),\n{\"ts\":\"2026")
    #expect(list.names == ["use"])
    #expect(list.problems.map(\.severity) == [.error])
  }

  @Test func `a blank log is silent`() throws {
    for text in ["", "\n\n", "\u{FEFF}", "  \r\n"] { #expect(try ReadLog(text).problems.isEmpty) }
  }

  @Test func `lists of other things are no logs`() {
    func isLog(_ text: String) -> Bool {
      LogRecognition.recognizes(
        head: Array(text.utf8), schemas: [EventSchemas(ReadLog.vocabulary)])
    }
    #expect(isLog(use))
    #expect(isLog("[\n\(use)]"))
    #expect(!isLog(#"{"name":"package","version":"1.0.0"}"#))
    #expect(!isLog("{\"type\":\"message\"}\n{\"type\":\"message\"}\n"))
    #expect(!isLog("name: x\non: push\n"))
    #expect(!isLog(""))
  }
}

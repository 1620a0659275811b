import EventLogs
import Testing

/// An OTLP request with one record for each name.
private func request(_ names: String...) -> String {
  let records = names.map { name in
    #"{"timeUnixNano":"1767225600000000000","eventName":"\#(name)","#
      + #""attributes":[{"key":"app.output_hash","value":{"stringValue":"h"}},"#
      + #"{"key":"n","value":{"intValue":"7"}}]}"#
  }
  return #"{"resourceLogs":[{"resource":{"attributes":[]},"scopeLogs":[{"logRecords":["#
    + records.joined(separator: ",") + "]}]}]}"
}

@Suite struct LogFormatTests {
  @Test func `OTLP is read one request after another`() throws {
    let log = try ReadLog(request("use", "used") + "\n" + request("cert.issued") + "\n")
    #expect(log.format == "otlp")
    #expect(log.names == ["use", "use", "cert.issued"])
    #expect(log.lines == [1, 1, 2])
    #expect(log.fields.first?["output_hash"] == "h")
    #expect(log.fields.first?["n"] == "7.0")
    #expect(log.problems.isEmpty)
  }

  @Test func `a record without its time is told when it was observed, and zero is no time`() throws
  {
    let log = try ReadLog(
      #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"0","#
        + #""observedTimeUnixNano":"1767225600000000000","body":{"stringValue":"use"}},"#
        + #"{"timeUnixNano":"0","body":{"stringValue":"use"}}]}]}]}"#)
    #expect(log.times == ["2026-01-01T00:00:00.000000000Z", ""])
  }

  @Test func `a torn request is located, and the ones around it are read`() throws {
    let whole = request("use")
    let log = try ReadLog("\(whole)\n\(whole.prefix(120))\n\(whole)\n")
    #expect(log.lines == [1, 3])
    #expect(log.problems.map(\.lines) == [2...2])
  }

  @Test func `a broken record in a document is left out, and the rest is read`() throws {
    let events = [
      #"{"eventId":"1","ingestionTime":1,"timestamp":1767225600000,"message":"{\"event\":\"use\"}"}"#,
      #"{"eventId":"2","ingestionTime":1,"timestamp":17672256"00000,"message":"{\"event\":\"use\"}"}"#,
      #"{"eventId":"3","ingestionTime":1,"timestamp":1767225600000,"message":"{\"event\":\"use\"}"}"#,
    ]
    let log = try ReadLog("{\"events\":[\n" + events.joined(separator: ",\n") + "\n]}")
    #expect(log.format == "cloudwatch")
    #expect(log.lines == [2, 4])
    #expect(log.problems.map(\.lines.lowerBound) == [3])
  }

  @Test func `a cut document is judged up to the cut`() throws {
    let whole = request("use", "use", "use")
    let log = try ReadLog(String(whole.prefix(whole.utf8.count - 60)))
    #expect(log.names == ["use", "use"])
    #expect(log.problems.count == 1)
    #expect(log.problems.first?.severity == .error)
  }

  @Test func `frames of an event stream have their data over lines, and comments say nothing`()
    throws
  {
    let log = try ReadLog(
      """
      : hello
      event: use
      data: {"output_hash":"h",
      data: "n":2}

      retry: 3000

      data: {"type":"cert.issued","data":{"output_hash":"h"}}

      data: [DONE]

      event: use
      data: {"output_hash":"g"}
      """)
    #expect(log.format == "sse")
    #expect(log.names == ["use", "cert.issued", "use"])
    #expect(log.lines == [2, 8, 12])
    #expect(log.fields.map { $0["output_hash"] } == ["h", "h", "g"])
    #expect(log.fields.first?["n"] == "2.0")
    #expect(log.problems.isEmpty)
  }

  @Test func `a frame whose data is no JSON is located`() throws {
    let log = try ReadLog(
      "event: use\ndata: {\"a\":1}\n\nevent: use\ndata: {oops\n\nevent: use\n\n")
    #expect(log.names == ["use", "use"])
    #expect(log.problems.map(\.lines) == [4...4])
  }

  @Test func `a name whose frame does not end is no event`() throws {
    let log = try ReadLog("event: use\ndata: {\"a\":1}\n\nevent: use\n")
    #expect(log.names == ["use"])
    #expect(log.problems.map(\.severity) == [.note])
  }

  @Test(arguments: [
    ("event,output_hash\nuse,h\n", ["h"]), ("event;output_hash\r\nuse;h\r\nuse;g", ["h", "g"]),
    ("event\toutput.hash\nuse\th\n", ["h"]),
    ("\u{FEFF}event,output_hash\nuse,\"h,\"\"x\"\"\ny\"\n", ["h,\"x\"\ny"]),
    ("event,output_hash\n\nuse,\nuse,\"\"\nuse,null\n", [nil, "null", "null"]),
    ("event,data\nuse,\"{\"\"output_hash\"\":\"\"h\"\"}\"\n", ["h"]),
    (",event,output_hash,Größe (m/s)\n0,use,h,1\n", ["h"]),
    ("event,output_hash,tags\nuse,h,\"[{\"\"k\"\":1}]\"\n", ["h"]),
  ]) func `tables are read by their header`(text: String, hashes: [String?]) throws {
    let log = try ReadLog(text)
    #expect(log.format == "csv")
    #expect(log.fields.map { $0["output_hash"] } == hashes)
    #expect(log.problems.isEmpty)
  }

  @Test func `a row with too few cells is located, and a cell that is not closed`() throws {
    let log = try ReadLog("event,output_hash,n\nuse,h,1\nuse,h\nuse,h,2\nuse,\"h,3\n")
    #expect(log.names == ["use", "use"])
    #expect(log.problems.map(\.lines) == [3...3, 5...5])
  }

  @Test func `XES is read across comments, namespaces and references`() throws {
    let log = try ReadLog(
      """
      <?xml version="1.0"?>
      <!-- <event/> -->
      <log xes.version="1.0"><trace>
      <string key="concept:name" value="case 1"/>
      <event><string key="concept:name" value="use"/><string key='output_hash' value='&lt;h&#x26;'/>
      <date key="time:timestamp" value="2026-01-01T00:00:00.000+00:00"/><int key="n" value="4"/></event>
      <event><string key="concept:name" value="use">
        <string key="output_hash" value="inner"/></string></event>
      </trace></log>
      """)
    #expect(log.format == "xes")
    #expect(log.names == ["use", "use"])
    #expect(log.fields.map { $0["output_hash"] } == ["<h&", nil])
    #expect(log.fields.first?["n"] == "4.0")
    #expect(log.lines == [5, 7])
    #expect(log.problems.isEmpty)
  }

  @Test func `a cut XES log is judged up to the cut`() throws {
    let log = try ReadLog(
      #"<log xes.version="1.0"><trace><event><string key="concept:name" value="use"/></event><ev"#)
    #expect(log.names == ["use"])
    #expect(log.problems.map(\.severity) == [.error])
  }

  @Test func `events of an execution's payloads are found in both spellings of Temporal`() throws {
    let data =
      "eyJldmVudCI6InVzZSIsInRzIjoiMjAyNi0wMS0wMVQwMDowMDowMFoiLCJvdXRwdXRfaGFzaCI6ImgifQ=="
    for type in ["WorkflowExecutionSignaled", "EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED"] {
      let log = try ReadLog(
        #"[{"eventId":"1","eventTime":"2026-01-01T00:00:00Z","eventType":"\#(type)","#
          + #""workflowExecutionSignaledEventAttributes":{"signalName":"s","input":{"payloads":"#
          + #"[{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"\#(data)"}]}}}]"#)
      #expect(log.format == "temporal-history")
      #expect(log.names == ["use"])
      #expect(log.fields.first?["output_hash"] == "h")
    }
  }

  @Test func `an object of an object-centric log is a field under its type`() throws {
    let log = try ReadLog(
      #"{"objectTypes":[],"eventTypes":[],"objects":[{"id":"h","type":"output_hash"}],"events":["#
        + #"{"id":"e1","type":"use","time":"2026-01-01T00:00:00Z","attributes":[],"#
        + #""relationships":[{"objectId":"h","qualifier":"about"}]}]}"#)
    #expect(log.format == "ocel")
    #expect(log.fields == [["output_hash": "h"]])
  }

  @Test(arguments: [
    ("{\"a\":1}\n{\"event\":\"use\"}\n", "ndjson"), ("[{\"event\":\"use\"}]", "json"),
    (
      "{\"events\":[{\"id\":1,\"previousEventId\":0,\"type\":\"ExecutionStarted\"}]}",
      "step-functions-history"
    ),
    (
      "{\"jobs\":[{\"id\":1,\"started_at\":\"x\",\"conclusion\":\"success\",\"steps\":[]}]}",
      "github-run"
    ),
    ("{\"data\":{\"resultData\":{\"runData\":{}}}}", "n8n-execution"),
    ("{\"status\":\"success\",\"data\":{\"result\":[{\"stream\":{},\"values\":[]}]}}", "loki"),
    ("{\"timestamp\":\"2026-01-01T00:00:00Z\",\"line\":\"use\",\"labels\":{}}", "loki"),
    ("{\"resourceSpans\":[]}", "otlp"),
  ]) func `content decides the format`(text: String, format: String) throws {
    #expect(try ReadLog(text).format == format)
  }

  @Test(arguments: ["", "hello world\n", "<html><body>xes</body></html>", "name: x\n", "a,b\n1\n"])
  func `what is no log has no reader`(text: String) {
    #expect(LogReaders.reader(for: Array(text.utf8).span) == nil)
  }
}

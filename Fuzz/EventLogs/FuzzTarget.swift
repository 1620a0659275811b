import EventLogs

private let vocabulary = LogVocabulary(
  names: ["cert.issued": "cert.issued", "use": "use", "used": "use"],
  fields: ["output_hash": ["output_hash", "outputHash", "output.hash"], "n": ["n"]])

@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = unsafe FuzzDriver.bytes(start, count)
  guard var log = try? LogInput(.bytes(input)) else { return 0 }
  _ = LogRecognition.recognizes(head: input, schemas: EventSchemas(vocabulary))
  let reader = LogReaders.reader(for: input.span) ?? JSONLines.self
  var feed = LogFeed(schema: EventSchema(vocabulary, envelope: reader.envelope)) { _ in }
  reader.read(&log, into: &feed)
  feed.flush(atLeast: 1)
  return 0
}

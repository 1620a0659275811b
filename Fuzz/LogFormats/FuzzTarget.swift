import EventLogs

private let vocabulary = LogVocabulary(
  names: ["cert.issued": "cert.issued", "use": "use", "used": "use"],
  fields: ["output_hash": ["output_hash", "outputHash", "output.hash"], "n": ["n"]])

/// The first byte chooses the format: what its reader makes of any bytes.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = unsafe FuzzDriver.bytes(start, count)
  guard let choice = input.first else { return 0 }
  let reader = LogReaders.all[Int(choice) % LogReaders.all.count]
  guard var log = try? LogInput(.bytes(Array(input.dropFirst()))) else { return 0 }
  var feed = LogFeed(schema: EventSchema(vocabulary, envelope: reader.envelope)) { _ in }
  reader.read(&log, into: &feed)
  feed.flush(atLeast: 1)
  return 0
}

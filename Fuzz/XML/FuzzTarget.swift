import SourceText
import Workflows

// The reader, and what every engine makes of a tree that it may or may not recognise.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = unsafe FuzzDriver.bytes(start, count)
  let file = SourceDecoder.decode(path: "fuzzed.xml", raw: input).file
  for document in XMLReader.read(file).documents {
    for reader in WorkflowReaders.all where reader.recognises(document, path: file.path) {
      _ = reader.read(document, in: ReadingContext(file: file) { _ in nil })
    }
  }
  return 0
}

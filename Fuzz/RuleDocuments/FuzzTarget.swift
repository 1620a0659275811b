import Rules
import SourceText

@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = unsafe FuzzDriver.bytes(start, count)
  let file = SourceDecoder.decode(path: "fuzzed.yml", raw: input).file
  _ = RuleBook(builtIn: [SourceFile](), users: [[file]])
  return 0
}

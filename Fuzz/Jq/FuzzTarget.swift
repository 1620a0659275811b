private let definition = #"""
  {"on":"push","jobs":{"a":{"runs-on":"x","steps":[
    {"id":"s","run":"curl -o a.json https://example.com\nX=$(jq -r 'TEXT' a.json)\nif jq -e 'TEXT' a.json; then echo 1; fi"}]}}}
  """#

// A quote would end the program and leave the rest to the shell, which has a target of its own.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = unsafe FuzzDriver.bytes(start, count)
  EmbeddedText.read(input.filter { $0 != 0x27 }, in: definition, as: "github-actions")
  return 0
}

// A bare condition, and an expression within a text.
private let definition = #"""
  {"on":"push","jobs":{"a":{"runs-on":"x","outputs":{"o":"${{ TEXT }}"},"steps":[
    {"id":"s","if":"TEXT","run":"echo ${{ TEXT }}","env":{"A":"${{ TEXT }}"}}]}}}
  """#

@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = unsafe FuzzDriver.bytes(start, count)
  EmbeddedText.read(input, in: definition, as: "github-actions")
  return 0
}

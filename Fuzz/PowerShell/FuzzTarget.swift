// A script of a job.
private let definition = #"""
  {"name":"a","on":"push","jobs":{"a":{"runs-on":"ubuntu-latest","steps":[
    {"id":"a","shell":"pwsh","run":"TEXT"},
    {"run":"echo ${{ steps.a.outputs.a }}"}]}}}
  """#

@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = unsafe FuzzDriver.bytes(start, count)
  EmbeddedText.read(input, in: definition, as: "github-actions")
  return 0
}

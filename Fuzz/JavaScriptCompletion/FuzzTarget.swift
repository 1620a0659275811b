private let definition = #"""
  {"name":"w","tasks":[
    {"name":"a","taskReferenceName":"a","type":"SWITCH","evaluatorType":"graaljs","expression":"TEXT",
     "inputParameters":{"x":"${b.output.y}"},"decisionCases":{"1":[]}},
    {"name":"c","taskReferenceName":"c","type":"DO_WHILE","loopCondition":"TEXT","loopOver":[]}]}
  """#

@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = unsafe FuzzDriver.bytes(start, count)
  EmbeddedText.read(input, in: definition, as: "conductor")
  return 0
}

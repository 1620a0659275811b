private let definition = #"""
  {"QueryLanguage":"JSONata","StartAt":"A","States":{
    "A":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Arguments":{"a":"{% TEXT %}"},
      "Output":"{% TEXT %}","Assign":{"v":"{% TEXT %}"},"Next":"B"},
    "B":{"Type":"Choice","Choices":[{"Condition":"{% TEXT %}","Next":"C"}],"Default":"C"},
    "C":{"Type":"Succeed"}}}
  """#

@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = unsafe FuzzDriver.bytes(start, count)
  EmbeddedText.read(input, in: definition, as: "step-functions")
  return 0
}

// Reference paths, intrinsic functions and choices.
private let definition = #"""
  {"StartAt":"A","States":{
    "A":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","InputPath":"TEXT",
      "Parameters":{"a.$":"TEXT"},"ResultSelector":{"b.$":"TEXT"},"ResultPath":"TEXT","OutputPath":"TEXT","Next":"B"},
    "B":{"Type":"Choice","Choices":[{"Variable":"TEXT","StringEqualsPath":"TEXT","Next":"C"}],"Default":"C"},
    "C":{"Type":"Map","ItemsPath":"TEXT","ItemProcessor":{"StartAt":"D","States":{"D":{"Type":"Pass","End":true}}},"End":true}}}
  """#

@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = unsafe FuzzDriver.bytes(start, count)
  EmbeddedText.read(input, in: definition, as: "step-functions")
  return 0
}

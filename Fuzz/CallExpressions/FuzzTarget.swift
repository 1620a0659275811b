private let google = #"""
  {"main":{"steps":[{"a":{"call":"http.get","args":{"url":"${TEXT}"},"result":"r"}},
    {"b":{"switch":[{"condition":"${TEXT}","next":"a"}]}}]}}
  """#

private let azure = #"""
  {"definition":{"$schema":"workflowdefinition.json#","triggers":{},"actions":{
    "a":{"type":"Http","inputs":{"uri":"x @{TEXT}"},"runAfter":{}},
    "b":{"type":"If","expression":"@TEXT","actions":{},"runAfter":{"a":["Succeeded"]}}}}}
  """#

@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = unsafe FuzzDriver.bytes(start, count)
  EmbeddedText.read(input, in: google, as: "google-workflows")
  EmbeddedText.read(input, in: azure, as: "logic-apps")
  return 0
}

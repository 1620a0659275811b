// A script, an expression within a text, and a condition.
private let definition = #"""
  {"nodes":[
    {"name":"A","type":"n8n-nodes-base.code","typeVersion":2,"parameters":{"jsCode":"TEXT"}},
    {"name":"B","type":"n8n-nodes-base.set","typeVersion":3.4,"parameters":{"assignments":{"assignments":[
      {"name":"a","value":"={{ TEXT }}"}]}}},
    {"name":"C","type":"n8n-nodes-base.if","typeVersion":2,"parameters":{"conditions":{"combinator":"and","conditions":[
      {"leftValue":"={{ TEXT }}","operator":{"type":"boolean","operation":"true"}}]}}}],
   "connections":{"A":{"main":[[{"node":"B","type":"main","index":0}]]},
    "B":{"main":[[{"node":"C","type":"main","index":0}]]}}}
  """#

@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = unsafe FuzzDriver.bytes(start, count)
  EmbeddedText.read(input, in: definition, as: "n8n")
  return 0
}

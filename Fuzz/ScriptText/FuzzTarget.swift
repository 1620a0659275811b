import Workflows

// A script that a parameter brings, put in where another script holds its place, and one that is made of several
// scalars.
private let workflow = #"""
  {"apiVersion":"argoproj.io/v1alpha1","kind":"Workflow","spec":{"entrypoint":"a","templates":[
    {"name":"a","steps":[[{"name":"s","template":"b","arguments":{"parameters":[
      {"name":"x","value":"TEXT"},{"name":"y","value":"{{inputs.parameters.z}}"}]}}]]},
    {"name":"b","inputs":{"parameters":[{"name":"x"},{"name":"y"}]},"container":{"image":"alpine",
      "command":["sh","-c"],
      "args":["echo a\n{{inputs.parameters.x}}\necho '{{inputs.parameters.y}}' {{inputs.parameters.x}}\nTEXT"]}}]}}
  """#

private let pipeline = #"""
  {"default":{"before_script":["TEXT","echo before"]},"build":{"script":["echo a","TEXT",["TEXT","echo b"]],
    "after_script":["TEXT"]},"test":{"stage":"test","needs":["build"],"script":"TEXT"}}
  """#

@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = unsafe FuzzDriver.bytes(start, count)
  EmbeddedText.read(input, in: workflow, as: "argo-workflows")
  EmbeddedText.read(input, in: pipeline, as: "gitlab-ci")
  return 0
}

import Testing

struct StateGraphTests {
  private func expect(
    _ json: String, _ graph: String, problems: [String] = [],
    location: Testing.SourceLocation = #_sourceLocation
  ) throws {
    let dump = try StateMachineFiles.dump(json)
    #expect(dump.graph == graph, sourceLocation: location)
    #expect(dump.problems == problems, sourceLocation: location)
  }

  @Test func `a gate between the answer and its use`() throws {
    try expect(
      """
      {"StartAt": "Generate", "States": {
        "Generate": {"Type": "Task", "Resource": "arn:aws:states:::http:invoke",
          "Parameters": {"ApiEndpoint": "https://api.example.com/v1/generate", "Method": "POST",
            "RequestBody": {"prompt.$": "$.prompt"}},
          "ResultSelector": {"text.$": "$.ResponseBody.output", "cert.$": "$.ResponseBody.cert_hash"},
          "ResultPath": "$.mira", "Next": "Certified?"},
        "Certified?": {"Type": "Choice",
          "Choices": [{"And": [{"Variable": "$.mira.cert", "IsPresent": true},
            {"Not": {"Variable": "$.mira.cert", "IsNull": true}}], "Next": "Publish"}],
          "Default": "Wait"},
        "Wait": {"Type": "Wait", "Seconds": 10, "Next": "Generate"},
        "Publish": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish",
          "Parameters": {"Message.$": "$.mira.text"}, "End": true}}}
      """,
      """
      0 action `Generate` States.Generate
         call resource arn:aws:states:::http:invoke
           Parameters.ApiEndpoint = "https://api.example.com/v1/generate"
           Parameters.Method = "POST"
           Parameters.RequestBody.prompt = $.prompt
           POST "https://api.example.com/v1/generate" {prompt: $.prompt}
         $.mira := {text: result.ResponseBody.output, cert: result.ResponseBody.cert_hash}
         -> 1
      1 branch `Certified?` States.Certified?
         ?0 ($.mira.cert isPresent and not $.mira.cert isNull)
         -> 3 if ?0
         -> 2 if !0
      2 delay `Wait` States.Wait
         -> 0
      3 action `Publish` States.Publish
         call resource arn:aws:states:::sns:publish
           Parameters.Message = $.mira.text
         $ := result
      return at 3: $
      """)
  }

  @Test func `the document after each way to write the result`() throws {
    try expect(
      """
      {"StartAt": "Replace", "States": {
        "Replace": {"Type": "Task", "Resource": "r", "Next": "Keep"},
        "Keep": {"Type": "Task", "Resource": "r", "ResultPath": null, "Next": "Narrow"},
        "Narrow": {"Type": "Task", "Resource": "r", "InputPath": "$.a", "ResultPath": "$.x.y",
          "OutputPath": "$.x", "Next": "Make"},
        "Make": {"Type": "Pass", "Result": {"b.$": "$.c", "n": null}, "ResultPath": "$.made", "Next": "Shape"},
        "Shape": {"Type": "Pass", "Parameters": {"t.$": "States.Format('{}!', $.a)", "in": {"k.$": "$$.Execution.Id"}},
          "Next": "Move"},
        "Move": {"Type": "Pass", "InputPath": "$.t", "ResultPath": "$.moved", "Next": "Done"},
        "Done": {"Type": "Succeed", "InputPath": "$.moved", "OutputPath": null}}}
      """,
      """
      0 action `Replace` States.Replace
         call resource r
           Parameters = $
         $ := result
         -> 1
      1 action `Keep` States.Keep
         call resource r
           Parameters = $
         -> 2
      2 action `Narrow` States.Narrow
         call resource r
           Parameters = $.a
         $.x.y := result
         $ := $.x
         -> 3
      3 action `Make` States.Make
         $.made := {b.$: "$.c", n: null}
         -> 4
      4 action `Shape` States.Shape
         $ := {t: template(text($.a, null: "null"), "!"), in: {k: $$.Execution.Id}}
         -> 5
      5 action `Move` States.Move
         $.moved := $.t
         -> 6
      6 control `Done` States.Done
         $ := $.moved
         $ := {}
      return at 6: $
      """)
  }

  @Test func `errors go to the catchers in order`() throws {
    try expect(
      """
      {"StartAt": "Ask", "States": {
        "Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
          "Parameters": {"MessageBody": {"token.$": "$$.Task.Token"}}, "TimeoutSeconds": 60,
          "Retry": [{"ErrorEquals": ["States.Timeout"], "MaxAttempts": 0},
            {"ErrorEquals": ["A", "B"]}, {"ErrorEquals": ["C"], "MaxAttempts": 5}],
          "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Late", "ResultPath": "$.error"},
            {"ErrorEquals": ["States.ALL"], "Next": "Bad"}],
          "Next": "Late"},
        "Late": {"Type": "Succeed"}, "Bad": {"Type": "Fail"}}}
      """,
      """
      0 action `Ask` States.Ask
         call resource arn:aws:states:::sqs:sendMessage.waitForTaskToken
           Parameters.MessageBody.token = $$.Task.Token
         $ := result
         retry 5 on [A, B, C]
         -> 1 timeout
         -> 2 failure
         -> 3
      1 control `Ask` States.Ask.Catch[0]
         $.error := {Error: unknown(), Cause: unknown()}
         -> 4
      2 control `Ask` States.Ask.Catch[1]
         $ := {Error: unknown(), Cause: unknown()}
         -> 5
      3 approval `Ask` States.Ask/1
         -> 1 timeout
         -> 2 failure
         -> 4
      4 control `Late` States.Late
      5 control `Bad` States.Bad
      """)
  }

  @Test func `branches see copies of the state and are all awaited`() throws {
    try expect(
      """
      {"StartAt": "Fan", "States": {"Fan": {"Type": "Parallel", "ResultPath": "$.both",
        "ResultSelector": {"first.$": "$[0].x"},
        "Catch": [{"ErrorEquals": ["States.TaskFailed"], "Next": "Bad"}],
        "Branches": [
          {"StartAt": "Publish", "States": {"Publish": {"Type": "Task", "Resource": "a", "End": true}}},
          {"StartAt": "Pick", "States": {
            "Pick": {"Type": "Choice", "Choices": [{"Variable": "$.ok", "BooleanEquals": true, "Next": "Publish"}]},
            "Publish": {"Type": "Task", "Resource": "b", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "No"}], "End": true},
            "No": {"Type": "Fail"}}}],
        "End": true}, "Bad": {"Type": "Pass", "End": true}}}
      """,
      """
      0 control `Fan` States.Fan
         States.Fan.Branches[0].$ := $
         States.Fan.Branches[1].$ := $
         -> 2
         -> 4
      1 control `Fan` States.Fan.Catch[0]
         $ := {Error: unknown(), Cause: unknown()}
         -> 10
      2 action `Publish` States.Fan.Branches[0].States.Publish
         call resource a
           Parameters = States.Fan.Branches[0].$
         States.Fan.Branches[0].$ := result
         -> 1 failure
         -> 3
      3 control `Fan` States.Fan.Branches[0]/1
         -> 9
      4 branch `Pick` States.Fan.Branches[1].States.Pick
         ?0 States.Fan.Branches[1].$.ok equal "true"
         -> 1 failure if !0
         -> 5 if ?0
      5 action `Publish` States.Fan.Branches[1].States.Publish
         call resource b
           Parameters = States.Fan.Branches[1].$
         States.Fan.Branches[1].$ := result
         -> 6 failure
         -> 8
      6 control `Publish` States.Fan.Branches[1].States.Publish.Catch[0]
         States.Fan.Branches[1].$ := {Error: unknown(), Cause: unknown()}
         -> 7
      7 control `No` States.Fan.Branches[1].States.No
         -> 1 failure
      8 control `Fan` States.Fan.Branches[1]/1
         -> 9
      9 control all `Fan` States.Fan/1
         $.both := {first: States.Fan.Branches[0].$.x}
      10 action `Bad` States.Bad
      return at 9: $.both
      """)
  }

  @Test func `a map runs its processor for each item or for none`() throws {
    try expect(
      """
      {"StartAt": "Each", "States": {"Each": {"Type": "Map", "ItemsPath": "$.claims",
        "ItemSelector": {"claim.$": "$$.Map.Item.Value.fact", "all.$": "$.prompt"},
        "ToleratedFailurePercentage": 10,
        "ItemProcessor": {"StartAt": "Check", "States": {
          "Check": {"Type": "Task", "Resource": "verify", "Parameters": {"fact.$": "$.claim"}, "End": true}}},
        "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b"}},
        "Next": "Old"},
        "Old": {"Type": "Map", "Parameters": {"v.$": "$$.Map.Item.Value"},
        "Iterator": {"StartAt": "In", "States": {"In": {"Type": "Pass", "End": true}}}, "End": true}}}
      """,
      """
      0 control `Each` States.Each
         States.Each.ItemProcessor.$ := {claim: $.claims[each].fact, all: $.prompt}
         -> 3
         -> 4
      1 control `Each` States.Each/1
         call resource arn:aws:states:::s3:putObject
           ResultWriter.Parameters.Bucket = "b"
           ResultWriter.Results = [States.Each.ItemProcessor.$]
         $ := result
         -> 5
      2 control `Each` States.Each/3
         States.Each.ItemProcessor.$ := null
         -> 1
      3 control `Each` States.Each/2
         States.Each.ItemProcessor.$ := null
         -> 1
      4 action `Check` States.Each.ItemProcessor.States.Check
         call resource verify
           Parameters.fact = States.Each.ItemProcessor.$.claim
         States.Each.ItemProcessor.$ := result
         -> 2 failure
         -> 1
      5 control `Old` States.Old
         States.Old.Iterator.$ := {v: $[each]}
         -> 7
         -> 8
      6 control `Old` States.Old/1
         $ := [States.Old.Iterator.$]
      7 control `Old` States.Old/2
         States.Old.Iterator.$ := null
         -> 6
      8 action `In` States.Old.Iterator.States.In
         -> 6
      return at 6: $
      """)
  }

  @Test func `JSONata states say their output themselves`() throws {
    try expect(
      """
      {"QueryLanguage": "JSONata", "StartAt": "Ask", "States": {
        "Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
          "Arguments": {"FunctionName": "ask", "Payload": "{% {'q': $states.input.q, 'c': $cert} %}"},
          "Assign": {"cert": "{% $states.result.Payload.cert %}", "n": "{% $n + 1 %}"},
          "Output": {"text": "{% $states.result.Payload.text %}", "old": "{% $cert %}"},
          "Catch": [{"ErrorEquals": ["States.ALL"], "Output": "{% $states.errorOutput %}", "Next": "Old"}],
          "Next": "Gate"},
        "Gate": {"Type": "Choice", "Choices": [
          {"Condition": "{% $cert != null %}", "Assign": {"seen": true}, "Next": "Raw"}], "Default": "Old"},
        "Raw": {"Type": "Task", "Resource": "r", "End": true},
        "Old": {"QueryLanguage": "JSONPath", "Type": "Pass",
          "Parameters": {"c.$": "$cert", "t": "{% no %}"}, "ResultPath": "$.p", "End": true}}}
      """,
      """
      0 action `Ask` States.Ask
         call resource arn:aws:states:::lambda:invoke
           Arguments.FunctionName = "ask"
           Arguments.Payload.q = $.q
           Arguments.Payload.c = $cert
         $ := {text: result.Payload.text, old: $cert}
         $cert := result.Payload.cert
         $n := +([$n, "1"])
         -> 1 failure
         -> 2
      1 control `Ask` States.Ask.Catch[0]
         $ := {Error: unknown(), Cause: unknown()}
         -> 5
      2 branch `Gate` States.Gate
         ?0 not $cert isNull
         -> 3 if ?0
         -> 5 if !0
      3 control `Gate` States.Gate/1
         $seen := "true"
         -> 4
      4 action `Raw` States.Raw
         call resource r
           Arguments = $
         $ := result
      5 action `Old` States.Old
         $.p := {c: $cert, t: "{% no %}"}
      return at 4: $
      return at 5: $.p
      """)
  }

  @Test func `a polling loop that counts its rounds gives up`() throws {
    try expect(
      """
      {"StartAt": "Get", "States": {
        "Get": {"Type": "Task", "Resource": "get", "ResultPath": "$.r", "Next": "Count"},
        "Count": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.poll.n, 1)"}, "ResultPath": "$.poll", "Next": "Done?"},
        "Done?": {"Type": "Choice", "Choices": [
          {"Variable": "$.r.cert", "IsString": true, "Next": "Publish"},
          {"Variable": "$.poll.n", "NumericGreaterThan": 5, "Next": "Publish"}], "Default": "Wait"},
        "Wait": {"Type": "Wait", "Seconds": 5, "Next": "Get"},
        "Publish": {"Type": "Succeed"}}}
      """,
      """
      0 action `Get` States.Get
         call resource get
           Parameters = $
         $.r := result
         -> 1
      1 action `Count` States.Count
         $.poll := {n: States.MathAdd([$.poll.n, "1"])}
         -> 2
      2 branch `Done?` States.Done?
         ?0 $.r.cert isText
         ?1 $.poll.n greater "5"
         -> 4 if ?0
         -> 4 timeout if !0 ?1
         -> 3 if !0 !1
      3 delay `Wait` States.Wait
         -> 0
      4 control `Publish` States.Publish
      """)
  }

  @Test func `a default after the last round gives up, too`() throws {
    try expect(
      """
      {"QueryLanguage": "JSONata", "StartAt": "Get", "States": {
        "Get": {"Type": "Task", "Resource": "get", "Assign": {"n": "{% $n + 1 %}"}, "Next": "Done?"},
        "Done?": {"Type": "Choice", "Choices": [
          {"Condition": "{% $states.input.cert != null %}", "Next": "Publish"},
          {"Condition": "{% $n < 5 %}", "Next": "Get"}], "Default": "Publish"},
        "Publish": {"Type": "Succeed"}}}
      """,
      """
      0 action `Get` States.Get
         call resource get
           Arguments = $
         $n := +([$n, "1"])
         $ := result
         -> 1
      1 branch `Done?` States.Done?
         ?0 not $.cert isNull
         ?1 $n less "5"
         -> 2 if ?0
         -> 0 if !0 ?1
         -> 2 timeout if !0 !1
      2 control `Publish` States.Publish
      """)
  }
}

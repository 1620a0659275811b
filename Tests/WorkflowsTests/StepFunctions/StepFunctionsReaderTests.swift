import Expressions
import SourceText
import TestSupport
import Testing
import Workflows

struct StepFunctionsReaderTests {
  private struct Told {
    var messages: [String] = []
    /// Each problem's text in the file.
    var places: [String] = []
    var hints: [String] = []
    var steps: [String] = []
  }

  private func read(_ text: String, path: String = "machine.asl.json") throws -> Told {
    let bytes = Array(text.utf8)
    let reading = try #require(StateMachineFiles.read(path: path, bytes))
    let file = SourceFile(path: path, bytes: bytes)
    return Told(
      messages: reading.problems.map(\.message),
      places: reading.problems.map { file.text(in: $0.range) },
      hints: reading.problems.map(\.hint),
      steps: reading.workflows.flatMap(\.steps).map { file.text(in: $0.location.range) })
  }

  @Test(arguments: [
    (
      #"{"StartAt": "Frist", "States": {"First": {"Type": "Succeed"}}}"#,
      "there is no state `Frist` here", #""Frist""#, "did you mean `First`?"
    ),
    (
      #"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Publsh"}, "Publish": {"Type": "Succeed"}}}"#,
      "there is no state `Publsh` here", #""Publsh""#, "did you mean `Publish`?"
    ),
    (
      #"{"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [], "Default": "Nowhere"}}}"#,
      "there is no state `Nowhere` here", #""Nowhere""#, ""
    ),
    (
      #"{"StartAt": "A", "States": {"A": {"Type": "Tsak", "End": true}}}"#,
      "there is no state type `Tsak`", #""Tsak""#, "did you mean `Task`?"
    ),
    (
      #"{"States": {"A": {"Type": "Succeed"}}}"#,
      "the state machine has no `StartAt`", #"{"States": {"A": {"Type": "Succeed"}}}"#, ""
    ),
    (
      #"{"StartAt": "A", "States": {"A": {"Type": "Pass"}}}"#,
      "the state `A` has neither `Next` nor `End`", #""A""#,
      #"add `"End": true` if the machine ends here"#
    ),
    (
      #"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"a.$": "States.Formt('{}', $.b)"}, "End": true}}}"#,
      "there is no intrinsic function `States.Formt`", "States.Formt",
      "did you mean `States.Format`?"
    ),
    (
      #"{"StartAt": "A", "States": {"A": {"Type": "Pass", "ResultPath": "$.a[*]", "Result": 1, "End": true}}}"#,
      "the result cannot be written to `$.a[*]`", #""$.a[*]""#, "name one place: `$.field`"
    ),
    (
      #"{"StartAt": "A", "QueryLanguage": "JSONata", "States": {"A": {"Type": "Succeed", "Output": "{% $states.input. %}"}}}"#,
      "the expression ends too early", ".", ""
    ),
  ])
  func `a mistake is told at its place, with what was meant`(
    json: String, message: String, place: String, hint: String
  ) throws {
    let told = try read(json)
    #expect(told.messages == [message])
    #expect(told.places == [place])
    #expect(told.hints == [hint])
  }

  @Test(arguments: [
    #"{"States": {}}"#, #"{"StartAt": "A"}"#, #"{"States": {"CA": {"Type": "Region"}}}"#,
    #"{"StartAt": "A", "States": ["A"]}"#, "[]", "1", "",
    #"{"Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {}}}}"#,
  ])
  func `what only looks like a machine is not recognised`(json: String) {
    #expect(StateMachineFiles.read(path: "a.json", Array(json.utf8)) == nil)
  }

  @Test func `states may have the names of fields`() throws {
    let told = try read(
      """
      {"StartAt": "Parameters", "States": {
        "Parameters": {"Type": "Pass", "Next": "Catch"},
        "Catch": {"Type": "Pass", "Next": "ResultPath"},
        "ResultPath": {"Type": "Pass", "Parameters": {"Next": "nowhere", "Choices": [{}]}, "Next": "{% x %}"},
        "{% x %}": {"Type": "Succeed"}}}
      """)
    #expect(told.messages.isEmpty)
    #expect(told.steps == [#""Parameters""#, #""Catch""#, #""ResultPath""#, #""{% x %}""#])
  }

  @Test func `a substitution may stand unquoted, and comments and commas may be left`() throws {
    let told = try read(
      """
      { // wait for it
        "StartAt": "Wait",
        "States": {"Wait": {"Type": "Wait", "Seconds": ${Seconds}, "End": true,},},
      }
      """, path: "machine.asl.json5")
    #expect(told.steps == [#""Wait""#])
  }

  @Test func `a template holds several machines, in every form`() throws {
    let yaml = #"""
      Resources:
        Plain:
          Type: AWS::StepFunctions::StateMachine
          Properties:
            DefinitionString: '{"StartAt": "One", "States": {"One": {"Type": "Task", "Resource": "${Fn}", "End": true}}}'
            DefinitionSubstitutions: {Fn: !Sub "arn:${AWS::Partition}:lambda:x"}
        Quoted:
          Type: AWS::StepFunctions::StateMachine
          Properties:
            DefinitionString: "{\"StartAt\": \"Two\", \"States\": {\"Two\": {\"Type\": \"Pass\", \"InputPath\": \"$.a b\", \"End\": true}}}"
        Block:
          Type: AWS::StepFunctions::StateMachine
          Properties:
            DefinitionString: !Sub |
              {
                "StartAt": "Three",
                "States": {
                  "Three": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "Gone"}],
                    "Default": "End"},
                  "End": {"Type": "Succeed"}
                }
              }
        Listed:
          Type: AWS::StepFunctions::StateMachine
          Properties:
            DefinitionString:
              Fn::Sub:
                - '{"StartAt": "Four", "States": {"Four": {"Type": "Succeed"}}}'
                - {A: !Ref B}
        Joined:
          Type: AWS::StepFunctions::StateMachine
          Properties:
            DefinitionString:
              Fn::Join:
                - ""
                - - '{"StartAt": "Five", "States": {"Five": {"Type": "Task", "Resource": "arn:'
                  - Ref: AWS::Partition
                  - ':states:::sns:publish", "Next": "Fve"}}}'
        Object:
          Type: AWS::Serverless::StateMachine
          Properties:
            Definition:
              StartAt: Six
              States:
                Six: {Type: Task, Resource: !GetAtt Fn.Arn, End: True}
            Events:
              Every: {Type: Schedule}
        Elsewhere:
          Type: AWS::Serverless::StateMachine
          Properties:
            DefinitionUri: statemachine/missing.asl.json
      """#
    let bytes = Array(yaml.utf8)
    let file = SourceFile(path: "app/template.yaml", bytes: bytes)
    let reading = try #require(StateMachineFiles.read(path: file.path, bytes))
    #expect(
      reading.workflows.map(\.name)
        == ["Plain", "Quoted", "Block", "Listed", "Joined", "Object"])
    let steps = reading.workflows.flatMap(\.steps)
    #expect(steps.map(\.name) == ["One", "Two", "Three", "End", "Four", "Five", "Six"])
    #expect(
      steps.map { file.text(in: $0.location.range) } == [
        #""One""#, #"\"Two\""#, #""Three""#, #""End""#, #""Four""#, #""Five""#, "Six",
      ])
    #expect(
      steps.compactMap(\.call?.name) == [
        "arn:${AWS::Partition}:lambda:x", "arn:${AWS::Partition}:states:::sns:publish",
        "${Fn.Arn}",
      ])
    #expect(
      reading.problems.map { $0.message + " at " + file.text(in: $0.range) } == [
        "unexpected text after the expression at b", #"there is no state `Gone` here at "Gone""#,
        #"there is no state `Fve` here at "Fve""#,
      ])
    #expect(reading.workflows.flatMap(\.triggers).map(\.name) == ["Schedule"])
  }

  @Test func `a definition beside the template is read with its substitutions`() throws {
    let template = """
      Resources:
        Machine:
          Type: AWS::Serverless::StateMachine
          Properties:
            DefinitionUri: ./machines/../machines/put.asl.json
            DefinitionSubstitutions: {Put: "arn:aws:states:::dynamodb:putItem"}
      """
    let machine = """
      {"StartAt": "Put", "States": {"Put": {"Type": "Task", "Resource": "${Put}", "Next": "Gone"}}}
      """
    let reading = try #require(
      StateMachineFiles.read(path: "app/template.yaml", Array(template.utf8)) { path in
        path == "app/machines/put.asl.json"
          ? StateMachineFiles.tree(path: path, Array(machine.utf8)) : nil
      })
    let workflow = try #require(reading.workflows.first)
    #expect(workflow.path == "app/machines/put.asl.json")
    #expect(workflow.steps.first?.call?.name == "arn:aws:states:::dynamodb:putItem")
    #expect(reading.problems.isEmpty)
  }

  @Test func `mutilated definitions never stop the reader`() throws {
    let seeds = [
      #"{"StartAt": "G", "States": {"G": {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": {"ApiEndpoint": "https://a", "RequestBody": {"p.$": "States.Format('{}', $.p)"}}, "ResultSelector": {"c.$": "$.ResponseBody.c"}, "ResultPath": "$.m", "Retry": [{"ErrorEquals": ["States.ALL"]}], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "F"}], "Next": "C"}, "C": {"Type": "Choice", "Choices": [{"And": [{"Variable": "$.m.c", "IsPresent": true}, {"Not": {"Variable": "$.m.c", "IsNull": true}}], "Next": "P"}], "Default": "W"}, "W": {"Type": "Wait", "Seconds": 1, "Next": "G"}, "P": {"Type": "Parallel", "Branches": [{"StartAt": "M", "States": {"M": {"Type": "Map", "ItemsPath": "$.x", "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}, "End": true}}}], "End": true}, "F": {"Type": "Fail"}}}"#,
      #"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "r", "Arguments": {"a": "{% $states.input.x[y = 'z'].{'k': $v & /a+/} %}"}, "Assign": {"v": "{% ($q := 1; $q + $count($states.result[c != null])) %}"}, "Output": "{% $map($states.result, function($i) { $i.c }) %}", "Next": "B"}, "B": {"Type": "Choice", "Choices": [{"Condition": "{% $exists($v) and $v in [1, 2] ? true : false %}", "Next": "A"}], "Default": "C"}, "C": {"Type": "Succeed", "Output": {"a": "{% $v ~> $string() %}"}}}}"#,
      #"{"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": {"Fn::Join": ["", ["{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"Resource\": \"", {"Ref": "R"}, "\", \"End\": true}}}"]]}}}}}"#,
    ]
    var random = SplitMix64(state: 20_261_121)
    let alphabet = Array(#"{}[]",:$.%'()=&?*\ aA0"#.utf8)
    for round in 0..<200 {
      var bytes = Array(seeds[round % seeds.count].utf8)
      for _ in 0...Int.random(in: 0..<6, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: place)
        case 2: bytes[place] = UInt8.random(in: 0...255, using: &random)
        default:
          let end = min(bytes.count, place + Int.random(in: 1..<40, using: &random))
          bytes.insert(contentsOf: bytes[place..<end], at: place)
        }
      }
      for path in ["machine.asl.json", "machine.asl.yaml"] {
        let reading = StateMachineFiles.read(path: path, bytes)
        for workflow in reading?.workflows ?? [] {
          #expect(workflow.edges.allSatisfy { workflow.steps.indices.contains($0.to) })
          #expect(
            workflow.steps.allSatisfy { $0.location.range.end <= bytes.count }, "round \(round)")
        }
        for problem in reading?.problems ?? [] {
          #expect(problem.range.end <= bytes.count, "round \(round)")
        }
      }
    }
  }

  @Test func `time grows with the size of the machine`() throws {
    func machine(_ count: Int) -> [UInt8] {
      var text = #"{"StartAt": "S0", "States": {"#
      for index in 0..<count {
        let next = "S\(index + 1)"
        let state =
          switch index % 4 {
          case 0:
            #""S\#(index)": {"Type": "Task", "Resource": "r", "Parameters": {"a.$": "$.x.y"}, "ResultPath": "$.s\#(index)", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "End"}], "Next": "\#(next)"}, "#
          case 1:
            #""S\#(index)": {"Type": "Choice", "Choices": [{"Variable": "$.s\#(index)", "IsNull": true, "Next": "S\#(index / 2)"}], "Default": "\#(next)"}, "#
          default:
            #""S\#(index)": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "ResultPath": "$.n", "Next": "\#(next)"}, "#
          }
        text += state
      }
      return Array((text + #""S\#(count)": {"Type": "Succeed"}, "End": {"Type": "Fail"}}}"#).utf8)
    }
    func time(_ bytes: [UInt8]) -> Duration {
      let root = JSONReader.read(SourceFile(path: "a.json", bytes: bytes)).documents.first
      let file = SourceFile(path: "a.json", bytes: bytes)
      return CPUTime.least {
        guard let root else { return }
        let reading = StepFunctionsReader.read(
          root, in: ReadingContext(file: file) { _ in nil })
        #expect(reading.workflows.count == 1)
      }
    }
    let small = time(machine(500))
    let large = time(machine(5_000))
    // Ten times the states: linear work takes ten times as long, quadratic work a hundred times.
    #expect(large < small * 40, "\(small) for 500 states, \(large) for 5,000")
  }
}

/// A small generator of reproducible random numbers (Steele, Lea and Flood, 2014).
private struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

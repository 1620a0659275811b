/// Workflows of any size, one shape per engine.
///
/// Every tenth step asks for an answer, and the steps after it test, store and publish that answer: half of the
/// answers are awaited first. The rest is the plumbing that real workflows mostly consist of.
enum GeneratedWorkflow: String, CaseIterable {
  case gitHub = "github-actions"
  case stepFunctions = "step-functions"
  case n8n
  case miraFlow = "mira-flow"

  var fileExtension: String {
    switch self {
    case .gitHub, .miraFlow: "yml"
    case .stepFunctions, .n8n: "json"
    }
  }

  /// A definition with this many steps.
  func text(steps: Int) -> String {
    switch self {
    case .gitHub: Self.gitHub(steps)
    case .stepFunctions: Self.stepFunctions(steps)
    case .n8n: Self.n8n(steps)
    case .miraFlow: Self.miraFlow(steps)
    }
  }

  private static func gitHub(_ steps: Int) -> String {
    var text = """
      name: generated
      on: push
      jobs:
        work:
          runs-on: ubuntu-latest
          steps:

      """
    for step in 0..<steps {
      let group = step / 10
      switch step % 10 {
      case 0:
        text += """
                - id: ask\(group)
                  run: |
                    curl -sf -X POST https://api.mira.network/v1/verified/generate -d '{"n":\(group)}' -o a\(group).json
                    echo "cert=$(jq -r .cert_hash a\(group).json)" >> "$GITHUB_OUTPUT"
                    echo "id=$(jq -r .request_id a\(group).json)" >> "$GITHUB_OUTPUT"

          """
      case 1 where group % 2 == 0:
        text += """
                - name: Await \(group)
                  run: curl -sf https://api.mira.network/v1/certificates/${{ steps.ask\(group).outputs.id }}

          """
      case 3:
        text += """
                - uses: actions/cache/save@v4
                  if: steps.ask\(group).outputs.cert != ''
                  with:
                    path: a\(group).json
                    key: answer-${{ steps.ask\(group).outputs.id }}

          """
      case 7:
        text += """
                - name: Publish \(group)
                  env:
                    ID: ${{ steps.ask\(group).outputs.id }}
                  run: gh issue comment 1 --body "Answer $ID $(jq -r .output a\(group).json)"

          """
      case let part:
        text += """
                - name: Build part \(part) of \(group)
                  run: |
                    set -euo pipefail
                    if [ -d part\(part) ]; then make -C part\(part) all; else echo "no part \(part)"; fi

          """
      }
    }
    return text
  }

  private static func stepFunctions(_ steps: Int) -> String {
    var states: [String] = []
    for step in 0..<steps {
      let group = step / 10
      let next = step + 1 < steps ? #""Next":"S\#(step + 1)""# : #""End":true"#
      let body =
        switch step % 10 {
        case 0:
          #"""
          "Type":"Task","Resource":"arn:aws:states:::http:invoke","Parameters":{"ApiEndpoint":"https://api.mira.network/v1/verified/generate","Method":"POST"},"ResultPath":"$.a\#(group)",\#(next)
          """#
        case 1 where group % 2 == 0:
          #"""
          "Type":"Choice","Choices":[{"And":[{"Variable":"$.a\#(group).ResponseBody.cert_hash","IsPresent":true},{"Not":{"Variable":"$.a\#(group).ResponseBody.cert_hash","IsNull":true}}],"Next":"S\#(min(step + 1, steps - 1))"}],"Default":"Fail"
          """#
        case 4:
          #"""
          "Type":"Task","Resource":"arn:aws:states:::dynamodb:putItem","Parameters":{"TableName":"answers","Item":{"text":{"S.$":"$.a\#(group).ResponseBody.output"}}},"ResultPath":null,\#(next)
          """#
        case let part:
          #"""
          "Type":"Pass","Parameters":{"part":\#(part),"kept.$":"$.input"},"ResultPath":"$.p\#(step)",\#(next)
          """#
        }
      states.append("\"S\(step)\":{\(body)}")
    }
    states.append(#""Fail":{"Type":"Fail"}"#)
    return "{\"StartAt\":\"S0\",\"States\":{\n\(states.joined(separator: ",\n"))\n}}\n"
  }

  private static func n8n(_ steps: Int) -> String {
    var nodes: [String] = []
    var connections: [String] = []
    for step in 0..<steps {
      let group = step / 10
      let body =
        switch step % 10 {
        case 0:
          #"""
          "type":"n8n-nodes-base.httpRequest","typeVersion":4.2,"parameters":{"method":"POST","url":"https://api.mira.network/v1/verified/generate"}
          """#
        case 1 where group % 2 == 0:
          #"""
          "type":"n8n-nodes-base.if","typeVersion":2,"parameters":{"conditions":{"combinator":"and","conditions":[{"leftValue":"={{ $json.cert_hash }}","operator":{"type":"string","operation":"notEmpty"}}]}}
          """#
        case 5:
          #"""
          "type":"n8n-nodes-base.slack","typeVersion":2.2,"parameters":{"text":"={{ $('N\#(group * 10)').item.json.output }}"}
          """#
        case let part:
          #"""
          "type":"n8n-nodes-base.set","typeVersion":3.4,"parameters":{"assignments":{"assignments":[{"name":"part\#(part)","value":"={{ $json.input }}","type":"string"}]},"includeOtherFields":true}
          """#
        }
      nodes.append("{\"id\":\"\(step)\",\"name\":\"N\(step)\",\"position\":[0,0],\(body)}")
      if step + 1 < steps {
        connections.append(
          #""N\#(step)":{"main":[[{"node":"N\#(step + 1)","type":"main","index":0}]]}"#)
      }
    }
    return """
      {"name":"generated","nodes":[
      \(nodes.joined(separator: ",\n"))
      ],"connections":{\(connections.joined(separator: ",\n"))}}

      """
  }

  private static func miraFlow(_ steps: Int) -> String {
    var text = """
      version: "0.1.0"
      metadata:
        name: generated
        flow_type: compound
      inputs:
        question: { type: string }
      workflow:

      """
    for step in 0..<steps {
      let group = step / 10
      let source = step == 0 ? "inputs.question" : "s\(step - 1).output"
      switch step % 10 {
      case 0:
        text += """
            s\(step):
              type: elemental
              flow_name: mira/generate-verified
              depends_on: [\(step == 0 ? "" : "s\(step - 1)")]
              inputs:
                prompt: ${\(source)}

          """
      case 1 where group % 2 == 0:
        text += """
            s\(step):
              type: elemental
              flow_name: mira/await-certificate
              depends_on: [s\(step - 1)]
              inputs:
                answer: ${\(source)}

          """
      default:
        text += """
            s\(step):
              type: custom
              depends_on: [s\(step - 1)]
              inputs:
                text: ${\(source)}
              model: { provider: openai, name: gpt-4o }
              prompt: |
                Say {text} again.

          """
      }
    }
    return text
  }
}

/// Definitions of any size for the engines whose files repeat one form for each step.
///
/// Every tenth step asks for an answer, and one of the steps after it gives that answer away unchecked.
enum GeneratedDefinition: String, CaseIterable {
  case argo = "argo-workflows"
  case tekton
  case gitLab = "gitlab-ci"
  case kestra
  case googleWorkflows = "google-workflows"
  case conductor
  case logicApps = "logic-apps"
  case serverlessWorkflow = "serverless-workflow"
  case dify
  case bpmn

  var fileExtension: String {
    switch self {
    case .argo, .tekton, .googleWorkflows, .serverlessWorkflow: "yaml"
    case .gitLab: "gitlab-ci.yml"
    case .kestra, .dify: "yml"
    case .conductor, .logicApps: "json"
    case .bpmn: "bpmn"
    }
  }

  /// A definition with this many steps.
  func text(steps: Int) -> String {
    let (head, foot, separator) = frame(steps)
    let body = (0..<steps).map { step($0, of: steps) }.joined(separator: separator)
    return head + body + foot
  }

  /// What a step does.
  private enum Part {
    case asks, tells, works
  }

  private func part(_ step: Int) -> Part {
    switch step % 10 {
    case 0: .asks
    case 5: .tells
    default: .works
    }
  }

  private func frame(_ steps: Int) -> (head: String, foot: String, separator: String) {
    switch self {
    case .argo:
      (
        """
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: { generateName: generated- }
        spec:
          entrypoint: main
          templates:
            - name: ask
              script:
                image: curlimages/curl
                command: [sh]
                source: curl -sf -X POST \(Self.generate) -d '{"prompt":"x"}'
            - name: work
              container: { image: alpine, command: [make, all] }
            - name: tell
              inputs: { parameters: [{ name: text }] }
              script:
                image: alpine
                command: [sh]
                source: gh issue comment 1 --body '{{inputs.parameters.text}}'
            - name: main
              dag:
                tasks:

        """, "", ""
      )
    case .tekton:
      (
        """
        apiVersion: tekton.dev/v1
        kind: Pipeline
        metadata: { name: generated }
        spec:
          tasks:

        """, "", ""
      )
    case .gitLab: ("stages: [build]\n", "", "")
    case .kestra: ("id: generated\nnamespace: company.team\ntasks:\n", "", "")
    case .googleWorkflows: ("main:\n  steps:\n", "", "")
    case .conductor:
      ("{\"name\":\"generated\",\"version\":1,\"schemaVersion\":2,\"tasks\":[\n", "\n]}\n", ",\n")
    case .logicApps:
      (
        """
        {"definition":{"$schema":"https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/\
        workflowdefinition.json#","contentVersion":"1.0.0.0","triggers":{},"outputs":{},"actions":{

        """, "\n}}}\n", ",\n"
      )
    case .serverlessWorkflow:
      (
        "document: { dsl: '1.0.0', namespace: a, name: generated, version: '1.0.0' }\ndo:\n", "", ""
      )
    case .dify: (Self.difyHead(steps), "", "")
    case .bpmn:
      (
        """
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" \
        xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"><process id="p" isExecutable="true"><startEvent id="t-1"/>

        """,
        """
        <endEvent id="e"/><sequenceFlow id="fe" sourceRef="t\(steps - 1)" targetRef="e"/></process></definitions>

        """, ""
      )
    }
  }

  private static let generate = "https://api.mira.network/v1/verified/generate"
  private static let hook = "https://hooks.slack.com/services/T/B/x"

  private static func difyHead(_ steps: Int) -> String {
    let edges = (0..<steps).map { step in
      let source = step == 0 ? "start" : "t\(step - 1)"
      return "    - { id: e\(step), source: \(source), target: t\(step), sourceHandle: source }\n"
    }
    return """
      app: { mode: workflow, name: generated }
      kind: app
      version: 0.1.5
      workflow:
        graph:
          edges:
      \(edges.joined())    nodes:
          - { id: start, data: { type: start, title: Start, variables: [] } }

      """
  }

  private func step(_ step: Int, of steps: Int) -> String {
    switch self {
    case .argo: argo(step)
    case .tekton: tekton(step)
    case .gitLab: gitLab(step)
    case .kestra: kestra(step)
    case .googleWorkflows: google(step)
    case .conductor: conductor(step)
    case .logicApps: logicApps(step)
    case .serverlessWorkflow: serverless(step)
    case .dify: dify(step)
    case .bpmn: bpmn(step)
    }
  }

  private func argo(_ step: Int) -> String {
    let template: String
    var arguments = ""
    switch part(step) {
    case .asks: template = "ask"
    case .tells:
      template = "tell"
      let value = "'{{tasks.t\(step - 5).outputs.result}}'"
      arguments = ", arguments: { parameters: [{ name: text, value: \(value) }] }"
    case .works: template = "work"
    }
    let after = step == 0 ? "" : ", dependencies: [t\(step - 1)]"
    return "            - { name: t\(step), template: \(template)\(after)\(arguments) }\n"
  }

  private func tekton(_ step: Int) -> String {
    var text = "    - name: t\(step)\n"
    if step > 0 { text += "      runAfter: [t\(step - 1)]\n" }
    var (declared, script) = ("", "make all")
    switch part(step) {
    case .asks:
      declared = "results: [{ name: text }], "
      script = "curl -sf -X POST \(Self.generate) > $(results.text.path)"
    case .tells:
      text += "      params: [{ name: text, value: $(tasks.t\(step - 5).results.text) }]\n"
      declared = "params: [{ name: text }], "
      script = "gh issue comment 1 --body '$(params.text)'"
    case .works: break
    }
    return text + """
            taskSpec: { \(declared)steps: [{ name: run, image: alpine, script: "\(script)" }] }

      """
  }

  private func gitLab(_ step: Int) -> String {
    let needs = step == 0 ? "" : "\n  needs: [t\(step - 1)]"
    let script =
      switch part(step) {
      case .asks: "curl -sf -X POST \(Self.generate) -o answer\(step).json"
      case .tells: "glab release create v1 --notes-file answer\(step - 5).json"
      case .works: "make all"
      }
    let kept = part(step) == .asks ? "\n  artifacts: { paths: [answer\(step).json] }" : ""
    return "t\(step):\n  stage: build\(needs)\n  script: [\"\(script)\"]\(kept)\n"
  }

  private func kestra(_ step: Int) -> String {
    let body =
      switch part(step) {
      case .asks: "io.kestra.plugin.core.http.Request\n    uri: \(Self.generate)\n    method: POST"
      case .tells:
        """
        io.kestra.plugin.notifications.slack.SlackIncomingWebhook
            url: \(Self.hook)
            payload: "{{ outputs.t\(step - 5).body }}"
        """
      case .works: "io.kestra.plugin.core.log.Log\n    message: part \(step)"
      }
    return "  - id: t\(step)\n    type: \(body)\n"
  }

  private func google(_ step: Int) -> String {
    let body =
      switch part(step) {
      case .asks: "{ call: http.post, args: { url: \(Self.generate) }, result: a\(step) }"
      case .tells:
        """
        { call: http.post, args: { url: \(Self.hook), body: { text: "${a\(step - 5).body.output}" } } }
        """
      case .works: "{ assign: [{ x: \(step) }] }"
      }
    return "    - t\(step): \(body)\n"
  }

  private func conductor(_ step: Int) -> String {
    let body =
      switch part(step) {
      case .asks:
        #""type":"HTTP","inputParameters":{"http_request":{"method":"POST","uri":"\#(Self.generate)"}}"#
      case .tells:
        #"""
        "type":"HTTP","inputParameters":{"http_request":{"method":"POST","uri":"\#(Self.hook)",\#
        "body":{"text":"${t\#(step - 5).output.response.body.output}"}}}
        """#
      case .works: #""type":"SET_VARIABLE","inputParameters":{"x":\#(step)}"#
      }
    return "{\"name\":\"n\",\"taskReferenceName\":\"t\(step)\",\(body)}"
  }

  private func logicApps(_ step: Int) -> String {
    let body =
      switch part(step) {
      case .asks: #""type":"Http","inputs":{"method":"POST","uri":"\#(Self.generate)"}"#
      case .tells:
        #"""
        "type":"Http","inputs":{"method":"POST","uri":"\#(Self.hook)","body":"@{body('t\#(step - 5)')?['output']}"}
        """#
      case .works: #""type":"Compose","inputs":\#(step)"#
      }
    let after = step == 0 ? "" : "\"t\(step - 1)\":[\"Succeeded\"]"
    return "\"t\(step)\":{\(body),\"runAfter\":{\(after)}}"
  }

  private func serverless(_ step: Int) -> String {
    let body =
      switch part(step) {
      case .asks:
        """
        { call: http, with: { method: post, endpoint: \(Self.generate) }, export: { as: '${ {a\(step): .} }' } }
        """
      case .tells:
        """
        { call: http, with: { method: post, endpoint: \(Self.hook), body: { text: '${ $context.a\(step - 5).output }' } } }
        """
      case .works: "{ set: { x: \(step) } }"
      }
    return "  - t\(step): \(body)\n"
  }

  private func dify(_ step: Int) -> String {
    let body =
      switch part(step) {
      case .asks: "type: http-request, title: Ask, method: post, url: '\(Self.generate)'"
      case .tells:
        """
        type: http-request, title: Tell, method: post, url: '\(Self.hook)', \
        body: { type: json, data: '{{#t\(step - 5).body#}}' }
        """
      case .works: "type: template-transform, title: Work, template: hello, variables: []"
      }
    return "    - { id: t\(step), data: { \(body) } }\n"
  }

  private func bpmn(_ step: Int) -> String {
    let inputs: [(source: String, target: String)] =
      switch part(step) {
      case .asks: [("\(Self.generate)", "url"), ("POST", "method")]
      case .tells: [(Self.hook, "url"), ("POST", "method"), ("= a\(step - 5).body.output", "body")]
      case .works: []
      }
    let mapping = inputs.map { "<zeebe:input source=\"\($0.source)\" target=\"\($0.target)\"/>" }
      .joined()
    let extensions = """
      <extensionElements><zeebe:taskDefinition type="io.camunda:http-json:1"/><zeebe:ioMapping>\(mapping)\
      </zeebe:ioMapping><zeebe:taskHeaders><zeebe:header key="resultVariable" value="a\(step)"/></zeebe:taskHeaders>\
      </extensionElements>
      """
    return """
      <serviceTask id="t\(step)">\(inputs.isEmpty ? "" : extensions)</serviceTask>\
      <sequenceFlow id="f\(step)" sourceRef="t\(step - 1)" targetRef="t\(step)"/>

      """
  }
}

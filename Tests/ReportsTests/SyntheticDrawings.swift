import Findings

/// What the sample findings point into: a workflow with a bypassed gate and a loop, and the story of an output.
extension SyntheticFindings {
  static var drawnWorkflow: DrawnWorkflow {
    func step(
      _ name: String, _ line: Int, _ kind: DrawnWorkflow.Step.Kind = .action,
      detail: String? = nil, roles: [String] = [], isProven: Bool? = nil, isGate: Bool = false
    ) -> DrawnWorkflow.Step {
      DrawnWorkflow.Step(
        name: name, kind: kind, detail: detail, roles: roles, isProven: isProven, isGate: isGate,
        location: place(workflow, line, 1..<2))
    }
    return DrawnWorkflow(
      engine: "github-actions", name: "answer", path: workflow,
      steps: [
        step("Ask", 12, detail: "POST https://api.example/v1/generate", roles: ["generate"]),
        step("Wait a little", 13, .delay, roles: ["delay"], isProven: false),
        step(
          "Certified?", 14, .branch, detail: "steps.wait.outputs.cert_hash != ''",
          roles: ["branch"], isProven: false, isGate: true),
        step(
          "Completed?", 15, .branch, detail: "steps.ask.outputs.status == '200'",
          roles: ["branch"], isProven: false),
        step("Publish", 20, detail: "gh release create", roles: ["handoff"], isProven: true),
        step(
          "Comment on the pull request with the whole of the answer and a badge", 31,
          detail: "gh pr comment", roles: ["badge", "handoff"], isProven: false),
      ],
      ways: [
        .init(from: 0, to: 1), .init(from: 1, to: 2), .init(from: 2, to: 4, condition: "yes"),
        .init(from: 2, to: 1, condition: "no"), .init(from: 1, to: 3, outcome: .timeout),
        .init(from: 3, to: 5, condition: "yes"), .init(from: 0, to: 5, outcome: .failure),
        .init(from: 4, to: 5), .init(from: 1, to: 1, outcome: .failure),
      ], omittedSteps: 2, gaps: ["`matrix` is computed"])
  }

  static let drawnPath = DrawnPath(workflow: 0, ways: [0, 4, 5], source: 0, gate: 3, sink: 5)

  static var timeline: Timeline {
    func moment(
      _ kind: Moment.Kind, _ name: String, _ line: Int, _ offset: Double?, sink: String? = nil,
      isEarly: Bool = false
    ) -> Moment {
      Moment(
        kind: kind, name: name, sink: sink, path: log, line: line,
        time: offset.map { "2026-01-01T00:00:00.000Z \($0 < 0 ? "-" : "+")\(abs($0))" },
        offsetMilliseconds: offset, producer: "app", isEarly: isEarly)
    }
    var votes = moment(.votes, "vote.cast", 8, 400)
    votes.lastLine = 11
    votes.count = 4
    votes.lastOffsetMilliseconds = 1900
    votes.tally = [.init(value: "TRUE", count: 3), .init(value: "FALSE", count: 1)]
    let use = moment(.use, "action.executed", 7, 158, sink: "refund", isEarly: true)
    let copy = moment(.use, "output.copied", 9, 700, sink: "crm", isEarly: true)
    let chain = Chain(
      firstOutput: "sha256:e009",
      links: [
        .init(moment: use, output: "sha256:e009", via: .output),
        .init(moment: copy, output: "sha256:e009", via: .key, shared: "answer-4c", source: 0),
      ], omittedLinks: 3, liveMilliseconds: 1842.25, end: .certificate)
    return Timeline(
      output: "sha256:e009", certificate: "c1",
      moments: [
        moment(.request, "generate.requested", 2, -40),
        moment(.response, "generate.responded", 3, 0), use, votes, copy,
        moment(.certificate, "cert.issued", 12, 2000.25),
        moment(.revocation, "cert.revoked", 15, nil),
      ], omittedMoments: 5, exposureMilliseconds: 1842.25, chain: chain)
  }
}

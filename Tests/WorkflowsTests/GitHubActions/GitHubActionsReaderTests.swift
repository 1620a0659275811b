import SourceText
import TestSupport
import Testing
import Workflows

struct GitHubActionsReaderTests {
  /// A job with the given steps, as lines of a list.
  private func job(_ steps: String, needs: String = "") -> String {
    """
    on: push
    jobs:
      answer:
        runs-on: ubuntu-latest
    \(needs)    steps:
    \(steps)
    """
  }

  private func edges(_ text: String) -> Set<String> {
    guard let workflow = GitHubActionsProbe.read(text)?.workflows.first else { return [] }
    func label(_ index: Int) -> String {
      let step = workflow.steps[index]
      return step.call.map { $0.phase == .post ? "\($0.name)(post)" : $0.name } ?? "\(step.kind)"
    }
    return Set(workflow.edges.map { "\(label($0.from)) \($0.outcome) \(label($0.to))" })
  }

  @Test func `a step after a failed gate is another copy than the one after its success`() {
    let steps = """
            - {uses: gate@v1}
            - {uses: publish@v1, if: always()}
      """
    let workflow = GitHubActionsProbe.read(job(steps))?.workflows.first
    let copies = workflow?.steps.filter { $0.call?.name == "publish@v1" && $0.call?.phase == .main }
    #expect(copies?.count == 2)
    #expect(Set(copies?.map(\.route) ?? []) == ["jobs.answer.steps[1]"])
  }

  @Test func `a step does not run again after its own failure`() {
    let found = edges(job("        - {uses: a@v1}\n        - {uses: b@v1, if: always()}"))
    #expect(!found.contains("b@v1 failure branch"))
    #expect(found.contains("a@v1 failure branch"))
  }

  @Test func `what implicitly needs success does not follow a failure`() {
    let found = edges(job("        - {uses: a@v1}\n        - {uses: b@v1}"))
    #expect(found.contains("a@v1 success b@v1"))
    #expect(!found.contains { $0.contains("failure") })
  }

  @Test func `a failure that is let through goes on, unless the outcome is asked for`() {
    let plain = """
            - {uses: a@v1, id: a, continue-on-error: true}
            - {uses: b@v1}
      """
    #expect(edges(job(plain)).contains("a@v1 failure b@v1"))
    let asked = """
            - {uses: a@v1, id: a, continue-on-error: true}
            - {uses: b@v1, if: steps.a.outcome == 'success'}
      """
    let found = edges(job(asked))
    #expect(found.contains("a@v1 success branch"))
    #expect(!found.contains("a@v1 failure b@v1"))
  }

  @Test(arguments: [
    ("", ["success"]), ("if: always()", ["success", "failure", "skipped"]),
    ("if: always() && needs.gate.result == 'success'", ["success"]),
    ("if: \"!failure()\"", ["success", "skipped"]), ("if: failure()", ["failure"]),
  ])
  func `a job follows only those ends of the needed job that its condition admits`(
    _ condition: String, _ ends: [String]
  ) {
    let text = """
      on: push
      jobs:
        gate:
          runs-on: ubuntu-latest
          if: github.ref == 'main'
          outputs: {cert: "${{ steps.g.outputs.cert }}"}
          steps: [{uses: gate@v1, id: g}]
        publish:
          needs: gate
          \(condition)
          runs-on: ubuntu-latest
          steps: [{uses: publish@v1}]
      """
    let workflow = GitHubActionsProbe.read(text)?.workflows.first
    let steps = workflow?.steps ?? []
    var reached: Set<String> = []
    // Backwards from the sink to the ends of the gate's job, which say how it ended by what leads to them.
    var waiting = steps.indices.filter { steps[$0].call?.name == "publish@v1" }
    var seen = Set(waiting)
    while let step = waiting.popLast() {
      for edge in workflow?.edges ?? [] where edge.to == step {
        let from = steps[edge.from]
        if from.call?.name == "gate@v1" {
          reached.insert(
            edge.outcome == .failure || from.call?.phase == .main ? "failure" : "success")
        } else if from.route == "jobs.gate", edge.guards.contains(where: { !$0.holds }) {
          reached.insert("skipped")
        } else if seen.insert(edge.from).inserted {
          waiting.append(edge.from)
        }
      }
    }
    #expect(reached == Set(ends))
  }

  @Test(arguments: [
    ("steps.nope.outputs.x", "step"), ("needs.nope.outputs.x", "step"),
    ("steps.known.outputs.x", ""), ("steps[matrix.id].outputs.x", ""),
  ])
  func `only what surely does not exist is missing`(_ read: String, _ missing: String) {
    let steps = """
            - {uses: a@v1, id: known}
            - {uses: b@v1, with: {text: "${{ \(read) }}"}}
      """
    let workflow = GitHubActionsProbe.read(job(steps))?.workflows.first
    #expect(workflow?.danglingReferences.first.map { "\($0.missing)" } ?? "" == missing)
  }

  @Test func `a composite action of the repository is read where it is used`() {
    let action = """
      inputs: {text: {required: true}}
      outputs: {cert: {value: "${{ steps.inner.outputs.c }}"}}
      runs:
        using: composite
        steps: [{uses: inner@v1, id: inner, with: {prompt: "${{ inputs.text }}"}}]
      """
    let steps = """
            - {uses: ./ask, id: ask, with: {text: hello}}
            - {uses: b@v1, with: {text: "${{ steps.ask.outputs.cert }}${{ steps.ask.outputs.no }}"}}
      """
    let dump = GitHubActionsProbe.dump(job(steps), beside: ["ask/action.yml": action])
    #expect(dump.contains("with.prompt = \"hello\""))
    #expect(
      dump.contains(
        "jobs.answer/steps.ask.outputs.cert := jobs.answer/steps.ask/steps.inner.outputs.c"))
    #expect(dump.contains("dangling steps.ask.outputs.no at"))
  }

  @Test func `an action that includes itself is a gap`() {
    let action = "runs: {using: composite, steps: [{uses: ./ask}]}"
    let dump = GitHubActionsProbe.dump(
      job("        - {uses: ./ask}"), beside: ["ask/action.yml": action])
    #expect(dump.contains("gap `./ask` includes itself"))
  }

  @Test(arguments: [
    ("if: \"steps.a.outputs.b = 'x'\"", "`=` has no place in an expression"),
    ("if: \"${{ github.ref }} == 'x'\"", "this `if` is always true"),
    ("with: {a: \"${{ github.\"}", "this expression is never closed"),
  ])
  func `an expression that does not parse is told at its place`(_ key: String, _ message: String) {
    let reading = GitHubActionsProbe.read(job("        - uses: a@v1\n          \(key)"))
    #expect(reading?.problems.first?.message.hasPrefix(message) == true)
  }

  @Test(arguments: [
    "services: {web: {image: nginx}}", "version: 2.1\njobs: {build: {steps: [checkout]}}",
    "on: push", "jobs: []\non: push", "runs: {using: node20, main: a.js}",
    "kind: Workflow\nspec: {jobs: {a: {steps: []}}}",
  ])
  func `other definitions are left alone`(_ text: String) {
    let isRecognised = GitHubActionsProbe.read(text, path: "some.yml") != nil
    #expect(!isRecognised)
  }

  @Test func `mutated definitions neither crash nor hang`() {
    let text = job(
      """
              - {uses: a@v1, id: a, continue-on-error: "${{ true }}"}
              - {run: "echo x=${{ steps.a.outputs.b }} >> $GITHUB_OUTPUT", if: "always() && !failure()"}
              - uses: actions/github-script@v7
                with: {script: "core.setOutput('a', process.env.B)"}
      """)
    var seed: UInt64 = 7
    func next(_ bound: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(seed >> 33) % bound
    }
    let alphabet = Array("{}[]:,'\"$&*!|>-#\n ab\u{0}".utf8)
    for _ in 0..<200 {
      var bytes = Array(text.utf8)
      for _ in 0...next(6) {
        let place = next(bytes.count)
        switch next(3) {
        case 0: bytes[place] = alphabet[next(alphabet.count)]
        case 1: bytes.remove(at: place)
        default: bytes.insert(alphabet[next(alphabet.count)], at: place)
        }
      }
      _ = GitHubActionsProbe.read(String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test(.timeLimit(.minutes(10))) func `time grows with the size of a workflow, not its square`() {
    func time(_ count: Int) -> Duration {
      let steps = (0..<count).map {
        "        - {uses: a@v1, id: s\($0), with: {x: \"${{ steps.s\(max(0, $0 - 1)).outputs.y }}\"}}"
      }
      let text = job(steps.joined(separator: "\n"))
      return CPUTime.least { _ = GitHubActionsProbe.read(text) }
    }
    _ = time(500)
    let small = time(1_000)
    let large = time(5_000)
    #expect(large < small * 15)
  }
}

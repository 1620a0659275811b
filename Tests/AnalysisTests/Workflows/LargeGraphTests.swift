import Expressions
import Findings
import Rules
import SourceText
import TestSupport
import Testing
import Workflows

@testable import Analysis

@Suite struct LargeGraphTests {
  /// A chain in which every third step asks, the next one gates, and the last one publishes.
  private func chain(of steps: Int) -> Workflow {
    var builder = GraphBuilder()
    var previous: Int?
    for index in 0..<steps {
      let place = SourceLocation(path: "large", range: ByteRange(index, index + 1))
      let answer = Variable("answer \(index / 3)")
      let node: Step
      switch index % 3 {
      case 0:
        node = Step(
          name: "ask \(index)", route: "steps[\(index)]",
          call: Call(kind: "command", name: "ask", location: place),
          assignments: [Step.Assignment(answer, value: .result([]), at: place)], location: place)
      case 1:
        let certificate = Value.reference(
          Reference(answer, path: [.field("cert")], at: place))
        node = Step(
          name: "gate \(index)", route: "steps[\(index)]", kind: .branch,
          decisions: [
            Step.Decision(
              .test(Expressions.Test(certificate, .isNull, semantics: .strict, at: place)),
              at: place)
          ], location: place)
      default:
        node = Step(
          name: "publish \(index)", route: "steps[\(index)]",
          call: Call(
            kind: "command", name: "publish",
            arguments: [Call.Argument("0", .reference(Reference(answer, at: place)), at: place)],
            location: place), location: place)
      }
      let step = builder.add(node)
      if let previous {
        let isGated = index % 3 == 2
        builder.connect(
          previous, to: step, when: isGated ? [Edge.Guard(0, index % 2 == 1)] : [])
      }
      previous = step
    }
    return Workflow(
      engine: "test", name: "large", path: "large", steps: builder.steps, edges: builder.edges)
  }

  private var judge: WorkflowJudge {
    var document = VerificationProtocol(name: "p")
    document.generates = [CallPattern(kind: "command", names: ["ask"])]
    document.facets[.certificate] = .init(fields: ["cert"], negative: [.null])
    var rule = Rule()
    rule.id = "R"
    rule.check = .workflow(.flow(FlowCheck(sinks: [.handoff], reads: [.content])))
    let integration = Integration(
      engine: "any",
      steps: [.init(match: CallPattern(kind: "command", names: ["publish"]), roles: [.handoff])])
    return WorkflowJudge(
      rules: [rule], protocols: [document], integrations: IntegrationLibrary(own: [integration]))
  }

  @Test func `every ungated use in a long chain is found, and time grows with its length`() {
    let place = Location(
      path: "large", line: 1, column: 1, endLine: 1, endColumn: 2, startByte: 0, endByte: 1)
    var seconds: [Double] = []
    for size in [3_000, 12_000] {
      let workflow = chain(of: size)
      var routes: Set<String> = []
      let time = CPUTime.measure {
        routes = Set(judge.judge(workflow) { _ in place }.map(\.route))
      }
      // The guard wants a null certificate on odd places: those are found, the others are gated.
      let expected = (0..<size).filter { $0 % 3 == 2 && $0 % 2 == 1 }.map { "steps[\($0)]" }
      #expect(routes == Set(expected))
      seconds.append(Double(time.components.attoseconds) / 1e18 + Double(time.components.seconds))
    }
    // Four times the steps: far from sixteen times the time, with room for a busy machine.
    #expect(seconds[1] < max(seconds[0], 0.05) * 10)
  }
}

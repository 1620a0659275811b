import EventLogs
import Expressions
import Rules
import SourceText
import Workflows

/// Reads the events of a protocol out of the runs that engines recorded.
///
/// First what payloads say themselves (an unproven answer, a certificate), then what protocols and integrations say of
/// the calls. A use counts only where the record shows that the output, its hash or its request went into the call.
struct RunReader: RunInterpreter {
  private let roles: RoleAssigner
  let payloads: PayloadReader
  /// By protocol, then by role.
  private let ownCalls: [[String: VerificationProtocol.EventNames.RecordedCall]]
  private let calls: [String: VerificationProtocol.EventNames.RecordedCall]

  init(
    protocols: [VerificationProtocol], integrations: IntegrationLibrary, payloads: PayloadReader
  ) {
    roles = RoleAssigner(protocols: protocols, integrations: integrations)
    self.payloads = payloads
    ownCalls = protocols.map(\.events.calls)
    calls = ownCalls.reduce(into: [:]) { all, own in all.merge(own) { first, _ in first } }
  }

  func events(of run: RecordedRun) -> [InterpretedEvent] {
    if calls.isEmpty { return [] }
    let recorded = run.steps.map(RecordedCallModel.call)
    let place = SourceLocation(path: "", range: ByteRange(0, 0))
    let workflow = Workflow(
      engine: run.engine, name: run.workflow, path: "",
      steps: recorded.map { Step(name: "", route: "", call: $0, location: place) }, edges: [],
      entry: 0)
    // Without an answer there is nothing that other calls could use.
    let isAnswerless = !run.steps.contains(where: hasAnswers)
    let models = roles.models(of: workflow, onlyWithProtocol: isAnswerless)
    if isAnswerless, !models.contains(where: { $0.protocolIndex != nil }) { return [] }
    var walk = RunWalk(reader: self, run: run)
    for (index, step) in run.steps.enumerated() {
      walk.take(step, recorded[index], models[index])
    }
    return walk.events
  }

  /// A request's name alone is nothing that could be proven or used.
  private func hasAnswers(_ step: RecordedStep) -> Bool {
    [step.arguments, step.result].contains { item in
      payloads.answers(in: item).contains {
        $0.output != nil || $0.certificate != nil || $0.isUnproven
      }
    }
  }

  /// The events of a role; a protocol's own call by what that protocol says.
  func call(
    _ role: String, ofProtocol index: Int? = nil
  ) -> VerificationProtocol.EventNames.RecordedCall? {
    if let index { return ownCalls[index][role] }
    return calls[role]
  }
}

/// A recorded call in the terms that documents match.
enum RecordedCallModel {
  private static let most = 2000

  static func call(of step: RecordedStep) -> Call? {
    guard case .call(let kind, let name) = step.kind else { return nil }
    let place = SourceLocation(path: "", range: ByteRange(0, 0))
    var arguments: [Call.Argument] = []
    if let item = step.arguments {
      flatten(item, step.argumentPrefix, 0, place, &arguments)
    }
    var call = Call(kind: kind, name: name, arguments: arguments, location: place)
    if let request = step.request {
      call.http = Call.HTTPRequest(
        method: request.method.uppercased(), url: .literal(request.address),
        body: request.body.map { value($0, 0) }, failsOnErrorStatus: true)
    }
    return call
  }

  private static func flatten(
    _ item: JSONItem, _ path: String, _ depth: Int, _ place: SourceLocation,
    _ arguments: inout [Call.Argument]
  ) {
    if arguments.count >= most || depth > 12 { return }
    guard item.isObject || item.isList else {
      arguments.append(
        Call.Argument(path, item.scalar.map { .literal($0) } ?? .null, at: place))
      return
    }
    for (index, child) in item.children.enumerated() {
      let name = item.isList ? String(index) : child.key
      flatten(child, path.isEmpty ? name : "\(path).\(name)", depth + 1, place, &arguments)
    }
  }

  private static func value(_ item: JSONItem, _ depth: Int) -> Value {
    if depth > 12 { return .null }
    if item.isObject {
      return .record(
        item.members.map { Value.Field($0.key, value($0, depth + 1)) })
    }
    if item.isList { return .list(item.items.map { value($0, depth + 1) }) }
    return item.scalar.map { .literal($0) } ?? .null
  }
}

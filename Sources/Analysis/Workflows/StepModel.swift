import Rules
import Workflows

/// What the documents say of one step.
struct StepModel: Sendable {
  var roles: Set<Role> = []
  /// The protocol whose call this is, by index.
  var protocolIndex: Int?
  /// What the step is to that protocol; at most one.
  var protocolRole: Role?
  var entries: [Integration.Entry] = []

  var isTransport: Bool { entries.contains { $0.isTransport } }
  var isIrreversible: Bool { entries.contains { $0.isIrreversible } }
  var does: String? { entries.lazy.map(\.does).first { !$0.isEmpty } }
  var transform: Integration.Transform? { entries.lazy.compactMap(\.transform).first }
}

/// Assigns roles to the steps of workflows from protocols and integrations.
struct RoleAssigner: Sendable {
  private let protocols: [[(role: Role, patterns: [CompiledPattern])]]
  /// By engine: integrations of that engine first, then those for any engine.
  private let integrations: [String: [[Known]]]

  private struct Known: Sendable {
    var pattern: CompiledPattern
    var entry: Integration.Entry
  }

  init(protocols: [VerificationProtocol], integrations: [Integration]) {
    self.protocols = protocols.map { document in
      [
        (.generate, document.generates.map(CompiledPattern.init)),
        (.verify, document.verifies.map(CompiledPattern.init)),
        (.await, document.awaits.map(CompiledPattern.init)),
        (.lookUp, document.looksUp.map(CompiledPattern.init)),
        (.revoke, document.revokes.map(CompiledPattern.init)),
      ]
    }
    let compiled = integrations.map { integration in
      let known = integration.steps.map {
        Known(pattern: CompiledPattern($0.match), entry: $0)
      }
      return (engine: integration.engine, known: known)
    }
    let common = compiled.filter { $0.engine == Self.anyEngine }.map(\.known)
    var byEngine = [Self.anyEngine: common]
    for engine in Set(compiled.map(\.engine)).subtracting([Self.anyEngine]) {
      byEngine[engine] = compiled.filter { $0.engine == engine }.map(\.known) + common
    }
    self.integrations = byEngine
  }

  private static let anyEngine = "any"

  func models(of workflow: Workflow) -> [StepModel] {
    let known = integrations[workflow.engine] ?? integrations[Self.anyEngine] ?? []
    return workflow.steps.map { model(of: $0, known) }
  }

  private func model(of step: Step, _ integrations: [[Known]]) -> StepModel {
    var model = StepModel()
    switch step.kind {
    case .delay: model.roles.insert(.delay)
    case .approval: model.roles.insert(.approval)
    case .branch, .action, .control: break
    }
    if !step.decisions.isEmpty, step.kind != .control { model.roles.insert(.branch) }
    guard let call = step.call else { return model }
    let matcher = CallMatcher(call)
    if let (index, role) = protocolRole(of: call, matcher) {
      model.protocolIndex = index
      model.protocolRole = role
      model.roles.insert(role)
      // The protocol's own call is not also a request to "another system".
      return model
    }
    for known in integrations {
      let matching = known.filter { matcher.matches($0.pattern) }
      if matching.isEmpty { continue }
      model.entries = matching.map(\.entry)
      for entry in model.entries { model.roles.formUnion(entry.roles) }
      break
    }
    return model
  }

  private func protocolRole(of call: Call, _ matcher: CallMatcher) -> (Int, Role)? {
    for (index, candidates) in protocols.enumerated() {
      for (role, patterns) in candidates where patterns.contains(where: matcher.matches) {
        // A wait that does not fail without the proof only looks.
        if role == .await, call.http?.failsOnErrorStatus == false { return (index, .lookUp) }
        return (index, role)
      }
    }
    return nil
  }
}

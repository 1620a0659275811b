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

/// Assigns roles to the steps of a workflow from protocols and integrations.
struct RoleAssigner {
  let protocols: [VerificationProtocol]
  /// Integrations of the workflow's engine first, then those for any engine.
  private let integrations: [Integration]

  init(engine: String, protocols: [VerificationProtocol], integrations: [Integration]) {
    self.protocols = protocols
    self.integrations =
      integrations.filter { $0.engine == engine } + integrations.filter { $0.engine == "any" }
  }

  func model(of step: Step) -> StepModel {
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
    for integration in integrations {
      let matching = integration.steps.filter { matcher.matches($0.match) }
      if matching.isEmpty { continue }
      model.entries = matching
      for entry in matching { model.roles.formUnion(entry.roles) }
      break
    }
    return model
  }

  private func protocolRole(of call: Call, _ matcher: CallMatcher) -> (Int, Role)? {
    for (index, protocolDocument) in protocols.enumerated() {
      let candidates: [(Role, [CallPattern])] = [
        (.generate, protocolDocument.generates), (.verify, protocolDocument.verifies),
        (.await, protocolDocument.awaits), (.lookUp, protocolDocument.looksUp),
        (.revoke, protocolDocument.revokes),
      ]
      for (role, patterns) in candidates where patterns.contains(where: matcher.matches) {
        // A wait that does not fail without the proof only looks.
        if role == .await, call.http?.failsOnErrorStatus == false { return (index, .lookUp) }
        return (index, role)
      }
    }
    return nil
  }
}

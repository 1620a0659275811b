import Rules
import Synchronization
import Workflows

/// What the documents say of one step.
struct StepModel: Sendable {
  var roles: Set<Role> = []
  /// The protocol whose call this is, by index.
  var protocolIndex: Int?
  /// What the step is to that protocol; at most one.
  var protocolRole: Role?
  /// It answers with an error where the proof is not there, and leaves it to the author to look at the status.
  var showsProofByStatus = false
  var entries: [Integration.Entry] = []

  var isTransport: Bool { entries.contains { $0.isTransport } }
  var isIrreversible: Bool { entries.contains { $0.isIrreversible } }
  var does: String? { entries.lazy.map(\.does).first { !$0.isEmpty } }
  var transform: Integration.Transform? { entries.lazy.compactMap(\.transform).first }

  mutating func add(_ entries: [Integration.Entry]) {
    self.entries = entries
    for entry in entries { roles.formUnion(entry.roles) }
  }
}

/// Assigns roles to the steps of workflows from protocols and integrations.
final class RoleAssigner: Sendable {
  /// What calls are to a protocol, in the order in which it counts.
  private let protocols: PatternIndex<(index: Int, role: Role)>
  /// Roles that a step has beside what it is to an output.
  private let releases: PatternIndex<Role>
  private let integrations: IntegrationLibrary
  /// What is known of an engine's calls, compiled when its first workflow asks.
  private let compiled = Mutex<[String: [PatternIndex<Integration.Entry>]]>([:])

  init(protocols: [VerificationProtocol], integrations: IntegrationLibrary) {
    self.protocols = PatternIndex(
      protocols.enumerated().flatMap { index, document in
        let roles: [(Role, [CallPattern])] = [
          (.generate, document.generates), (.verify, document.verifies), (.await, document.awaits),
          (.lookUp, document.looksUp), (.revoke, document.revokes),
        ]
        return roles.flatMap { role, patterns in patterns.map { ($0, (index, role)) } }
      })
    let roles: [(Role, [CallPattern])] = [
      (.publish, protocols.flatMap(\.publishes)), (.attest, protocols.flatMap(\.attests)),
      (.load, protocols.flatMap(\.loads)),
    ]
    releases = PatternIndex(roles.flatMap { role, patterns in patterns.map { ($0, role) } })
    self.integrations = integrations
  }

  /// What the documents say of each step.
  ///
  /// - Parameters:
  ///   - workflow: whose steps.
  ///   - onlyWithProtocol: whether a workflow without any call of a protocol needs no roles at all.
  /// - Returns: the models by step; without roles from integrations where none are needed.
  func models(of workflow: Workflow, onlyWithProtocol: Bool) -> [StepModel] {
    var models: [StepModel] = []
    models.reserveCapacity(workflow.steps.count)
    // A step is looked at where it stands: to take it in hand would count all its references.
    let steps = workflow.steps.span
    for index in steps.indices {
      models.append(
        protocolModel(
          steps[index].kind, steps[index].call, decides: !steps[index].decisions.isEmpty))
    }
    if onlyWithProtocol, !models.contains(where: { $0.protocolIndex != nil }) { return models }
    let known = ([workflow.engine] + workflow.relatedEngines).flatMap(known)
    for step in models.indices where models[step].protocolIndex == nil {
      guard let call = workflow.steps[step].call else { continue }
      models[step].add(Self.entries(for: call, among: known))
    }
    return models
  }

  /// By document: those of the engine first, then those for any engine.
  private func known(for engine: String) -> [PatternIndex<Integration.Entry>] {
    compiled.withLock { compiled in
      if let known = compiled[engine] { return known }
      let engines = [engine, IntegrationLibrary.anyEngine]
      let known = engines.flatMap(integrations.integrations).map { integration in
        PatternIndex(integration.steps.map { ($0.match, $0) })
      }
      compiled[engine] = known
      return known
    }
  }

  private func protocolModel(_ kind: Step.Kind, _ call: Call?, decides: Bool) -> StepModel {
    var model = StepModel()
    switch kind {
    case .delay: model.roles.insert(.delay)
    case .approval: model.roles.insert(.approval)
    case .branch, .action, .control: break
    }
    // No `map`, which would take another copy of the call.
    let known: (own: (index: Int, role: Role)?, beside: [Role])? =
      if let call { protocolRoles(of: call) } else { nil }
    if let known, !known.beside.isEmpty { model.roles.formUnion(known.beside) }
    if decides, kind != .control { model.roles.insert(.branch) }
    if let own = known?.own {
      // A wait that does not fail without the proof only looks.
      model.showsProofByStatus = own.role == .await && call?.http?.failsOnErrorStatus == false
      let role = model.showsProofByStatus ? Role.lookUp : own.role
      model.protocolIndex = own.index
      model.protocolRole = role
      // The protocol's own call is not also a request to "another system".
      model.roles.insert(role)
    }
    return model
  }

  /// What the first document that knows the call says of it.
  private static func entries(
    for call: Call, among known: [PatternIndex<Integration.Entry>]
  ) -> [Integration.Entry] {
    let matcher = CallMatcher(call)
    for document in known {
      guard let matching = document.candidates(for: call)?.all(matcher), !matching.isEmpty else {
        continue
      }
      return matching
    }
    return []
  }

  /// What a call is to a protocol, and what it is beside that.
  private func protocolRoles(
    of call: Call
  ) -> (own: (index: Int, role: Role)?, beside: [Role]) {
    let releases = releases.candidates(for: call)
    let protocols = protocols.candidates(for: call)
    // For most calls no document has a pattern of their kind, and they need not be made ready for comparison.
    if releases?.isEmpty ?? true, protocols?.isEmpty ?? true { return (nil, []) }
    let matcher = CallMatcher(call)
    let beside = releases?.all(matcher) ?? []
    return (protocols?.first(matcher), beside)
  }
}

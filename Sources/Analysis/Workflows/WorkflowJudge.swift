package import Expressions
package import Findings
package import Rules
package import Workflows

/// Judges workflow definitions by the rules over workflows.
package struct WorkflowJudge: Sendable {
  private let rules: [Rule]
  /// The rules that judge workflows, with what they ask: looked up once, not for each workflow.
  private let judged: [JudgedRule]
  private let roles: RoleAssigner
  private let readers: [FacetReader]
  /// Whether some rule may flag a step of a workflow in which no protocol is called.
  private let judgesAnyWorkflow: Bool
  /// The roles that rules over single steps speak of.
  private let judgedRoles: Set<Role>
  private let judgesOrder: Bool
  /// Tells what no rule can be about; `nil` where rules may be about anything.
  package let screen: MentionScreen?

  private struct JudgedRule {
    var rule: Int
    var check: WorkflowCheck?
    var findsUnmodelledSteps: Bool
  }

  /// Prepares the rules once for many workflows.
  package init(
    rules: [Rule], protocols: [VerificationProtocol], integrations: IntegrationLibrary
  ) {
    self.rules = rules
    roles = RoleAssigner(protocols: protocols, integrations: integrations)
    readers = protocols.map(FacetReader.init)
    judged = rules.indices.compactMap { index in
      let check = rules[index].workflowCheck
      let findsUnmodelledSteps = rules[index].linterCheck == .unmodelledStep
      if check == nil, !findsUnmodelledSteps { return nil }
      return JudgedRule(rule: index, check: check, findsUnmodelledSteps: findsUnmodelledSteps)
    }
    let checks = judged.compactMap(\.check)
    let stepChecks = checks.flatMap { check -> [StepCheck] in
      if case .step(let checks) = check { checks } else { [] }
    }
    judgesAnyWorkflow = stepChecks.contains { !$0.needsProtocol }
    judgedRoles = stepChecks.reduce(into: []) { $0.formUnion($1.roles) }
    judgesOrder = checks.contains { if case .order = $0 { true } else { false } }
    screen = MentionScreen(protocols: protocols, checks: stepChecks)
  }

  /// The findings in one workflow, in no particular order; `locate` turns its places into lines and columns.
  package func judge(
    _ workflow: Workflow, locate: (SourceLocation) -> Location
  ) -> [Finding] {
    let models = roles.models(of: workflow, onlyWithProtocol: !judgesAnyWorkflow)
    guard mayConcern(workflow, models) else { return [] }
    let analysis = analysis(of: workflow, models)
    let consumptions = merged(self.consumptions(in: analysis), in: analysis)
    return withoutActuallyEscaping(locate) { locate in
      let writer = FindingWriter(analysis: analysis, rules: rules, locate: locate)
      var told: Set<Telling> = []
      return consumptions.compactMap { consumption in
        guard let finding = writer.finding(for: consumption),
          isNew(finding, of: consumption.rule, &told)
        else { return nil }
        return finding
      }
    }
  }

  /// The findings in one workflow as ``judge(_:locate:)`` gives them, each with its path in a drawing of the workflow.
  ///
  /// - Parameters:
  ///   - workflow: what to judge.
  ///   - locate: turns places into lines and columns.
  ///   - text: the text at a place.
  /// - Returns: the findings, and the drawing where there are any.
  package func judgeAndDraw(
    _ workflow: Workflow, locate: (SourceLocation) -> Location,
    text: (SourceLocation) -> String?
  ) -> (findings: [Finding], drawing: DrawnWorkflow?) {
    let analysis = analysis(of: workflow)
    let consumptions = merged(self.consumptions(in: analysis), in: analysis)
    return withoutActuallyEscaping(locate) { locate in
      withoutActuallyEscaping(text) { text in
        let writer = FindingWriter(analysis: analysis, rules: rules, locate: locate)
        let finder = OpenPathFinder(analysis: analysis)
        var findings: [Finding] = []
        var paths: [OpenPathFinder.Path] = []
        var told: Set<Telling> = []
        for consumption in consumptions {
          guard let finding = writer.finding(for: consumption),
            isNew(finding, of: consumption.rule, &told)
          else { continue }
          findings.append(finding)
          paths.append(finder.path(of: consumption, told: writer.toldCheck(consumption)))
        }
        guard !findings.isEmpty else { return ([], nil) }
        let drawer = WorkflowDrawer(analysis: analysis, locate: locate, text: text)
        let (drawing, drawnPaths) = drawer.draw(paths)
        for (index, path) in drawnPaths.enumerated() { findings[index].drawnPath = path }
        return (findings, drawing)
      }
    }
  }

  /// The rules that speak of answers whose proof is there.
  package var rulesOfProven: Set<String> {
    Set(
      rules.filter { rule in
        switch rule.workflowCheck {
        case .flow(let check)?: check.when == .proven
        case .step(let checks)?: checks.contains(where: \.predicate.needsProof)
        default: false
        }
      }.map(\.id))
  }

  /// The findings that a gate before their step may end, with what such a gate can ask for.
  package func gateRequests(
    in workflow: Workflow, locate: (SourceLocation) -> Location
  ) -> [(finding: Finding, request: GateRequest)] {
    let analysis = analysis(of: workflow)
    let consumptions = merged(self.consumptions(in: analysis), in: analysis)
    return withoutActuallyEscaping(locate) { locate in
      let writer = FindingWriter(analysis: analysis, rules: rules, locate: locate)
      return consumptions.compactMap { consumption in
        guard let finding = writer.finding(for: consumption),
          let request = writer.gates.request(for: consumption),
          !request.places.isEmpty || !request.successes.isEmpty
        else { return nil }
        return (finding, request)
      }
    }
  }

  /// The analysis that rules are asked about: without what no rule can be about.
  private func analysis(of workflow: Workflow) -> WorkflowAnalysis {
    analysis(of: workflow, roles.models(of: workflow, onlyWithProtocol: !judgesAnyWorkflow))
  }

  private func analysis(of workflow: Workflow, _ models: [StepModel]) -> WorkflowAnalysis {
    WorkflowAnalysis(workflow.withoutIdlePhases(models), models: models, readers: readers)
  }

  /// Whether any rule can be about the workflow: outputs come from calls of protocols, rules over steps name their roles,
  /// and order is judged only where answers are.
  private func mayConcern(_ workflow: Workflow, _ models: [StepModel]) -> Bool {
    models.contains { $0.protocolIndex != nil || !$0.roles.isDisjoint(with: judgedRoles) }
      || (judgesOrder && OrderJudge.concernsAnswers(workflow, models))
  }

  /// The analysis of every step as the reader wrote it.
  func wholeAnalysis(of workflow: Workflow) -> WorkflowAnalysis {
    WorkflowAnalysis(
      workflow, models: roles.models(of: workflow, onlyWithProtocol: false), readers: readers)
  }

  private func consumptions(in analysis: WorkflowAnalysis) -> [Consumption] {
    var found: [Consumption] = []
    for one in judged {
      if one.findsUnmodelledSteps, !analysis.outputs.isEmpty {
        found += UnmodelledStepFinder(analysis: analysis, rule: one.rule).find()
      }
      switch one.check {
      case .flow(let flow)? where !analysis.outputs.isEmpty:
        found += ConsumptionFinder(analysis: analysis, rule: one.rule, check: flow).find()
      case .step(let checks)?:
        found += steps(checks, rule: one.rule, in: analysis)
      case .exposure(let exposure)? where !analysis.outputs.isEmpty:
        found += ExposureJudge(analysis: analysis, rule: one.rule, check: exposure).find()
      case .flow?, .exposure?, .order?, .secret?, nil:
        break
      }
    }
    // Whether a verification is merely detached is known when all consumption is.
    let consumed = Set(found.compactMap(\.output))
    for one in judged {
      if case .order(let order)? = one.check {
        found += OrderJudge(analysis: analysis, rule: one.rule, check: order)
          .find(consumed: consumed)
      }
    }
    return found
  }

  private func steps(
    _ checks: [StepCheck], rule: Int, in analysis: WorkflowAnalysis
  ) -> [Consumption] {
    let models = analysis.models.span
    let checked = analysis.graph.order.filter { step in
      !models[step].roles.isEmpty
        && checks.contains { !models[step].roles.isDisjoint(with: $0.roles) }
    }
    return checked.compactMap { step in
      let roles = analysis.models[step].roles
      let own = checks.filter { !roles.isDisjoint(with: $0.roles) }
      let state = analysis.state(at: step) ?? FlowState()
      let evaluator = PredicateEvaluator(analysis: analysis, step: step, state: state)
      guard let check = own.first(where: { evaluator.holds($0.predicate) }) else { return nil }
      let node = analysis.workflow.steps[step]
      let made = analysis.outputs.indices.first { analysis.outputs[$0].step == step }
      return Consumption(
        rule: rule, step: step, location: node.call?.location ?? node.location, slot: "",
        output: made ?? evaluator.touched.first, proof: nil, isApproved: state.isApproved,
        variant: check.cause.isEmpty ? nil : check.cause)
    }
  }

  /// What several jobs inherit from one place, and is wrong by itself, is told once.
  private func isNew(_ finding: Finding, of rule: Int, _ told: inout Set<Telling>) -> Bool {
    guard case .step = rules[rule].workflowCheck else { return true }
    return told.insert(Telling(finding)).inserted
  }

  private struct Telling: Hashable {
    var rule: String
    var message: String
    var path: String
    var start: Int
    var end: Int

    init(_ finding: Finding) {
      rule = finding.rule
      message = finding.message
      path = finding.location.path
      start = finding.location.startByte
      end = finding.location.endByte
    }
  }

  /// One finding per rule, sink and output: several ways, or several copies of a step, are told once.
  ///
  /// Where no answer can ever show a proof, the place is what matters: one finding for all the answers that come there.
  private func merged(
    _ consumptions: [Consumption], in analysis: WorkflowAnalysis
  ) -> [Consumption] {
    var order: [MergeKey] = []
    var byKey: [MergeKey: Consumption] = [:]
    for consumption in consumptions {
      let step = analysis.workflow.steps[consumption.step]
      var key = MergeKey(
        rule: consumption.rule, route: step.route, part: step.part, slot: consumption.slot,
        output: consumption.output)
      if let output = consumption.output, !analysis.reader(of: output).hasOwnProof {
        key.output = -1 - analysis.outputs[output].protocolIndex
        if consumption.isDecision { key.part = 0 }
        key.slot = consumption.isDecision ? "decision" : ""
      }
      if let present = byKey[key] {
        byKey[key] = present.merged(with: consumption)
      } else {
        order.append(key)
        byKey[key] = consumption
      }
    }
    return order.compactMap { byKey[$0] }
  }

  private struct MergeKey: Hashable {
    var rule: Int
    var route: String
    var part: Int
    var slot: String
    var output: Int?
  }
}

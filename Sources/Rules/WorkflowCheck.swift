/// What a step is to verification; protocols and integrations assign them.
package enum Role: String, Sendable, CaseIterable {
  case generate, verify, await, lookUp = "look-up", branch
  case cacheWrite = "cache-write", cacheRead = "cache-read"
  case badge, handoff, transform, delay, revoke, approval
  /// Puts other software or another model into service.
  case deploy
  /// Puts something before everybody under a version, so that it stays there: a release, a package.
  case release
  /// Gives a model that the run made to others.
  case publish
  /// Signs what the run made or tested.
  case attest
  /// Takes in something by a name that can be moved.
  case load
}

extension Role {
  /// Whether only a protocol gives it, and no integration does.
  package var isOfProtocol: Bool {
    switch self {
    case .generate, .verify, .await, .lookUp, .revoke, .publish, .attest, .load: true
    case .branch, .cacheWrite, .cacheRead, .badge, .handoff, .transform, .delay, .approval, .deploy,
      .release:
      false
    }
  }
}

extension Role {
  /// Whether only calls have it that ``VerificationProtocol/mentions`` speaks of.
  fileprivate var isMentioned: Bool {
    switch self {
    case .generate, .verify, .await, .lookUp, .revoke, .publish: true
    default: false
    }
  }
}

/// What reading a part of an answer means.
package enum Facet: String, Sendable, CaseIterable {
  case content, certificate, state, completion, confidence, identity, version, verdict
  /// A hash of the output's own bytes: names exactly this output, proves nothing.
  case digest
}

/// The check of a rule over workflow definitions: one of five shapes.
package enum WorkflowCheck: Sendable {
  /// A sink consumes an output without proof.
  case flow(FlowCheck)
  /// One step by itself is wrong: the first of these that it fails says how.
  case step([StepCheck])
  /// A reference that no order guarantees, or that names nothing.
  case order(OrderCheck)
  /// The workflow returns what it checks elsewhere.
  case exposure(ExposureCheck)
  /// A secret of the protocol stands in the file.
  case secret
}

/// Consumption of an unproven output by steps of a role.
package struct FlowCheck: Sendable {
  package var sinks: [Role]
  /// Which argument of the integration carries the consumption: `value`, `key`, `shows`, `payload`; empty means any.
  package var argument: String?
  /// Facets whose reading is a consumption.
  package var reads: [Facet]
  /// Flags a claim of verification (the protocol's words): instead of consumed content where `reads` is empty, beside it
  /// where it is not.
  package var claims: Bool
  /// The workflow's returned values count as sinks too.
  package var returns: Bool
  /// `unproven` (default): flagged where the proof does not hold on every path; `proven`: where it does.
  package var when: ProofState
  package var predicate: StepPredicate?

  package enum ProofState: String, Sendable, CaseIterable { case unproven, proven }

  package init(
    sinks: [Role], argument: String? = nil, reads: [Facet], claims: Bool = false,
    returns: Bool = false, when: ProofState = .unproven, predicate: StepPredicate? = nil
  ) {
    self.sinks = sinks
    self.argument = argument
    self.reads = reads
    self.claims = claims
    self.returns = returns
    self.when = when
    self.predicate = predicate
  }
}

/// A step of a role whose arguments or place satisfy a predicate.
package struct StepCheck: Sendable {
  package var roles: [Role]
  package var predicate: StepPredicate
  /// What the finding's cause is called; empty for none.
  package var cause: String

  package init(roles: [Role], predicate: StepPredicate, cause: String = "") {
    self.roles = roles
    self.predicate = predicate
    self.cause = cause
  }

  /// Whether it can flag nothing in a workflow that calls no protocol.
  package var needsProtocol: Bool {
    roles.allSatisfy(\.isOfProtocol) || predicate.needsOutput
  }

  /// Whether it can flag nothing in a workflow without any of the calls that protocols mention.
  package var needsMentionedCall: Bool {
    roles.allSatisfy(\.isMentioned) || predicate.needsMentionedCall
  }
}

/// Another step of the workflow: of a role, and as a predicate has it where one is given.
package struct OtherStep: Sendable {
  package var role: Role
  package var predicate: StepPredicate?

  package init(_ role: Role, where predicate: StepPredicate? = nil) {
    self.role = role
    self.predicate = predicate
  }
}

/// A typed predicate over a step; nothing Turing-complete.
package indirect enum StepPredicate: Sendable {
  case all([StepPredicate])
  case any([StepPredicate])
  case not(StepPredicate)
  /// The named argument (`key`, `value`, `shows`, or a raw argument path) carries one of these facets.
  case carries(argument: String?, facets: [Facet])
  /// The named argument is present.
  case has(argument: String)
  /// The named argument is not one literal text: it is put together at run time.
  case computed(argument: String)
  /// The named argument's literal text matches one of the globs, case-insensitively.
  case text(argument: String?, matches: [String])
  /// The named argument is a literal number compared with a bound or the protocol's threshold.
  case number(argument: String, comparison: NumberComparison, bound: NumberBound)
  /// The step has a property of its place in the graph.
  case place(Place)
  /// The proof of the outputs it touches holds here (on every path), or not.
  case proven(Bool)
  /// A gate before the step compares this facet with a literal below the bound.
  case gatedBelow(facet: Facet, bound: NumberBound)
  /// The workflow is started by a trigger that matches one of the globs, case-insensitively.
  case trigger(matches: [String])
  /// The call that generated or verified the output satisfies the predicate.
  case source(StepPredicate)
  /// Such a step lies on some way to this step.
  case after(OtherStep)
  /// Such a step lies on some way from this step.
  case before(OtherStep)
  /// A decision on some way to this step reads one of the facets.
  case decidedOn([Facet])

  /// Whether it can hold of proven outputs only.
  package var needsProof: Bool {
    switch self {
    case .proven(let isProven): isProven
    case .all(let parts): parts.contains(where: \.needsProof)
    case .any(let parts): parts.allSatisfy(\.needsProof)
    default: false
    }
  }

  /// Whether it cannot hold where no output exists.
  fileprivate var needsOutput: Bool {
    switch self {
    case .carries, .source, .decidedOn, .gatedBelow: true
    case .all(let parts): parts.contains(where: \.needsOutput)
    case .any(let parts): parts.allSatisfy(\.needsOutput)
    case .not, .has, .computed, .text, .number, .place, .proven, .trigger, .after, .before: false
    }
  }

  /// Whether it cannot hold where no call is that protocols mention.
  fileprivate var needsMentionedCall: Bool {
    switch self {
    case .carries, .source, .decidedOn, .gatedBelow: true
    case .after(let other), .before(let other):
      other.role.isMentioned || other.predicate?.needsMentionedCall == true
    case .all(let parts): parts.contains(where: \.needsMentionedCall)
    case .any(let parts): parts.allSatisfy(\.needsMentionedCall)
    case .not, .has, .computed, .text, .number, .place, .proven, .trigger: false
    }
  }

  package enum NumberComparison: String, Sendable, CaseIterable {
    case less, lessOrEqual = "less-or-equal", equal, greaterOrEqual = "greater-or-equal", greater
  }
  package enum NumberBound: Sendable {
    case literal(Double)
    /// The protocol's threshold as a fraction.
    case threshold
  }
  package enum Place: String, Sendable, CaseIterable {
    /// Can run again after itself (a cycle in the graph, or the engine's retry on errors after which an output may exist).
    case repeated
    /// Lies on a way that failure handling opened.
    case afterFailure = "after-failure"
    /// A person approved on every path to here.
    case approved
    /// Its protocol has a proof of its own, which says which answer counts.
    case provable
    /// What the step does cannot be taken back, as its integration says.
    case irreversible
  }
}

/// Which references lack an order.
package struct OrderCheck: Sendable {
  /// Reads an output of a step it is not ordered after.
  package var unordered: Bool
  /// Names a step or field that does not exist.
  package var unknown: Bool
  /// A verification beside the step it should guard, and nothing consumed.
  package var detachedVerification: Bool

  package init(unordered: Bool, unknown: Bool, detachedVerification: Bool) {
    self.unordered = unordered
    self.unknown = unknown
    self.detachedVerification = detachedVerification
  }
}

/// A returned value that goes past a check which the same workflow runs on it.
package struct ExposureCheck: Sendable {
  package var reads: [Facet]
  package init(reads: [Facet]) { self.reads = reads }
}

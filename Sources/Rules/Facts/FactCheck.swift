/// The check of a rule over facts: what must hold of a certificate, a signature, an attestation.
///
/// Conditions are those over events, as far as they need no order.
package struct FactCheck: Sendable {
  /// The records that are judged: kinds, as far as their facts pass a test.
  package var on = EventSelection()
  /// Conditions without which the rule has nothing to say.
  package var given: [EventCondition] = []
  /// Conditions that leave the record to another rule.
  package var unless: [EventCondition] = []
  /// What must hold; the first that does not makes the finding.
  package var requires: [FactRequirement] = []

  package init() {}
}

extension FactCheck {
  /// What its findings may be called.
  var causes: [String] {
    requires.flatMap { requirement in
      [requirement.otherwise.cause] + [requirement.unknown?.cause].compactMap(\.self)
        + requirement.instead.map(\.outcome.cause)
    }
  }
}

/// Something that must hold of a record, and what it is called where it does not, or where nobody can tell.
package struct FactRequirement: Sendable {
  package var condition: EventCondition = .all([])
  package var otherwise = EventRequirement.Outcome()
  /// Where a fact that decides is not known; nothing is said where this is absent.
  package var unknown: EventRequirement.Outcome?
  /// Better explanations than `otherwise`: the first that holds counts.
  package var instead: [EventRequirement.Explanation] = []
  /// The fact whose place the finding marks; the record's own place where it is empty or stands nowhere.
  package var mark = ""

  package init() {}
}

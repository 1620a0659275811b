import EventLogs
import Findings
import Rules

extension EventFindingWriter {
  /// Counts a violation: a rule's for each event, a service's and a step's only where the use was early.
  mutating func note(_ judgement: Judgement) {
    let event = judgement.event
    let rule = plan.rules[judgement.rule].rule.id
    violations.rules[rule, default: UseLedger.Entry()].violations += 1
    let written = tests.store.events[event.index]
    let worst = judgement.gap.map { gap in
      UseLedger.Worst(
        exposure: gap, output: event.output == Event.nobody ? nil : tests.texts[event.output],
        path: paths[Int(written.source)], line: Int(written.line))
    }
    let digits = digits(judgement)
    if let worst {
      violations.rules[rule, default: UseLedger.Entry()]
        .add(worst.exposure, digits: digits, worst)
    }
    // One use may break several rules, and is early only once.
    guard judgement.isEarly, earlyUses.insert(event.index).inserted else { return }
    let service = event.producer == Event.nobody ? "" : tests.texts[event.producer]
    violations.services[service, default: UseLedger.Entry()].violations += 1
    if let worst {
      violations.services[service, default: UseLedger.Entry()]
        .add(worst.exposure, digits: digits, worst)
    }
    guard let workflow = plan.workflowSlot.flatMap({ tests.text(.slot($0), event) }),
      let step = plan.stepSlot.flatMap({ tests.text(.slot($0), event) })
    else { return }
    let name = workflow + "/" + step
    violations.steps[name, default: UseLedger.Entry()].violations += 1
    if let worst {
      violations.steps[name, default: UseLedger.Entry()].add(worst.exposure, digits: digits, worst)
    }
  }

  /// Puts what was counted and what was found into one ledger.
  func sum(_ counts: UseCounts, _ ledger: inout UseLedger) {
    ledger.merge(violations)
    for (index, count) in counts.rules.enumerated() where count > 0 && plan.isCounting[index] {
      ledger.rules[plan.rules[index].rule.id, default: UseLedger.Entry()].uses += count
    }
    for (producer, count) in counts.services {
      let name = producer == Event.nobody ? "" : tests.texts[producer]
      ledger.services[name, default: UseLedger.Entry()].uses += count
    }
    for (key, count) in counts.steps {
      let name = tests.texts[key.workflow] + "/" + tests.texts[key.step]
      ledger.steps[name, default: UseLedger.Entry()].uses += count
    }
  }
}

import EventLogs
import Findings
import Rules

/// Violations as they are found, by number: most cost no more than an addition.
struct ViolationCounts {
  /// By rule of the plan.
  var rules: [Entry]
  /// By producer.
  var services: [UInt32: Entry] = [:]
  var steps: [String: Entry] = [:]
  /// One use may break several rules, and is early only once.
  var earlyUses: Set<Int> = []

  init(rules: Int) { self.rules = Array(repeating: Entry(), count: rules) }

  /// The violations of one rule, service or step.
  struct Entry {
    private(set) var violations = 0
    private(set) var exposures: [Int64] = []
    private(set) var digits = 9
    private(set) var worst: Use?

    mutating func add(_ use: Use, _ digits: Int, _ paths: [String]) {
      violations += 1
      guard let exposure = use.exposure else { return }
      exposures.append(exposure)
      self.digits = min(self.digits, digits)
      if worst.map({ use.isWorse(than: $0, paths) }) ?? true { worst = use }
    }
  }

  /// A use, and how long it was exposed.
  struct Use {
    var exposure: Int64?
    var output: UInt32
    var source: Int
    var line: Int

    /// Longer first; of equal ones the first in the log.
    func isWorse(than other: Use, _ paths: [String]) -> Bool {
      guard let exposure, let known = other.exposure, exposure == known else {
        return (exposure ?? .min) > (other.exposure ?? .min)
      }
      return (paths[source], line) < (paths[other.source], other.line)
    }
  }
}

extension EventFindingWriter {
  /// Counts a violation: a rule's for each event, a service's and a step's only where the use was early.
  mutating func note(_ judgement: Judgement) {
    let event = judgement.event
    let written = tests.store.events[event.index]
    let use = ViolationCounts.Use(
      exposure: judgement.gap, output: event.output, source: Int(written.source),
      line: Int(written.line))
    let digits = judgement.gap == nil ? 9 : digits(judgement)
    violations.rules[judgement.rule].add(use, digits, paths)
    guard judgement.isEarly, violations.earlyUses.insert(event.index).inserted else { return }
    violations.services[event.producer, default: ViolationCounts.Entry()].add(use, digits, paths)
    guard let workflow = plan.workflowSlot.flatMap({ tests.text(.slot($0), event) }),
      let step = plan.stepSlot.flatMap({ tests.text(.slot($0), event) })
    else { return }
    violations.steps[workflow + "/" + step, default: ViolationCounts.Entry()]
      .add(use, digits, paths)
  }

  /// Puts what was counted and what was found into one ledger.
  func sum(_ counts: UseCounts, _ ledger: inout UseLedger) {
    for (number, found) in violations.rules.enumerated() where found.violations > 0 {
      ledger.rules[plan.rules[number].rule.id, default: UseLedger.Entry()].merge(entry(found))
    }
    for (producer, found) in violations.services {
      ledger.services[name(ofService: producer), default: UseLedger.Entry()].merge(entry(found))
    }
    for (step, found) in violations.steps {
      ledger.steps[step, default: UseLedger.Entry()].merge(entry(found))
    }
    for (index, mask) in plan.masks.enumerated() where plan.isCounting[index] {
      let count = counts.subjects[mask.trailingZeroBitCount]
      if count == 0 { continue }
      ledger.rules[plan.rules[index].rule.id, default: UseLedger.Entry()].uses += count
    }
    for (producer, count) in counts.services {
      ledger.services[name(ofService: producer), default: UseLedger.Entry()].uses += count
    }
    for (key, count) in counts.steps {
      let name = tests.texts[key.workflow] + "/" + tests.texts[key.step]
      ledger.steps[name, default: UseLedger.Entry()].uses += count
    }
  }

  private func name(ofService producer: UInt32) -> String {
    producer == Event.nobody ? "" : tests.texts[producer]
  }

  private func entry(_ found: ViolationCounts.Entry) -> UseLedger.Entry {
    var entry = UseLedger.Entry()
    entry.violations = found.violations
    entry.exposures = found.exposures
    entry.digits = found.digits
    entry.worst = found.worst.map { use in
      UseLedger.Worst(
        exposure: use.exposure ?? 0,
        output: use.output == Event.nobody ? nil : tests.texts[use.output],
        path: paths[use.source], line: use.line)
    }
    return entry
  }
}

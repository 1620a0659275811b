import EventLogs
import Findings
import Rules

/// Judges the events of one case after another by all rules.
struct CaseJudge {
  let plan: LogPlan
  private var conditions: ConditionEvaluator
  /// What is found is looked at once more where it may rest on the lines of events that came late.
  private var cautious: ConditionEvaluator?
  private var judgements: [Judgement] = []
  /// Events of the last case that were delivered before.
  private(set) var redelivered = 0
  /// How long certificates took, in the last case.
  private(set) var latencies: [Int64] = []
  /// Of all cases that were kept.
  private(set) var uses = UseCounts()
  /// Of the last case: its events by selection, and its uses.
  private var subjects: [Int]
  private var last: [Use] = []
  /// The loud rules of the last case.
  private var loud = LoudRules.none
  private var loudRules: [(rule: Int, mask: UInt64)] = []
  /// The stories of the outputs that were used wrongly, of the last case.
  private(set) var timelines: [(output: UInt32, timeline: Timeline)] = []
  private let story: OutputStory
  /// By rule that has found something: those whose place it takes.
  private var replaced: [Set<Int>?]

  private struct Use {
    var producer: UInt32
    var step: UseCounts.StepKey?
  }

  init(plan: LogPlan, paths: [String], conditions: ConditionEvaluator) {
    self.plan = plan
    self.conditions = conditions
    subjects = Array(repeating: 0, count: UseCounts.selections)
    replaced = Array(repeating: nil, count: plan.rules.count)
    story = OutputStory(plan: plan, paths: paths, logEnd: conditions.logEnd)
  }

  /// Judges a stretch of the store's events by the rules that may have something to say; tells the stories of the
  /// outputs where they are listed.
  mutating func judge(
    _ stretch: Range<Int>, in store: LogStore, by loud: LoudRules, isTelling: Bool
  ) -> [Judgement] {
    let one = LogCase(stretch, in: store, tests: &conditions.tests)
    redelivered = one.redelivered
    latencies = one.latencies
    judgements.removeAll(keepingCapacity: true)
    timelines = []
    last.removeAll(keepingCapacity: true)
    for selection in subjects.indices { subjects[selection] = 0 }
    if loud != self.loud {
      self.loud = loud
      loudRules = plan.masks.indices.filter { loud.contains($0) }.map { ($0, plan.masks[$0]) }
    }
    conditions.beginCase()
    cautious?.beginCase()
    for event in one.events.indices {
      let selections = one.events[event].selections
      if selections & 1 << UInt64(plan.use) != 0 { count(one.events[event]) }
      var rest = selections & plan.subjects
      while rest != 0 {
        subjects[rest.trailingZeroBitCount] += 1
        rest &= rest &- 1
      }
      for (rule, mask) in loudRules where selections & mask != 0 {
        let first = judgements.count
        judge(event, in: one, by: plan.rules[rule].check, rule)
        if one.hasLate, judgements[first...].contains(where: { $0.verdict == .violated }) {
          judgements.removeLast(judgements.count - first)
          judgeCautiously(event, in: one, rule)
        }
      }
    }
    if judgements.isEmpty { return [] }
    withdrawReplaced()
    withdrawElse()
    if isTelling { timelines = story.timelines(one, judgements[...], &conditions) }
    return judgements
  }

  private mutating func judgeCautiously(_ event: Int, in one: LogCase, _ rule: Int) {
    // Never held twice: that would copy what they remember.
    var other = cautious ?? conditions.cautious
    cautious = nil
    swap(&conditions, &other)
    judge(event, in: one, by: plan.rules[rule].check, rule)
    swap(&conditions, &other)
    cautious = other
  }

  private mutating func count(_ use: CaseEvent) {
    var counted = Use(producer: use.producer)
    if let workflow = plan.workflowSlot, let step = plan.stepSlot,
      let first = conditions.tests.value(.slot(workflow), use), case .text = first.kind,
      let second = conditions.tests.value(.slot(step), use), case .text = second.kind
    {
      counted.step = UseCounts.StepKey(workflow: first.payload, step: second.payload)
    }
    last.append(counted)
  }

  /// Adds what was counted in the last case to all that is kept.
  mutating func keepUses() {
    for (selection, count) in subjects.enumerated() where count > 0 {
      uses.subjects[selection] += count
    }
    for use in last {
      uses.services[use.producer, default: 0] += 1
      if let step = use.step { uses.steps[step, default: 0] += 1 }
    }
  }

  /// Takes back what a rule says of an event that a more telling one finds at fault.
  private mutating func withdrawReplaced() {
    if judgements.count < 2 { return }
    var withdrawn: [Int: Set<Int>] = [:]
    for judgement in judgements where judgement.verdict == .violated {
      let others = replaced[judgement.rule] ?? plan.rules(replacedBy: judgement.rule)
      replaced[judgement.rule] = others
      if !others.isEmpty { withdrawn[judgement.event.index, default: []].formUnion(others) }
    }
    if withdrawn.isEmpty { return }
    let kept = judgements.filter { judgement in
      !(withdrawn[judgement.event.index]?.contains(judgement.rule) ?? false)
    }
    judgements = kept
  }

  /// Takes back what a check says only where those above it found nothing of the output.
  private mutating func withdrawElse() {
    if judgements.count < 2 || !judgements.contains(where: { plan.rules[$0.rule].check.isElse }) {
      return
    }
    let found = judgements.filter { $0.verdict == .violated }.map { ($0.rule, $0.event.output) }
    judgements.removeAll { one in
      guard plan.rules[one.rule].check.isElse else { return false }
      return found.contains { rule, output in
        rule < one.rule && output == one.event.output
          && plan.rules[rule].rule.id == plan.rules[one.rule].rule.id
      }
    }
  }

  private mutating func judge(
    _ event: Int, in one: LogCase, by check: PlannedCheck, _ rule: Int
  ) {
    for condition in check.given where !conditions.holds(condition, event, in: one) { return }
    for condition in check.unless where conditions.holds(condition, event, in: one) { return }
    for requirement in check.requires {
      if case .earlier(let reference, _) = requirement.condition,
        !conditions.isTied(event, to: reference, in: one)
      {
        note(rule, .inconclusive, "no-identity", event, in: one, check)
        return
      }
      switch conditions.evaluate(requirement.condition, event, in: one) {
      case .holds: continue
      case .open(let reason, let witnesses):
        note(rule, .inconclusive, reason, event, in: one, check, witnesses)
      case .fails(let failure):
        fail(rule, requirement, failure, event, in: one, check)
      }
      return
    }
  }

  private mutating func fail(
    _ rule: Int, _ requirement: PlannedRequirement, _ failure: ConditionVerdict.Failure,
    _ event: Int, in one: LogCase, _ check: PlannedCheck
  ) {
    var failure = failure
    var outcome = failure.isLate ? requirement.late : requirement.otherwise
    var witnesses = failure.witnesses
    var isExplained = failure.isLate
    if !failure.isLate {
      for explanation in requirement.instead {
        if !conditions.holds(explanation.condition, event, in: one) { continue }
        outcome = explanation.outcome
        witnesses += conditions.witnesses(explanation.condition, event, in: one)
        isExplained = true
        break
      }
    }
    var dependsOnHead = false
    var isEarly = false
    var isUnfounded = false
    if case .earlier = requirement.condition { isEarly = true }
    if isEarly, generation(of: event, in: one) == nil {
      let isImplied = witnesses.contains { one.events[$0].isImplied }
      dependsOnHead = !isExplained || isImplied
      isUnfounded = true
    }
    // A gap between events that the log does not place in time is none.
    if one.events[event].earliest == .min || one.events[event].latest == .max {
      failure.gap = nil
      failure.delay = nil
    }
    failure.witnesses = witnesses
    note(
      rule, outcome.isUndecided ? .inconclusive : .violated, outcome, event, in: one, check,
      failure, dependsOnHead, isEarly)
    judgements[judgements.count - 1].isUnfounded = isUnfounded
  }

  private mutating func note(
    _ rule: Int, _ verdict: Evidence.Verdict, _ reason: String, _ event: Int, in one: LogCase,
    _ check: PlannedCheck, _ witnesses: [Int] = []
  ) {
    let outcome = EventRequirement.Outcome(cause: reason)
    let failure = ConditionVerdict.Failure(witnesses: witnesses)
    note(rule, verdict, outcome, event, in: one, check, failure, false, false)
  }

  private mutating func note(
    _ rule: Int, _ verdict: Evidence.Verdict, _ outcome: EventRequirement.Outcome, _ event: Int,
    in one: LogCase, _ check: PlannedCheck, _ failure: ConditionVerdict.Failure,
    _ dependsOnHead: Bool, _ isEarly: Bool
  ) {
    var place = event
    var witnesses = failure.witnesses
    var verdict = verdict
    var outcome = outcome
    if check.place == .firstUse {
      var use = conditions.firstUse(of: event, plan.use, in: one)
      if use == nil, check.alone != nil { use = self.use(of: event, in: one) }
      if let use {
        place = use
        witnesses.append(event)
      } else if let alone = check.alone {
        verdict = .inconclusive
        outcome = alone
      }
    }
    judgements.append(
      Judgement(
        rule: rule, verdict: verdict, outcome: outcome, dependsOnHead: dependsOnHead,
        isEarly: isEarly, event: one.events[place], witnesses: witnesses.map { one.events[$0] },
        generation: generation(of: place, in: one).map { one.events[$0] }, gap: failure.gap,
        delay: failure.delay, figures: failure.figures))
  }

  /// Any use of the output, were it before the event.
  private func use(of event: Int, in one: LogCase) -> Int? {
    var members = CaseMembers(of: one, plan.use, by: .output, one.events[event].output)
    return members.next()
  }

  /// The event that brought the output into being, by its hash, else by its request.
  private func generation(of event: Int, in one: LogCase) -> Int? {
    let judged = one.events[event]
    var byOutput = CaseMembers(of: one, plan.generation, by: .output, judged.output)
    var byRequest = CaseMembers(of: one, plan.generation, by: .request, judged.request)
    return byOutput.next() ?? byRequest.next()
  }
}

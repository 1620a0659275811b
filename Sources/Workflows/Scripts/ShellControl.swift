import Expressions
import SourceText

/// Lists, branches, functions and subshells.
extension ShellLowerer {
  static let deepest = 100

  mutating func runList(_ commands: [ShellCommand]) -> ShellOutcome {
    var outcome = ShellOutcome(success: current)
    for (index, command) in commands.enumerated() {
      if current.isEmpty {
        // Nothing runs here, but a function defined here may be called from elsewhere.
        if case .function(let name, let body) = command.kind {
          functions[name] = ShellFunction(body: body, source: source)
        }
        outcome = ShellOutcome(success: [])
        continue
      }
      outcome = run(command)
      if index == commands.count - 1 { break }
      if outcome.condition != nil {
        if aborts {
          let settled = settle(outcome)
          abort(settled.failure)
          current = settled.success + settled.quiet
        } else {
          current = outcome.all
          lastOutcome = outcome
        }
      } else if aborts {
        abort(outcome.failure)
        current = outcome.success + outcome.quiet
      } else {
        current = outcome.all
        lastOutcome = outcome
      }
    }
    return outcome
  }

  mutating func run(_ command: ShellCommand) -> ShellOutcome {
    guard nesting < Self.deepest else { return ShellOutcome(success: current) }
    nesting += 1
    defer { nesting -= 1 }
    if case .simple(let simple) = command.kind {
      return redirected(command.redirections, at: command.range) {
        $0.runSimple(simple, at: command.range)
      }
    }
    guard !command.redirections.isEmpty else { return runCompound(command) }
    return redirected(command.redirections, at: command.range) { $0.runCompound(command) }
  }

  private mutating func runCompound(_ command: ShellCommand) -> ShellOutcome {
    switch command.kind {
    case .simple: return ShellOutcome(success: current)
    case .unknown:
      // It may print anything.
      emit(.unknown([]), at: command.range)
      return ShellOutcome(success: current)
    case .pipeline(let stages): return runPipeline(stages)
    case .not(let inner): return runNegated(inner)
    case .and(let left, let right): return runAnd(left, right)
    case .or(let left, let right): return runOr(left, right)
    case .background(let inner):
      let before = current
      let outcome = settle(run(inner))
      backgroundEnds += outcome.success
      current = before
      return ShellOutcome(success: before)
    case .group(let body): return runList(body)
    case .subshell(let body): return runSubshell(body)
    case .conditional(let branches, let otherwise): return runIf(branches, otherwise)
    case .loop(let condition, let body, let until):
      return runLoop(condition, body, until: until, at: command.range)
    case .forEach(let variable, let words, let body):
      return runFor(variable, words, body, at: command.range)
    case .forArithmetic(let head, let body):
      return runCountedFor(head, body, at: command.range)
    case .selection(let subject, let arms): return runCase(subject, arms, at: command.range)
    case .function(let name, let body):
      functions[name] = ShellFunction(body: body, source: source)
      return ShellOutcome(success: current)
    case .test(let tokens):
      var parser = ShellTestParser(tokens: tokens, range: command.range)
      let condition = parser.parse(with: &self)
      return decided(by: condition, at: command.range)
    case .arithmetic(let word):
      return runArithmetic(word, at: command.range)
    }
  }

  func decided(by condition: Condition, at range: ByteRange) -> ShellOutcome {
    ShellOutcome(success: current, condition: condition, location: location(range))
  }

  /// Runs a command whose failure is looked at, so that `set -e` does not apply.
  mutating func runAsCondition(_ body: (inout ShellLowerer) -> ShellOutcome) -> ShellOutcome {
    conditionDepth += 1
    let outcome = body(&self)
    conditionDepth -= 1
    return outcome
  }

  private mutating func runNegated(_ command: ShellCommand) -> ShellOutcome {
    var outcome = doubted(runAsCondition { $0.run(command) }, of: command)
    if let condition = outcome.condition {
      outcome.condition = Self.negated(condition)
      if conditionDepth > 0 { return outcome }
      // `! command` never trips `set -e`.
      outcome = settle(outcome)
      return ShellOutcome(success: outcome.success, quiet: outcome.failure + outcome.quiet)
    }
    outcome = settle(outcome, written: true)
    return ShellOutcome(success: outcome.failure + outcome.quiet, quiet: outcome.success)
  }

  static func negated(_ condition: Condition) -> Condition {
    switch condition {
    case .constant(let value): .constant(!value)
    case .not(let inner): inner
    default: .not(condition)
    }
  }

  private mutating func runAnd(_ left: ShellCommand, _ right: ShellCommand) -> ShellOutcome {
    let first = runAsCondition { $0.run(left) }
    if conditionDepth > 0, let one = first.condition, isPure(right),
      !separates(left), !separates(right)
    {
      let second = run(right)
      guard let two = second.condition else { return first }
      return ShellOutcome(
        success: current, condition: Self.combined([one, two], all: true),
        location: spanning(first.location, second.location))
    }
    let settled = settleExhaustion(first, of: left, leaves: Self.leaves(right))
    current = settled.success
    let second = settle(run(right))
    return ShellOutcome(
      success: second.success, failure: second.failure,
      quiet: settled.failure + settled.quiet + second.quiet)
  }

  private mutating func runOr(_ left: ShellCommand, _ right: ShellCommand) -> ShellOutcome {
    let first = runAsCondition { $0.run(left) }
    if conditionDepth > 0, let one = first.condition, isPure(right),
      !separates(left), !separates(right)
    {
      let second = run(right)
      return ShellOutcome(
        success: current,
        condition: Self.combined([one, second.condition ?? .constant(true)], all: false),
        location: spanning(first.location, second.location ?? first.location))
    }
    let goesOn = Self.isTrivial(right)
    // That a copy or a `cd` fails and the script then ends is nothing to follow.
    let asked = goesOn || Self.leaves(right) ? first : doubted(first, of: left)
    let settled = settle(asked, written: !goesOn)
    if goesOn, first.condition != nil, let test = settled.success.first?.step {
      // `test … || true` looks, and decides nothing.
      builder.update(test) { if $0.kind == .branch { $0.kind = .control } }
    }
    current = settled.failure + settled.quiet
    guard !current.isEmpty else {
      current = settled.success
      return ShellOutcome(success: settled.success)
    }
    lastOutcome = ShellOutcome(success: [], failure: current)
    let second = settle(run(right))
    return ShellOutcome(
      success: settled.success + second.success, failure: second.failure, quiet: second.quiet)
  }

  static func combined(_ conditions: [Condition], all: Bool) -> Condition {
    var parts: [Condition] = []
    for condition in conditions {
      switch condition {
      case .constant(let value):
        if value != all { return condition }
      case .all(let inner) where all: parts += inner
      case .any(let inner) where !all: parts += inner
      default: parts.append(condition)
      }
    }
    if parts.isEmpty { return .constant(all) }
    if parts.count == 1 { return parts[0] }
    return all ? .all(parts) : .any(parts)
  }

  private func spanning(_ first: SourceLocation?, _ second: SourceLocation?) -> SourceLocation? {
    guard let first, let second else { return first ?? second }
    return SourceLocation(
      path: first.path, range: ByteRange(first.range.start, second.range.end))
  }

  /// `true`, `:` and `echo …`: the author goes on whatever happened.
  static func isTrivial(_ command: ShellCommand) -> Bool {
    guard case .simple(let simple) = command.kind else { return false }
    switch simple.words.first?.bare {
    case "true", ":", "echo", "printf": return true
    default: return false
    }
  }

  private mutating func runPipeline(_ stages: [ShellCommand]) -> ShellOutcome {
    let outerInput = input
    defer { input = outerInput }
    var conditions: [Condition] = []
    var place: SourceLocation?
    var failures: [LooseEnd] = []
    for stage in stages.dropLast() {
      let (value, outcome) = capturing { lowerer in
        lowerer.runAsCondition { $0.runStage(stage) }
      }
      input = value
      if let condition = outcome.condition {
        if pipesFail {
          conditions.append(condition)
          place = spanning(place, outcome.location)
        }
        current = outcome.all
      } else if pipesFail {
        failures += outcome.failure + outcome.quiet
        current = outcome.success
      } else {
        current = outcome.all
      }
    }
    guard let last = stages.last else { return ShellOutcome(success: current) }
    var outcome = runStage(last)
    if !conditions.isEmpty {
      if outcome.condition != nil || outcome.failure.isEmpty {
        conditions.append(outcome.condition ?? .constant(true))
        outcome.condition = Self.combined(conditions, all: true)
        outcome.location = spanning(place, outcome.location)
      }
    }
    if !failures.isEmpty {
      outcome = settle(outcome)
      outcome.failure += failures
    }
    return outcome
  }

  /// A stage of a pipeline runs in a subshell of its own.
  private mutating func runStage(_ stage: ShellCommand) -> ShellOutcome {
    switch stage.kind {
    case .simple, .test, .arithmetic: return run(stage)
    default: return runInSubshell { $0.run(stage) }
    }
  }

  private mutating func runSubshell(_ body: [ShellCommand]) -> ShellOutcome {
    runInSubshell { $0.runList(body) }
  }

  mutating func runInSubshell(
    positional: [Value]? = nil, _ body: (inout ShellLowerer) -> ShellOutcome
  ) -> ShellOutcome {
    let errexit = exitsOnError
    let pipefail = pipesFail
    scopes.append(
      ShellScope(
        kind: .subshell, positional: positional ?? scopes[scopes.count - 1].positional))
    var outcome = body(&self)
    let scope = scopes.removeLast()
    exitsOnError = errexit
    pipesFail = pipefail
    guard !scope.success.isEmpty || !scope.failure.isEmpty else { return outcome }
    outcome = settle(outcome)
    outcome.success += scope.success
    outcome.failure += scope.failure
    current = outcome.success
    return outcome
  }

  /// Runs the body of a function of the script with `arguments` as its parameters.
  mutating func call(function: ShellFunction, with arguments: [Value]) -> ShellOutcome {
    run(in: function.source, ShellScope(kind: .function, positional: arguments)) {
      $0.run(function.body)
    }
  }

  private mutating func runIf(
    _ branches: [ShellCommand.Branch], _ otherwise: [ShellCommand]?
  ) -> ShellOutcome {
    var result = ShellOutcome(success: [])
    for branch in branches {
      let condition = runAsCondition { $0.runList(branch.condition) }
      var settled = settleExhaustion(
        doubted(condition, of: branch.condition.last), of: branch.condition.last,
        leaves: Self.leaves(branch.body))
      if branch.condition.count == 1, Self.isCount(branch.condition[0], of: loops.last),
        let otherwise, Self.leaves(otherwise), !Self.leaves(branch.body)
      {
        settled.failure = Self.timedOut(settled.failure)
      }
      current = settled.success
      collect(settle(runList(branch.body)), into: &result)
      current = settled.failure + settled.quiet
    }
    if let otherwise {
      collect(settle(runList(otherwise)), into: &result)
    } else {
      result.success += current
    }
    current = result.success
    return result
  }

  private func collect(_ outcome: ShellOutcome, into result: inout ShellOutcome) {
    result.success += outcome.success
    result.failure += outcome.failure
    result.quiet += outcome.quiet
  }

  private mutating func runCase(
    _ subject: ShellWord, _ arms: [ShellCommand.Arm], at range: ByteRange
  ) -> ShellOutcome {
    let value = evaluate(subject)
    var result = ShellOutcome(success: [])
    let step = add(.branch, at: subject.range)
    var refused: [Edge.Guard] = []
    var falling: [LooseEnd] = []
    var hasDefault = false
    for arm in arms {
      let isDefault = arm.patterns.contains { $0.bare == "*" }
      var guards = refused
      if !isDefault {
        let place = arm.patterns.first.map(\.range) ?? range
        let condition = Self.combined(
          arm.patterns.map { pattern in
            matches(value, pattern: pattern, at: pattern.range)
          }, all: false)
        let decision = builder.decide(Step.Decision(condition, at: location(place)), at: step)
        guards.append(Edge.Guard(decision, true))
        refused.append(Edge.Guard(decision, false))
      }
      current = (hasDefault ? [] : [LooseEnd(step, guards: guards)]) + falling
      falling = []
      hasDefault = hasDefault || isDefault
      let outcome = settle(runList(arm.body))
      if arm.fallsThrough {
        falling = outcome.all
      } else {
        collect(outcome, into: &result)
      }
    }
    result.success += falling
    if !hasDefault { result.success.append(LooseEnd(step, guards: refused)) }
    current = result.success
    return result
  }
}

import Expressions
import SourceText

/// Loops, and how they are left.
extension ShellLowerer {
  mutating func runLoop(
    _ condition: [ShellCommand], _ body: [ShellCommand], until: Bool, at range: ByteRange
  ) -> ShellOutcome {
    guard !current.isEmpty else { return ShellOutcome(success: []) }
    var census = ShellCensus()
    census.visit(condition)
    census.visit(body)
    // `while read` ends with its input, not with a count.
    let head = ByteRange(range.start, max(range.start, condition.last?.range.end ?? range.start))
    let header = add(.control, at: head)
    loops.append(ShellLoop(header: header, counters: census.counters.union(Self.clocks)))
    loops[loops.count - 1].readsLines =
      !until && condition.count == 1 && Self.reads(condition[0]) && !Self.leaves(body)
    let outcome = runAsCondition { lowerer in
      lowerer.runLoopCondition(condition, until: until)
    }
    let stays = until ? outcome.failure + outcome.quiet : outcome.success
    let leaves = until ? outcome.success : outcome.failure + outcome.quiet
    current = stays
    let end = runBody(body)
    let loop = loops.removeLast()
    builder.connect(end, backTo: header, isNextElement: loop.readsLines)
    current = leaves + loop.breaks
    return ShellOutcome(success: current)
  }

  /// `read line`: the loop goes over its input.
  private static func reads(_ command: ShellCommand) -> Bool {
    guard case .simple(let simple) = command.kind else { return false }
    return simple.words.first?.bare == "read"
  }

  private static let clocks: Set<String> = ["SECONDS"]

  /// Decides a loop's condition; where a count is what makes the loop end, that way out is a timeout.
  private mutating func runLoopCondition(
    _ condition: [ShellCommand], until: Bool
  ) -> ShellOutcome {
    guard condition.count == 1 else {
      return settle(doubted(runList(condition), of: condition.last), written: true)
    }
    return split(condition[0], until: until)
  }

  private mutating func split(_ command: ShellCommand, until: Bool) -> ShellOutcome {
    switch command.kind {
    case .and(let left, let right) where separates(left) || separates(right):
      let first = split(left, until: until)
      current = first.success
      let second = split(right, until: until)
      return ShellOutcome(
        success: second.success, failure: first.failure + first.quiet + second.failure,
        quiet: second.quiet)
    case .or(let left, let right) where separates(left) || separates(right):
      let first = split(left, until: until)
      current = first.failure + first.quiet
      let second = split(right, until: until)
      return ShellOutcome(
        success: first.success + second.success, failure: second.failure, quiet: second.quiet)
    default:
      var outcome = settle(doubted(run(command), of: command), written: true)
      if Self.isCount(command, of: loops.last) {
        if until {
          outcome.success = Self.timedOut(outcome.success)
        } else {
          outcome.failure = Self.timedOut(outcome.failure)
        }
      }
      return outcome
    }
  }

  /// Whether the command compares a variable that counts the passes of the innermost loop.
  func separates(_ command: ShellCommand) -> Bool {
    if case .and(let left, let right) = command.kind {
      return separates(left) || separates(right)
    }
    if case .or(let left, let right) = command.kind {
      return separates(left) || separates(right)
    }
    return Self.isCount(command, of: loops.last)
  }

  static func isCount(_ command: ShellCommand, of loop: ShellLoop?) -> Bool {
    guard let loop else { return false }
    switch command.kind {
    case .not(let inner): return isCount(inner, of: loop)
    case .arithmetic(let word):
      return !ShellArithmetic.names(in: word).isDisjoint(with: loop.counters)
    case .test(let tokens):
      return tokens.contains { token in
        if case .word(let word) = token { counts(word, loop) } else { false }
      }
    case .simple(let simple):
      guard let name = simple.words.first?.bare, name == "[" || name == "test" else {
        return false
      }
      return simple.words.contains { counts($0, loop) }
    default: return false
    }
  }

  private static func counts(_ word: ShellWord, _ loop: ShellLoop) -> Bool {
    word.parts.contains { part in
      switch part {
      case .parameter(let parameter, _): return loop.counters.contains(parameter.name)
      case .arithmetic(let inner):
        return !ShellArithmetic.names(in: inner).isDisjoint(with: loop.counters)
      case .command(let commands, _):
        // `$(date +%s)`: the clock.
        guard case .simple(let simple)? = commands.first?.kind else { return false }
        return simple.words.first?.bare == "date"
      case .literal, .process, .hole: return false
      }
    }
  }

  /// Whether the commands leave the loop they stand in.
  static func leaves(_ commands: [ShellCommand]) -> Bool {
    var census = ShellCensus()
    census.visit(commands)
    return census.leaves
  }

  static func leaves(_ command: ShellCommand) -> Bool { leaves([command]) }

  static func timedOut(_ ends: [LooseEnd]) -> [LooseEnd] {
    ends.map {
      LooseEnd($0.step, $0.outcome == .success ? .timeout : $0.outcome, guards: $0.guards)
    }
  }

  /// Settles a condition inside a loop: where a count makes it true and the loop is then left, that is a timeout.
  mutating func settleExhaustion(
    _ outcome: ShellOutcome, of command: ShellCommand?, leaves: @autoclosure () -> Bool
  ) -> ShellOutcome {
    var settled = settle(outcome, written: true)
    if let command, Self.isCount(command, of: loops.last), leaves() {
      settled.success = Self.timedOut(settled.success)
      current = settled.success
    }
    return settled
  }

  /// Runs a loop's body and gives the ends that go round again.
  private mutating func runBody(_ body: [ShellCommand]) -> [LooseEnd] {
    // The loop's own condition is decided; inside the body `set -e` applies as outside.
    let outcome = settle(runList(body))
    if aborts {
      abort(outcome.failure)
      return outcome.success + outcome.quiet
    }
    return outcome.all
  }

  mutating func runFor(
    _ name: String, _ words: [ShellWord]?, _ body: [ShellCommand], at range: ByteRange
  ) -> ShellOutcome {
    guard !current.isEmpty else { return ShellOutcome(success: []) }
    let values: [Value]
    if let words {
      values = words.map { evaluate($0) }
    } else {
      values = scopes[scopes.count - 1].positional
    }
    let runsOnce = !values.isEmpty && values.allSatisfy { $0.knownText?.isEmpty == false }
    let isCount = (words ?? []).contains { Self.isSequence($0) }
    let head = ByteRange(range.start, max(range.start, words?.last?.range.end ?? range.start))
    let header = add(.control, at: head)
    if !name.isEmpty, !values.isEmpty, !isCount {
      let element: Value = values.count == 1 ? values[0] : .either(values)
      if element.references.isEmpty, values.count > 16 {
        assign(variable(name), .unknown([]), at: head)
      } else {
        assign(variable(name), element, at: head)
      }
    }
    let exhaustion = LoopExhaustion(variable: name, words: words ?? [])
    let texts = values.compactMap(\.knownText)
    let outer = loopedWords
    loopedWords[name] = texts.count == values.count && texts.count <= 16 ? texts : nil
    defer { loopedWords = outer }
    // Each word is a subject of its own; numbers, and a loop that is left early, make attempts.
    let isList =
      !isCount && !values.isEmpty && !texts.contains { Double($0) != nil } && !Self.leaves(body)
    return runPasses(
      header, body, atLeastOnce: runsOnce || isCount, isList: isList, exhaustion: exhaustion,
      at: head)
  }

  mutating func runCountedFor(
    _ head: ShellWord, _ body: [ShellCommand], at range: ByteRange
  ) -> ShellOutcome {
    guard !current.isEmpty else { return ShellOutcome(success: []) }
    let place = ByteRange(range.start, max(range.start, head.range.end))
    let isEndless = !ShellArithmetic.tokens(of: head).contains { token in
      if case .symbol(let symbol) = token {
        ["<", ">", "<=", ">=", "!="].contains(symbol)
      } else {
        false
      }
    }
    let header = add(.control, at: place)
    return runPasses(
      header, body, atLeastOnce: true, isEndless: isEndless,
      exhaustion: LoopExhaustion(head: head), at: place)
  }

  /// The passes of a counted loop: after the last one control leaves, by a timeout where a pass may break off earlier.
  private mutating func runPasses(
    _ header: Int, _ body: [ShellCommand], atLeastOnce: Bool, isEndless: Bool = false,
    isList: Bool = false, exhaustion: LoopExhaustion?, at range: ByteRange
  ) -> ShellOutcome {
    let isPolling = Self.leaves(body)
    let leaving: Edge.Outcome = isPolling ? .timeout : .success
    let endsItself = exhaustion?.isLeft(by: body) == true
    loops.append(
      ShellLoop(
        header: header, hasLastPass: atLeastOnce,
        counters: endsItself ? exhaustion?.counters ?? [] : []))
    let end = runBody(body)
    let loop = loops.removeLast()
    var exits = loop.breaks
    if atLeastOnce {
      // A body that leaves in its last pass never comes to the loop's own end, but for an early `continue`.
      for (ends, isLast) in [(end, !endsItself), (loop.continues, true)] where !ends.isEmpty {
        current = ends
        let latch = add(.control, at: range)
        builder.connect([LooseEnd(latch)], backTo: header, isNextElement: isList)
        if !isEndless && isLast { exits.append(LooseEnd(latch, leaving)) }
      }
    } else {
      builder.connect(end, backTo: header, isNextElement: isList)
      exits.append(LooseEnd(header, leaving))
    }
    current = exits
    return ShellOutcome(success: exits)
  }

  /// `$(seq 30)`, `{1..30}`: numbers that only count.
  private static func isSequence(_ word: ShellWord) -> Bool {
    if let text = word.bare { return text.hasPrefix("{") && text.holds("..") }
    guard word.parts.count == 1, case .command(let commands, _) = word.parts[0],
      case .simple(let simple)? = commands.first?.kind
    else { return false }
    return simple.words.first?.bare == "seq"
  }

  /// `break` and `continue`.
  mutating func leaveLoop(continuing: Bool) -> ShellOutcome {
    if let index = loops.indices.last {
      if continuing {
        if loops[index].hasLastPass {
          loops[index].continues += current
        } else {
          builder.connect(
            current, backTo: loops[index].header, isNextElement: loops[index].readsLines)
        }
      } else {
        loops[index].breaks += current
      }
      current = []
    }
    return ShellOutcome(success: current)
  }
}

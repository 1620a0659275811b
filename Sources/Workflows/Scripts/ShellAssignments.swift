import Expressions
import SourceText

/// Assignments, and what they keep of the commands in their values.
extension ShellLowerer {
  mutating func runAssignments(
    _ assignments: [ShellAssignment], at range: ByteRange
  ) -> ShellOutcome {
    var outcome = ShellOutcome(success: current)
    for assignment in assignments {
      outcome = runAssignment(assignment)
      current = outcome.all
    }
    current = outcome.success
    return outcome
  }

  /// The status is that of the last command in the value.
  mutating func runAssignment(_ assignment: ShellAssignment) -> ShellOutcome {
    if assignment.value.parts.count == 1, !assignment.appends,
      case .parameter(let parameter, _) = assignment.value.parts[0], parameter.name == "?"
    {
      if writes[assignment.name] != 1, keepStatus(in: assignment) {
        return ShellOutcome(success: current)
      }
      statusVariables[assignment.name] =
        lastOutcome?.condition ?? endStatus
        ?? .outcome(.succeeded, of: [context.route], written: true)
      return ShellOutcome(success: current)
    }
    if assignment.value.parts.count == 1, !assignment.appends, assignment.elements == nil,
      case .parameter(let parameter, _) = assignment.value.parts[0],
      case .plain = parameter.operation, let kept = statusVariables[parameter.name]
    {
      // `code=$rc`: another name for the same status.
      statusVariables[assignment.name] = kept
      return ShellOutcome(success: current)
    }
    statusVariables[assignment.name] = nil
    lastSubstitution = nil
    let value: Value
    if let elements = assignment.elements {
      value = .list(elements.map { evaluate($0) })
    } else {
      value = evaluate(assignment.value)
    }
    let substitution = lastSubstitution
    lastSubstitution = nil
    let name = assignment.name
    if value.knownText != nil, !assignment.appends, writes[name] == 1,
      context.environment[name] == nil, !scopes.contains(where: { $0.kind == .function })
    {
      constants[name] = value
      return ShellOutcome(success: current)
    }
    let target = variable(name)
    if writes[name] == 1 { definitions[target] = resolved(value) }
    if case .template(let parts) = value, let tail = pendingTail,
      parts.first == tail.body || parts.last == tail.status
    {
      splitTail(of: target, tail, at: assignment.range)
    }
    pendingTail = nil
    var outcome = ShellOutcome(success: current)
    if let substitution, substitution.condition == nil, !substitution.failure.isEmpty {
      // Where the command failed, there is nothing to keep.
      current = substitution.success
      outcome.failure = substitution.failure
      outcome.quiet = substitution.quiet
    }
    assign(target, value, at: assignment.range, appends: assignment.appends)
    outcome.success = current
    if let substitution, let condition = substitution.condition {
      outcome.condition = condition
      outcome.location = substitution.location
    }
    return outcome
  }

  /// `rc=0; command || rc=$?`: each way out leaves a number of its own.
  ///
  /// - Returns: whether the ways out of the command before are known.
  private mutating func keepStatus(in assignment: ShellAssignment) -> Bool {
    guard let last = lastOutcome, last.condition == nil else { return false }
    statusVariables[assignment.name] = nil
    var ends: [LooseEnd] = []
    for (ways, value) in [
      (last.success, Value.literal("0")), (last.failure + last.quiet, Self.someFailure),
    ] where !ways.isEmpty {
      current = ways
      assign(variable(assignment.name), value, at: assignment.range)
      ends += current
    }
    current = ends
    return true
  }

  /// A number that is not 0, and no other is known of it.
  private static let someFailure = Value.either([.literal("1"), .literal("2")])

  private mutating func splitTail(
    of target: Variable, _ tail: (body: Value, status: Value), at range: ByteRange
  ) {
    statusTails[target] = tail
  }
}

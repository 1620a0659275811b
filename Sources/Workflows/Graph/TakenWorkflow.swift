import Expressions

/// A workflow whose graph stands in the place where another one runs it.
///
/// Its variables and routes are renamed, so that it may be taken in more than once; its places stay where they are
/// written.
struct TakenWorkflow {
  /// Its own steps.
  let steps: Range<Int>
  /// The step that it begins with.
  private(set) var entry: Int
  /// Where it has ended well, and what holds its result then.
  private(set) var ends: [LooseEnd] = []
  /// Where it fails, and nothing inside takes care of that.
  private(set) var failures: [LooseEnd] = []
  /// What only its own steps fill.
  private(set) var stepOutputs: Set<Variable> = []
  /// What could not be understood of it.
  private(set) var gaps: [Workflow.Gap]
  /// Every variable of its own, by the name that it has there.
  private(set) var variables: [Variable: Variable] = [:]
  /// Its variables that its steps write, in order.
  private(set) var written: [Variable] = []

  /// Takes the workflow in; `result` is where it leaves what it gives, `shared` the variables that it shares with
  /// whoever runs it.
  init(
    _ workflow: Workflow, at route: String, result: Variable,
    sharing shared: @escaping (Variable) -> Bool = { _ in false }, into graph: inout GraphBuilder
  ) {
    let first = graph.steps.count
    steps = first..<(first + workflow.steps.count)
    entry = first + workflow.entry
    gaps = workflow.gaps.map { gap in
      .init(message: gap.message, location: gap.location, step: gap.step.map { $0 + first })
    }
    var renaming = Renaming(prefix: route + ">", shared: shared)
    for step in workflow.steps {
      var moved = renaming.step(step, at: route)
      moved.closes = step.closes.map { $0 + first }
      _ = graph.add(moved)
    }
    for edge in workflow.edges {
      var moved = edge.moved(by: first)
      if let list = edge.emptyList { moved.emptyList?.variable = renaming.variable(list.variable) }
      graph.add(moved)
    }
    for (index, end) in workflow.ends.enumerated() {
      var step = graph.steps[first + end.way.step]
      step.kind = .control
      step.part += 1
      step.call = nil
      step.retry = nil
      step.joinsAll = false
      step.decisions = []
      step.closes = nil
      step.route += ".end[\(index)]"
      let value = renaming.value(end.result ?? workflow.returned(at: end.way.step))
      step.assignments = [.init(result, value: value, at: step.location)]
      let last = graph.add(step)
      var way = end.way
      way.step += first
      graph.connect([way], to: last)
      ends.append(LooseEnd(last))
    }
    failures = Self.failures(of: workflow).map { LooseEnd($0 + first, .failure) }
    stepOutputs = Set(workflow.stepOutputs.map { renaming.variable($0) })
    variables = renaming.known
    var seen: Set<Variable> = []
    written = workflow.steps.flatMap(\.assignments).map(\.variable)
      .filter { seen.insert($0).inserted }
  }

  /// Steps that may fail without anything in the workflow going on from there, and those that end it with an error.
  private static func failures(of workflow: Workflow) -> [Int] {
    var goesOn = Set(workflow.ends.map(\.way.step))
    var isHandled: Set<Int> = []
    for edge in workflow.edges {
      if edge.outcome == .failure { isHandled.insert(edge.from) } else { goesOn.insert(edge.from) }
    }
    return workflow.steps.indices.filter { index in
      guard !isHandled.contains(index) else { return false }
      let isCall = workflow.steps[index].call != nil && workflow.steps[index].kind == .action
      return isCall || !goesOn.contains(index)
    }
  }
}

/// Gives what a workflow reads and writes names of its own.
private struct Renaming {
  let prefix: String
  let shared: (Variable) -> Bool
  private(set) var known: [Variable: Variable] = [:]

  init(prefix: String, shared: @escaping (Variable) -> Bool) {
    self.prefix = prefix
    self.shared = shared
  }

  mutating func variable(_ variable: Variable) -> Variable {
    if shared(variable) { return variable }
    if let name = known[variable] { return name }
    let name = Variable(prefix + variable.name)
    known[variable] = name
    return name
  }

  mutating func value(_ value: Value) -> Value {
    for reference in value.references { _ = variable(reference.variable) }
    return substitution(value)
  }

  private mutating func condition(_ condition: Condition) -> Condition {
    for reference in condition.references { _ = variable(reference.variable) }
    return substitution(condition)
  }

  private var substitution: ValueSubstitution {
    let known = known
    return ValueSubstitution(reference: { read in
      var read = read
      read.variable = known[read.variable] ?? read.variable
      return .reference(read)
    })
  }

  mutating func step(_ step: Step, at route: String) -> Step {
    var step = step
    step.route = "\(route).\(step.route)"
    for index in step.assignments.indices {
      step.assignments[index].variable = variable(step.assignments[index].variable)
      step.assignments[index].value = value(step.assignments[index].value)
    }
    for index in step.decisions.indices {
      step.decisions[index].condition = condition(step.decisions[index].condition)
    }
    guard var call = step.call else { return step }
    for index in call.arguments.indices {
      call.arguments[index].value = value(call.arguments[index].value)
    }
    if var http = call.http {
      http.url = value(http.url)
      http.body = http.body.map { value($0) }
      call.http = http
    }
    step.call = call
    return step
  }
}

extension Edge {
  fileprivate func moved(by count: Int) -> Edge {
    var edge = self
    edge.from += count
    edge.to += count
    return edge
  }
}

extension Workflow {
  /// What it hands to its caller at the end of a step: the whole, or the outputs by their names.
  fileprivate func returned(at step: Int) -> Value {
    let returned = returns.filter { $0.step == step }
    if let whole = returned.last(where: \.name.isEmpty) { return whole.value }
    return returned.isEmpty ? .null : .record(returned.map { .init($0.name, $0.value) })
  }
}

import Expressions
import SourceText

/// Finds the cycles of a machine, and the ways out of them that mean "waited long enough".
///
/// A way out gives up where a counter alone decides for it: a rule that compares only what the cycle itself counts
/// up (`States.MathAdd`, `+`) or the engine's clock (`$$`), or a `Default` left after such a rule has sent the flow
/// round again. A rule that also looks at the answer decides by the answer.
struct StateLoops {
  /// The number of the cycle each state is in; states outside of any cycle have none.
  private var loops: [String: Int] = [:]
  private var counters: [Int: Set<Place>] = [:]
  /// Where each Choice's rules go, by state.
  private var targets: [String: [String]] = [:]

  private struct Place: Hashable {
    var variable: Variable
    var path: [PathComponent]
  }

  init(_ states: [Node.Entry], steps: [Step], entries: [String: Int]) {
    var names: [String] = []
    var numbers: [String: Int] = [:]
    for state in states {
      guard let name = state.key.text, numbers[name] == nil else { continue }
      numbers[name] = names.count
      names.append(name)
    }
    var successors = [[Int]](repeating: [], count: names.count)
    for state in states {
      guard let name = state.key.text, let number = numbers[name] else { continue }
      let rules = state.value["Choices"]?.items ?? []
      if !rules.isEmpty { targets[name] = rules.map { $0["Next"]?.text ?? "" } }
      let ways =
        [state.value["Next"], state.value["Default"]]
        + rules.map { $0["Next"] } + (state.value["Catch"]?.items ?? []).map { $0["Next"] }
      successors[number] = ways.compactMap { way in way?.text.flatMap { numbers[$0] } }
    }
    let components = StronglyConnected.components(of: successors)
    var sizes: [Int: Int] = [:]
    for component in components { sizes[component, default: 0] += 1 }
    for (number, component) in components.enumerated()
    where sizes[component, default: 0] > 1 || successors[number].contains(number) {
      loops[names[number]] = component
    }
    guard !loops.isEmpty else { return }
    for (name, loop) in loops {
      guard let step = entries[name] else { continue }
      for assignment in steps[step].assignments {
        Self.collectCounters(assignment.value, into: &counters[loop, default: []])
      }
    }
  }

  /// Whether the way that `rule` of a Choice opens leaves a cycle because it has run too often.
  func givesUp(
    from origin: String, to target: String, rule: Int, decisions: [Step.Decision]
  ) -> Bool {
    guard let loop = loops[origin], loops[target] != loop else { return false }
    if rule < decisions.count { return isCount(decisions[rule].condition, in: loop) }
    return decisions.enumerated().contains { index, decision in
      guard let targets = targets[origin], targets.indices.contains(index) else { return false }
      return loops[targets[index]] == loop && isCount(decision.condition, in: loop)
    }
  }

  /// Whether only counters and clocks are compared.
  private func isCount(_ condition: Condition, in loop: Int) -> Bool {
    condition.comparesOnly { reference in
      reference.variable == Variable("$$")
        || counters[loop]?.contains(Place(variable: reference.variable, path: reference.path))
          ?? false
    }
  }

  /// Places that a state adds to.
  private static func collectCounters(_ value: Value, into places: inout Set<Place>) {
    switch value {
    case .converted("States.MathAdd", .list(let operands)), .converted("+", .list(let operands)),
      .converted("-", .list(let operands)):
      for case .reference(let reference) in operands {
        places.insert(Place(variable: reference.variable, path: reference.path))
      }
    case .record(let fields):
      for field in fields { collectCounters(field.value, into: &places) }
    case .converted(_, .list(let parts)):
      for part in parts { collectCounters(part, into: &places) }
    default:
      break
    }
  }
}

/// Tarjan's algorithm without recursion.
enum StronglyConnected {
  /// The component of each node of a graph given by its successors.
  static func components(of successors: [[Int]]) -> [Int] {
    let count = successors.count
    var order = [Int](repeating: -1, count: count)
    var low = [Int](repeating: 0, count: count)
    var component = [Int](repeating: -1, count: count)
    var stack: [Int] = []
    var next = 0
    var components = 0
    for root in 0..<count where order[root] < 0 {
      var work = [(node: root, edge: 0)]
      while let (node, edge) = work.last {
        if edge == 0 {
          order[node] = next
          low[node] = next
          next += 1
          stack.append(node)
        }
        if edge < successors[node].count {
          work[work.count - 1].edge += 1
          let target = successors[node][edge]
          if order[target] < 0 {
            work.append((target, 0))
          } else if component[target] < 0 {
            low[node] = min(low[node], order[target])
          }
          continue
        }
        work.removeLast()
        if let parent = work.last?.node { low[parent] = min(low[parent], low[node]) }
        guard low[node] == order[node] else { continue }
        while let member = stack.popLast() {
          component[member] = components
          if member == node { break }
        }
        components += 1
      }
    }
    return component
  }
}

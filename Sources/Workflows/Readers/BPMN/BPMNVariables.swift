import Expressions
import SourceText

/// Names that mappings and workers of a process write.
struct BPMNWorkers {
  private(set) var written: Set<String> = []

  init(_ process: XMLElement) { collect(process, depth: 0) }

  private mutating func collect(_ element: XMLElement, depth: Int) {
    guard depth < Limits.nesting else { return }
    switch element.name {
    case "outputParameter", "property":
      if let name = element.attribute("name")?.text { written.insert(name) }
    case "output", "out":
      if let name = element.attribute("target")?.text { written.insert(name) }
    case "header" where element.attribute("key")?.text == "resultVariable":
      if let name = element.attribute("value")?.text { written.insert(name) }
    default: break
    }
    if let name = element.extended("resultVariable")?.text { written.insert(name) }
    for child in element.children { collect(child, depth: depth + 1) }
  }
}

/// Variables that nothing in the process is seen to write: a worker without a mapping has set them.
struct BPMNFreeVariables {
  private var opaque: [Int] = []

  /// Most names that are looked for.
  private static let mostNames = 64

  mutating func note(worker step: Int) { opaque.append(step) }

  /// Has the nearest worker before the first read of each such variable write it.
  func settle(_ builder: inout GraphBuilder, entry: Int, except given: Set<String>) {
    guard !opaque.isEmpty else { return }
    let workers = Set(opaque)
    var written: Set<Variable> = []
    var reads: [Variable: [Int]] = [:]
    for (index, step) in builder.steps.enumerated() {
      for assignment in step.assignments { written.insert(assignment.variable) }
      for variable in Set(step.readVariables) { reads[variable, default: []].append(index) }
    }
    let rank = Self.ranks(builder, from: entry)
    var before: [[Int]] = Array(repeating: [], count: builder.steps.count)
    for edge in builder.edges { before[edge.to].append(edge.from) }
    let free = reads.keys.filter { $0.name.hasPrefix("process:") && !written.contains($0) }
    for variable in free.sorted(by: { $0.name < $1.name }).prefix(Self.mostNames) {
      let name = String(variable.name.dropFirst("process:".count))
      guard !given.contains(name),
        let first = reads[variable]?.min(by: { rank[$0] < rank[$1] }),
        let worker = Self.nearest(workers, before: first, before)
      else { continue }
      let place = builder.steps[worker].location
      builder.update(worker) { step in
        step.assignments.append(.init(variable, value: .result([.field(name)]), at: place))
      }
    }
  }

  private static func ranks(_ builder: GraphBuilder, from entry: Int) -> [Int] {
    var after: [[Int]] = Array(repeating: [], count: builder.steps.count)
    for edge in builder.edges { after[edge.from].append(edge.to) }
    var rank = Array(repeating: Int.max, count: builder.steps.count)
    var line = [entry]
    var position = 0
    rank[entry] = 0
    while position < line.count {
      let step = line[position]
      position += 1
      for next in after[step] where rank[next] == .max {
        rank[next] = rank[step] + 1
        line.append(next)
      }
    }
    return rank
  }

  private static func nearest(
    _ workers: Set<Int>, before first: Int, _ before: [[Int]]
  ) -> Int? {
    var line = [first]
    var seen: Set<Int> = [first]
    var position = 0
    while position < line.count {
      for step in before[line[position]] where seen.insert(step).inserted {
        if workers.contains(step) { return step }
        line.append(step)
      }
      position += 1
    }
    return nil
  }
}

extension Step {
  /// Every variable that the step reads.
  fileprivate var readVariables: [Variable] {
    var references = decisions.flatMap(\.condition.references)
    references += assignments.flatMap(\.value.references)
    if let call {
      references += call.arguments.flatMap(\.value.references)
      if let http = call.http {
        references += http.url.references + (http.body?.references ?? [])
      }
    }
    return references.map(\.variable)
  }
}

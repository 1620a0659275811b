import Expressions
import Workflows

/// Texts that steps have put into variables and files, as they are read later.
///
/// A heading that is written into `body.md` is shown by whoever posts the file. What was proven where the text was
/// written holds for it.
struct ClaimedTexts {
  private let analysis: WorkflowAnalysis
  private var writes: [Variable: [Write]] = [:]
  /// Whether any of the texts claims anything: mostly none does.
  private var isSilent = true

  private struct Write {
    var step: Int
    var assignment: Step.Assignment
  }

  /// A text that a read may give, and what held where it was written.
  struct Text {
    var value: Value
    var state: FlowState
    /// What the step that wrote it had been given by its call.
    var result: AbstractValue
  }

  private static let deepest = 4
  private static let mostTexts = 64

  init(_ analysis: WorkflowAnalysis) {
    self.analysis = analysis
    for step in analysis.graph.order {
      for assignment in analysis.workflow.steps[step].assignments {
        writes[assignment.variable, default: []].append(Write(step: step, assignment: assignment))
        isSilent = isSilent && !claims(assignment.value)
      }
    }
  }

  private func claims(_ value: Value) -> Bool {
    let text = value.words + value.affirmedNames
    return !text.isEmpty && analysis.readers.contains { $0.claims.claims(text) }
  }

  /// The claiming texts that a value may hold at a step, beside its own.
  func texts(in value: Value, at step: Int) -> [Text] {
    if isSilent { return [] }
    var found: [Text] = []
    var seen: Set<Key> = []
    collect(value, at: step, depth: 0, into: &found, &seen)
    return found
  }

  private struct Key: Hashable {
    var step: Int
    var variable: Variable
    var path: [PathComponent]
  }

  private func collect(
    _ value: Value, at step: Int, depth: Int, into found: inout [Text], _ seen: inout Set<Key>
  ) {
    guard depth < Self.deepest else { return }
    for reference in value.references {
      let key = Key(step: step, variable: reference.variable, path: reference.path)
      guard writes[reference.variable] != nil, seen.insert(key).inserted else { continue }
      for write in arriving(at: step, of: reference) {
        guard found.count < Self.mostTexts else { return }
        let assignment = write.assignment
        let rest = reference.path.dropFirst(assignment.path.count)
        let part = assignment.value.selecting(Array(rest))
        if claims(part), let state = analysis.endState(of: write.step) {
          found.append(Text(value: part, state: state, result: analysis.result(of: write.step)))
        }
        collect(part, at: write.step, depth: depth + 1, into: &found, &seen)
      }
    }
  }

  /// The writes of what is read that no later one has replaced.
  private func arriving(at step: Int, of reference: Reference) -> [Write] {
    let candidates = (writes[reference.variable] ?? []).filter { write in
      let path = write.assignment.path
      let common = min(path.count, reference.path.count)
      return path.prefix(common) == reference.path.prefix(common)
    }
    if candidates.isEmpty { return [] }
    let byStep = Dictionary(grouping: candidates, by: \.step)
    var found: [Write] = []
    var seen: Set<Int> = [step]
    var pending = [step]
    while let next = pending.popLast() {
      for edge in analysis.graph.incoming[next] {
        let previous = analysis.workflow.edges[edge].from
        guard analysis.graph.position[previous] != nil, seen.insert(previous).inserted else {
          continue
        }
        var isReplaced = false
        for write in (byStep[previous] ?? []).reversed() where !isReplaced {
          found.append(write)
          isReplaced =
            !write.assignment.appends && write.assignment.path.count <= reference.path.count
        }
        if !isReplaced { pending.append(previous) }
      }
    }
    return found
  }
}

extension Value {
  /// The words that the value is known to hold, on any of its branches.
  fileprivate var words: String {
    switch self {
    case .literal(let text): text
    case .template(let parts), .list(let parts), .either(let parts):
      parts.map(\.words).joined(separator: " ")
    case .record(let fields): fields.map(\.value.words).joined(separator: "\n")
    case .text(let inner, _), .converted(_, let inner): inner.words
    case .fallback(let first, let second), .conditional(_, let first, let second):
      [first.words, second.words].filter { !$0.isEmpty }.joined(separator: "\n")
    case .null, .reference, .result, .selection, .length, .unknown: ""
    }
  }
}

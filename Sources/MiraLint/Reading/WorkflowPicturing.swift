import Analysis
import Expressions
package import Findings
import SourceText
import Workflows

extension Linter {
  /// The workflows that a file defines, as they are read.
  ///
  /// - Parameter path: relative to the working directory, or absolute.
  /// - Returns: one picture for each workflow; none where no engine knows the file.
  /// - Throws: ``LinterError/noInput(_:)`` where the file cannot be read.
  package func pictures(of path: String) throws(LinterError) -> [WorkflowPicture] {
    let (input, raw) = try definition(at: path)
    let neighbours = NeighbourFiles(workingDirectory: workingDirectory)
    let inspector = inspector(LinterRules(rules), neighbours)
    let file = SourceDecoder.decode(path: input.path, raw: raw).file
    let tree = SourceForm(path: input.path, bytes: file.bytes).read(file)
    let readings = tree.documents.compactMap {
      inspector.read($0, of: input, in: file, among: tree.documents)
    }
    return readings.flatMap(\.workflows).map { workflow in
      WorkflowPicture(workflow, seen: inspector.workflowJudge.sight(of: workflow)) { place in
        place.path == file.path ? file : neighbours.file(shownAs: place.path)
      }
    }
  }
}

extension WorkflowPicture {
  fileprivate init(
    _ workflow: Workflow, seen sight: WorkflowSight, source: (SourceLocation) -> SourceFile?
  ) {
    func text(_ place: SourceLocation) -> String {
      let text = source(place)?.text(in: place.range) ?? ""
      return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    self.init(
      engine: workflow.engine, name: workflow.name, path: workflow.path,
      steps: zip(workflow.steps, sight.steps).map { step, seen in
        Step(
          name: step.name, route: step.route, kind: "\(step.kind)", call: step.call.map(\.title),
          decisions: step.decisions.map { text($0.location) },
          roles: seen.roles,
          proofs: seen.proofs.map {
            Proof(output: $0.output, isProven: $0.isProven, cause: $0.cause)
          },
          line: source(step.location)?.position(at: step.location.range.start).line ?? 1)
      },
      edges: workflow.edges.map { edge in
        Edge(
          from: edge.from, to: edge.to, outcome: "\(edge.outcome)",
          guards: edge.guards.map { ($0.decision, $0.holds) })
      },
      gaps: workflow.gaps.map(\.message))
  }
}

extension Call {
  fileprivate var title: String {
    guard let http else { return "\(kind) \(name)" }
    if case .literal(let url) = http.url { return "\(http.method) \(url)" }
    return "\(http.method) (computed address)"
  }
}

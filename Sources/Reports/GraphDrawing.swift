package import Findings

/// The languages in which a workflow's graph can be written.
package enum GraphFormat: String, CaseIterable, Sendable {
  case text, dot, mermaid, json

  package func draw(_ pictures: [WorkflowPicture]) -> String {
    switch self {
    case .text: pictures.map(Self.text).joined(separator: "\n")
    case .dot: pictures.map(Self.dot).joined()
    case .mermaid: pictures.map(Self.mermaid).joined()
    case .json: Self.json(pictures)
    }
  }

  private static func text(_ picture: WorkflowPicture) -> String {
    var lines = ["\(picture.name) (\(picture.engine), \(picture.path))"]
    let edges = Dictionary(grouping: picture.edges, by: \.from)
    for (index, step) in picture.steps.enumerated() {
      let call = step.call.map { ": \($0)" } ?? ""
      lines.append("  \(index) \(step.name) [\(step.kind), line \(step.line)]\(call)")
      if !step.roles.isEmpty { lines.append("      is: \(step.roles.joined(separator: ", "))") }
      lines += step.proofs.map { "      \(words($0))" }
      for (number, decision) in step.decisions.enumerated() {
        lines.append("      decides (\(number)) \(decision)")
      }
      for edge in edges[index] ?? [] {
        let label = label(edge, of: step, short: true)
        let target = picture.steps.indices.contains(edge.to) ? picture.steps[edge.to].name : "?"
        lines.append("      -> \(edge.to) \(target)\(label.isEmpty ? "" : " when \(label)")")
      }
    }
    lines += picture.gaps.map { "  not understood: \($0)" }
    return lines.map { DisplayText.printable($0) + "\n" }.joined()
  }

  private static func dot(_ picture: WorkflowPicture) -> String {
    var lines = ["digraph \(quoted(picture.name)) {", "  node [shape=box];"]
    for (index, step) in picture.steps.enumerated() {
      let shape = step.kind == "branch" ? ", shape=diamond" : ""
      let title = title(of: step).joined(separator: "\n")
      lines.append("  n\(index) [label=\(quoted(title))\(shape)\(color(of: step))];")
    }
    for edge in picture.edges where picture.steps.indices.contains(edge.from) {
      let label = label(edge, of: picture.steps[edge.from], short: false)
      let style = edge.outcome == "success" ? "" : ", style=dashed"
      lines.append("  n\(edge.from) -> n\(edge.to) [label=\(quoted(label))\(style)];")
    }
    return (lines + ["}"]).joined(separator: "\n") + "\n"
  }

  private static func mermaid(_ picture: WorkflowPicture) -> String {
    var lines = ["flowchart TD"]
    for (index, step) in picture.steps.enumerated() {
      let name = title(of: step).map(mermaidText).joined(separator: "<br>")
      lines.append(
        step.kind == "branch" ? "  n\(index){\"\(name)\"}" : "  n\(index)[\"\(name)\"]")
    }
    for edge in picture.edges where picture.steps.indices.contains(edge.from) {
      let label = label(edge, of: picture.steps[edge.from], short: false)
      let arrow = edge.outcome == "success" ? "-->" : "-.->"
      let middle = label.isEmpty ? arrow : "\(arrow)|\"\(mermaidText(label))\"|"
      lines.append("  n\(edge.from) \(middle) n\(edge.to)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func json(_ pictures: [WorkflowPicture]) -> String {
    var writer = JSONWriter(indented: true)
    writer.array(pictures) { writer, picture in
      writer.object {
        $0.member("engine", picture.engine)
        $0.member("name", picture.name)
        $0.member("path", picture.path)
        $0.array("steps", picture.steps) { writer, step in
          writer.object {
            $0.member("name", step.name)
            $0.member("route", step.route)
            $0.member("kind", step.kind)
            $0.member("call", step.call)
            $0.array("roles", step.roles)
            $0.array("proofs", step.proofs) { writer, proof in
              writer.object {
                $0.member("output", proof.output)
                $0.member("proven", proof.isProven)
                $0.member("cause", proof.cause)
              }
            }
            $0.array("decisions", step.decisions)
            $0.member("line", step.line)
          }
        }
        $0.array("edges", picture.edges) { writer, edge in
          writer.object {
            $0.member("from", edge.from)
            $0.member("to", edge.to)
            $0.member("outcome", edge.outcome)
            $0.array("guards", edge.guards) { writer, guarded in
              writer.object {
                $0.member("decision", guarded.decision)
                $0.member("holds", guarded.holds)
              }
            }
          }
        }
        $0.array("gaps", picture.gaps)
      }
    }
    writer.endLine()
    return String(decoding: writer.take(), as: UTF8.self)
  }

  /// Under which conditions the edge is taken; empty for always.
  private static func label(
    _ edge: WorkflowPicture.Edge, of step: WorkflowPicture.Step, short: Bool
  ) -> String {
    var parts = edge.outcome == "success" ? [] : [edge.outcome]
    for (decision, holds) in edge.guards {
      let text =
        short || !step.decisions.indices.contains(decision)
        ? "(\(decision))" : step.decisions[decision]
      parts.append(holds ? text : "not \(text)")
    }
    return parts.joined(separator: " and ")
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for character in text {
      switch character {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      default: result.append(character)
      }
    }
    return result + "\""
  }

  /// The lines of a step's box.
  private static func title(of step: WorkflowPicture.Step) -> [String] {
    var lines = [step.name]
    if let call = step.call { lines.append(call) }
    if !step.roles.isEmpty { lines.append("(\(step.roles.joined(separator: ", ")))") }
    return lines
  }

  /// Where every output is proven, and where one is not.
  private static func color(of step: WorkflowPicture.Step) -> String {
    if step.proofs.isEmpty { return "" }
    return step.proofs.allSatisfy(\.isProven) ? ", color=darkgreen" : ", color=firebrick"
  }

  private static func words(_ proof: WorkflowPicture.Proof) -> String {
    if proof.isProven { return "the output of `\(proof.output)` is proven here" }
    let cause = proof.cause.map { " (\($0))" } ?? ""
    return "the output of `\(proof.output)` is not proven here\(cause)"
  }

  private static func mermaidText(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\"": result += "#quot;"
      case "#": result += "#35;"
      case "<": result += "#lt;"
      case ">": result += "#gt;"
      case "\n": result += " "
      default: result.append(character)
      }
    }
    return result
  }
}

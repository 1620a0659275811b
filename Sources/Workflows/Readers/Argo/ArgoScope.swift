import Expressions
import SourceText

/// What the expressions at one place of a template can see.
struct ArgoScope {
  let template: ArgoTemplate
  /// Makes the variables of this call of the template unique.
  let prefix: String
  /// The parameters it is called with, by name.
  var parameters: [String: Value] = [:]
  /// The scalars that give them, where they stand in the template's own file.
  var sources: [String: ScriptContext.Substitution.Source] = [:]
  /// The artifacts it is called with.
  var artifacts: [String: Value] = [:]
  /// The names of the steps or tasks of the template, with what they put out.
  var siblings: [String: Sibling] = [:]
  /// The element that a loop is at.
  var item: Value?
  /// What the workflow is started with.
  var workflowParameters: [String: Value] = [:]
  /// Holds what this call of the template puts out.
  var own: Variable?
  /// How the workflow ended, in the template that runs at its end.
  var hasFailed: Bool?

  /// A step or task of the same template.
  struct Sibling {
    var variable: Variable
    var route: String
    /// The parameters it puts out, `nil` where they are unknown.
    var outputs: Set<String>?
  }

  func location(_ range: ByteRange) -> SourceLocation { template.location(range) }

  func variable(of sibling: String) -> Variable { Variable("\(prefix)steps.\(sibling)") }

  struct Resolution {
    var value: Value
    var missing: Workflow.DanglingReference.Missing?
    init(_ value: Value, missing: Workflow.DanglingReference.Missing? = nil) {
      self.value = value
      self.missing = missing
    }
  }

  /// What a name with a path means, and how many components of the path that takes.
  func resolve(
    _ name: String, _ path: [PathComponent], _ location: SourceLocation
  ) -> (resolution: Resolution, used: Int)? {
    let fields = path.map { component -> String? in
      if case .field(let name) = component { name } else { nil }
    }
    switch name {
    case "steps", "tasks":
      guard let sibling = fields.first ?? nil else { return nil }
      let rest = Array(path.dropFirst())
      let known = siblings[sibling]
      var missing: Workflow.DanglingReference.Missing?
      if known == nil {
        // Only a template of steps or tasks has them; elsewhere it is text of some other kind.
        missing = siblings.isEmpty ? nil : .step
      } else if let outputs = known?.outputs, fields.count == 4, fields[1] == "outputs",
        fields[2] == "parameters", let output = fields[3], !outputs.contains(output)
      {
        missing = .field
      }
      let value = Value.reference(
        Reference(known?.variable ?? variable(of: sibling), path: rest, at: location))
      return (Resolution(value, missing: missing), path.count)
    case "inputs":
      guard fields.count >= 2, let kind = fields[0], let input = fields[1] else { return nil }
      if kind == "artifacts", fields.count == 3, fields[2] == "path" {
        return (Resolution(.literal(artifactPath(input, in: "inputs") ?? "")), 3)
      }
      guard let value = kind == "parameters" ? parameters[input] : artifacts[input] else {
        return nil
      }
      return (Resolution(Self.moved(value, to: location)), 2)
    case "outputs":
      if let own, fields.first == "result" {
        let reference = Reference(own, path: [.field("outputs"), .field("result")], at: location)
        return (Resolution(.reference(reference)), 1)
      }
      guard fields.count == 3, fields[2] == "path", let kind = fields[0], let output = fields[1]
      else { return nil }
      let path =
        kind == "artifacts" ? artifactPath(output, in: "outputs") : parameterPath(output)
      return path.map { (Resolution(.literal($0)), 3) }
    case "item":
      return item.map { (Resolution(Self.moved($0, to: location)), 0) }
    case "workflow":
      if fields.count == 2, fields[0] == "parameters", let name = fields[1],
        let value = workflowParameters[name]
      {
        return (Resolution(value), 2)
      }
      return nil
    default: return nil
    }
  }

  /// Where the template keeps an artifact.
  func artifactPath(_ name: String, in direction: String) -> String? {
    let list = template.node[direction]?["artifacts"]?.items ?? []
    return list.first { $0["name"]?.text == name }?["path"]?.text
  }

  private func parameterPath(_ name: String) -> String? {
    let list = template.node["outputs"]?["parameters"]?.items ?? []
    return list.first { $0["name"]?.text == name }?["valueFrom"]?["path"]?.text
  }

  /// A value that was named where it is read now.
  static func moved(_ value: Value, to location: SourceLocation) -> Value {
    guard case .reference(let reference) = value else { return value }
    return .reference(Reference(reference.variable, path: reference.path, at: location))
  }
}

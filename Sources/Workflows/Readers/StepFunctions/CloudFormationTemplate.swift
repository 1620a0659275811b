import Expressions
import SourceText

/// Finds the state machines of a CloudFormation or SAM template.
struct CloudFormationTemplate {
  private let root: Node
  private let context: ReadingContext

  init(_ root: Node, _ context: ReadingContext) {
    self.root = root
    self.context = context
  }

  private static let types: Set = [
    "AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine",
  ]

  static func declaresStateMachine(_ root: Node) -> Bool {
    !resources(root).isEmpty
  }

  private static func resources(_ root: Node) -> [(name: String, properties: Node)] {
    (root["Resources"]?.entries ?? []).compactMap { entry in
      guard let name = entry.key.text, let type = entry.value["Type"]?.text, types.contains(type),
        let properties = entry.value["Properties"]
      else { return nil }
      return (name, properties)
    }
  }

  func read() -> WorkflowReading {
    var reading = WorkflowReading()
    for (name, properties) in Self.resources(root) {
      guard let (source, problems) = source(of: properties, named: name) else { continue }
      reading.problems += problems
      guard StepFunctionsReader.isStateMachine(source.root) else { continue }
      let lowered = StateMachineLowerer.lower(source)
      reading.workflows += lowered.workflows
      // Another file's problems are told when that file is read.
      if source.path == context.file.path { reading.problems += lowered.problems }
    }
    return reading
  }

  private func source(
    of properties: Node, named name: String
  ) -> (source: StateMachineSource, problems: [SourceProblem])? {
    definition(of: properties).map { found, problems in
      var source = found
      source.name = name
      source.triggers = triggers(properties)
      source.substitutions = substitutions(properties)
      source.template = root
      source.context = context
      return (source, problems)
    }
  }

  /// The machine of a resource by its name in the template.
  func source(named name: String) -> (source: StateMachineSource, problems: [SourceProblem])? {
    Self.resources(root).first { $0.name == name }.flatMap {
      source(of: $0.properties, named: name)
    }
  }

  /// The machine that is deployed under a name.
  func source(titled title: String) -> (source: StateMachineSource, problems: [SourceProblem])? {
    for (name, properties) in Self.resources(root) {
      let written = properties["StateMachineName"] ?? properties["Name"]
      if written?.text == title { return source(of: properties, named: name) }
    }
    return nil
  }

  private static let files = DefinitionFiles(["yml", "yaml", "json"], containing: "DefinitionUri")

  /// Gives a definition with a file of its own what the template beside it puts in.
  static func deploy(_ machine: inout StateMachineSource) {
    guard let context = machine.context,
      context.file.bytes.contains(UInt8(ascii: "$")),
      BytePattern(Array("${".utf8)).isFound(in: context.file.bytes)
    else { return }
    for (file, tree) in context.namesakes(files) {
      var around = context
      around.file = file
      around.documents = tree.documents
      for root in tree.documents {
        let template = CloudFormationTemplate(root, around)
        for (_, properties) in resources(root) {
          guard let (found, _) = template.definition(of: properties), found.path == machine.path
          else { continue }
          machine.substitutions = template.substitutions(properties)
          machine.template = root
          machine.context = around
          return
        }
      }
    }
  }

  private func definition(
    of properties: Node
  ) -> (source: StateMachineSource, problems: [SourceProblem])? {
    let path = context.file.path
    for key in ["Definition", "DefinitionString"] {
      guard let node = properties[key] else { continue }
      if node["StartAt"] != nil || node["States"] != nil {
        return (StateMachineSource(root: node, path: path, name: path), [])
      }
      return EmbeddedDefinition(node).map { embedded in
        let (root, problems) = embedded.read(path: path)
        return (StateMachineSource(root: root, path: path, name: path), problems)
      }
    }
    for key in ["DefinitionUri", "DefinitionS3Location"] {
      guard let place = properties[key]?.text, let path = neighbourPath(place),
        let (file, tree) = context.neighbour(path), let root = tree.documents.first
      else { continue }
      return (StateMachineSource(root: root, path: file.path, name: file.path), [])
    }
    return nil
  }

  /// A path beside the template, from the repository's root.
  private func neighbourPath(_ place: String) -> String? {
    guard !place.holds("://"), !place.hasPrefix("/") else { return nil }
    guard let own = context.pathFromRoot(context.file.path) else { return nil }
    var parts = own.parts(by: "/").dropLast().map(String.init)
    for part in place.parts(by: "/") {
      switch part {
      case ".": continue
      case "..":
        guard parts.popLast() != nil else { return nil }
      default: parts.append(String(part))
      }
    }
    return parts.joined(separator: "/")
  }

  private func triggers(_ properties: Node) -> [Workflow.Trigger] {
    (properties["Events"]?.entries ?? []).compactMap { entry in
      guard let type = entry.value["Type"], let name = type.text else { return nil }
      return Workflow.Trigger(
        name: name,
        location: .init(path: context.file.path, range: type.range))
    }
  }

  private func substitutions(_ properties: Node) -> [String: String] {
    var values: [String: String] = [:]
    for entry in properties["DefinitionSubstitutions"]?.entries ?? [] {
      guard let name = entry.key.text,
        let text = CloudFormationText.text(of: entry.value) ?? entry.value.text
      else { continue }
      values[name] = text
    }
    return values
  }
}

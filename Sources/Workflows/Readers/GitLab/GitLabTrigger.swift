import Expressions
import SourceText

/// Lowers a job that starts another pipeline: the jobs of it, where its file is in the same repository.
struct GitLabTrigger {
  let job: GitLabJob
  let variables: GitLabVariables
  let sharedFolders: [String: ScriptContext.SharedFolder]

  func lower(from entry: [LooseEnd], in draft: inout GitLabDraft) -> ScriptExits {
    guard let trigger = job.tree["trigger"] else {
      return ScriptExits(success: entry, failure: [])
    }
    if let include = trigger["include"] {
      let items = include.items.isEmpty ? [include] : include.items
      let paths = items.compactMap { $0["local"]?.text ?? $0.text }
      if paths.count == items.count, !paths.isEmpty {
        return lowerLocal(paths, include, trigger, from: entry, in: &draft)
      }
      draft.report(
        Workflow.Gap(
          message: "the child pipeline of `\(job.name)` is not in sight", location: include.location
        ))
    }
    return lowerRemote(trigger, from: entry, in: &draft)
  }

  /// What the other pipeline is given.
  private var given: [(name: String, value: Value, location: SourceLocation)] {
    let entries =
      (job.tree["variables"]?.entries ?? []) + (job.tree["trigger"]?["inputs"]?.entries ?? [])
    return entries.map { entry in
      let tree = entry.value["value"] ?? entry.value
      return (entry.name, variables.value(of: tree), tree.location)
    }
  }

  private func lowerRemote(
    _ trigger: GitLabTree, from entry: [LooseEnd], in draft: inout GitLabDraft
  ) -> ScriptExits {
    let name = trigger["project"]?.text ?? trigger.text ?? "child pipeline"
    let location = trigger.location
    let arguments = given.map {
      Call.Argument("variables.\($0.name)", $0.value, at: $0.location)
    }
    let call = Call(
      kind: "uses", name: "trigger/\(name)", arguments: arguments, location: location)
    let step = draft.add(
      Step(name: job.name, route: job.route, call: call, location: location), from: entry)
    return ScriptExits(success: [LooseEnd(step)], failure: [LooseEnd(step, .failure)])
  }

  private func lowerLocal(
    _ paths: [String], _ include: GitLabTree, _ trigger: GitLabTree, from entry: [LooseEnd],
    in draft: inout GitLabDraft
  ) -> ScriptExits {
    var ends = entry
    for path in paths {
      let name = String(path.drop { $0 == "/" })
      guard let (file, tree) = draft.context.neighbour(name), draft.mayInclude(file.path) else {
        draft.report(
          Workflow.Gap(message: "the file `\(path)` is not in sight", location: include.location))
        return lowerRemote(trigger, from: entry, in: &draft)
      }
      let (document, header) = GitLabHeader.split(tree.documents)
      guard let document else { continue }
      var context = draft.context
      context.file = file
      context.documents = tree.documents
      let inputs = GitLabHeader.inputs(header, given: GitLabHeader.values(trigger["inputs"]))
      let configuration = GitLabConfiguration(document, inputs: inputs, in: context)
      ends = bind(ends, in: &draft)
      var values: [String: Value] = [:]
      for item in given { values[item.name] = boundValue(item.name, item.value) }
      draft.including.append(file.path)
      var lowering = GitLabPipelineLowering(
        configuration, route: "\(job.route).", prefix: job.prefix, given: values,
        sharedFolders: sharedFolders)
      ends = lowering.lower(from: ends, wantsEnd: true, in: &draft)
      draft.including.removeLast()
    }
    return ScriptExits(success: ends, failure: [])
  }

  private func boundValue(_ name: String, _ value: Value) -> Value {
    switch value {
    case .literal, .reference, .null: value
    default: .reference(Reference(Variable("\(job.prefix)given.\(name)"), at: job.location))
    }
  }

  /// A computed variable is evaluated once, where the job stands.
  private func bind(_ entry: [LooseEnd], in draft: inout GitLabDraft) -> [LooseEnd] {
    let assignments = given.compactMap { item -> Step.Assignment? in
      switch item.value {
      case .literal, .reference, .null: nil
      default:
        Step.Assignment(
          Variable("\(job.prefix)given.\(item.name)"), value: item.value, at: item.location)
      }
    }
    if assignments.isEmpty { return entry }
    let step = draft.add(
      Step(
        name: job.name, route: job.route, kind: .control, assignments: assignments,
        location: job.location), from: entry)
    return [LooseEnd(step)]
  }
}

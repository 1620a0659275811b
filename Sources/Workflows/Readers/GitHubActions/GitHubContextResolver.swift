import Expressions
import SourceText

/// Looks up what a context read means at one place of a definition.
///
/// Names are compared without case, as the engine does. Those who ask share it, with all that the scope knows.
final class GitHubContextResolver {
  let scope: GitHubScope

  init(scope: GitHubScope) { self.scope = scope }

  struct Resolution {
    var meaning: GitHubContextMeaning
    var missing: Workflow.DanglingReference.Missing?

    init(_ value: Value, missing: Workflow.DanglingReference.Missing? = nil) {
      self.meaning = .value(value)
      self.missing = missing
    }

    init(outcomeOf routes: [String], _ value: Value) {
      meaning = .outcome(of: routes, value)
    }
  }

  func resolve(_ read: GitHubContextRead) -> Resolution {
    switch read.context {
    case "steps": step(read)
    case "needs": job(read, among: scope.needs)
    case "jobs": job(read, among: scope.jobs ?? [:])
    case "inputs": input(read)
    case "env": environment(read)
    case "matrix": matrix(read)
    case "hashfiles": file(read)
    case "job" where read.path.names == ["status"]:
      Resolution(outcomeOf: [], external(read))
    default: Resolution(external(read))
    }
  }

  private func external(_ read: GitHubContextRead) -> Value {
    .reference(Reference(Variable(read.context), path: read.path, at: read.location))
  }

  // MARK: Steps and jobs

  private func step(_ read: GitHubContextRead) -> Resolution {
    guard case .field(let id)? = read.path.first else {
      return Resolution(.unknown(references(to: scope.steps.values.map(\.variable), read)))
    }
    let key = id.lowercased()
    guard let step = scope.steps[key] else {
      let variable = Variable("\(scope.prefix)steps.\(id)")
      let path = Array(read.path.dropFirst())
      // A later step has an id, but no outputs yet: the order is the analysis's business.
      return Resolution(
        .reference(Reference(variable, path: path, at: read.location)),
        missing: scope.declaredSteps.contains(key) ? nil : .step)
    }
    let path = Array(read.path.dropFirst())
    let name = path.names.first
    // With `continue-on-error` the conclusion says `success` whatever the outcome was.
    if name == "outcome" || (name == "conclusion" && !step.continuesOnError) {
      let value = Value.reference(Reference(step.variable, path: path, at: read.location))
      return Resolution(outcomeOf: [step.route], value)
    }
    return outputs(
      of: step.variable, declared: step.declared, written: step.written, path, read)
  }

  private func job(
    _ read: GitHubContextRead, among jobs: [String: GitHubJobOutputs]
  ) -> Resolution {
    if read.path.first == .every, read.path.dropFirst() == [.field("result")] {
      let routes = jobs.values.map(\.route).sorted()
      let variables = jobs.values.map(\.variable)
      return Resolution(outcomeOf: routes, .unknown(references(to: variables, read)))
    }
    guard case .field(let id)? = read.path.first else {
      return Resolution(.unknown(references(to: jobs.values.map(\.variable), read)))
    }
    let path = Array(read.path.dropFirst())
    guard let job = jobs[id.lowercased()] else {
      let variable = Variable("\(scope.prefix)needs.\(id)")
      return Resolution(
        .reference(Reference(variable, path: path, at: read.location)), missing: .step)
    }
    if path.names == ["result"] {
      let value = Value.reference(Reference(job.variable, path: path, at: read.location))
      return Resolution(outcomeOf: [job.route], value)
    }
    return outputs(of: job.variable, declared: job.declared, path, read)
  }

  private func outputs(
    of variable: Variable, declared: [String: String]?, written: [String: String] = [:],
    _ path: [PathComponent], _ read: GitHubContextRead
  ) -> Resolution {
    var path = path
    var missing: Workflow.DanglingReference.Missing?
    if case .field(let kind)? = path.first, kind.lowercased() == "outputs" {
      path[0] = .field("outputs")
      if path.count > 1, case .field(let name) = path[1] {
        if let spelling = declared?[name.lowercased()] ?? written[name.lowercased()] {
          path[1] = .field(spelling)
        } else if declared != nil {
          missing = .field
        }
      }
    }
    return Resolution(
      .reference(Reference(variable, path: path, at: read.location)), missing: missing)
  }

  private func references(to variables: [Variable], _ read: GitHubContextRead) -> [Reference] {
    // All of them where a key is computed; a bound keeps a chain of such steps linear.
    variables.sorted { $0.name < $1.name }.prefix(64).map {
      Reference($0, path: [.field("outputs")], at: read.location)
    }
  }

  // MARK: Values from around

  private func input(_ read: GitHubContextRead) -> Resolution {
    guard let inputs = scope.inputs else { return Resolution(external(read)) }
    guard case .field(let name)? = read.path.first else {
      let fields = inputs.sorted { $0.key < $1.key }.map { Value.Field($0.key, $0.value) }
      return Resolution(.record(fields))
    }
    return Resolution(Self.moved(inputs[name.lowercased()] ?? .literal(""), to: read.location))
  }

  private func environment(_ read: GitHubContextRead) -> Resolution {
    guard case .field(let name)? = read.path.first else { return Resolution(external(read)) }
    if !scope.writtenEnvironment.contains(name), let value = scope.environment[name] {
      return Resolution(Self.moved(value, to: read.location))
    }
    // What an action may have written to the environment is not known: nobody assigns the variable then.
    let variable = Variable("\(scope.jobPrefix)env.\(name)")
    return Resolution(.reference(Reference(variable, at: read.location)))
  }

  private func matrix(_ read: GitHubContextRead) -> Resolution {
    guard case .field(let name)? = read.path.first else { return Resolution(external(read)) }
    let rest = Array(read.path.dropFirst())
    if let value = scope.matrix[name.lowercased()] {
      return Resolution(
        rest.isEmpty ? Self.moved(value, to: read.location) : .selection(value, rest))
    }
    if let computed = scope.computedMatrix {
      return Resolution(.selection(computed, [.some, .field(name)] + rest))
    }
    return Resolution(external(read))
  }

  private func file(_ read: GitHubContextRead) -> Resolution {
    guard case .field(let path)? = read.path.first, !path.contains("*") else {
      return Resolution(.unknown([]))
    }
    return Resolution(.reference(Reference(scope.file(path), at: read.location)))
  }

  /// A value that was named where it is read now.
  private static func moved(_ value: Value, to location: SourceLocation) -> Value {
    guard case .reference(let reference) = value else { return value }
    return .reference(Reference(reference.variable, path: reference.path, at: location))
  }
}

extension [PathComponent] {
  /// The names of a path of plain names in lower case; empty where it has other parts.
  fileprivate var names: [String] {
    var names: [String] = []
    for component in self {
      guard case .field(let name) = component else { return [] }
      names.append(name.lowercased())
    }
    return names
  }
}

import Expressions
import SourceText

/// The way of data through a state: input, payload, result, output.
extension StateMachineLowerer {
  /// What `$` is after `InputPath`.
  mutating func effectiveInput(_ place: StatePlace) -> Value {
    let raw = Value.reference(Reference(place.scope.document, at: place.location))
    guard place.language == .jsonPath, let path = place.body["InputPath"] else { return raw }
    if path.isNull { return .record([]) }
    return pathValue(path, in: place.scope.expressions(at: place.location))
  }

  /// The value of a field that holds a path (or, in some, an intrinsic function).
  mutating func pathValue(_ node: Node, in scope: StatesScope) -> Value {
    do {
      return try IntrinsicFunction.value(of: located(node), in: scope)
    } catch {
      report(error)
      return .unknown([])
    }
  }

  func located(_ node: Node) -> LocatedText {
    let path = source.path
    return LocatedText(node.text ?? "") { range in
      SourceLocation(path: path, range: node.fileRange(ofText: range))
    }
  }

  /// The value of a payload template: `Parameters`, `ResultSelector`, `Arguments`, `Output`, `Assign`.
  mutating func template(
    _ node: Node, in scope: StatesScope, _ language: QueryLanguage
  ) -> Value {
    if let text = CloudFormationText.text(of: node) { return .literal(text) }
    switch node.resolved.content {
    case .mapping:
      var fields: [Value.Field] = []
      for entry in node.entries {
        guard let key = entry.key.text else { continue }
        fields.append(field(key, entry.value, in: scope, language))
      }
      return .record(fields)
    case .sequence(let items):
      var values: [Value] = []
      for item in items { values.append(template(item, in: scope, language)) }
      return .list(values)
    case .scalar, .alias:
      return scalar(node, in: scope, language)
    }
  }

  /// A field of a payload template; `.$` marks an expression and is no part of the name.
  private mutating func field(
    _ key: String, _ node: Node, in scope: StatesScope, _ language: QueryLanguage
  ) -> Value.Field {
    if language == .jsonPath, key.hasSuffix(".$"), node.text != nil {
      return Value.Field(String(key.dropLast(2)), pathValue(node, in: scope))
    }
    return Value.Field(key, template(node, in: scope, language))
  }

  private mutating func scalar(
    _ node: Node, in scope: StatesScope, _ language: QueryLanguage
  ) -> Value {
    if node.isNull { return .null }
    guard let text = node.text else { return .unknown([]) }
    guard language == .jsonata else { return .literal(substituted(text)) }
    do {
      let value = try JSONata.value(of: located(node), in: scope)
      if case .literal(let text) = value { return .literal(substituted(text)) }
      return value
    } catch {
      report(error)
      return .unknown([])
    }
  }

  /// The leaves of a payload template as arguments: `Parameters.Item.key`, `Parameters.Entries.0.Detail`.
  mutating func arguments(
    _ name: String, _ node: Node, in scope: StatesScope, _ language: QueryLanguage
  ) -> [Call.Argument] {
    guard CloudFormationText.text(of: node) == nil else {
      // An expression that makes an object gives one argument per field, too.
      return ParameterTree.leaves(
        name, template(node, in: scope, language), at: location(node.range))
    }
    switch node.resolved.content {
    case .mapping:
      var arguments: [Call.Argument] = []
      for entry in node.entries {
        guard let key = entry.key.text else { continue }
        if language == .jsonPath, key.hasSuffix(".$"), entry.value.text != nil {
          let value = pathValue(entry.value, in: scope)
          arguments += ParameterTree.leaves(
            "\(name).\(key.dropLast(2))", value, at: location(entry.value.range))
        } else {
          arguments += self.arguments("\(name).\(key)", entry.value, in: scope, language)
        }
      }
      return arguments
    case .sequence(let items):
      var arguments: [Call.Argument] = []
      for (index, item) in items.enumerated() {
        arguments += self.arguments("\(name).\(index)", item, in: scope, language)
      }
      return arguments
    case .scalar, .alias:
      // An expression that makes an object gives one argument per field, too.
      return ParameterTree.leaves(
        name, template(node, in: scope, language), at: location(node.range))
    }
  }

  func substituted(_ text: String) -> String {
    CloudFormationText.substituting(source.substitutions, in: text)
  }

  /// What a state writes when it succeeds, and what it hands to the caller if it is the last one.
  struct Output {
    var assignments: [Step.Assignment] = []
    var ending = Ending.none
  }

  /// The data a state leaves behind.
  ///
  /// `clauses` is where `Assign`, `Output` or `ResultPath` stand: the state, a Choice rule, a catcher. `result` is
  /// what the state made, `nil` where it makes nothing and its input passes through.
  mutating func output(
    _ place: StatePlace, clauses: Node, result: Value?, error: Value? = nil
  ) -> Output {
    var scope = place.scope.expressions(at: place.location)
    scope.result = result
    scope.errorOutput = error
    let document: [Step.Assignment]
    var ending = Ending.none
    var assignScope = scope
    switch place.language {
    case .jsonata:
      document = jsonataOutput(place, clauses, result ?? error, in: scope, &ending)
    case .jsonPath:
      if let made = result ?? error { assignScope.input = made }
      document = jsonPathOutput(
        place, clauses, result ?? error, selector: error == nil, &ending, &assignScope)
    }
    var variables: [Step.Assignment] = []
    for entry in clauses["Assign"]?.entries ?? [] {
      guard let key = entry.key.text else { continue }
      let field = field(key, entry.value, in: assignScope, place.language)
      variables.append(
        Step.Assignment(
          assignScope.assigned(field.name), value: field.value, at: location(entry.value.range)))
    }
    return Output(assignments: ordered(document, variables, place), ending: ending)
  }

  private mutating func jsonataOutput(
    _ place: StatePlace, _ clauses: Node, _ result: Value?, in scope: StatesScope,
    _ ending: inout Ending
  ) -> [Step.Assignment] {
    let at: SourceLocation
    let value: Value
    if let output = clauses["Output"] {
      at = location(output.range)
      value = template(output, in: scope, .jsonata)
    } else if let result {
      at = place.location
      value = result
    } else {
      return []
    }
    ending = .value(.reference(Reference(place.scope.document, at: at)), at: at)
    return [Step.Assignment(place.scope.document, value: value, at: at)]
  }

  private mutating func jsonPathOutput(
    _ place: StatePlace, _ clauses: Node, _ result: Value?, selector: Bool,
    _ ending: inout Ending, _ assignScope: inout StatesScope
  ) -> [Step.Assignment] {
    let document = place.scope.document
    var assignments: [Step.Assignment] = []
    var selected = result
    if selector, let result, let node = clauses["ResultSelector"] {
      let scope = place.scope.expressions(at: place.location).with(input: result)
      selected = template(node, in: scope, .jsonPath)
      assignScope.input = selected ?? result
    }
    if let selected, let path = resultPath(clauses["ResultPath"]) {
      let at = location(
        (clauses["ResultPath"] ?? clauses["ResultSelector"])?.range ?? place.location.range)
      assignments.append(Step.Assignment(document, path: path, value: selected, at: at))
      ending = .value(.reference(Reference(document, path: path, at: at)), at: at)
    }
    // A catcher has no OutputPath, and its state's does not apply.
    if selector, let node = place.body["OutputPath"], node.text != "$" {
      let at = location(node.range)
      let value =
        node.isNull
        ? Value.record([]) : pathValue(node, in: place.scope.expressions(at: place.location))
      assignments.append(Step.Assignment(document, value: value, at: at))
      ending = .value(.reference(Reference(document, at: at)), at: at)
    }
    return assignments
  }

  /// Where the result goes: the whole document, a part of it, or (`null`) nowhere.
  private mutating func resultPath(_ node: Node?) -> [PathComponent]? {
    guard let node else { return [] }
    if node.isNull { return nil }
    do {
      let path = try ReferencePath.parse(located(node))
      guard path.isWritable else {
        report(
          "the result cannot be written to `\(node.text ?? "")`",
          hint: "name one place: `$.field`", severity: .warning, at: node.range)
        return []
      }
      return path.components
    } catch {
      report(error)
      return []
    }
  }

  /// The engine computes all of a state's output before it writes any; assignments here run one after the other.
  private func ordered(
    _ document: [Step.Assignment], _ variables: [Step.Assignment], _ place: StatePlace
  ) -> [Step.Assignment] {
    let assigned = Set(variables.map(\.variable))
    let reads = document.flatMap(\.value.references)
    guard reads.contains(where: { assigned.contains($0.variable) }) else {
      return variables + document
    }
    let written = Set(document.map(\.variable))
    guard
      variables.contains(where: { $0.value.references.contains { written.contains($0.variable) } })
    else { return document + variables }
    // Both read what the other writes: keep the variables aside.
    let asides = variables.map { assignment in
      var aside = assignment
      aside.variable = Variable("\(assignment.variable.name)'")
      return aside
    }
    let copies = zip(variables, asides).map { variable, aside in
      Step.Assignment(
        variable.variable, value: .reference(Reference(aside.variable, at: aside.location)),
        at: aside.location)
    }
    return asides + document + copies
  }
}

extension StatesScope {
  /// The variable that an `Assign` key writes.
  fileprivate func assigned(_ name: String) -> Variable {
    variables[name] ?? Variable("$\(name)")
  }
}

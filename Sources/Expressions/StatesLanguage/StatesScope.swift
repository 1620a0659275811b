/// What the names of a Step Functions expression mean where it stands.
package struct StatesScope: Sendable {
  /// What `$` (JSONPath) or `$states.input` (JSONata) is.
  package var input: Value
  /// What `$states.result` is; `nil` where there is no result yet.
  package var result: Value?
  /// What `$states.errorOutput` is; `nil` outside of a catcher.
  package var errorOutput: Value?
  /// What `$$.Map.Item.Value` is; `nil` outside of a Map.
  package var mapItem: Value?
  /// The context object: `$$` or `$states.context`.
  package var context: Variable
  /// The workflow variables that can be seen, by name without `$`.
  package var variables: [String: Variable]

  package init(
    input: Value, result: Value? = nil, errorOutput: Value? = nil, mapItem: Value? = nil,
    context: Variable = Variable("$$"), variables: [String: Variable] = [:]
  ) {
    self.input = input
    self.result = result
    self.errorOutput = errorOutput
    self.mapItem = mapItem
    self.context = context
    self.variables = variables
  }

  /// The same scope with another `$`.
  package func with(input: Value) -> StatesScope {
    var copy = self
    copy.input = input
    return copy
  }

  func variable(_ name: String) -> Variable { variables[name] ?? Variable("$\(name)") }

  /// A part of the context object.
  func context(_ path: [PathComponent], at location: SourceLocation) -> Value {
    let itemPath: [PathComponent] = [.field("Map"), .field("Item"), .field("Value")]
    if let mapItem, path.starts(with: itemPath) {
      return mapItem.selecting(Array(path.dropFirst(itemPath.count)), at: location)
    }
    return .reference(Reference(context, path: path, at: location))
  }
}

extension Value {
  /// The part at `path` as the text at `location` reads it.
  package func selecting(_ path: [PathComponent], at location: SourceLocation) -> Value {
    guard case .reference(let reference) = selecting(path) else { return selecting(path) }
    return .reference(Reference(reference.variable, path: reference.path, at: location))
  }
}

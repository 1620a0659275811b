import Expressions
import SourceText

/// One (nested) state machine: where its states are and which data they see.
struct StateMachineScope {
  /// Stands before `States.` in every route: empty, or `States.Fan.Branches[0].`.
  var route: String
  /// The state document `$`: every execution of a machine has its own.
  var document: Variable
  /// Workflow variables by name, the inner ones hiding the outer ones.
  var variables: [String: Variable]
  /// What `$$.Map.Item.Value` is.
  var mapItem: Value?
  var language: QueryLanguage
  /// Where an error goes that no state of this machine catches.
  var catchers: [Catcher]

  init(
    route: String = "", language: QueryLanguage = .jsonPath, catchers: [Catcher] = [],
    variables: [String: Variable] = [:], mapItem: Value? = nil
  ) {
    self.route = route
    self.document = Variable("\(route)$")
    self.variables = variables
    self.mapItem = mapItem
    self.language = language
    self.catchers = catchers
  }

  struct Catcher {
    var step: Int
    var outcome: Edge.Outcome
  }

  /// Makes the variables that the machine's states assign its own.
  mutating func declareVariables(of machine: Node) {
    for state in machine["States"]?.entries ?? [] {
      let places =
        [state.value]
        + (state.value["Catch"]?.items ?? []) + (state.value["Choices"]?.items ?? [])
      for entry in places.flatMap({ $0["Assign"]?.entries ?? [] }) {
        guard let key = entry.key.text else { continue }
        let name = key.hasSuffix(".$") ? String(key.dropLast(2)) : key
        variables[name] = Variable("\(route)$\(name)")
      }
    }
  }

  /// What expressions see at the start of a state.
  func expressions(at location: SourceLocation) -> StatesScope {
    StatesScope(
      input: .reference(Reference(document, at: location)), mapItem: mapItem,
      variables: variables)
  }
}

/// A state where it stands.
struct StatePlace {
  var name: String
  var route: String
  var body: Node
  var language: QueryLanguage
  var location: SourceLocation
  var scope: StateMachineScope
}

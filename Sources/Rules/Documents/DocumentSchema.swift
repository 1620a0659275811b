/// The JSON Schemas (draft 2020-12) of the documents that people write.
package enum DocumentSchema {
  package static var rule: String {
    text(
      of: Shape<Rule>.rule, title: "A rule of mira-lint",
      oneOf: [["workflow"], ["events"], ["facts"], ["workflow", "facts"], ["linter"]])
  }
  package static var verificationProtocol: String {
    text(of: Shape<VerificationProtocol>.verificationProtocol, title: "A protocol of mira-lint")
  }
  package static var integration: String {
    text(of: Shape<Integration>.integration, title: "An integration of mira-lint")
  }

  /// The schema of any document with a shape.
  package static func text<Value>(
    of shape: Shape<Value>, title: String, oneOf sets: [[String]] = []
  )
    -> String
  {
    var definitions: [(String, JSON)] = []
    collect(shape.definitions, into: &definitions)
    var members: [(String, JSON)] = [
      ("$schema", "https://json-schema.org/draft/2020-12/schema"), ("title", .string(title)),
    ]
    if case .object(let own) = shape.schema { members += own }
    if !sets.isEmpty { members.append(("oneOf", .array(sets.map { exactly($0, of: sets) }))) }
    if !definitions.isEmpty { members.append(("$defs", .object(definitions))) }
    return JSON.object(members).text
  }

  /// Those keys, and none of the others.
  private static func exactly(_ keys: [String], of sets: [[String]]) -> JSON {
    let others = Set(sets.flatMap(\.self)).subtracting(keys).sorted()
    return [
      "required": .array(keys.map(JSON.string)),
      "properties": .object(others.map { ($0, false) }),
    ]
  }

  private static func collect(
    _ found: [SchemaDefinition], into definitions: inout [(String, JSON)]
  ) {
    for definition in found where !definitions.contains(where: { $0.0 == definition.name }) {
      let place = definitions.count
      definitions.append((definition.name, .null))
      let (schema, inner) = definition.make()
      definitions[place].1 = schema
      collect(inner, into: &definitions)
    }
  }
}

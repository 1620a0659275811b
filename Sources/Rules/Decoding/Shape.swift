package import SourceText

/// What a part of a document looks like: the one declaration that reads it and describes it as JSON Schema.
package struct Shape<Value: Sendable>: Sendable {
  /// Described only when asked for: a run that checks files describes nothing.
  package var schema: JSON { describe() }
  /// Named parts that the schema refers to.
  package var definitions: [SchemaDefinition] { define() }
  /// The value, or `nil` after reporting why there is none.
  package let read: @Sendable (Node, inout DocumentReading) -> Value?

  private let describe: @Sendable () -> JSON
  private let define: @Sendable () -> [SchemaDefinition]

  package init(
    schema: @autoclosure @escaping @Sendable () -> JSON,
    definitions: @autoclosure @escaping @Sendable () -> [SchemaDefinition] = [],
    read: @escaping @Sendable (Node, inout DocumentReading) -> Value?
  ) {
    describe = schema
    define = definitions
    self.read = read
  }

  /// The shape with its value made into another, or refused with a report.
  package func then<Other>(
    _ make: @escaping @Sendable (Value, Node, inout DocumentReading) -> Other?
  ) -> Shape<Other> {
    Shape<Other>(schema: schema, definitions: definitions) { node, reading in
      read(node, &reading).flatMap { make($0, node, &reading) }
    }
  }

  /// The shape with its value made into another.
  package func map<Other>(_ make: @escaping @Sendable (Value) -> Other) -> Shape<Other> {
    then { value, _, _ in make(value) }
  }

  /// The shape under a name, so that it may contain itself.
  package static func named(
    _ name: String, _ shape: @escaping @Sendable () -> Shape<Value>
  ) -> Shape<Value> {
    let definition = SchemaDefinition(name: name) { (shape().schema, shape().definitions) }
    return Shape(schema: ["$ref": .string("#/$defs/\(name)")], definitions: [definition]) {
      node, reading in shape().read(node, &reading)
    }
  }
}

/// A named part of a schema, made only when asked for, since it may refer to itself.
package struct SchemaDefinition: Sendable {
  let name: String
  let make: @Sendable () -> (schema: JSON, definitions: [SchemaDefinition])
}

extension Shape {
  /// A list of elements.
  package static func list<Element>(
    of element: Shape<Element>, atLeast minimum: Int = 0
  ) -> Shape where Value == [Element] {
    @Sendable func schema() -> JSON {
      var schema: [(String, JSON)] = [("type", "array"), ("items", element.schema)]
      if minimum > 0 { schema.append(("minItems", .number(Double(minimum)))) }
      return .object(schema)
    }
    return Shape(schema: schema(), definitions: element.definitions) { node, reading in
      guard case .sequence = node.resolved.content else {
        reading.expected("a list", at: node)
        return nil
      }
      return element.readAll(node.items, of: node, atLeast: minimum, &reading)
    }
  }

  /// One element or a list of them.
  package static func oneOrMore<Element>(
    of element: Shape<Element>
  ) -> Shape where Value == [Element] {
    @Sendable func schema() -> JSON {
      let list: JSON = ["type": "array", "items": element.schema, "minItems": 1]
      return ["anyOf": .array([element.schema, list])]
    }
    return Shape(schema: schema(), definitions: element.definitions) { node, reading in
      guard case .sequence = node.resolved.content else {
        return element.read(node, &reading).map { [$0] }
      }
      return element.readAll(node.items, of: node, atLeast: 1, &reading)
    }
  }

  /// A mapping whose keys the author chooses.
  package static func dictionary<Element>(
    _ keys: String, of element: Shape<Element>
  ) -> Shape where Value == [String: Element] {
    dictionary(keys, key: .text, of: element)
  }

  /// A mapping whose keys are one of a closed list.
  package static func dictionary<Key: Hashable, Element>(
    _ keys: String, key: Shape<Key>, of element: Shape<Element>
  ) -> Shape where Value == [Key: Element] {
    @Sendable func schema() -> JSON {
      [
        "type": "object", "description": .string("By \(keys)."), "propertyNames": key.schema,
        "additionalProperties": element.schema,
      ]
    }
    return Shape(schema: schema(), definitions: key.definitions + element.definitions) {
      node, reading in
      guard case .mapping = node.resolved.content else {
        reading.expected("a mapping by \(keys)", at: node)
        return nil
      }
      var values: [Key: Element] = [:]
      for entry in node.entries {
        guard let name = key.read(entry.key, &reading) else { continue }
        let value = reading.under(entry.key.text ?? "?") { element.read(entry.value, &$0) }
        if let value { values[name] = value }
      }
      return values
    }
  }

  private func readAll(
    _ items: [Node], of list: Node, atLeast minimum: Int, _ reading: inout DocumentReading
  ) -> [Value]? {
    if items.count < minimum {
      reading.report("expected at least \(minimum) element\(minimum == 1 ? "" : "s")", at: list)
      return nil
    }
    return items.indices.compactMap { index in
      reading.under(index) { read(items[index], &$0) }
    }
  }
}

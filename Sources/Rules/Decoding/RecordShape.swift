package import SourceText

/// One key of a record: its name, what it means, and where its value goes.
package struct Key<Root: Sendable>: Sendable {
  package let name: String
  package let summary: String
  package let isRequired: Bool
  let schema: @Sendable () -> JSON
  let definitions: @Sendable () -> [SchemaDefinition]
  let read: @Sendable (Node, inout Root, inout DocumentReading) -> Void

  /// A key that must be there.
  package static func required<Value>(
    _ name: String, _ set: @escaping @Sendable (inout Root, Value) -> Void, _ shape: Shape<Value>,
    _ summary: String
  ) -> Key {
    Key(name, set, shape, summary, isRequired: true)
  }

  /// A key that may be absent; the record's blank value says what that means.
  package static func optional<Value>(
    _ name: String, _ set: @escaping @Sendable (inout Root, Value) -> Void, _ shape: Shape<Value>,
    _ summary: String
  ) -> Key {
    Key(name, set, shape, summary, isRequired: false)
  }

  // A closure, not a key path: a run reads many documents once, and making a key path costs more than reading its key.
  private init<Value>(
    _ name: String, _ set: @escaping @Sendable (inout Root, Value) -> Void, _ shape: Shape<Value>,
    _ summary: String, isRequired: Bool
  ) {
    self.name = name
    self.summary = summary
    self.isRequired = isRequired
    self.schema = { shape.schema }
    self.definitions = { shape.definitions }
    self.read = { node, root, reading in
      if let value = shape.read(node, &reading) { set(&root, value) }
    }
  }
}

extension Shape {
  /// A mapping with known keys.
  ///
  /// - Parameters:
  ///   - what: what it describes, with its article: `a rule`.
  ///   - blank: the value before any key is read.
  ///   - keys: every key it may have.
  /// - Returns: the shape, which reports unknown and missing keys.
  package static func record(_ what: String, _ blank: Value, _ keys: [Key<Value>]) -> Shape {
    @Sendable func schema() -> JSON {
      .object(
        [
          ("type", "object"),
          (
            "properties",
            .object(keys.map { ($0.name, $0.schema().described($0.summary)) })
          ),
          ("required", .array(keys.filter(\.isRequired).map { .string($0.name) })),
          ("additionalProperties", false),
        ])
    }
    let required = keys.indices.filter { keys[$0].isRequired }
    return Shape(schema: schema(), definitions: keys.flatMap { $0.definitions() }) {
      node, reading in
      guard case .mapping = node.resolved.content else {
        reading.expected("\(what) with the keys \(keys.map(\.name).listed)", at: node)
        return nil
      }
      var value = blank
      var missing = required
      for entry in node.entries {
        let name = entry.key.text ?? ""
        guard let index = keys.firstIndex(where: { $0.name == name }) else {
          reading.reportUnknown(entry.key, among: keys.map(\.name), of: what)
          continue
        }
        missing.removeAll { $0 == index }
        reading.under(name) { keys[index].read(entry.value, &value, &$0) }
      }
      for key in missing.map({ keys[$0] }) {
        reading.report("\(what) needs the key `\(key.name)`", hint: key.summary, at: node.firstKey)
      }
      return value
    }
  }

  /// A mapping with exactly one of several keys.
  package static func oneOf(_ what: String, _ alternatives: [Alternative<Value>]) -> Shape {
    let names = alternatives.map(\.name)
    @Sendable func schema() -> JSON {
      .object(
        [
          ("type", "object"),
          (
            "properties",
            .object(alternatives.map { ($0.name, $0.schema().described($0.summary)) })
          ),
          ("minProperties", 1), ("maxProperties", 1),
          ("additionalProperties", false),
        ])
    }
    return Shape(schema: schema(), definitions: alternatives.flatMap { $0.definitions() }) {
      node, reading in
      guard case .mapping = node.resolved.content else {
        reading.expected("\(what) with one of the keys \(names.listed)", at: node)
        return nil
      }
      var value: Value?
      var found: String?
      for entry in node.entries {
        let name = entry.key.text ?? ""
        guard let alternative = alternatives.first(where: { $0.name == name }) else {
          reading.reportUnknown(entry.key, among: names, of: what)
          continue
        }
        if let found {
          reading.report(
            "\(what) has one key, and `\(found)` stands here already", at: entry.key)
          continue
        }
        found = name
        value = reading.under(name) { alternative.read(entry.value, &$0) }
      }
      if node.entries.isEmpty {
        reading.report("\(what) needs one of the keys \(names.listed)", at: node)
      }
      return value
    }
  }
}

/// One of the keys that say which case of a choice stands there.
package struct Alternative<Value: Sendable>: Sendable {
  let name: String
  let summary: String
  let schema: @Sendable () -> JSON
  let definitions: @Sendable () -> [SchemaDefinition]
  let read: @Sendable (Node, inout DocumentReading) -> Value?

  package init<Part>(
    _ name: String, _ shape: Shape<Part>, _ summary: String,
    _ make: @escaping @Sendable (Part) -> Value
  ) {
    self.name = name
    self.summary = summary
    self.schema = { shape.schema }
    self.definitions = { shape.definitions }
    self.read = { node, reading in shape.read(node, &reading).map(make) }
  }
}

extension DocumentReading {
  /// Notes a key that is not one of the known ones.
  package mutating func reportUnknown(_ key: Node, among names: [String], of what: String) {
    guard let text = key.text else {
      report("expected a key, found \(key.kindInWords)", at: key)
      return
    }
    let hint = Closeness.suggestion(for: text, among: names) ?? "the keys are \(names.listed)"
    report("`\(text)` is not a key of \(what)", hint: hint, at: key)
  }
}

extension Node {
  /// Where a report about the whole mapping points: its first key, so that one line is marked.
  fileprivate var firstKey: Node { entries.first?.key ?? self }
}

extension [String] {
  /// `a`, `b`, `c` in code style.
  package var listed: String { map { "`\($0)`" }.joined(separator: ", ") }
}

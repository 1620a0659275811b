import SourceText

/// A task of a flow, with the values that the flow gives to all tasks of its type.
struct KestraTask {
  let node: Node
  let id: String
  /// The whole type: `io.kestra.plugin.core.http.Request`.
  let type: String
  /// Where people look for it: its identifier, else its type.
  let place: Node
  let route: String
  private let defaults: [Node]

  init(_ node: Node, route: String, defaults: [(type: String, values: Node)]) {
    self.node = node
    type = node["type"]?.text ?? ""
    id = node["id"]?.text ?? type
    place = node["id"] ?? node["type"] ?? node
    self.route = route + "." + id
    let type = type
    self.defaults = defaults.filter { !$0.type.isEmpty && type.hasPrefix($0.type) }.map(\.values)
  }

  /// The last word of the type: `Request`, `If`.
  var kind: String { type.parts(by: ".").last.map(String.init) ?? type }

  /// Whether the type belongs to a part of Kestra: `.flow.`, `.http.`, in the packages of all versions.
  func isOf(_ part: String) -> Bool { type.holds("." + part + ".") }

  subscript(key: String) -> Node? {
    if let own = node[key] { return own }
    for values in defaults { if let value = values[key] { return value } }
    return nil
  }

  /// Every property, the task's own before the defaults.
  var properties: [(key: String, value: Node)] {
    var properties: [(key: String, value: Node)] = []
    var seen: Set<String> = []
    for source in [node] + defaults {
      for entry in source.entries {
        guard let key = entry.key.text, seen.insert(key).inserted else { continue }
        properties.append((key, entry.value))
      }
    }
    return properties
  }

  func isTrue(_ key: String) -> Bool { self[key]?.text == "true" }
}

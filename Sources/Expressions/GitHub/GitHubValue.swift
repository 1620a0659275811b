import SourceText

extension Value {
  /// The part of the value at `path`; what cannot be looked into stays a selection.
  func part(at path: [PathComponent], _ location: SourceLocation) -> Value {
    if path.isEmpty { return self }
    switch self {
    case .null: return .null
    case .selection(let value, let before): return .selection(value, before + path)
    case .fallback(let first, let second):
      return .fallback(first.part(at: path, location), second.part(at: path, location))
    case .conditional(let condition, let first, let second):
      return .conditional(
        condition, first.part(at: path, location), second.part(at: path, location))
    case .record(let fields):
      guard case .field(let name) = path[0] else { return .selection(self, path) }
      let field = fields.last { $0.name.lowercased() == name.lowercased() }
      return field?.value.part(at: Array(path.dropFirst()), location) ?? .null
    case .list(let values):
      guard case .index(let index) = path[0] else { return .selection(self, path) }
      guard values.indices.contains(index) else { return .null }
      return values[index].part(at: Array(path.dropFirst()), location)
    case .literal, .reference, .result, .template, .text, .either, .length, .converted, .unknown:
      return .selection(self, path)
    }
  }

  /// The list that an object filter (`x.*.y`) runs over, and what is read of each of its elements.
  var quantified: (elements: Value, element: Value)? {
    switch self {
    case .reference(let reference):
      guard let (before, whole) = Self.split(reference.path) else { return nil }
      var elements = reference
      elements.path = before
      var element = reference
      element.path = whole
      return (.reference(elements), .reference(element))
    case .selection(let value, let path):
      guard let (before, whole) = Self.split(path) else { return nil }
      return (before.isEmpty ? value : .selection(value, before), .selection(value, whole))
    case .literal, .null, .result, .record, .list, .template, .text, .fallback, .conditional,
      .either, .length, .converted, .unknown:
      return nil
    }
  }

  private static func split(
    _ path: [PathComponent]
  ) -> (before: [PathComponent], whole: [PathComponent])? {
    guard let first = path.firstIndex(of: .every) else { return nil }
    return (Array(path[..<first]), path.map { $0 == .every ? .element : $0 })
  }
}

import Expressions

/// Ways round the body of a loop over a list.
extension GraphBuilder {
  /// Connects the head of a loop to where the flow goes on when the list has no element at all.
  mutating func connect(
    _ head: Int, past list: Value?, to exit: Int, on outcome: Edge.Outcome = .success
  ) {
    if list?.hasElementsForSure == true { return }
    var edge = Edge(head, exit, outcome)
    edge.emptyList = list?.heldWhole
    add(edge)
  }
}

extension Value {
  /// Whether it is a list with an element that is written down.
  var hasElementsForSure: Bool {
    switch self {
    case .list(let items):
      return items.contains { item in
        switch item {
        case .literal, .record, .template: true
        default: false
        }
      }
    case .literal(let text):
      // A list that an engine reads from a text.
      let bytes = text.utf8.filter { $0 > 32 }
      return bytes.first == UInt8(ascii: "[") && bytes.count > 2
    case .text(let inner, _): return inner.hasElementsForSure
    default: return false
    }
  }

  /// The place that holds the whole of the list, where a single one does.
  fileprivate var heldWhole: Reference? {
    switch self {
    case .reference(let reference): return reference.isOnePlace ? reference : nil
    case .text(let inner, _): return inner.heldWhole
    case .selection(let inner, let path):
      guard var reference = inner.heldWhole else { return nil }
      reference.path += path
      return reference.isOnePlace ? reference : nil
    default: return nil
    }
  }
}

extension Reference {
  fileprivate var isOnePlace: Bool {
    path.allSatisfy { component in
      switch component {
      case .field, .index: true
      case .every, .element, .some: false
      }
    }
  }
}

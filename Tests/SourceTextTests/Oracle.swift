import Foundation
import SourceText
import Yams

/// Compares trees with what other readers make of the same file.
enum Oracle {
  /// Whether a JSON tree holds what JSONSerialization read.
  static func agrees(_ node: SourceText.Node, with value: Any) -> Bool {
    switch node.content {
    case .sequence(let items):
      guard let values = value as? [Any], values.count == items.count else { return false }
      return zip(items, values).allSatisfy { agrees($0, with: $1) }
    case .mapping(let entries):
      guard let values = value as? [String: Any] else { return false }
      return entries.allSatisfy { entry in
        guard let key = entry.key.text, let last = node[key], let value = values[key] else {
          return false
        }
        return agrees(last, with: value)
      }
    case .scalar(let scalar) where scalar.style != .plain:
      return value as? String == scalar.text
    case .scalar(let scalar):
      if value is NSNull { return scalar.text == "null" }
      guard let number = value as? NSNumber else { return false }
      if scalar.text == "true" || scalar.text == "false" {
        return number.boolValue == (scalar.text == "true")
      }
      guard let expected = Double(scalar.text) else { return false }
      // JSONSerialization rounds in the last digits, so a rounding is no difference in reading.
      return abs(expected - number.doubleValue) <= abs(expected) * 1e-12
    case .alias:
      return false
    }
  }

  /// Whether a YAML tree has the shape, the text and the places that libyaml sees.
  ///
  /// Yams replaces aliases by their targets, so a target is compared wherever it stands.
  static func agrees(
    _ node: SourceText.Node, with other: Yams.Node, in file: SourceFile, comparesPlaces: Bool = true
  ) -> Bool {
    switch (node.content, other) {
    case (.alias(_, let target), _):
      guard let target else { return false }
      return agrees(target.node, with: other, in: file, comparesPlaces: false)
    case (.scalar(let scalar), .scalar(let expected)):
      guard scalar.text == expected.string else { return false }
      guard comparesPlaces, let mark = expected.mark, node.tag == nil, node.anchor == nil,
        !scalar.text.isEmpty
      else { return true }
      let place = file.position(at: node.range.start)
      return (place.line, place.column) == (mark.line, mark.column)
    case (.sequence(let items), .sequence(let expected)):
      return items.count == expected.count
        && zip(items, expected).allSatisfy {
          agrees($0, with: $1, in: file, comparesPlaces: comparesPlaces)
        }
    case (.mapping(let entries), .mapping(let expected)):
      return entries.count == expected.count
        && zip(entries, expected).allSatisfy {
          agrees($0.key, with: $1.key, in: file, comparesPlaces: comparesPlaces)
            && agrees($0.value, with: $1.value, in: file, comparesPlaces: comparesPlaces)
        }
    case (.scalar, _), (.sequence, _), (.mapping, _):
      return false
    }
  }
}

package import SourceText

/// A place in one file of the definition.
package struct SourceLocation: Sendable, Hashable {
  /// The file's path as reports show it.
  package var path: String
  package var range: ByteRange
  package init(path: String, range: ByteRange) {
    self.path = path
    self.range = range
  }
}

/// A named cell that holds data: a step's outputs, a shell variable, a file, the state of a state machine.
///
/// Two references meet when their variables are equal; a reader makes names unique by scope
/// (`job:build/env:CERT`, `steps.mira`).
package struct Variable: Sendable, Hashable {
  package var name: String
  package init(_ name: String) { self.name = name }
}

extension SourceLocation {
  /// Stands for what nobody has written.
  package static let nowhere = SourceLocation(path: "", range: ByteRange(0, 0))
}

/// One step into a structured value.
package enum PathComponent: Sendable, Hashable {
  case field(String)
  case index(Int)
  /// Every element (`.*`, `[*]`, `.[]`) as a list.
  case every
  /// The element that a quantifier or a loop is looking at.
  case element
  /// Some element that cannot be named (a computed key, a filter).
  case some
}

/// A read of a variable, or of a part of it.
package struct Reference: Sendable, Hashable {
  package var variable: Variable
  package var path: [PathComponent]
  /// The reference's own text in the file.
  package var location: SourceLocation
  package init(_ variable: Variable, path: [PathComponent] = [], at location: SourceLocation) {
    self.variable = variable
    self.path = path
    self.location = location
  }
}

/// What an expression computes, as far as data flow is concerned.
package indirect enum Value: Sendable, Hashable {
  /// Text, number or boolean as written.
  case literal(String)
  /// The language's null (or missing) value.
  case null
  case reference(Reference)
  /// The result of the step's own call, or a part of it (only in assignments).
  case result([PathComponent])
  case record([Field])
  case list([Value])
  /// Text put together from parts: wrapping, no new content.
  case template([Value])
  /// A part of a computed value (`fromJSON(x).status`).
  case selection(Value, [PathComponent])
  /// The value as text, where a null one reads as `null` (`jq -r`: `"null"`; a GitHub output: `""`).
  case text(Value, null: String)
  /// The first value, or the second where the first is null, missing or empty (`//`, `??`, `||`).
  case fallback(Value, Value)
  /// `condition ? first : second`.
  case conditional(Condition, Value, Value)
  /// One of several, statically unknown which (two predecessors of an n8n node).
  case either([Value])
  /// The count of elements or characters.
  case length(Value)
  /// Content in another format: parsing, encoding, trimming, cutting; the name says what.
  case converted(String, Value)
  /// Cannot be parsed: whatever references can be seen in it.
  case unknown([Reference])

  package struct Field: Sendable, Hashable {
    package var name: String
    package var value: Value
    package init(_ name: String, _ value: Value) {
      self.name = name
      self.value = value
    }
  }
}

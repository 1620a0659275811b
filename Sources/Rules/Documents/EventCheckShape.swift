import SourceText

extension Shape where Value == EventCheck {
  /// The check of a rule over event logs.
  package static var eventCheck: Shape {
    .record("an event check", EventCheck(), [])
  }
}

extension Placeholder {
  /// Those of rules over event logs.
  package static let events: [Placeholder] = []
}

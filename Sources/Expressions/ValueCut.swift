extension Value {
  /// Whether a conversion of this name keeps a part of a text and drops the rest.
  package static func isCut(_ conversion: String) -> Bool { cuts.contains(conversion) }

  /// What commands, methods and functions that cut are called, in every language.
  private static let cuts: Set<String> = [
    "head", "tail", "cut", "slice", "substring", "substr", "subarray", "$substring",
    "$substringBefore", "truncate", "text.substring", "take", "left", "limit", "first",
  ]

  /// The value with nothing where something is cut.
  package var withoutCuts: Value {
    switch self {
    case .literal, .null, .reference, .result, .unknown: self
    case .record(let fields): .record(fields.map { Field($0.name, $0.value.withoutCuts) })
    case .list(let values): .list(values.map(\.withoutCuts))
    case .template(let values): .template(values.map(\.withoutCuts))
    case .either(let values): .either(values.map(\.withoutCuts))
    case .selection(let value, let path): .selection(value.withoutCuts, path)
    case .text(let value, let null): .text(value.withoutCuts, null: null)
    case .fallback(let first, let second): .fallback(first.withoutCuts, second.withoutCuts)
    case .conditional(let condition, let first, let second):
      .conditional(condition, first.withoutCuts, second.withoutCuts)
    case .length(let value): .length(value.withoutCuts)
    case .converted(let name, let value):
      Self.isCut(name) ? .null : .converted(name, value.withoutCuts)
    }
  }
}

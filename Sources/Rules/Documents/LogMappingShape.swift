import SourceText

extension Shape where Value == LogMapping {
  /// A mapping document.
  package static var logMapping: Shape {
    let paths = Shape<[String]>.oneOrMore(of: path)
    return Shape.record(
      "a mapping", LogMapping(),
      [
        .required("mapping", { $0.name = $1 }, .text, "The mapping's name: what `--as` takes."),
        .optional("summary", { $0.summary = $1 }, .text, "One sentence: whose log it is."),
        .required(
          "event", { $0.event = $1 }, .oneOrMore(of: name),
          "Where the event's name stands: `kind`, `meta.kind` for a key inside an object, or `{noun}.{verb}` where it is put together."
        ),
        .optional(
          "names", { $0.names = $1 }, .dictionary("the log's event name", of: .text),
          "The log's event names with the canonical ones; without it the log uses those."),
        .optional("time", { $0.time = $1 }, paths, "Where the time stands."),
        .optional(
          "time-format", { $0.timeFormat = $1 }, timeFormat,
          "`auto` (RFC 3339, or a Unix time whose unit its magnitude tells), the unit of a Unix time, or a pattern such as `%d/%b/%Y:%H:%M:%S %z`."
        ),
        .optional(
          "fields", { $0.fields = $1 }, .dictionary("canonical field", of: paths),
          "Canonical fields with the places where they stand, the preferred one first."),
        .optional(
          "values", { $0.values = $1 },
          .dictionary("canonical field", of: .dictionary("the log's value", of: .text)),
          "The log's words for values with those that rules know, by canonical field."),
      ])
  }

  /// A path, or a text with paths in braces.
  private static var name: Shape<String> {
    let path = Self.path
    return Shape<String>.text.then { text, node, reading in
      guard text.contains("{") || text.contains("}") else { return path.read(node, &reading) }
      let parts = text.split(separator: "{", omittingEmptySubsequences: false).dropFirst()
      let isWhole = parts.allSatisfy { part in
        let inner = part.split(separator: "}", omittingEmptySubsequences: false)
        return inner.count == 2 && isPath(inner[0])
      }
      guard isWhole, !parts.isEmpty, !text.prefix(while: { $0 != "{" }).contains("}") else {
        reading.report(
          "`\(text)` is not a name of several places",
          hint: "write each place in braces: `{noun}.{verb}`",
          at: node)
        return nil
      }
      return text
    }
  }

  private static func isPath(_ text: Substring) -> Bool {
    !text.contains("[")
      && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }
  }

  /// A path of keys; the elements of a list count from 0.
  private static var path: Shape<String> {
    Shape<String>.text.then { text, node, reading in
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      if text.contains("[") || text.hasPrefix("$") || text.hasPrefix("/") {
        reading.report(
          "`\(text)` is not a path of keys",
          hint: "write it as `a.b`: `b` inside `a`; `a.0` is the first element of a list", at: node)
        return nil
      }
      guard parts.allSatisfy({ !$0.isEmpty }) else {
        reading.report("a key of the path `\(text)` is empty", at: node)
        return nil
      }
      return text
    }
  }

  private static let units = [
    "seconds": 1, "milliseconds": 1000, "microseconds": 1_000_000, "nanoseconds": 1_000_000_000,
  ]
  private static let conversions = "YmdHMSfzbBpIjsyeT%"

  private static var timeFormat: Shape<LogMapping.TimeFormat> {
    let words = ["auto"] + units.keys.sorted { (units[$0] ?? 0) < (units[$1] ?? 0) }
    return Shape<LogMapping.TimeFormat>(
      schema: [
        "anyOf": .array([
          ["enum": .array(words.map { .string($0) })],
          ["type": "string", "pattern": "%"],
        ])
      ]
    ) { node, reading in
      guard let text = node.text else {
        reading.expected("`auto`, a unit, or a pattern with `%`", at: node)
        return nil
      }
      if text == "auto" { return .automatic }
      if let perSecond = units[text] { return .unix(perSecond: perSecond) }
      guard text.contains("%") else {
        let hint =
          Closeness.suggestion(for: text, among: words)
          ?? "there are \(words.listed), and patterns with `%`"
        reading.report("`\(text)` is not a time format", hint: hint, at: node)
        return nil
      }
      var isConversion = false
      for character in text {
        if isConversion, !conversions.contains(character) {
          reading.report(
            "`%\(character)` is not a part of a time",
            hint: "there are " + conversions.map { "`%\($0)`" }.joined(separator: ", "), at: node)
          return nil
        }
        isConversion = !isConversion && character == "%"
      }
      if isConversion {
        reading.report("the pattern ends with a single `%`", at: node)
        return nil
      }
      return .pattern(text)
    }
  }
}

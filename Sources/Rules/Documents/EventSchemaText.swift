extension DocumentSchema {
  /// The JSON Schema of one event in the canonical form, as the protocols name events and fields.
  package static func event(of protocols: [VerificationProtocol]) -> String {
    var names: Set<String> = []
    var fields: [String: [String]] = [:]
    var sentences: [String: String] = [:]
    var identities: Set<String> = []
    for one in protocols {
      names.formUnion(one.events.names.values)
      names.formUnion(one.events.sets.values.flatMap { $0.flatMap(\.names) })
      names.subtract(one.events.sets.keys)
      fields.merge(one.events.fields) { $0 + $1 }
      sentences.merge(one.events.describes) { first, _ in first }
      identities.formUnion(one.events.identities.values)
    }
    names.formUnion(sentences.keys.filter { $0.contains(".") })
    for envelope in Envelope.allCases { fields[envelope.rawValue] = nil }
    let events = names.sorted()
    let payload: [(String, JSON)] = fields.keys.sorted().map { field in
      let type: JSON =
        identities.contains(field)
        ? ["type": .array(["string", "null"])]
        : ["type": .array(["string", "number", "boolean", "null", "array", "object"])]
      return (field, type.described(sentences[field] ?? ""))
    }
    let fieldSchema: JSON = .object(payload)
    return JSON.object([
      ("$schema", "https://json-schema.org/draft/2020-12/schema"),
      ("title", "An event that mira-lint reads"),
      (
        "description",
        "One JSON object on a line. Fields stand at the top or under `data`; fields and events that are not named here are allowed, and counted."
      ),
      ("type", "object"),
      (
        "properties",
        .object(
          [
            (
              Envelope.event.rawValue,
              JSON.object([
                ("description", "What happened."),
                (
                  "anyOf",
                  .array(
                    events.map { name in
                      let event: JSON = ["const": .string(name)]
                      return event.described(sentences[name] ?? "")
                    } + [["type": "string"]])
                ),
              ])
            ),
            (
              Envelope.ts.rawValue,
              JSON.object([
                (
                  "description",
                  "When, by the clock of its service: RFC 3339 with any offset and up to nanoseconds, or a Unix time in seconds, milliseconds, microseconds or nanoseconds. Null or absent where it is not known."
                ), ("type", .array(["string", "number", "null"])),
              ])
            ),
            text(.service, "Who wrote it: whose clock `ts` is."),
            text(.workflow, "The workflow that ran, as its definition names it, or its path."),
            text(.step, "The step of the workflow, as its definition names it."),
            text(
              .delivery,
              "What the deliverer calls this delivery: a second one of the same name is not counted again."
            ),
            (
              Envelope.data.rawValue,
              JSON.object([
                ("description", "Fields of the event."), ("type", .array(["object", "null"])),
                ("properties", fieldSchema),
              ])
            ),
          ] + payload)
      ),
      ("required", .array([.string(Envelope.event.rawValue)])),
    ]).text
  }

  /// What an event says of itself, whatever the protocol.
  private enum Envelope: String, CaseIterable {
    case event, ts, service, workflow, step, delivery, data
  }

  private static func text(_ key: Envelope, _ sentence: String) -> (String, JSON) {
    (
      key.rawValue,
      JSON.object([("description", .string(sentence)), ("type", .array(["string", "null"]))])
    )
  }

  package static var logMapping: String {
    text(of: Shape<LogMapping>.logMapping, title: "A mapping of a log for mira-lint")
  }
}

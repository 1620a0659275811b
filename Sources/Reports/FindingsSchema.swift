import Rules

/// The JSON Schema (draft 2020-12) of the `json` format; a line of `jsonl` is its `finding`.
package enum FindingsSchema {
  package static var text: String {
    let members: [(String, JSON)] = [
      ("$schema", "https://json-schema.org/draft/2020-12/schema"),
      ("title", "Findings of mira-lint"),
      ("type", "object"),
      (
        "properties",
        [
          "version": ["const": .number(Double(JSONReport.version))],
          "tool": record(["name": text("The program."), "version": text("Its version.")]),
          "findings": [
            "type": "array", "items": reference("finding"),
            "description": "Ordered by path, line, column and rule.",
          ],
          "summary": summary,
          "timelines": [
            "type": "array", "items": reference("timeline"),
            "description": "The stories of the outputs that findings in logs speak of.",
          ],
          "totals": reference("totals"),
        ]
      ),
      ("required", ["version", "tool", "findings", "summary"]),
      ("additionalProperties", false),
      (
        "$defs",
        [
          "finding": finding, "location": location, "station": station, "evidence": evidence,
          "observed": observed, "timeline": timeline, "moment": moment, "chain": chain,
          "totals": totals, "fix": fix,
        ]
      ),
    ]
    return JSON.object(members).text
  }

  private static var finding: JSON {
    record(
      [
        "rule": text("The rule's ID."),
        "name": text("The rule's name."),
        "cause": text("Why the proof does not hold, where the rule tells causes apart."),
        "severity": ["enum": ["error", "warning", "note"]],
        "confidence": ["enum": ["high", "medium", "low"]],
        "message": text("One sentence with the user's own names."),
        "location": reference("location"),
        "flow": [
          "type": "array", "items": reference("station"),
          "description": "The path: generated, gate, consumed.",
        ],
        "evidence": reference("evidence"),
        "observed": reference("observed"),
        "remedy": text("What to write instead."),
        "fixes": [
          "type": "array", "items": reference("fix"),
          "description": "Changes to the finding's file, each of which ends it.",
        ],
        "fingerprint": text("The same after lines move: 32 hexadecimal digits, a colon, a count."),
      ],
      optional: ["cause", "flow", "evidence", "observed", "remedy", "fixes"])
  }

  private static var fix: JSON {
    let edit = record([
      "location": reference("location"),
      "text": text("What stands there afterwards; an empty place is where it is put in."),
    ])
    return record([
      "message": text("What the change does."),
      "safety": [
        "enum": ["safe", "unsafe"],
        "description": "`unsafe`: nothing waits for the proof yet, so the gate stays closed.",
      ],
      "edits": ["type": "array", "items": edit],
    ])
  }

  private static var location: JSON {
    record([
      "path": text("Relative to the working directory, with `/`."),
      "line": number("From 1."),
      "column": number("In Unicode characters, from 1."),
      "endLine": number("From 1."),
      "endColumn": number("After the last character."),
    ])
  }

  private static var station: JSON {
    record([
      "role": ["enum": ["generated", "gate", "passed", "consumed"]],
      "message": text("What happens here."),
      "location": reference("location"),
    ])
  }

  private static var evidence: JSON {
    let event = record(
      [
        "path": text("The log, where that is not the finding's own file."),
        "line": number("The line of the log, from 1."),
        "time": text("As written in the log."),
        "name": text("The event's name."),
      ], optional: ["path", "time"])
    return record(
      [
        "verdict": ["enum": ["violated", "inconclusive"]],
        "reason": text("The cause; where the log does not decide, why it does not."),
        "exposureMs": ["type": "number", "description": "From use to proof, in milliseconds."],
        "precisionMs": [
          "type": "number", "description": "How finely that is known, where not to 1 ms.",
        ],
        "output": text("The output's hash or request ID."),
        "certificate": text("The certificate's hash."),
        "events": ["type": "array", "items": event],
        "shared": text("What the events share: a field and its value."),
        "timeline": [
          "type": "integer", "minimum": 0, "description": "The output's story: an index.",
        ],
      ],
      optional: ["exposureMs", "precisionMs", "output", "certificate", "shared", "timeline"])
  }

  private static var observed: JSON {
    record(
      [
        "count": number("How many violating uses a matching log shows."),
        "worstExposureMs": ["type": "number", "description": "In milliseconds."],
        "first": reference("location"),
        "firstTime": text("As written in the log."),
      ], optional: ["worstExposureMs", "firstTime"])
  }

  private static var summary: JSON {
    let counts = [
      "findings", "errors", "warnings", "notes", "inconclusive", "suppressed", "baselined",
      "unchanged", "unlisted", "fixable", "definitions", "logs", "certificates", "attestations",
      "claims",
    ]
    return record(
      members: counts.map { ($0, ["type": "integer", "minimum": 0]) },
      optional: [
        "baselined", "unchanged", "unlisted", "fixable", "certificates", "attestations", "claims",
      ])
  }

  static func record(
    _ members: KeyValuePairs<String, JSON>, optional: Set<String> = []
  ) -> JSON {
    record(members: members.map { ($0.key, $0.value) }, optional: optional)
  }

  private static func record(members: [(String, JSON)], optional: Set<String>) -> JSON {
    let required = members.map(\.0).filter { !optional.contains($0) }
    return [
      "type": "object", "properties": .object(members),
      "required": .array(required.map(JSON.string)), "additionalProperties": false,
    ]
  }

  static func text(_ description: String) -> JSON {
    ["type": "string", "description": .string(description)]
  }

  static func number(_ description: String) -> JSON {
    ["type": "integer", "minimum": 1, "description": .string(description)]
  }

  static func reference(_ name: String) -> JSON {
    ["$ref": .string("#/$defs/\(name)")]
  }
}

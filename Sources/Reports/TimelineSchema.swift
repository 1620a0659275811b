import Findings
import Rules

/// The parts of ``FindingsSchema`` that describe stories and totals.
extension FindingsSchema {
  static var timeline: JSON {
    record(
      [
        "output": text("The output's hash, or its request's ID."),
        "certificate": text("Its first certificate."),
        "exposureMs": length("From the first early use to the certificate, else to the log's end."),
        "exposureIsLeast": flag("No certificate came: the exposure is at least so long."),
        "precisionMs": length("How finely it is known: 1000 for whole seconds."),
        "moments": [
          "type": "array", "items": reference("moment"),
          "description": "What happened, ordered by time.",
        ],
        "omittedMoments": number("How many further ones are not listed."),
        "chain": reference("chain"),
      ],
      optional: [
        "certificate", "exposureMs", "exposureIsLeast", "precisionMs", "omittedMoments", "chain",
      ])
  }

  static var moment: JSON {
    let tally = record([
      "value": text("As written in the log."), "count": number("How many events say so."),
    ])
    return record(
      [
        "kind": ["enum": .array(Moment.Kind.allCases.map { .string($0.rawValue) })],
        "name": text("The event's canonical name."),
        "sink": text("Its action, branch, cache key or label."),
        "path": text("The log."),
        "line": number("From 1; of several events, the first."),
        "lastLine": number("The last line of several events."),
        "count": number("How many events are folded into this one."),
        "tally": [
          "type": "array", "items": tally, "description": "What they say, such as votes by value.",
        ],
        "time": text("In UTC, in the log's own resolution."),
        "offsetMs": offset("From the response, else from the first moment with a time."),
        "lastOffsetMs": offset("Likewise for the last of several events."),
        "precisionMs": length("How finely the time is written: 1000 for whole seconds."),
        "service": text("Who wrote it, and so whose clock tells its time."),
        "early": flag("A use before its proof."),
      ],
      optional: [
        "sink", "lastLine", "count", "tally", "time", "offsetMs", "lastOffsetMs", "precisionMs",
        "service", "early",
      ])
  }

  static var chain: JSON {
    let link = record(
      [
        "output": text("Which output it carried."),
        "via": ["enum": .array(Chain.Via.allCases.map { .string($0.rawValue) })],
        "shared": text("What both ends share: the cache key, the request, the hash."),
        "source": ["type": "integer", "minimum": 0, "description": "The link it comes from."],
        "moment": reference("moment"),
      ], optional: ["shared", "source"])
    return record(
      [
        "firstOutput": text("The provisional output of the prompt that was used first."),
        "liveMs": length("From the first use to the end."),
        "precisionMs": length("How finely that is known."),
        "end": ["enum": .array(Chain.End.allCases.map { .string($0.rawValue) })],
        "links": [
          "type": "array", "items": link, "description": "What carried it on, ordered by time.",
        ],
        "omittedLinks": number("How many further ones are not listed."),
      ], optional: ["liveMs", "omittedLinks"])
  }

  static var totals: JSON {
    let count: JSON = ["type": "integer", "minimum": 0]
    let exposure = record(
      [
        "count": number("How many were measured."),
        "medianMs": length("Half of them are at most so long."),
        "p95Ms": length("95 of 100 are at most so long."),
        "maxMs": length("The longest."),
        "precisionMs": length("How finely they are known: the coarsest time decides."),
        "worstOutput": text("The output with the longest."),
        "worstPath": text("The log of that use."),
        "worstLine": number("The line of that use."),
      ], optional: ["worstOutput"])
    let row = record(
      [
        "name": ["type": "string", "description": "A rule's ID, a service, or `workflow/step`."],
        "uses": count, "violations": count, "exposure": exposure,
      ], optional: ["exposure"])
    let rows: JSON = ["type": "array", "items": row]
    return record(["rules": rows, "services": rows, "steps": rows])
  }

  private static func length(_ description: String) -> JSON {
    ["type": "number", "minimum": 0, "description": .string(description)]
  }

  private static func offset(_ description: String) -> JSON {
    ["type": "number", "description": .string(description)]
  }

  private static func flag(_ description: String) -> JSON {
    ["type": "boolean", "description": .string(description)]
  }
}

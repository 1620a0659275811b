import SourceText

/// The keys of a pattern, as documents write them.
private struct PatternKeys: Sendable {
  var http: Request?
  /// What is called, by the kind of call, in the order of the document.
  var names: [(kind: String, names: [String])] = []
  var arguments: [String: [String]] = [:]
  var without: [String] = []
  var unless: [String: [String]] = [:]
  var phase: String?

  struct Request: Sendable {
    var methods: [String] = []
    var urls: [String] = []
    var exceptions: [String] = []
  }

  static let kinds: [(key: String, summary: String)] = [
    ("uses", "GitHub actions and reusable workflows: `actions/cache@*`."),
    ("node", "Node types: `n8n-nodes-base.slack`."),
    ("resource", "Resource names: `arn:aws:states:::sns:publish*`."),
    ("image", "Container images."),
    ("container", "Container images that a job's steps run in; `digest` is an argument."),
    ("command", "Commands by the words they begin with; `--option` asks for an option."),
    ("model", "Models that an engine calls itself: `openai/gpt-4o`."),
    ("action", "Actions that an engine runs for a stage: `SLACK_SEND_MESSAGE`."),
    ("script", "Scripts in a language that is not followed: `python`."),
    ("flow", "Flows by their name: `author/flow*`."),
    (
      "function",
      "Functions of an engine's scripting interface: `github.rest.issues.createComment`."
    ),
    (
      "event",
      "Events that a workflow emits or listens for: `emit com.example.answer.ready`, `listen com.example.*`."
    ),
    (
      "file",
      "Files that mean something to the engine when they are written: `GITHUB_STEP_SUMMARY`."
    ),
  ]
}

extension Shape where Value == [CallPattern] {
  /// How a call is recognised; several commands are several patterns.
  package static var callPattern: Shape {
    let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]
    let request = Shape<PatternKeys.Request>.record(
      "a request", .init(),
      [
        .optional(
          "method", { $0.methods = $1 }, .oneOrMore(of: .word("an HTTP method", of: methods)),
          "The method or methods; any where it is absent."),
        .required("url", { $0.urls = $1 }, .oneOrMore(of: .text), "Globs for the whole URL."),
        .optional(
          "except", { $0.exceptions = $1 }, .oneOrMore(of: .text),
          "Globs for URLs that are not meant."),
      ])
    var keys: [Key<PatternKeys>] = [
      .optional("http", { $0.http = $1 }, request, "An HTTP request, whatever sends it.")
    ]
    for kind in PatternKeys.kinds {
      keys.append(
        .optional(
          kind.key, { $0.names.append((kind.key, $1)) }, .oneOrMore(of: .text), kind.summary))
    }
    keys += [
      .optional(
        "with", { $0.arguments = $1 }, .dictionary("argument", of: .oneOrMore(of: .scalarText)),
        "Arguments that must be there with one of these values; `*` is any value."),
      .optional(
        "without", { $0.without = $1 }, .oneOrMore(of: .text), "Arguments that must be absent."),
      .optional(
        "unless", { $0.unless = $1 }, .dictionary("argument", of: .oneOrMore(of: .scalarText)),
        "Arguments that must not have one of these values."),
      .optional(
        "phase", { $0.phase = $1 }, .word("a phase", of: ["main", "post"]),
        "`post` means what the call does after the job's other steps."),
    ]
    return Shape<PatternKeys>.record("a call", PatternKeys(), keys).then { keys, node, reading in
      patterns(of: keys, node, &reading)
    }
  }

  private static func patterns(
    of keys: PatternKeys, _ node: Node, _ reading: inout DocumentReading
  ) -> [CallPattern]? {
    let given = (keys.http == nil ? [] : ["http"]) + keys.names.map(\.kind)
    guard let kind = given.first else {
      let all = (["http"] + PatternKeys.kinds.map(\.key)).listed
      reading.report("a call needs one of the keys \(all)", at: node)
      return nil
    }
    if given.count > 1 {
      reading.report(
        "a call is recognised by one of \(given.listed), not by several",
        hint: "write one call for each", at: node)
      return nil
    }
    let blank = CallPattern(
      arguments: keys.arguments, without: keys.without, unless: keys.unless,
      phase: keys.phase == "post" ? "post" : nil)
    if let http = keys.http {
      var pattern = blank
      pattern.methods = http.methods
      pattern.urls = http.urls
      pattern.exceptURLs = http.exceptions
      return [pattern]
    }
    let names = keys.names.first?.names ?? []
    var whole = blank
    whole.kind = kind
    whole.names = names
    guard kind == "command" else { return [whole] }
    return names.map { line in
      let words = line.parts(by: " ").map(String.init)
      var pattern = whole
      pattern.names = [words.filter { !$0.hasPrefix("-") }.joined(separator: " ")]
      for option in words where option.hasPrefix("-") { pattern.arguments[option] = ["*"] }
      return pattern
    }
  }
}

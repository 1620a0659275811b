import SourceText

/// The keys of a pattern, as documents write them.
private struct PatternKeys: Sendable {
  var http: Request?
  var names: [String: [String]] = [:]
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

  subscript(kind: String) -> [String]? {
    get { names[kind] }
    set { names[kind] = newValue }
  }
}

extension Shape where Value == [CallPattern] {
  /// How a call is recognised; several commands are several patterns.
  package static var callPattern: Shape {
    let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]
    let request = Shape<PatternKeys.Request>.record(
      "a request", .init(),
      [
        .optional(
          "method", \.methods, .oneOrMore(of: .word("an HTTP method", of: methods)),
          "The method or methods; any where it is absent."),
        .required("url", \.urls, .oneOrMore(of: .text), "Globs for the whole URL."),
        .optional(
          "except", \.exceptions, .oneOrMore(of: .text), "Globs for URLs that are not meant."),
      ])
    var keys: [Key<PatternKeys>] = [
      .optional("http", \.http, request, "An HTTP request, whatever sends it.")
    ]
    for kind in PatternKeys.kinds {
      keys.append(.optional(kind.key, \.[kind.key], .oneOrMore(of: .text), kind.summary))
    }
    keys += [
      .optional(
        "with", \.arguments, .dictionary("argument", of: .oneOrMore(of: .scalarText)),
        "Arguments that must be there with one of these values; `*` is any value."),
      .optional("without", \.without, .oneOrMore(of: .text), "Arguments that must be absent."),
      .optional(
        "unless", \.unless, .dictionary("argument", of: .oneOrMore(of: .scalarText)),
        "Arguments that must not have one of these values."),
      .optional(
        "phase", \.phase, .word("a phase", of: ["main", "post"]),
        "`post` means what the call does after the job's other steps."),
    ]
    return Shape<PatternKeys>.record("a call", PatternKeys(), keys).then { keys, node, reading in
      patterns(of: keys, node, &reading)
    }
  }

  private static func patterns(
    of keys: PatternKeys, _ node: Node, _ reading: inout DocumentReading
  ) -> [CallPattern]? {
    let given =
      (keys.http == nil ? [] : ["http"])
      + PatternKeys.kinds.map(\.key).filter {
        keys.names[$0] != nil
      }
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
    let names = keys.names[kind] ?? []
    var whole = blank
    whole.kind = kind
    whole.names = names
    guard kind == "command" else { return [whole] }
    return names.map { line in
      let words = line.split(separator: " ").map(String.init)
      var pattern = whole
      pattern.names = [words.filter { !$0.hasPrefix("-") }.joined(separator: " ")]
      for option in words where option.hasPrefix("-") { pattern.arguments[option] = ["*"] }
      return pattern
    }
  }
}

import Expressions
import SourceText

/// A call that is an HTTP request: `fetch`, axios, n8n's own helpers.
struct JavaScriptRequest {
  var http: Call.HTTPRequest
  /// What the call gives back, from its result: the body, and the status beside it.
  var result: Value

  /// `nil` where the name is none of a known client.
  init?(name: String, arguments: [Value]) {
    let parts = name.parts(by: ".").map(String.init)
    guard let last = parts.last, let root = parts.first else { return nil }
    let first = arguments.first ?? .null
    switch true {
    case last == "fetch" || name == "nodeFetch" || name == "node-fetch":
      let options = arguments.dropFirst().first ?? .null
      http = Self.request(url: first, options: options, bodies: ["body"], fails: false)
      result = Self.response(body: "body", status: "status", andOK: true)
    case root == "axios" && parts.count == 1 || name == "axios.request":
      let isConfiguration = if case .record = first { true } else { false }
      let options = isConfiguration ? first : arguments.dropFirst().first ?? .null
      let url = isConfiguration ? options.selecting([.field("url")]) : first
      http = Self.request(url: url, options: options, bodies: ["data"], fails: true)
      result = Self.response(body: "data", status: "status", andOK: false)
    case root == "axios" && Self.methods.contains(last):
      let takesBody = ["post", "put", "patch"].contains(last)
      http = Call.HTTPRequest(
        method: last.uppercased(), url: first,
        body: takesBody ? arguments.dropFirst().first : nil, failsOnErrorStatus: true)
      result = Self.response(body: "data", status: "status", andOK: false)
    case name.hasPrefix("this.helpers.") && Self.helpers.contains(last):
      // With a credential's name first, the options come second.
      let options: Value = if case .record = first { first } else { arguments.last ?? .null }
      let url = options.selecting([.field("url")])
      let uri = options.selecting([.field("uri")])
      http = Self.request(
        url: url == .null ? uri : url, options: options, bodies: ["body", "json"],
        fails: options.literal("ignoreHttpStatusErrors") != "true")
      let isFull =
        options.literal("returnFullResponse") == "true"
        || options.literal("resolveWithFullResponse") == "true"
      result =
        isFull ? Self.response(body: "body", status: "statusCode", andOK: false) : .result([])
    case (root == "got" || root == "ky") && (parts.count == 1 || Self.methods.contains(last)):
      let options = arguments.dropFirst().first ?? .null
      http = Self.request(url: first, options: options, bodies: ["json", "body"], fails: true)
      if parts.count > 1 { http.method = last.uppercased() }
      result = Self.response(body: "body", status: "statusCode", andOK: root == "ky")
    case Self.pythonClients.contains(root) && (Self.methods.contains(last) || last == "request"):
      let isNamed = last == "request"
      let rest = Array(arguments.dropFirst(isNamed ? 2 : 1))
      let options = rest.last ?? .null
      let url = isNamed ? arguments.dropFirst().first ?? .null : first
      http = Self.request(
        url: url, options: options, bodies: ["json", "data", "content"], fails: false)
      http.method = isNamed ? first.literalText?.uppercased() ?? "POST" : last.uppercased()
      if http.body == nil, let body = rest.first, !body.isRecord { http.body = body }
      result = Self.pythonResponse
    case Self.nodeClients.contains(name):
      let isConfiguration = if case .record = first { true } else { false }
      let options = isConfiguration ? first : arguments.dropFirst().first ?? .null
      http = Self.request(
        url: isConfiguration ? Self.address(in: first, scheme: root) : first, options: options,
        bodies: [], fails: false)
      result = .result([])
    case name == "PowerShell.restMethod" || name == "PowerShell.webRequest":
      // Tables of arguments are written with capitals or without.
      let options = first.foldingNames
      http = Self.request(
        url: options.selecting([.field("uri")]), options: options, bodies: ["body"],
        fails: options.literal("skiphttperrorcheck") != "true")
      result =
        last == "restMethod"
        ? .result([])
        : .record([
          .init("Content", .result([])), .init("StatusCode", .result([.field("statusCode")])),
          .init("Headers", .result([.field("headers")])),
        ])
    case name == "urllib.request.urlopen":
      let isConfiguration = if case .record = first { true } else { false }
      let url = isConfiguration ? first.selecting([.field("url")]) : first
      http = Self.request(url: url, options: first, bodies: ["data"], fails: true)
      if http.body != nil, first.literal("method") == nil { http.method = "POST" }
      result = .result([])
    default:
      return nil
    }
  }

  /// Node's own: they answer to handlers.
  static let nodeClients: Set<String> = ["https.request", "https.get", "http.request", "http.get"]

  /// The address in the options of Node's clients.
  private static func address(in options: Value, scheme: String) -> Value {
    var host = options.selecting([.field("hostname")])
    if host == .null { host = options.selecting([.field("host")]) }
    let path = options.selecting([.field("path")])
    return .template([.literal("\(scheme)://"), host, path == .null ? .literal("/") : path])
  }

  private static let pythonClients: Set<String> = ["requests", "httpx", "aiohttp"]

  /// The body under each name that one client or another gives it.
  private static let pythonResponse = Value.record([
    .init("body", .result([])), .init("text", .result([])), .init("content", .result([])),
    .init("status_code", .result([.field("statusCode")])),
    .init("status", .result([.field("statusCode")])), .init("ok", success),
    .init("headers", .result([.field("headers")])),
  ])

  private static let success = Value.result([.field(Call.HTTPRequest.success)])

  private static let methods: Set<String> = ["get", "post", "put", "patch", "delete", "head"]
  private static let helpers: Set<String> = [
    "httpRequest", "request", "httpRequestWithAuthentication", "requestWithAuthentication",
  ]

  private static func request(
    url: Value, options: Value, bodies: [String], fails: Bool
  ) -> Call.HTTPRequest {
    var body: Value?
    for name in bodies where body == nil {
      let value = options.selecting([.field(name)])
      // `json: true` only says how to read the answer.
      if value != .null, value != .literal("true") { body = value }
    }
    let method = options.literal("method")?.uppercased() ?? "GET"
    return Call.HTTPRequest(method: method, url: url, body: body, failsOnErrorStatus: fails)
  }

  private static func response(body: String, status: String, andOK: Bool) -> Value {
    var fields: [Value.Field] = [
      .init(body, .result([])), .init(status, .result([.field("statusCode")])),
      .init("headers", .result([.field("headers")])),
    ]
    if andOK { fields.append(.init("ok", success)) }
    return .record(fields)
  }
}

extension Value {
  fileprivate var isRecord: Bool { if case .record = self { true } else { false } }

  /// A record whose names are in lower case.
  fileprivate var foldingNames: Value {
    switch self {
    case .record(let fields):
      .record(fields.map { .init($0.name.lowercased(), $0.value) })
    case .converted(Value.merging, .list(let parts)):
      .converted(Value.merging, .list(parts.map(\.foldingNames)))
    default: self
    }
  }

  fileprivate var literalText: String? {
    if case .literal(let text) = self { text } else { nil }
  }

  /// The literal text of a record's field.
  fileprivate func literal(_ name: String) -> String? {
    if case .literal(let text) = selecting([.field(name)]) { text } else { nil }
  }
}

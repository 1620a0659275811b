import Expressions
import SourceText

/// What an action calls: a request, an operation of a connector, a function, another workflow.
struct ConnectorCall {
  private(set) var call: Call
  /// The action goes on only when somebody answers.
  private(set) var waits = false

  init(type: String, place: LogicAppLowerer.Place, text: LogicAppText, path: String) {
    let inputs = place.inputs
    let tree = text.tree
    let location = SourceLocation(
      path: path, range: (place.body["type"] ?? place.body).range)
    call = Call(
      kind: "node", name: type, arguments: inputs.map { tree.arguments("", $0) } ?? [],
      location: location)
    waits = type.lowercased().hasSuffix("webhook")
    switch type.lowercased() {
    case "http", "httpwebhook", "httpswagger", "httpopenapi":
      let request = waits ? inputs?["subscribe"] ?? inputs : inputs
      call.kind = "http"
      call.name = "http"
      call.http = Call.HTTPRequest(
        method: request?["method"]?.text?.uppercased() ?? "GET",
        url: request?["uri"].map(text.value) ?? .unknown([]),
        body: request?["body"].map(tree.value), failsOnErrorStatus: true)
    case "apiconnection", "apiconnectionwebhook", "apiconnectionnotification":
      let connection = inputs?["host"]?["connection"]
      let reference = connection?["name"]?.text ?? connection?["referenceName"]?.text ?? ""
      let method = inputs?["method"]?.text?.uppercased() ?? (waits ? "POST" : "GET")
      let route = inputs?["path"]?.text ?? ""
      call.name = "\(Self.connector(reference)) \(method) \(Self.pattern(route))"
    case "openapiconnection", "openapiconnectionwebhook", "openapiconnectionnotification":
      let host = inputs?["host"]
      let api = host?["apiId"]?.text ?? host?["connectionName"]?.text ?? ""
      call.name = "\(Self.connector(api)) \(host?["operationId"]?.text ?? "")"
    case "serviceprovider":
      let configuration = inputs?["serviceProviderConfiguration"]
      let provider = configuration?["serviceProviderId"]?.text ?? ""
      call.name = "\(Self.connector(provider)) \(configuration?["operationId"]?.text ?? "")"
    case "function", "invokefunction":
      call.kind = "function"
      let name = inputs?["function"]?["id"]?.text ?? inputs?["functionName"]?.text ?? ""
      call.name = name.parts(by: "/").last.map(String.init) ?? name
    case "workflow", "invokeworkflow":
      call.kind = "flow"
      call.name = Self.workflow(inputs)
    default: break
    }
    if let operation = inputs?["host"]?["operationId"] ?? inputs?["path"] ?? inputs?["uri"] {
      call.location = SourceLocation(path: path, range: operation.range)
    }
  }

  /// The name of the workflow that an action runs.
  private static func workflow(_ inputs: Node?) -> String {
    let host = inputs?["host"]
    let name =
      host?["workflow"]?["id"]?.text ?? host?["workflowReferenceName"]?.text
      ?? inputs?["workflowId"]?.text ?? ""
    return resource(name)
  }

  /// The last name in ARM's `[resourceId('Microsoft.Logic/workflows', 'child')]`, `[parameters('child')]` or
  /// `[concat(…, 'child')]`, or in a path of resources; a plain name as it is.
  static func resource(_ text: String) -> String {
    let parts = text.split(separator: "'", omittingEmptySubsequences: false)
    let quoted = parts.indices.last { !$0.isMultiple(of: 2) && $0 + 1 < parts.count }
    let name = quoted.map { parts[$0] } ?? parts[0]
    return name.parts(by: "/").last.map(String.init) ?? String(name)
  }

  /// The connector's short name: of `/providers/…/apis/shared_office365`, `/serviceProviders/sql`,
  /// `@parameters('$connections')['slack']['connectionId']`.
  private static func connector(_ reference: String) -> String {
    var name = Substring(reference)
    if let own = ["$connections')['", "$connections']['"].lazy
      .compactMap({ reference.after(first: $0) }).first
    {
      name = Substring(own.utf8.prefix { $0 != UInt8(ascii: "'") })
    } else if let last = reference.after(last: "/") {
      name = last
    }
    if name.hasPrefix("shared_") { name = name.dropFirst("shared_".count) }
    // A second connection to the same service has a number behind its name.
    if let mark = name.lastIndex(where: { $0 == "-" || $0 == "_" }),
      name[name.index(after: mark)...].allSatisfy(\.isNumber)
    {
      name = name[..<mark]
    }
    return String(name).lowercased()
  }

  /// A path with `{}` for each computed part.
  private static func pattern(_ path: String) -> String {
    let bytes = Array(path.utf8)
    var result: [UInt8] = []
    var position = 0
    for hole in TextHoles.find(in: bytes, opening: "@{", quotes: "'", escapes: false) {
      result += bytes[position..<hole.whole.start] + Array("{}".utf8)
      position = hole.whole.end
    }
    return String(decoding: result + bytes[position...], as: UTF8.self)
  }
}

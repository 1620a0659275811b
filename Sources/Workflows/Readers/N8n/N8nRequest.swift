import Expressions
import SourceText

/// HTTP Request nodes of all versions, and what a workflow answers to its webhook.
struct N8nRequest {
  var http: Call.HTTPRequest
  /// The node's item.
  var output: Value

  init(node: N8nNode, text: N8nText) {
    let response = node.parameter("options", "response", "response")
    func option(_ key: String) -> String? {
      response?[key]?.text ?? node.text("options", key)
    }
    let method = node.text("method") ?? node.text("requestMethod") ?? "GET"
    let ignoresStatus =
      option("neverError") == "true" || node.text("options", "ignoreResponseCode") == "true"
    http = Call.HTTPRequest(
      method: method.uppercased(), url: text.value(node.parameter("url")),
      body: Self.body(node, text), failsOnErrorStatus: !ignoresStatus)
    let format = response?["responseFormat"]?.text ?? node.text("responseFormat")
    let name =
      response?["outputPropertyName"]?.text ?? node.text("dataPropertyName") ?? "data"
    var body: Value = .result([])
    if format == "text" || format == "string" { body = .record([.init(name, body)]) }
    guard option("fullResponse") == "true" else {
      output = body
      return
    }
    // The whole answer: the status stands beside the body.
    output = .record([
      .init("body", .result([])), .init("statusCode", .result([.field("statusCode")])),
      .init("headers", .result([.field("headers")])),
      .init("statusMessage", .result([.field("statusMessage")])),
    ])
  }

  private static func body(_ node: N8nNode, _ text: N8nText) -> Value? {
    for key in ["jsonBody", "bodyParametersJson"] {
      if let json = node.parameter(key), json.text?.isEmpty == false { return text.json(json) }
    }
    for list in [
      node.parameter("bodyParameters", "parameters"),
      node.parameter("bodyParametersUi", "parameter"),
    ] {
      guard let items = list?.items, !items.isEmpty else { continue }
      return .record(
        items.compactMap { item in
          item["name"]?.text.map { .init($0, text.value(item["value"])) }
        })
    }
    if let raw = node.parameter("body") { return text.json(raw) }
    return nil
  }

  /// What a Respond to Webhook node answers, `nil` for nothing.
  static func answer(of node: N8nNode, text: N8nText, input: Value) -> Value? {
    switch node.text("respondWith") ?? "firstIncomingItem" {
    case "noData", "redirect", "binary", "jwt": nil
    case "json": text.json(node.parameter("responseBody"))
    case "text": text.value(node.parameter("responseBody"))
    default: input
    }
  }
}

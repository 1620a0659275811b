import SourceText

/// An operation of an OpenAPI document that lies beside the definition.
struct OpenAPIOperation {
  var method: String
  var url: String

  /// Takes a reference such as `specs/api.yaml#generate`; `nil` where the document or the operation is not there.
  init?(_ reference: String, in lowerer: StateLowerer) {
    let parts = reference.split(separator: "#").map(String.init)
    guard parts.count > 1, let name = parts.last,
      let document = lowerer.neighbour(parts[0])?.tree.documents.first
    else { return nil }
    let servers = document["servers"]?.items.first?["url"]?.text
    let scheme = document["schemes"]?.items.first?.text ?? "https"
    let host = document["host"]?.text.map { "\(scheme)://\($0)\(document["basePath"]?.text ?? "")" }
    for path in document["paths"]?.entries ?? [] {
      for operation in path.value.entries where operation.value["operationId"]?.text == name {
        guard let method = operation.key.text, let place = path.key.text else { return nil }
        self.method = method.uppercased()
        var base = servers ?? host ?? ""
        if base.hasSuffix("/") { base.removeLast() }
        url = base + place
        return
      }
    }
    return nil
  }
}

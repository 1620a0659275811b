import SourceText

/// An operation of an OpenAPI document that lies beside the definition.
struct OpenAPIOperation {
  var method: String
  var url: String

  /// Takes a reference such as `specs/api.yaml#generate`; `nil` where the document or the operation is not there.
  init?(_ reference: String, beside context: ReadingContext) {
    let parts = reference.parts(by: "#").map(String.init)
    guard parts.count > 1, let name = parts.last,
      let document = context.neighbour(of: parts[0])?.tree.documents.first
    else { return nil }
    let server = document["servers"]?.items.first?["url"]?.text
    let scheme = document["schemes"]?.items.first?.text ?? "https"
    let host = document["host"]?.text.map { "\(scheme)://\($0)\(document["basePath"]?.text ?? "")" }
    for path in document["paths"]?.entries ?? [] {
      for operation in path.value.entries where operation.value["operationId"]?.text == name {
        guard let method = operation.key.text, let place = path.key.text else { return nil }
        self.method = method.uppercased()
        var base = server ?? host ?? ""
        if base.hasSuffix("/") { base.removeLast() }
        url = base + place
        return
      }
    }
    return nil
  }
}

extension ReadingContext {
  /// A file that the definition names, from where the definition lies.
  func neighbour(of place: String) -> (file: SourceFile, tree: SourceTree)? {
    var place = Substring(place)
    for prefix in ["file://", "classpath:"] where place.hasPrefix(prefix) {
      place = place.dropFirst(prefix.count)
    }
    guard !place.holds("://"), !place.hasPrefix("/") else { return nil }
    var parts = file.path.parts(by: "/").dropLast().map(String.init)
    for part in place.parts(by: "/") {
      switch part {
      case ".": continue
      case "..": guard parts.popLast() != nil else { return nil }
      default: parts.append(String(part))
      }
    }
    return neighbour(parts.joined(separator: "/"))
  }
}

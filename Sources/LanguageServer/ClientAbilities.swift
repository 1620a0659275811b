import SourceText

/// What the client says it can do, as far as our answers depend on it.
struct ClientAbilities: Sendable {
  var encoding = PositionEncoding.utf16
  var showsRelatedInformation = false
  var showsTags = false
  var showsCodeDescriptions = false
  var takesDocumentChanges = false
  var registersWatchers = false
  var readsMarkdown = true

  init() {}

  /// Reads the parameters of `initialize`.
  init(_ parameters: Node?) {
    let capabilities = parameters?["capabilities"]
    let encodings = capabilities?.at("general", "positionEncodings")?.items ?? []
    // Ours are bytes: where the client can, nothing needs to be counted twice.
    if encodings.contains(where: { $0.string == PositionEncoding.utf8.rawValue }) {
      encoding = .utf8
    }
    let diagnostics = capabilities?.at("textDocument", "publishDiagnostics")
    showsRelatedInformation = diagnostics?["relatedInformation"]?.boolean == true
    showsTags = diagnostics?["tagSupport"].map { !$0.isNull && $0.boolean != false } == true
    showsCodeDescriptions = diagnostics?["codeDescriptionSupport"]?.boolean == true
    let workspace = capabilities?["workspace"]
    takesDocumentChanges = workspace?.at("workspaceEdit", "documentChanges")?.boolean == true
    registersWatchers =
      workspace?.at("didChangeWatchedFiles", "dynamicRegistration")?.boolean == true
    let formats = capabilities?.at("textDocument", "hover", "contentFormat")?.items ?? []
    readsMarkdown = formats.isEmpty || formats.contains { $0.string == "markdown" }
  }
}

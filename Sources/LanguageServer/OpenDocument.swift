import MiraLint
import SourceText

/// A document that the client has open.
struct OpenDocument: Sendable {
  /// As the client writes it: other spellings of the same name are other documents to it.
  let uri: String
  /// Where it is, or would be, saved; absolute.
  let path: String
  var version: Int?
  private(set) var file: SourceFile

  init(uri: String, path: String, version: Int?, text: String) {
    self.uri = uri
    self.path = path
    self.version = version
    file = SourceFile(path: path, bytes: Array(text.utf8))
  }

  /// Applies one change of `textDocument/didChange`.
  ///
  /// - Returns: whether it could be understood.
  mutating func apply(_ change: Node, _ encoding: PositionEncoding) -> Bool {
    guard let text = change["text"]?.string else { return false }
    guard let written = change["range"], !written.isNull else {
      file = SourceFile(path: path, bytes: Array(text.utf8))
      return true
    }
    guard let range = PositionRange(written) else { return false }
    let start = encoding.offset(of: range.start, in: file)
    let end = max(start, encoding.offset(of: range.end, in: file))
    var bytes = file.bytes
    bytes.replaceSubrange(start..<end, with: text.utf8)
    file = SourceFile(path: path, bytes: bytes)
    return true
  }

  /// A name for what has never been saved: by it a definition is told from other texts.
  static func path(ofUnsaved uri: String, language: String?, in directory: String) -> String {
    let name = DocumentAddress.name(of: uri)
    let kinds = [
      "yaml": "yml", "json": "json", "jsonc": "jsonc", "json5": "json5", "xml": "xml",
      "markdown": "md", "jsonl": "jsonl", "ndjson": "ndjson", "github-actions-workflow": "yml",
      "dockercompose": "yml", "gitlab-ci": "yml",
    ]
    guard FilePath.fileExtension(name).isEmpty, let kind = language.flatMap({ kinds[$0] }) else {
      return FilePath.join(directory, name)
    }
    return FilePath.join(directory, "\(name).\(kind)")
  }
}

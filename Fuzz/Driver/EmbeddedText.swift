import SourceText
import Workflows

/// Definitions around a text that is fuzzed, so that it goes through the parser and everything built on it.
package enum EmbeddedText {
  /// Reads a definition in JSON with `TEXT` replaced by the input as a JSON string.
  package static func read(_ input: [UInt8], in definition: String, as engine: String) {
    let text = String(decoding: input, as: UTF8.self)
    let parts = definition.split(separator: "TEXT", omittingEmptySubsequences: false)
    let document = parts.joined(separator: escaped(text))
    let file = SourceFile(path: "fuzzed.json", bytes: Array(document.utf8))
    let tree = JSONReader.read(file)
    guard let root = tree.documents.first, let reader = WorkflowReaders.reader(of: engine) else {
      fatalError("the definition around the input is broken")
    }
    _ = reader.read(root, in: ReadingContext(file: file) { _ in nil })
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": escaped += "\\\""
      case "\\": escaped += "\\\\"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

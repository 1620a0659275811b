import SourceText
import Synchronization

/// Files that definitions refer to, each read once for all of them.
final class NeighbourFiles: Sendable {
  /// A definition's source with its tree.
  typealias Source = (file: SourceFile, tree: SourceTree)

  private let workingDirectory: String
  private let known = Mutex<[String: Source?]>([:])

  init(workingDirectory: String) { self.workingDirectory = workingDirectory }

  /// The file under a path from a root, `nil` where it is absent or lies outside.
  func source(_ path: String, below root: String) -> Source? {
    let absolute = FilePath.absolute(path, from: root)
    guard FilePath.relative(absolute, to: root)?.isEmpty == false else { return nil }
    if let source = known.withLock({ $0[absolute] }) { return source }
    let source = read(absolute, below: root)
    known.withLock { $0[absolute] = .some(source) }
    return source
  }

  /// A file that was read, by its path as reports show it.
  func file(shownAs path: String) -> SourceFile? {
    known.withLock { known in
      for case let source? in known.values where source.file.path == path { return source.file }
      return nil
    }
  }

  /// Every file that was read, by its path as reports show it.
  var all: [String: Source] {
    known.withLock { known in
      Dictionary(
        known.values.compactMap(\.self).map { ($0.file.path, $0) },
        uniquingKeysWith: { first, _ in first })
    }
  }

  private func read(_ absolute: String, below root: String) -> Source? {
    // A link must not lead out of the repository.
    guard let real = FileSystem.absolutePath(absolute),
      let realRoot = FileSystem.absolutePath(root),
      FilePath.relative(real, to: realRoot) != nil, FileSystem.kind(of: real) == .file,
      let raw = try? FileSystem.read(real, upTo: Limits.fileBytes)
    else { return nil }
    let path = FilePath.relative(absolute, to: workingDirectory) ?? absolute
    let file = SourceDecoder.decode(path: path, raw: raw).file
    return (file, SourceForm(path: absolute, bytes: file.bytes).read(file))
  }
}

/// What a definition is written in.
enum SourceForm {
  case json, yaml, xml

  /// By the name, else by the first character.
  init(path: String, bytes: [UInt8]) {
    switch FilePath.fileExtension(path) {
    case "json", "jsonc", "json5", "asl": self = .json
    case "yml", "yaml": self = .yaml
    case "xml", "bpmn", "bpmn2": self = .xml
    default:
      let first = bytes.first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
      switch first {
      case UInt8(ascii: "{"), UInt8(ascii: "["): self = .json
      case UInt8(ascii: "<"): self = .xml
      default: self = .yaml
      }
    }
  }

  func read(_ file: SourceFile) -> SourceTree {
    switch self {
    case .json: JSONReader.read(file)
    case .yaml: YAMLReader.read(file)
    case .xml: XMLReader.read(file)
    }
  }
}

import SourceText
import Synchronization
import Workflows

/// Files that definitions refer to, each read once for all of them.
final class NeighbourFiles: Sendable {
  /// A definition's source with its tree.
  typealias Source = (file: SourceFile, tree: SourceTree)

  private let workingDirectory: String
  /// Texts that an editor holds, by absolute path: they stand for the files.
  private let openTexts: [String: [UInt8]]
  private let known = Mutex<[String: Source?]>([:])
  /// Directories with their links resolved, and `nil` for what is not there: many files have few.
  private let realDirectories = Mutex<[String: String?]>([:])
  /// What stands in directories: neighbours have the same ones around them.
  private let listings = Mutex<[String: [(name: String, kind: FileSystem.Kind)]]>([:])
  private let around = Mutex<[Surroundings: [Source]]>([:])

  private struct Surroundings: Hashable {
    var directory: String
    var kind: DefinitionFiles
  }

  /// A repository that keeps more definitions than this near each other is searched no further.
  private static let mostSurroundings = 200

  init(workingDirectory: String, openTexts: [String: [UInt8]] = [:]) {
    self.workingDirectory = workingDirectory
    self.openTexts = openTexts
  }

  /// The absolute paths of all files that definitions asked for, those that are absent too.
  var consulted: Set<String> { Set(known.withLock { $0.keys }) }

  /// The file under a path from a root, `nil` where it is absent or lies outside.
  func source(_ path: String, below root: String) -> Source? {
    let absolute = FilePath.absolute(path, from: root)
    guard FilePath.relative(absolute, to: root)?.isEmpty == false else { return nil }
    if let source = known.withLock({ $0[absolute] }) { return source }
    let source = read(absolute, below: root)
    known.withLock { $0[absolute] = .some(source) }
    return source
  }

  /// The tree of a file that was read as another one's neighbour.
  func tree(of file: SourceFile, at absolute: String) -> SourceTree? {
    guard let source = known.withLock({ $0[absolute] }) ?? nil, source.file.bytes == file.bytes,
      // A script was not taken apart.
      !source.tree.documents.isEmpty
    else { return nil }
    return source.tree
  }

  /// The path from a root of a file by its path as reports show it, `nil` where it lies outside.
  func path(_ shown: String, below root: String) -> String? {
    FilePath.relative(FilePath.absolute(shown, from: workingDirectory), to: root)
  }

  /// A script under a path from a root, `nil` where it is absent or lies outside.
  func script(_ path: String, below root: String) -> SourceFile? {
    let absolute = FilePath.absolute(path, from: root)
    guard FilePath.relative(absolute, to: root)?.isEmpty == false else { return nil }
    if let source = known.withLock({ $0[absolute] }) { return source?.file }
    let file = file(absolute, below: root)
    known.withLock {
      $0[absolute] = .some(file.map { ($0, SourceTree(documents: [], comments: [], problems: [])) })
    }
    return file
  }

  /// The YAML files beside a file, in the directory above, and in the directories of both.
  func surroundings(of path: String, below root: String) -> [Source] {
    surroundings(of: path, below: root, Self.yaml)
  }

  /// The files of a kind beside a file, in the directory above, and in the directories of both.
  func surroundings(
    of path: String, below root: String, _ kind: DefinitionFiles
  ) -> [Source] {
    let directory = FilePath.parent(FilePath.absolute(path, from: root))
    let place = Surroundings(directory: directory, kind: kind)
    if let found = around.withLock({ $0[place] }) { return found }
    var paths: [String] = []
    for folder in [directory, FilePath.parent(directory)]
    where FilePath.relative(folder, to: root) != nil {
      var inner: [String] = []
      for entry in entries(of: folder) {
        let name = FilePath.join(folder, entry.name)
        switch entry.kind {
        case .file where kind.includes(name): paths.append(name)
        case .directory where !entry.name.hasPrefix("."): inner.append(name)
        default: break
        }
      }
      for folder in inner where paths.count < Self.mostSurroundings {
        for entry in entries(of: folder) where entry.kind == .file {
          let name = FilePath.join(folder, entry.name)
          if kind.includes(name) { paths.append(name) }
        }
      }
    }
    var seen: Set<String> = []
    let sources = paths.filter { seen.insert($0).inserted }.prefix(Self.mostSurroundings)
      .compactMap { source($0, below: root, containing: kind.mark) }
    around.withLock { $0[place] = sources }
    return sources
  }

  private func entries(of directory: String) -> [(name: String, kind: FileSystem.Kind)] {
    if let known = listings.withLock({ $0[directory] }) { return known }
    let entries = (try? FileSystem.entries(of: directory)) ?? []
    listings.withLock { $0[directory] = entries }
    return entries
  }

  private static let yaml = DefinitionFiles(["yml", "yaml"], containing: "")

  /// A file that holds a text; one that does not is not read as a definition.
  private func source(_ path: String, below root: String, containing mark: String) -> Source? {
    if !mark.isEmpty, known.withLock({ $0[path] }) == nil,
      let file = file(path, below: root), !BytePattern(Array(mark.utf8)).isFound(in: file.bytes)
    {
      return nil
    }
    return source(path, below: root)
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
    file(absolute, below: root).map { file in
      (file, SourceForm(path: absolute, bytes: file.bytes).read(file))
    }
  }

  private func realDirectory(_ path: String) -> String? {
    realDirectories.withLock { known in
      if let real = known[path] { return real }
      let real = FileSystem.absolutePath(path)
      known[path] = .some(real)
      return real
    }
  }

  /// The path of a file with every link resolved, `nil` for what is no file.
  private func realPath(_ absolute: String) -> String? {
    switch FileSystem.kind(of: absolute, followingLinks: false) {
    case .file?:
      return realDirectory(FilePath.parent(absolute)).map {
        FilePath.join($0, String(FilePath.name(absolute)))
      }
    case .link?:
      let real = FileSystem.absolutePath(absolute)
      return real.flatMap { FileSystem.kind(of: $0) == .file ? $0 : nil }
    case .directory?, .other?, nil: return nil
    }
  }

  private func file(_ absolute: String, below root: String) -> SourceFile? {
    let path = FilePath.relative(absolute, to: workingDirectory) ?? absolute
    if let text = openTexts[absolute] {
      return SourceDecoder.decode(path: path, raw: text).file
    }
    // A link must not lead out of the repository.
    guard let real = realPath(absolute), let realRoot = realDirectory(root),
      FilePath.relative(real, to: realRoot) != nil,
      let raw = try? FileSystem.read(real, upTo: Limits.fileBytes)
    else { return nil }
    return SourceDecoder.decode(path: path, raw: raw).file
  }
}

/// What a definition is written in.
enum SourceForm {
  case json, yaml, xml, markdown

  /// By the name, else by the first character.
  init(path: String, bytes: [UInt8]) {
    switch FilePath.fileExtension(path) {
    case "json", "jsonc", "json5", "asl": self = .json
    case "yml", "yaml": self = .yaml
    case "xml", "bpmn", "bpmn2": self = .xml
    case "md": self = .markdown
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
    case .xml: WorkflowReaders.tree(ofXML: file)
    case .markdown: FrontMatterReader.read(file)
    }
  }
}

extension DefinitionFiles {
  fileprivate func includes(_ path: String) -> Bool {
    extensions.contains(FilePath.fileExtension(path))
  }
}

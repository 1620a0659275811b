import BuiltinRules
package import Rules
package import SourceText

/// The built-in documents together with the user's.
package enum RuleLibrary {
  private static let builtIn = EmbeddedLibrary { BuiltinRules.documents }

  /// Reads everything that the settings name.
  package static func book(for settings: Settings) throws(LinterError) -> RuleBook {
    var layers: [[SourceFile]] = []
    for path in settings.rulePaths {
      layers.append(try documents(at: path, from: settings.workingDirectory))
    }
    var named: [[SourceFile]] = []
    for path in settings.protocolPaths where !OptInProtocol.isName(path) {
      named.append(try documents(at: path, from: settings.workingDirectory))
    }
    let names = settings.protocolPaths.filter(OptInProtocol.isName)
    var book = RuleBook(
      embedded: builtIn, users: layers, named: named, optedIn: Set(names))
    try check(names, against: book.protocols.map(\.name))
    let errors = book.problems.filter { $0.severity == .error }
    guard errors.isEmpty else { throw .brokenDocuments(errors.map(\.description)) }
    if let threshold = settings.threshold { book.setThreshold(threshold) }
    return book
  }

  /// The built-in protocols that judge only where they are named.
  package static var optInProtocols: [String] {
    BuiltinRules.documents.compactMap { OptInProtocol.name(in: $0.text) }
  }

  private static func check(
    _ names: [String], against loaded: [String]
  ) throws(LinterError) {
    guard let unknown = names.first(where: { !loaded.contains($0) }) else { return }
    let known = Array(Set(loaded + optInProtocols)).sorted()
    throw .unknownProtocol(
      unknown, suggestion: Closeness.nearest(to: unknown, among: known), known: known)
  }

  /// The YAML files at a path, in the order of their names.
  private static func documents(
    at path: String, from workingDirectory: String
  ) throws(LinterError) -> [SourceFile] {
    let absolute = FilePath.absolute(path, from: workingDirectory)
    let path = FilePath.relative(absolute, to: workingDirectory) ?? path
    switch FileSystem.kind(of: absolute) {
    case nil: throw .unreadable(path: path, reason: "no such file or directory")
    case .directory?: return try walk(absolute, shownAs: path)
    case .file?, .link?, .other?: return [try document(absolute, shownAs: path)]
    }
  }

  private static func walk(
    _ directory: String, shownAs path: String
  ) throws(LinterError) -> [SourceFile] {
    let entries: [(name: String, kind: FileSystem.Kind)]
    do throws(FileSystem.Failure) {
      entries = try FileSystem.entries(of: directory)
    } catch {
      throw .unreadable(path: path, reason: error.words)
    }
    var files: [SourceFile] = []
    for (name, kind) in entries where !name.hasPrefix(".") {
      let inside = FilePath.join(directory, name)
      let shown = FilePath.join(path, name)
      if kind == .directory {
        // Definitions that show the rules at work.
        if name == ExampleFolder.besideRules { continue }
        files += try walk(inside, shownAs: shown)
      } else if ["yml", "yaml"].contains(FilePath.fileExtension(name)) {
        files.append(try document(inside, shownAs: shown))
      }
    }
    return files
  }

  package static func document(
    _ absolute: String, shownAs path: String
  ) throws(LinterError) -> SourceFile {
    do throws(FileSystem.Failure) {
      let raw = try FileSystem.read(absolute, upTo: Limits.fileBytes)
      return SourceDecoder.decode(path: path, raw: raw).file
    } catch {
      throw .unreadable(path: path, reason: error.words)
    }
  }
}

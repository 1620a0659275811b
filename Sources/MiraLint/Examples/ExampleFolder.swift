/// Where rules' examples stand.
package enum ExampleFolder {
  /// The folder of this project and of repositories that look like it.
  package static let standard = "testdata/rules"
  /// Says whose signatures count in an example.
  static let trustFile = "trust.yml"
  /// Beside a user's rules; never read as rules.
  static let besideRules = "testdata"

  /// The folder whose examples are meant, and the rules to load for them.
  ///
  /// - Parameters:
  ///   - path: what the user named: a folder of examples, or a folder of rules with examples in its `testdata`; `nil`
  ///     for what stands in the working directory or beside the rules of the settings.
  ///   - settings: get the rules of the folder that was named.
  /// - Returns: the folder, as a path like the one that was named.
  package static func find(_ path: String?, for settings: inout Settings) -> String {
    guard let path else {
      if isDirectory(standard, settings) { return standard }
      let beside = settings.rulePaths.map { FilePath.join($0, besideRules) }
      return beside.first { isDirectory($0, settings) } ?? standard
    }
    let inside = FilePath.join(path, besideRules)
    guard isDirectory(inside, settings), holdsDocuments(path, settings) else { return path }
    if !settings.rulePaths.contains(path) { settings.rulePaths.append(path) }
    return inside
  }

  private static func isDirectory(_ path: String, _ settings: Settings) -> Bool {
    FileSystem.kind(of: FilePath.absolute(path, from: settings.workingDirectory)) == .directory
  }

  private static func holdsDocuments(_ path: String, _ settings: Settings) -> Bool {
    let absolute = FilePath.absolute(path, from: settings.workingDirectory)
    let entries = (try? FileSystem.entries(of: absolute)) ?? []
    return entries.contains { name, kind in
      kind == .file && !name.hasPrefix(".")
        && ["yml", "yaml"].contains(FilePath.fileExtension(name))
    }
  }
}

/// The state of all documents that decide how a run judges: a run that goes on compares it to learn when to begin anew.
package struct SettingsStamp: Sendable, Equatable {
  private var files: [String: FileSystem.Stamp?] = [:]

  /// - Parameters:
  ///   - workingDirectory: where the configuration is looked for.
  ///   - settings: what the run has been told; `nil` where that could not be read.
  ///   - given: the configuration that the user named, as an absolute path.
  package init(workingDirectory: String, settings: Settings?, given: String?) {
    for path in ConfigurationFinder.candidates(for: workingDirectory) + (given.map { [$0] } ?? []) {
      files[path] = FileSystem.stamp(of: path)
    }
    guard let settings else { return }
    let named =
      settings.rulePaths + settings.protocolPaths + [settings.baselinePath].compactMap(\.self)
    for path in named { add(FilePath.absolute(path, from: settings.workingDirectory)) }
  }

  private mutating func add(_ path: String) {
    files[path] = FileSystem.stamp(of: path)
    guard FileSystem.kind(of: path) == .directory else { return }
    for (name, kind) in (try? FileSystem.entries(of: path)) ?? [] where !name.hasPrefix(".") {
      let inside = FilePath.join(path, name)
      if kind == .directory || ["yml", "yaml"].contains(FilePath.fileExtension(name)) {
        add(inside)
      }
    }
  }
}

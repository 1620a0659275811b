import Rules
import SourceText

/// Finds and reads the configuration file.
package enum ConfigurationFinder {
  /// The file that holds for a directory: in it, or above it up to the root of its repository.
  ///
  /// - Returns: its absolute path, `nil` where there is none.
  package static func path(for directory: String) -> String? {
    candidates(for: directory).first { FileSystem.kind(of: $0) == .file }
  }

  /// Where the file may stand, the nearest first.
  static func candidates(for directory: String) -> [String] {
    var candidates: [String] = []
    for ancestor in FilePath.ancestors(of: directory) {
      candidates += Configuration.fileNames.map { FilePath.join(ancestor, $0) }
      if FileSystem.kind(of: FilePath.join(ancestor, ".git")) != nil { break }
    }
    return candidates
  }

  /// The path as seen from the working directory, which it may lie above.
  static func shown(_ path: String, in workingDirectory: String) -> String {
    if let relative = FilePath.relative(path, to: workingDirectory) {
      return relative.isEmpty ? "." : relative
    }
    let directories = FilePath.ancestors(of: workingDirectory)
    guard let steps = directories.firstIndex(of: FilePath.parent(path)) else { return path }
    return String(repeating: "../", count: steps) + FilePath.name(path)
  }

  /// Reads a file by its absolute path; an empty one says nothing.
  package static func read(
    _ path: String, workingDirectory: String
  ) throws(LinterError) -> Configuration {
    let shown = shown(path, in: workingDirectory)
    let file = try RuleLibrary.document(path, shownAs: shown)
    let tree = YAMLReader.read(file)
    var reading = DocumentReading(file: file)
    for problem in tree.problems {
      reading.report(problem.message, hint: problem.hint, at: problem.range)
    }
    for extra in tree.documents.dropFirst() {
      reading.report("the configuration is one document", at: extra)
    }
    var configuration: Configuration?
    if !reading.failed, let document = tree.documents.first, !document.isNull {
      configuration = Shape<Configuration>.configuration.read(document, &reading)
    }
    let errors = reading.problems.filter { $0.severity == .error }
    guard errors.isEmpty else { throw .brokenDocuments(errors.map(\.description)) }
    return configuration ?? Configuration()
  }
}

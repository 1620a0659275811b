import Foundation
import PackagePlugin

@main struct EmbedRules: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let root = context.package.directoryURL.appending(path: "rules")
    let found = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    let documents = (found?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "yml" }
      .sorted { $0.path() < $1.path() }
    let rules = Set(documents.map { $0.deletingPathExtension().lastPathComponent })
    let examples = Self.examples(below: context.package.directoryURL, of: rules)
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedDocuments.swift")
    return [
      .buildCommand(
        displayName: "Embedding rules", executable: try context.tool(named: "embed-rules").url,
        arguments: [output.path(), root.path()] + documents.map { $0.path() }
          + ["--examples", examples.root.path()] + examples.files.map { $0.path() },
        inputFiles: documents + examples.files, outputFiles: [output])
    ]
  }

  /// The smallest bad and the smallest good example of each rule: its page shows them, and nothing is kept twice.
  private static func examples(below package: URL, of rules: Set<String>) -> (
    root: URL, files: [URL]
  ) {
    let root = package.appending(path: "testdata/rules")
    var files: [URL] = []
    for rule in rules.sorted() {
      let directory = root.appending(path: rule)
      let found = try? FileManager.default.contentsOfDirectory(
        at: directory, includingPropertiesForKeys: [.fileSizeKey, .isRegularFileKey])
      let sized = (found ?? []).compactMap { url -> (size: Int, url: URL)? in
        guard let values = try? url.resourceValues(forKeys: [.fileSizeKey, .isRegularFileKey]),
          values.isRegularFile == true, url.pathExtension != "expect"
        else { return nil }
        return (values.fileSize ?? 0, url)
      }
      for kind in ["bad", "good"] {
        let smallest = sized.filter { $0.url.lastPathComponent.hasPrefix(kind) }
          .min { ($0.size, $0.url.path()) < ($1.size, $1.url.path()) }
        if let smallest { files.append(smallest.url) }
      }
    }
    return (root, files)
  }
}

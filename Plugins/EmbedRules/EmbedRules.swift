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

  /// A small bad and a small good example of each rule, of one format where both have it: its page shows them, and
  /// nothing is kept twice.
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
          values.isRegularFile == true, url.pathExtension != "expect",
          !url.lastPathComponent.hasSuffix("trust.yml")
        else { return nil }
        return (values.fileSize ?? 0, url)
      }
      func smallest(_ kind: String, _ format: String? = nil) -> (size: Int, url: URL)? {
        sized.filter { file in
          let name = file.url.lastPathComponent
          return name.hasPrefix(kind) && (format.map { name.hasSuffix($0) } ?? true)
        }.min { ($0.size, $0.url.path()) < ($1.size, $1.url.path()) }
      }
      // What most people know comes first.
      let formats = [".github-actions.yml"] + sized.map { Self.format(of: $0.url) }.sorted()
      let pair = formats.lazy.compactMap { format -> [URL]? in
        guard let bad = smallest("bad", format), let good = smallest("good", format) else {
          return nil
        }
        return [bad.url, good.url]
      }.first
      files += pair ?? ["bad", "good"].compactMap { smallest($0)?.url }
    }
    return (root, files)
  }

  /// How a file's name ends after what it shows: `.argo-workflows.yaml`.
  private static func format(of file: URL) -> String {
    let parts = file.lastPathComponent.split(separator: ".").suffix(2)
    return "." + parts.joined(separator: ".")
  }
}

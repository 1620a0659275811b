import Foundation
import PackagePlugin

@main struct EmbedRules: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let root = context.package.directoryURL.appending(path: "rules")
    let found = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    let documents = (found?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "yml" }
      .sorted { $0.path() < $1.path() }
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedDocuments.swift")
    return [
      .buildCommand(
        displayName: "Embedding rules", executable: try context.tool(named: "embed-rules").url,
        arguments: [root.path(), output.path()] + documents.map { $0.path() },
        inputFiles: documents, outputFiles: [output])
    ]
  }
}

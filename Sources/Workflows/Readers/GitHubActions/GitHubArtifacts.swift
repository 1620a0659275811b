import Expressions
import SourceText

/// Carries files from job to job where artifacts are uploaded and downloaded: they are transport.
struct GitHubArtifacts {
  let step: GitHubStep
  let scope: GitHubScope
  let target: String

  /// The copies that the step makes, if it is one of the two actions.
  func copies(in draft: inout GitHubDraft) -> [Step.Assignment] {
    switch target.lowercased().parts(by: "@").first {
    case "actions/upload-artifact": upload(&draft, named: "artifact")
    case "actions/upload-pages-artifact": upload(&draft, named: Self.site)
    case "actions/download-artifact": download(draft)
    default: []
    }
  }

  private func input(_ name: String) -> Node? { step.node["with"]?[name] }

  /// The artifact that GitHub Pages are deployed from, unless another is named.
  private static let site = "github-pages"

  /// What the action takes from an artifact without its being said among its inputs.
  func taken(in draft: GitHubDraft) -> Value? {
    guard target.lowercased().parts(by: "@").first == "actions/deploy-pages" else {
      return nil
    }
    let artifact = input("artifact_name")?.text ?? Self.site
    let location = scope.location((step.node["uses"] ?? step.node).range)
    let contents = files(of: artifact, in: draft).map {
      Value.reference(Reference(variable(artifact, $0), at: location))
    }
    return contents.isEmpty ? nil : .list(contents)
  }

  private func upload(
    _ draft: inout GitHubDraft, named usual: String
  ) -> [Step.Assignment] {
    guard let path = input("path"), let text = path.text else { return [] }
    let artifact = input("name")?.text ?? usual
    let files = GitHubFiles(scope.files).matching(text)
    let base = Self.commonDirectory(of: files)
    return files.map { file in
      let name = String(file.dropFirst(base.count))
      draft.artifacts[artifact, default: []].insert(name)
      return copy(scope.file(file), to: variable(artifact, name), at: path)
    }
  }

  private func download(_ draft: GitHubDraft) -> [Step.Assignment] {
    let target = GitHubFiles.normalised(input("path")?.text ?? "")
    let folder = target.isEmpty || target == "." ? "" : target + "/"
    if let name = input("name"), let artifact = name.text {
      return files(of: artifact, in: draft).map {
        copy(variable(artifact, $0), to: scope.file(folder + $0), at: name)
      }
    }
    // Without a name each artifact gets a directory of its own, unless they are merged.
    let isMerged = input("merge-multiple")?.text == "true"
    let place = step.node["uses"] ?? step.node
    return draft.artifacts.keys.sorted().flatMap { artifact in
      files(of: artifact, in: draft).map { file in
        let path = folder + (isMerged ? "" : artifact + "/") + file
        return copy(variable(artifact, file), to: scope.file(path), at: place)
      }
    }
  }

  private func files(of artifact: String, in draft: GitHubDraft) -> [String] {
    draft.artifacts[artifact]?.sorted() ?? []
  }

  private func variable(_ artifact: String, _ file: String) -> Variable {
    Variable("artifact:\(artifact)/\(file)")
  }

  private func copy(_ source: Variable, to variable: Variable, at node: Node) -> Step.Assignment {
    let location = scope.location(node.range)
    return Step.Assignment(
      variable, value: .reference(Reference(source, at: location)), at: location)
  }

  /// The directory that all the files share, with its `/`: the artifact keeps what lies below it.
  private static func commonDirectory(of files: [String]) -> String {
    guard let first = files.first else { return "" }
    var base = first.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    while !base.isEmpty, !files.allSatisfy({ $0.hasPrefix(base.joined(separator: "/") + "/") }) {
      base = base.dropLast()
    }
    return base.isEmpty ? "" : base.joined(separator: "/") + "/"
  }
}

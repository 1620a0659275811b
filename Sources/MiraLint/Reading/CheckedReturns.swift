import Analysis
import Expressions
import Findings
import SourceText
import Workflows

/// What a workflow hands to those that run it, where these take care of it.
extension InputInspector {
  /// More definitions than this are not asked whether they run the workflow.
  private static let mostCallers = 60

  /// The findings without those about what is handed back, where other definitions of the repository run the workflow,
  /// and none of them uses anything of it unchecked.
  ///
  /// An action in the repository's root is there for everybody, and not only for those in sight.
  func withoutCheckedReturns(
    _ findings: [Finding], of workflow: Workflow, in file: SourceFile, _ input: InputFile
  ) -> [Finding] {
    guard !findings.isEmpty, !workflow.returns.isEmpty, input.absolutePath != nil else {
      return findings
    }
    let returned = Set(workflow.returns.map { locate($0.location, in: file) })
    guard findings.contains(where: { returned.contains($0.location) }),
      everyCallerChecks(file, workflow.engine, input)
    else { return findings }
    return findings.filter { !returned.contains($0.location) }
  }

  private func everyCallerChecks(
    _ file: SourceFile, _ engine: String, _ input: InputFile
  ) -> Bool {
    var isCalled = false
    for (other, tree) in possibleCallers(of: input) where other.path != file.path {
      var caller = input
      caller.path = other.path
      caller.repositoryPath = neighbours.path(other.path, below: input.root) ?? other.path
      caller.absolutePath = FilePath.join(input.root, caller.repositoryPath)
      caller.isExplicit = false
      for document in tree.documents {
        let reading = read(document, of: caller, in: other, among: tree.documents)
        for workflow in reading?.workflows ?? []
        where workflow.engine == engine
          && workflow.steps.contains(where: { $0.location.path == file.path })
        {
          isCalled = true
          let found = workflowJudge.judge(workflow) { locate($0, in: other) }
          let usesIt = found.contains { finding in
            finding.location.path != file.path
              && finding.flow.contains { $0.role == .generated && $0.location.path == file.path }
          }
          if usesIt { return false }
        }
      }
    }
    return isCalled
  }

  private func possibleCallers(of input: InputFile) -> [NeighbourFiles.Source] {
    let place = input.absolutePath ?? input.path
    let path = FilePath.relative(place, to: input.root) ?? input.repositoryPath
    let name = String(FilePath.name(path))
    let isAction = name == "action.yml" || name == "action.yaml"
    guard isAction || path.hasPrefix(".") else {
      let isYAML = ["yml", "yaml"].contains(FilePath.fileExtension(place))
      let kind = DefinitionFiles(
        isYAML ? ["yml", "yaml"] : [FilePath.fileExtension(place)], containing: "")
      let around = neighbours.surroundings(of: place, below: input.root, kind)
      return Array(around.prefix(Self.mostCallers))
    }
    guard path != name else { return [] }
    // An action is called by its folder, a workflow by its file.
    let mark = isAction ? FilePath.parent(path) : name
    let kind = DefinitionFiles(["yml", "yaml"], containing: mark)
    let top = isAction ? ".github" : String(path.prefix { $0 != "/" })
    var seen: Set<String> = []
    return [place, FilePath.join(input.root, top + "/workflows/_")]
      .flatMap { neighbours.surroundings(of: $0, below: input.root, kind) }
      .filter { seen.insert($0.file.path).inserted }.prefix(Self.mostCallers).map(\.self)
  }
}

package import SourceText

/// The engines that are read; the first whose reader recognises a document reads it.
package enum WorkflowReaders {
  package static let all: [any WorkflowReader.Type] = [
    GitHubActionsReader.self,
    AgenticReader.self,
    ArgoReader.self,
    GitLabReader.self,
    TektonReader.self,
    StepFunctionsReader.self,
    N8nReader.self,
    MiraFlowReader.self,
    DifyReader.self,
    ServerlessWorkflowReader.self,
    GoogleWorkflowsReader.self,
    KestraReader.self,
    LogicAppsReader.self,
    BPMNReader.self,
    ConductorReader.self,
  ]

  /// What a reader makes of a document, with texts that were made once read where they are used.
  package static func read(
    _ root: Node, by reader: any WorkflowReader.Type, in context: ReadingContext
  ) -> WorkflowReading {
    var reading = reader.read(root, in: context)
    reading.isWhole = context.needsWholeGraph
    guard reading.isWhole else { return reading }
    for index in reading.workflows.indices {
      SettledTexts.resolveFixed(in: &reading.workflows[index])
    }
    return reading
  }

  /// Whether a file of XML can be a definition: most are not, and looking is cheaper than reading.
  package static func mayBeDefined(inXML bytes: [UInt8]) -> Bool {
    BPMNReader.mayBeDefined(in: bytes)
  }

  /// The tree of a file of XML, as far as a reader may look at it.
  package static func tree(ofXML file: SourceFile) -> SourceTree {
    XMLReader.read(file, omitting: [BPMNReader.drawings])
  }

  /// The reader of an engine by its name.
  package static func reader(of engine: String) -> (any WorkflowReader.Type)? {
    all.first { $0.engine == engine }
  }
}

import ArgumentParser
#if Certificates
  import Certificates
#endif
import MiraLint
import Reports
import Rules

struct SchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of a document that people or programs write.")

  enum Document: String, CaseIterable, ExpressibleByArgument {
    case rule
    case verificationProtocol = "protocol"
    case integration, mapping, config, baseline, findings, events
    #if Certificates
      case trust, evaluation
    #endif
  }

  @Argument(
    help:
      "Which document: rule, protocol, integration, mapping, config, trust, evaluation, baseline or findings; events is the canonical form of a log's line."
  )
  var document: Document

  @OptionGroup(title: "Rule options")
  var ruleOptions: RuleOptions

  func run() async throws {
    switch document {
    case .rule: StandardStreams.print(DocumentSchema.rule)
    case .verificationProtocol: StandardStreams.print(DocumentSchema.verificationProtocol)
    case .integration: StandardStreams.print(DocumentSchema.integration)
    case .mapping: StandardStreams.print(DocumentSchema.logMapping)
    case .events:
      let (settings, _) = try ruleOptions.settings(in: FileSystem.workingDirectory)
      StandardStreams.print(try RuleLibrary.book(for: settings).eventSchema)
    case .config: StandardStreams.print(Configuration.schema)
    case .baseline: StandardStreams.print(BaselineFile.schema)
    case .findings: StandardStreams.print(FindingsSchema.text)
    #if Certificates
      case .trust: StandardStreams.print(TrustFile.schema)
      case .evaluation: StandardStreams.print(Evaluation.schema)
    #endif
    }
  }
}

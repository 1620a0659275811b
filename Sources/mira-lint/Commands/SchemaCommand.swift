import ArgumentParser
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
    case integration, config, findings
  }

  @Argument(help: "Which document: rule, protocol, integration, config or findings.")
  var document: Document

  func run() async throws {
    switch document {
    case .rule: StandardStreams.print(DocumentSchema.rule)
    case .verificationProtocol: StandardStreams.print(DocumentSchema.verificationProtocol)
    case .integration: StandardStreams.print(DocumentSchema.integration)
    case .config: StandardStreams.print(Configuration.schema)
    case .findings: StandardStreams.print(FindingsSchema.text)
    }
  }
}

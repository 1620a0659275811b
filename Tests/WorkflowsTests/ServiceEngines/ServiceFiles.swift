import Testing

/// Definitions of Serverless Workflow, Google Workflows, Logic Apps and Conductor as tests read them.
enum ServiceFiles {
  struct Engine: Sendable, CustomTestStringConvertible {
    var name: String
    /// The folders of the public corpus that hold it.
    var folders: [String]
    /// How its examples' names end.
    var endings: [String]

    var testDescription: String { name }
  }

  static let engines = [
    Engine(
      name: "serverless-workflow", folders: ["serverless-workflow-1.0", "serverless-workflow-0.8"],
      endings: [".serverless-workflow.yaml", ".0-8.sw.yaml"]),
    Engine(
      name: "google-workflows", folders: ["google-workflows"], endings: [".google-workflows.yaml"]),
    Engine(
      name: "logic-apps", folders: ["logic-apps"],
      endings: [".logic-apps.json", ".power-automate.json"]),
    Engine(name: "conductor", folders: ["conductor"], endings: [".conductor.json"]),
  ]
}

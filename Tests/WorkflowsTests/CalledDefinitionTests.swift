import Expressions
import SourceText
import TestSupport
import Testing
import Workflows

/// Workflows that run others of the same repository.
struct CalledDefinitionTests {
  /// Reads one of the files, with the others around it.
  private func read(_ path: String, of files: [String: String], engine: String) throws -> Workflow {
    @Sendable func source(_ path: String) -> ReadingContext.Source? {
      guard let text = files[path] else { return nil }
      let file = SourceDecoder.decode(path: path, raw: Array(text.utf8)).file
      return (file, path.hasSuffix(".json") ? JSONReader.read(file) : YAMLReader.read(file))
    }
    let reader = try #require(WorkflowReaders.reader(of: engine))
    let (file, tree) = try #require(source(path))
    var context = ReadingContext(file: file, neighbour: source)
    context.documents = tree.documents
    context.namesakes = { kind in
      files.keys.sorted().filter { files[$0]?.contains(kind.mark) == true }.compactMap(source)
    }
    let root = try #require(tree.documents.first)
    return try #require(reader.read(root, in: context).workflows.first)
  }

  /// A Conductor workflow that runs others, one after the other, between two of its own tasks.
  private func conductor(_ name: String, runs others: [String]) -> String {
    let tasks = others.enumerated().map { index, other in
      """
      {"taskReferenceName": "run\(index)", "name": "run", "type": "SUB_WORKFLOW",
       "subWorkflowParam": {"name": "\(other)"}}
      """
    }
    let own = #"{"taskReferenceName": "own", "name": "own", "type": "SIMPLE"}"#
    return #"{"name": "\#(name)", "tasks": [\#((tasks + [own]).joined(separator: ", "))]}"#
  }

  @Test func `the tasks of a called workflow stand in the place of the call`() throws {
    let files = [
      "a.json": conductor("a", runs: ["b"]), "b.json": conductor("b", runs: []),
    ]
    let workflow = try read("a.json", of: files, engine: "conductor")
    #expect(workflow.gaps.isEmpty)
    let calls = workflow.steps.filter { $0.call != nil }
    #expect(calls.map(\.location.path) == ["b.json", "a.json"])
    #expect(calls.map(\.route) == ["tasks.run0.tasks.own", "tasks.own"])
  }

  @Test func `a workflow that is not in sight stays a call, and the graph says so`() throws {
    let files = ["a.json": conductor("a", runs: ["b"])]
    let workflow = try read("a.json", of: files, engine: "conductor")
    #expect(workflow.steps.compactMap(\.call).map(\.kind) == ["flow", "function"])
    #expect(workflow.gaps.map(\.message) == ["the workflow `b` is not in sight"])
    #expect(workflow.gaps.map(\.step) == [1])
  }

  @Test func `workflows that run each other end in a call`() throws {
    let files = [
      "a.json": conductor("a", runs: ["b"]), "b.json": conductor("b", runs: ["a"]),
    ]
    let workflow = try read("a.json", of: files, engine: "conductor")
    #expect(workflow.gaps.map(\.message) == ["the workflow `b` runs itself"])
    #expect(workflow.steps.count < 20)
  }

  @Test func `workflows that double with each level are not followed for ever`() throws {
    var files: [String: String] = [:]
    for level in 0..<12 {
      files["w\(level).json"] = conductor(
        "w\(level)", runs: level < 11 ? Array(repeating: "w\(level + 1)", count: 8) : [])
    }
    let workflow = try read("w0.json", of: files, engine: "conductor")
    #expect(workflow.steps.count < 50_000)
    #expect(workflow.gaps.contains { $0.message.hasSuffix("brings in too many others") })
  }

  @Test func `a workflow that is not awaited has a way of its own`() throws {
    func flow(_ id: String, _ tasks: String) -> String {
      "id: \(id)\nnamespace: company\ntasks:\n\(tasks)"
    }
    let log = "  - { id: last, type: io.kestra.plugin.core.log.Log, message: x }\n"
    let files = [
      "a.yml": flow(
        "a",
        "  - { id: run, type: io.kestra.plugin.core.flow.Subflow, flowId: b, wait: false }\n" + log),
      "b.yml": flow("b", log),
    ]
    let workflow = try read("a.yml", of: files, engine: "kestra")
    let run = try #require(workflow.steps.firstIndex { $0.route == "tasks.run" })
    let next = workflow.edges.filter { $0.from == run }.map { workflow.steps[$0.to].route }
    #expect(next.sorted() == ["tasks.last", "tasks.run.flow"])
    let last = try #require(workflow.steps.firstIndex { $0.route == "tasks.last" })
    #expect(workflow.edges.filter { $0.to == last }.map(\.from) == [run])
  }
}

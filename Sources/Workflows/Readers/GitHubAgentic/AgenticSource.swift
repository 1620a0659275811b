import Expressions
import SourceText

/// What an agentic workflow is compiled into, as a tree: jobs of the author, the agent's job, a job for each output.
///
/// Nodes of the front matter keep their places; what the compiler adds stands where it comes from.
struct AgenticSource {
  let front: Node
  let body: Node

  /// The job in which the agent runs, and the step that is the agent.
  private static let agentJob = "agent"
  private static let agentStep = "agent"

  /// Settings under `safe-outputs` that are no output, and outputs that only reach the run's log.
  private static let settings: Set<String> = [
    "allowed-domains", "allowed-github-references", "mentions", "staged", "env", "github-token",
    "max-patch-size", "jobs", "runs-on", "threat-detection", "messages", "app", "footer",
    "group-reports", "report-failure-as-issue", "max-bot-mentions", "environment", "steps",
    "concurrency-group", "id-token", "scripts", "needs", "github-app", "url-shortener", "noop",
    "missing-tool", "missing-data", "report-incomplete", "data", "failure-issue-repo",
    "timeout-minutes", "environment-variables",
  ]

  /// The compiler's own jobs and steps, whose outputs are always there.
  private static let builtin = [
    "needs.activation.", "needs.pre_activation.", "needs.agent.", "needs.detection.",
    "needs.safe_outputs.", "steps.sanitized.", "needs.pre-activation.",
  ]

  // MARK: The tree

  var asWorkflow: Node {
    var entries: [Node.Entry] = []
    for entry in front.entries {
      guard let key = entry.key.text else { continue }
      if ["name", "on", "env", "run-name", "concurrency"].contains(key) { entries.append(entry) }
    }
    if front["name"] == nil, let title {
      entries.append(entry("name", scalar(title, at: place)))
    }
    entries.append(entry("jobs", mapping(jobs, at: front.range)))
    return mapping(entries, at: front.range)
  }

  /// The prompt's first heading, which names the workflow where the front matter does not.
  private var title: String? {
    let lines = (body.text ?? "").parts(by: "\n")
    guard let heading = lines.first(where: { $0.hasPrefix("# ") }) else { return nil }
    let title = heading.dropFirst(2).filter { $0 != "\r" }.drop { $0 == " " }
    return title.isEmpty || title.holds("${{") ? nil : String(title)
  }

  private var jobs: [Node.Entry] {
    var jobs: [Node.Entry] = []
    var own = front["jobs"]?.entries ?? []
    if let first = preActivation(own) {
      own.removeAll { Self.firstJobs.contains($0.key.text ?? "") }
      own.insert(first, at: 0)
    }
    jobs += own
    jobs.append(entry(Self.agentJob, agent(after: before(own)), at: place))
    for output in outputs { jobs.append(output) }
    for job in front["safe-outputs"]?["jobs"]?.entries ?? [] {
      jobs.append(Node.Entry(key: job.key, value: behindAgent(job.value)))
    }
    return jobs
  }

  /// What the job before all others may be called.
  private static let firstJobs: Set<String> = ["pre_activation", "pre-activation"]

  /// The job that decides whether the agent runs at all: the steps under `on`, with what the author adds to it.
  private func preActivation(_ jobs: [Node.Entry]) -> Node.Entry? {
    let added = jobs.first { Self.firstJobs.contains($0.key.text ?? "") }
    let steps = front["on"]?["steps"]
    guard steps != nil || added != nil else { return nil }
    let at = steps?.range ?? added?.key.range ?? place
    var entries = (added?.value.entries ?? []).filter { $0.key.text != "steps" }
    if added?.value["runs-on"] == nil {
      entries.append(entry("runs-on", scalar("ubuntu-slim", at: at)))
    }
    let all = (steps?.items ?? []) + (added?.value["steps"]?.items ?? [])
    entries.append(entry("steps", list(all, at: at)))
    return entry("pre_activation", mapping(entries, at: at), at: added?.key.range ?? at)
  }

  /// Where the agent is said to be: its engine, else its prompt.
  private var place: ByteRange {
    for node in front.entries where node.key.text == "engine" { return node.key.range }
    for node in front.entries where node.key.text == "tools" { return node.key.range }
    return front.entries.first?.key.range ?? front.range
  }

  /// The author's jobs that run before the agent: those that do not wait for it.
  private func before(_ jobs: [Node.Entry]) -> [String] {
    var after: Set<String> = [Self.agentJob, "safe_outputs", "detection", "conclusion"]
    for _ in jobs.indices {
      for job in jobs {
        guard let name = job.key.text, !after.contains(name) else { continue }
        let needs = job.value["needs"]
        let names = needs?.text.map { [$0] } ?? needs?.items.compactMap(\.text) ?? []
        if names.contains(where: after.contains) { after.insert(name) }
      }
    }
    return jobs.compactMap(\.key.text).filter { !after.contains($0) }
  }

  private func agent(after jobs: [String]) -> Node {
    var entries: [Node.Entry] = []
    if !jobs.isEmpty {
      entries.append(entry("needs", list(jobs.map { scalar($0, at: place) }, at: place)))
    }
    for key in ["if", "runs-on", "env", "environment", "timeout-minutes", "container", "services"] {
      if let own = front.entries.first(where: { $0.key.text == key }) { entries.append(own) }
    }
    if front["runs-on"] == nil {
      entries.append(entry("runs-on", scalar("ubuntu-latest", at: place)))
    }
    if let approval = front["on"]?["manual-approval"] {
      entries.append(entry("environment", approval))
    }
    var steps = front["steps"]?.items ?? []
    steps += front["engine"]?["steps"]?.items ?? []
    steps.append(agentCall)
    steps += front["post-steps"]?.items ?? []
    entries.append(entry("steps", list(steps, at: place)))
    let output = scalar("${{ steps.\(Self.agentStep).outputs.output }}", at: place)
    entries.append(entry("outputs", mapping([entry("output", output)], at: place)))
    return mapping(entries, at: place)
  }

  private var agentCall: Node {
    var with = [entry("prompt", body)]
    if let engine = front["engine"] {
      with.append(entry("engine", engine["id"] ?? engine))
      if let model = engine["model"] { with.append(entry("model", model)) }
    }
    return mapping(
      [
        entry("name", scalar("agent", at: place)), entry("id", scalar(Self.agentStep, at: place)),
        entry("uses", scalar("agentic/engine", at: place)),
        entry("with", mapping(with, at: body.range)),
      ], at: place)
  }

  /// A job for each output that the agent may write.
  private var outputs: [Node.Entry] {
    guard let safe = front["safe-outputs"] else { return [] }
    let footer = safe["messages"]?["footer"] ?? safe["footer"]
    return safe.entries.compactMap { output in
      guard let name = output.key.text, !Self.settings.contains(name) else { return nil }
      let at = output.key.range
      var with = [entry("body", scalar("${{ needs.agent.outputs.output }}", at: at))]
      for key in ["title-prefix", "labels", "title", "category", "allowed"] {
        guard let value = output.value[key] else { continue }
        let text = value.text ?? value.items.compactMap(\.text).joined(separator: ", ")
        with.append(entry(key, value.text == nil ? scalar(text, at: value.range) : value))
      }
      if let footer, footer.text != "false" { with.append(entry("footer", footer)) }
      let step = mapping(
        [
          entry("name", scalar(name, at: at)),
          entry("uses", scalar("safe-outputs/\(name)", at: at)),
          entry("with", mapping(with, at: at)),
        ], at: at)
      let job = mapping(
        [
          entry("needs", scalar(Self.agentJob, at: at)),
          entry("runs-on", scalar("ubuntu-slim", at: at)),
          entry("steps", list([step], at: at)),
        ], at: at)
      return Node.Entry(key: scalar("safe_outputs_" + name, at: at), value: job)
    }
  }

  /// A job of the author that writes what the agent asks for.
  private func behindAgent(_ job: Node) -> Node {
    var entries = job.entries
    if !entries.contains(where: { $0.key.text == "needs" }) {
      entries.append(entry("needs", scalar(Self.agentJob, at: job.range)))
    }
    if !entries.contains(where: { $0.key.text == "runs-on" }) {
      entries.append(entry("runs-on", scalar("ubuntu-latest", at: job.range)))
    }
    return mapping(entries, at: job.range)
  }

  private func entry(_ key: String, _ value: Node, at range: ByteRange? = nil) -> Node.Entry {
    Node.Entry(key: scalar(key, at: range ?? value.range), value: value)
  }

  private func scalar(_ text: String, at range: ByteRange) -> Node {
    Node(.scalar(Scalar(style: .plain, text: text)), range: range)
  }

  private func list(_ items: [Node], at range: ByteRange) -> Node {
    Node(.sequence(items), range: range)
  }

  private func mapping(_ entries: [Node.Entry], at range: ByteRange) -> Node {
    Node(.mapping(entries), range: range)
  }

  // MARK: What the tree cannot say

  /// Most files that a prompt is searched for.
  private static let mostFiles = 200

  /// The agent reads the files that its prompt names, and uses what the compiler always provides.
  func complete(_ workflow: inout Workflow) {
    workflow.danglingReferences.removeAll { reference in
      Self.builtin.contains { reference.text.holds($0) }
    }
    guard
      let agent = workflow.steps.firstIndex(where: {
        $0.call?.name == "agentic/engine" && $0.call?.phase == .main
      }), let call = workflow.steps[agent].call
    else { return }
    let place = SourceLocation(path: call.location.path, range: bodyStart)
    let text = body.text ?? ""
    let prefix = "jobs.\(Self.agentJob)/file:"
    var files: Set<String> = []
    for assignment in workflow.steps.lazy.flatMap(\.assignments) {
      let name = assignment.variable.name
      guard name.hasPrefix(prefix), files.count < Self.mostFiles else { continue }
      files.insert(String(name.dropFirst(prefix.count)))
    }
    for file in files.sorted() where file.count > 3 && text.holds(file) {
      let value = Value.reference(Reference(Variable(prefix + file), at: place))
      workflow.steps[agent].call?.arguments.append(Call.Argument("with.prompt", value, at: place))
    }
  }

  /// The prompt's first line that says something.
  private var bodyStart: ByteRange {
    let text = body.text ?? ""
    let start = text.utf8.firstIndex { $0 > 32 } ?? text.utf8.startIndex
    let end = text.utf8[start...].firstIndex { $0 == 10 || $0 == 13 } ?? text.utf8.endIndex
    let offset = text.utf8.distance(from: text.utf8.startIndex, to: start)
    let count = text.utf8.distance(from: start, to: end)
    return ByteRange(body.range.start + offset, body.range.start + offset + count)
  }
}

#if Certificates
  package import SourceText

  /// How a model was evaluated: our own predicate, described in `docs/evaluation-predicate.md`.
  package struct Evaluation: Sendable {
    package var startedOn: Instant?
    package var finishedOn: Instant?
    /// What the evaluation ran on, used and was told; a part that is absent was not recorded.
    package var recorded: Set<Part>
    package var prompts: [Resource]
    package var datasets: [Resource]
    package var configuration: [Resource]
    package var images: [Resource]
    package var results: [Result]
    package var range: ByteRange

    /// What an evaluation must tell to be repeated.
    package enum Part: String, Sendable, CaseIterable {
      case drivers, hardware, frameworks, sampling, prompts, datasets, times

      /// As a sentence has it.
      package var words: String {
        switch self {
        case .drivers: "driver versions"
        case .hardware: "hardware"
        case .frameworks: "framework versions"
        case .sampling: "sampling parameters"
        case .prompts: "prompts"
        case .datasets: "datasets"
        case .times: "when it started and finished"
        }
      }
    }

    /// One number that came out.
    package struct Result: Sendable {
      package var metric: String
      package var dataset: String?
      package var value: Double
      package var samples: Double?

      package init(metric: String, dataset: String?, value: Double, samples: Double? = nil) {
        self.metric = metric
        self.dataset = dataset
        self.value = value
        self.samples = samples
      }
    }

    init(_ node: Node) throws(Refusal) {
      range = node.range
      startedOn = try Predicate.time(node["startedOn"])
      finishedOn = try Predicate.time(node["finishedOn"])
      prompts = try Predicate.resources(node["prompts"])
      datasets = try Predicate.resources(node["datasets"])
      configuration = try Predicate.resources(node["configuration"])
      let environment = node["environment"]
      images = try Predicate.resources(environment?["image"])
      recorded = []
      if Self.saysSomething(environment?["drivers"]) { recorded.insert(.drivers) }
      if Self.saysSomething(environment?["hardware"]) { recorded.insert(.hardware) }
      if Self.saysSomething(environment?["frameworks"]) { recorded.insert(.frameworks) }
      if Self.saysSomething(node["sampling"]) { recorded.insert(.sampling) }
      if !prompts.isEmpty { recorded.insert(.prompts) }
      if !datasets.isEmpty { recorded.insert(.datasets) }
      if startedOn != nil, finishedOn != nil { recorded.insert(.times) }
      results = []
      for item in node["results"]?.items ?? [] {
        guard let metric = item["metric"]?.quotedText, let text = item["value"]?.text,
          let value = Double(text), value.isFinite
        else { throw Refusal("a result needs `metric` and a number as `value`", at: item.range) }
        results.append(
          Result(
            metric: metric, dataset: item["dataset"]?.quotedText, value: value,
            samples: item["samples"]?.text.flatMap { Double($0) }))
      }
    }

    /// Whether a part holds more than empty lists and texts such as `unknown`.
    private static func saysSomething(_ node: Node?) -> Bool {
      guard let node else { return false }
      switch node.resolved.content {
      case .mapping: return node.entries.contains { saysSomething($0.value) }
      case .sequence: return node.items.contains { saysSomething($0) }
      case .alias: return false
      case .scalar(let scalar):
        if node.isNull { return false }
        let word = scalar.text.lowercased()
        return !["", "unknown", "n/a", "none", "tbd", "todo", "?"].contains(word)
      }
    }

    /// How long each answer took on average, in seconds; `nil` where that is not told.
    package var secondsPerSample: Double? {
      guard let startedOn, let finishedOn else { return nil }
      let samples = results.compactMap(\.samples).reduce(0, +)
      guard samples > 0 else { return nil }
      return Double(finishedOn.milliseconds - startedOn.milliseconds) / 1000 / samples
    }

    /// The JSON Schema of the predicate.
    package static let schema = EvaluationSchema.text
  }
#endif

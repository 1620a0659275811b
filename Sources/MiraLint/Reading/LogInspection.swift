import Analysis
import EventLogs
import Findings
import Rules
import SourceText

extension InputInspector {
  private static let logExtensions: Set<String> = ["jsonl", "ndjson"]

  func isLog(_ input: InputFile, head: [UInt8]) -> Bool {
    if let assumed, input.isExplicit { return assumed.isLog }
    // No format of logs is YAML.
    if ["yml", "yaml"].contains(FilePath.fileExtension(input.path)) { return false }
    if LogState.recognizes(head.span) || logJudge.recognizes(head: head) { return true }
    return input.isExplicit && LogRecognition.isUnmistakable(head: head)
  }

  /// How much of an input is looked at where somebody says that it is worth it, or its name does: a folder may have many
  /// files so named.
  func longHead(of input: InputFile) -> Int {
    if input.isExplicit { return LogRecognition.longHead }
    let kind = FilePath.fileExtension(input.path)
    return Self.logExtensions.contains(kind) || kind == "log" ? 1 << 20 : Self.headBytes
  }

  /// Whether a file is a log whose first events stand behind what is looked at as a rule.
  func isLateLog(
    _ input: InputFile, at path: String, head: [UInt8]
  ) throws(FileSystem.Failure) -> Bool {
    let most = longHead(of: input)
    guard head.count == Self.headBytes, most > head.count else { return false }
    let longer = try FileSystem.read(path, upTo: most)
    return longer.count > head.count && isLog(input, head: longer)
  }

  /// Whether a text that was read whole has the marks of a log behind its first bytes, and events.
  func isUnmistakableLog(_ input: InputFile, _ text: [UInt8]) -> Bool {
    // Nothing but JSON is held in one document.
    guard let first = text.first(where: { $0 > 0x20 }), first == 0x7B || first == 0x5B else {
      return false
    }
    return LogRecognition.isUnmistakable(head: text) && isLog(input, head: text)
  }

  /// Whether the name promises a log and the content cannot be text.
  func isDamagedLog(_ input: InputFile, head: [UInt8]) -> Bool {
    let kind = FilePath.fileExtension(input.path)
    guard Self.logExtensions.contains(kind) || (kind == "log" && input.isExplicit) else {
      return false
    }
    return UnpackedBytes.of(head, upTo: head.count).contains(0)
  }

  /// Whether the file was named and is compressed: unread, it must not pass as clean.
  func isCompressed(_ input: InputFile, head: [UInt8]) -> Bool {
    input.isExplicit && UnpackedBytes.isCompressed(head)
  }

  func damagedLog(
    _ input: InputFile, _ problem: String = "the file is named like a log and holds no text",
    hint: String = ""
  ) -> InputReading {
    var reading = InputReading(isLog: true)
    reading.findings = linterRules.unreadable(problem, hint: hint, at: .start(of: input.path))
    return reading
  }

  /// Judges the logs among the inputs: those that were named together as one recording, each other one by itself.
  nonisolated(nonsending) func judgeLogs(
    _ inputs: [InputFile], _ readings: inout [InputReading], jobs: Int,
    notify: (@Sendable (LogAdvance) -> Void)?
  ) async -> String? {
    var stateFailure: String?
    let logs = readings.indices.filter { readings[$0].log != nil }
    let isOne = logJudge.options.statePath != nil
    let named = logs.filter { isOne || inputs[$0].isExplicit }
    let others = isOne ? [] : logs.filter { !inputs[$0].isExplicit }.map { [$0] }
    var format: String?
    if case .log(let named)? = assumed { format = named }
    for group in (named.isEmpty ? [] : [named]) + others {
      let sources = group.compactMap { readings[$0].log }
      let judgements = await logJudge.judge(
        sources, as: inputs[group[0]].isExplicit ? format : nil, jobs: jobs, notify: notify)
      for (index, judgement) in zip(group, judgements) {
        apply(judgement, of: inputs[index], to: &readings[index])
        #if Certificates
          if let log = readings[index].log {
            addCertificates(of: judgement, in: log, inputs[index], to: &readings[index])
          }
        #endif
        readings[index].log = nil
        stateFailure = stateFailure ?? judgement.stateFailure
      }
    }
    return stateFailure
  }

  /// How to look at what is damaged.
  private func hint(_ problem: LogProblem, _ path: String) -> String {
    if problem.severity == .note || problem.bytes.isEmpty { return "" }
    return LineCommand.text([problem.lines], of: path).map { "`\($0)` shows it" } ?? ""
  }

  private func apply(
    _ judgement: LogJudgement, of input: InputFile, to reading: inout InputReading
  ) {
    reading.findings = judgement.findings
    reading.observations = judgement.observations
    reading.timelines = judgement.timelines
    reading.ledger = judgement.ledger
    reading.logSummary = LogSummary(judgement.statistics, path: input.path)
    let own = judgement.problems.map { (path: input.path, problem: $0) }
    for (path, problem) in own + judgement.recordedProblems {
      let location = Location(
        path: path, line: problem.lines.lowerBound, column: problem.column,
        endLine: problem.lines.upperBound,
        endColumn: problem.lines.count == 1 ? problem.column : 1,
        startByte: problem.bytes.lowerBound, endByte: problem.bytes.upperBound)
      let severity: Severity? = problem.severity == .note ? .note : nil
      reading.findings += linterRules.unreadable(
        problem.message, hint: hint(problem, path), severity: severity, at: location)
    }
    if reading.findings.isEmpty {
      reading.source = nil
    } else {
      reading.spooled = judgement.spooled
    }
  }
}

extension LogSummary {
  fileprivate init(_ statistics: LogStatistics, path: String) {
    self.init(path: path)
    format = statistics.format
    lines = statistics.lines
    events = statistics.events
    redelivered = statistics.redelivered
    untimed = statistics.untimed
    forgotten = statistics.forgotten
    evicted = statistics.evicted
    unlisted = statistics.unlisted
    unknownNames = statistics.unknownNames.map { Count(name: $0.key, count: $0.value) }
      .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    clocks = statistics.producers.map {
      Clock(producer: $0.producer, lines: $0.lines, offsetMilliseconds: $0.offsetMilliseconds)
    }
  }
}

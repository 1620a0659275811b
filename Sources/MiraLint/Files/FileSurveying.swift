import EventLogs
package import Findings
import SourceText
import Workflows

extension Linter {
  /// What a run over these paths would look at, and why it would not look at the rest.
  ///
  /// - Throws: ``LinterError/noInput(_:)`` where a path names nothing.
  package func survey(_ paths: [String]) async throws(LinterError) -> FileSurvey {
    let finder = finder(of: paths)
    let missing = finder.unreachable.filter { $0.isExplicit && $0.failure == nil }
    guard missing.isEmpty else {
      throw .noInput(missing.map { ($0.path, "no such file or directory") })
    }
    let inspector = inspector(
      LinterRules(rules), NeighbourFiles(workingDirectory: settings.workingDirectory))
    let verdicts = await WorkerPool.map(finder.files, jobs: settings.jobs) { input in
      FileVerdict(path: input.path, reason: inspector.reason(for: input))
    }
    let unreachable = finder.unreachable.map { input in
      FileVerdict(path: input.path, reason: .unreadable(input.failure?.words ?? "nothing is there"))
    }
    return FileSurvey(
      verdicts: (verdicts + unreachable + finder.passedOver).sorted {
        FindingOrder.bytesPrecede($0.path, $1.path)
      },
      otherNames: finder.otherNames)
  }

  /// The directories in which files may come and go that a run over these paths checks; absolute.
  package func directories(below paths: [String]) -> [String] {
    finder(of: paths).directories
  }

  /// The files that a run over these paths opens; absolute.
  package func files(below paths: [String]) -> [String] {
    finder(of: paths).files.compactMap(\.absolutePath)
  }
}

extension InputInspector {
  /// How many keys of an unknown text are told.
  private static let toldKeys = 4

  fileprivate func reason(for input: InputFile) -> FileVerdict.Reason {
    let reading = inspect(input)
    if let failure = reading.failure { return .unreadable(failure.words) }
    if reading.isLog { return .log(format: logFormat(of: input)) }
    #if Certificates
      if reading.attested != nil { return .attestation }
    #endif
    if reading.certificates > 0 { return .certificate }
    if reading.isDefinition { return .definition(engines: reading.engines) }
    guard let path = input.absolutePath,
      let raw = try? FileSystem.read(path, upTo: Limits.fileBytes + 1)
    else { return .special }
    guard raw.count <= Limits.fileBytes else { return .oversized }
    let file = SourceDecoder.decode(path: input.path, raw: raw).file
    let form = SourceForm(path: input.path, bytes: file.bytes)
    let kind = isNamedLikeDefinition(input.path) ? form.name : "text"
    guard let root = form.read(file).documents.first else {
      return .unrecognised(kind: kind, keys: [])
    }
    let keys = root.entries.compactMap(\.key.text).filter { !$0.isEmpty }
    return .unrecognised(kind: kind, keys: Array(keys.prefix(Self.toldKeys)))
  }

  private func logFormat(of input: InputFile) -> String {
    if case .log(let format?)? = assumed, input.isExplicit { return format }
    guard let path = input.absolutePath, let head = try? FileSystem.read(path, upTo: 1 << 16) else {
      return AssumedFormat.logName
    }
    let unpacked = UnpackedBytes.of(head, upTo: 1 << 16)
    return LogReaders.reader(for: unpacked.span)?.format ?? AssumedFormat.logName
  }
}

extension SourceForm {
  fileprivate var name: String {
    switch self {
    case .json: "JSON"
    case .yaml: "YAML"
    case .xml: "XML"
    case .markdown: "Markdown"
    }
  }
}

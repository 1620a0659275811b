import Analysis
#if Certificates
  import Certificates
#endif
import EventLogs
import Findings
import Rules
import SourceText
import Workflows

/// What one input gave.
struct InputReading: Sendable {
  var findings: [Finding] = []
  var suppressions: [InlineSuppression] = []
  /// Kept where findings or suppressions stand in it, for quoting.
  var source: KeptSource?
  /// The workflows with findings, where drawings are asked for; the findings' paths point into them.
  var drawings: [DrawnWorkflow] = []
  var isDefinition = false
  /// Whether it is a certificate, or attests or claims something.
  var isProof = false
  /// The routes of its steps, where the inspector is asked for them.
  var stepRoutes: Set<String> = []
  /// The engines of the workflows in it, each once.
  var engines: [String] = []
  var isLog = false
  /// The log itself, until it has been judged: together with others.
  var log: LogSource?
  /// The bytes of a log that cannot be read again in place, as far as they were kept; for quoting.
  var spooled: LogBytes?
  /// Judged uses that name the step of a workflow; only of logs.
  var observations: [StepObservation] = []
  /// The stories that the findings' evidence points into; only of logs.
  var timelines: [Timeline] = []
  /// How often outputs were used; only of logs.
  var ledger = UseLedger()
  /// Numbers over the log; only of logs.
  var logSummary: LogSummary?
  #if Certificates
    /// What it attests or claims, to be examined together with others.
    var attested: AttestedContent?
  #endif
  /// How many certificates it has.
  var certificates = 0
  /// Who stands behind them, as far as a trust file tells.
  var quorums: [QuorumPicture] = []
  /// Why the input could not be opened.
  var failure: FileSystem.Failure?
}

/// A definition's text, kept until reports have quoted it.
struct KeptSource: Sendable {
  var file: SourceFile
  var hasByteOrderMark: Bool
}

/// Reads one input, recognises what it is, and has it judged.
struct InputInspector: Sendable {
  /// Enough of a file to see what it is, as a rule.
  static let headBytes = LogRecognition.usualHead
  /// What is taken from a pipe, at most.
  private static let streamBytes = 1 << 30

  let workflowJudge: WorkflowJudge
  let secretJudge: SecretJudge
  let logJudge: LogJudge
  let linterRules: LinterRules
  let assumed: AssumedFormat?
  let neighbours: NeighbourFiles
  var drawsWorkflows = false
  var offeredFixes = OfferedFixes.none
  var fixBudgetBytes = 1 << 18
  var notesSteps = false
  /// Tells which definitions no rule can be about; `nil` where all are read in full.
  var mentions: MentionRegister?
  #if Certificates
    var certificates = CertificateInspector()
  #endif

  func inspect(_ input: InputFile) -> InputReading {
    do throws(FileSystem.Failure) {
      if let text = input.openText { return inspectOpenText(text, of: input) }
      guard let path = input.absolutePath else { return try inspectStandardInput(input) }
      let (head, isStream) = try FileSystem.head(
        of: path, upTo: Self.headBytes, ofStreamsUpTo: Self.streamBytes)
      // A pipe (`<(zcat run.gz)`) gives its bytes only once.
      if isStream { return inspectStream(head, of: input) }
      #if Certificates
        if let reading = try inspectAttestations(input, at: path, head: head) { return reading }
      #endif
      let isLog = self.isLog(input, head: head)
      #if Certificates
        if !isLog, let reading = try inspectCertificates(input, at: path, head: head) {
          return reading
        }
      #endif
      if isLog {
        return InputReading(
          isLog: true, log: LogSource(path: input.path, input: .file(path)))
      }
      if try isLateLog(input, at: path, head: head) {
        return InputReading(
          isLog: true, log: LogSource(path: input.path, input: .file(path)))
      }
      if isCompressed(input, head: head) {
        let complaint =
          head.count < Self.headBytes
          ? UnpackedBytes.complaint(of: head) : UnpackedBytes.nothingFound
        guard let complaint else { return InputReading() }
        return damagedLog(input, complaint)
      }
      if isDamagedLog(input, head: head) { return damagedLog(input) }
      guard mayBeDefinition(input) else { return InputReading() }
      let raw =
        head.count < Self.headBytes ? head : try FileSystem.read(path, upTo: Limits.fileBytes + 1)
      if head.count < raw.count, isUnmistakableLog(input, raw) {
        return InputReading(
          isLog: true, log: LogSource(path: input.path, input: .file(path)))
      }
      return inspectDefinition(raw, of: input)
    } catch {
      var reading = InputReading(failure: error)
      reading.findings = linterRules.unreadable(
        "the file cannot be read: \(error.words)", at: .start(of: input.path))
      return reading
    }
  }

  private func inspectStandardInput(
    _ input: InputFile
  ) throws(FileSystem.Failure) -> InputReading {
    // A file under another name (`mira-lint - < run.ndjson`) can be read like one.
    let path = "/dev/stdin"
    let isFile = FileSystem.kind(of: path) == .file
    if assumed?.isLog == true {
      return InputReading(
        isLog: true,
        log: LogSource(path: input.path, input: isFile ? .file(path) : .descriptor(0)))
    }
    if isFile {
      let head = try FileSystem.read(path, upTo: Self.headBytes)
      var isLog = self.isLog(input, head: head)
      if !isLog { isLog = try isLateLog(input, at: path, head: head) }
      if isLog {
        return InputReading(isLog: true, log: LogSource(path: input.path, input: .file(path)))
      }
    }
    var head: [UInt8] = []
    for most in [Self.headBytes, LogRecognition.longHead] where head.count < most {
      let known = head.count
      head += try FileSystem.read(0, upTo: most - known)
      if head.count < most { return inspectStream(head, of: input) }
      if isLog(input, head: head) {
        let log = LogSource(path: input.path, input: .pipe(head: head, rest: 0))
        return InputReading(isLog: true, log: log)
      }
    }
    return inspectStream(head + (try FileSystem.read(0, upTo: Limits.fileBytes)), of: input)
  }

  /// What an editor holds is judged as a walk would judge the file: nobody has promised what it is.
  private func inspectOpenText(_ text: [UInt8], of input: InputFile) -> InputReading {
    let head = Array(text.prefix(Self.headBytes))
    #if Certificates
      if let reading = inspectAttestations(text, of: input, head: head) { return reading }
    #endif
    if isDamagedLog(input, head: head) { return damagedLog(input) }
    guard mayBeDefinition(input) || isLog(input, head: head) else { return InputReading() }
    return inspectStream(text, of: input)
  }

  /// Something that has been read whole because it cannot be read twice.
  private func inspectStream(_ raw: [UInt8], of input: InputFile) -> InputReading {
    let most = longHead(of: input)
    if isLog(input, head: Array(raw.prefix(Self.headBytes)))
      || (min(most, raw.count) > Self.headBytes && isLog(input, head: Array(raw.prefix(most))))
    {
      let log = LogSource(path: input.path, input: .bytes(raw))
      var reading = InputReading(isLog: true, log: log)
      let text = UnpackedBytes.of(raw, upTo: Limits.fileBytes + 1)
      if text.count <= Limits.fileBytes {
        reading.source = KeptSource(
          file: SourceDecoder.decode(path: input.path, raw: text).file,
          hasByteOrderMark: raw.starts(with: [0xef, 0xbb, 0xbf]))
      }
      return reading
    }
    #if Certificates
      if assumed == nil, let reading = inspectCertificates(raw, of: input) { return reading }
    #endif
    return inspectDefinition(raw, of: input)
  }
}

/// What `--as` says that the input is.
enum AssumedFormat: Sendable {
  /// A log, in a format that its content decides where none is named.
  case log(format: String?)
  case definition(engine: String)

  static let logName = "log"

  var isLog: Bool {
    if case .log = self { true } else { false }
  }
}

extension Location {
  /// The whole file, for what has no place inside it.
  static func start(of path: String) -> Location {
    Location(path: path, line: 1, column: 1, endLine: 1, endColumn: 1, startByte: 0, endByte: 0)
  }
}

package import Findings
import Rules
import SourceText

extension Linter {
  /// What a check of one open text gave.
  package struct EditorCheck: Sendable {
    /// The findings that concern the text or the files it refers to, and nothing else of the run.
    package var findings: [Finding]
    /// The absolute paths of the files that the text refers to; where one changes, so may the findings.
    package var consulted: Set<String>
  }

  /// Checks a text as an editor holds it.
  ///
  /// - Parameters:
  ///   - path: where the text is, or would be saved; absolute.
  ///   - texts: all open texts by absolute path, which stand for the files of these names.
  /// - Returns: no findings for a text that is neither a definition nor a log, or that the configuration excludes.
  package func check(
    openText path: String, among texts: [String: [UInt8]]
  ) async -> EditorCheck {
    var finder = InputFinder(
      workingDirectory: settings.workingDirectory, excluded: excluded, root: settings.repositoryRoot
    )
    finder.add(openText: texts[path] ?? [], at: path)
    guard let input = finder.files.first else { return EditorCheck(findings: [], consulted: []) }
    let neighbours = NeighbourFiles(
      workingDirectory: settings.workingDirectory, openTexts: texts)
    let inspector = inspector(LinterRules(rules), neighbours)
    var readings = [inspector.inspect(input)]
    _ = await inspector.judgeLogs([input], &readings, jobs: settings.jobs, notify: nil)
    #if Certificates
      await examineAttestations(of: input, &readings[0], with: inspector)
    #endif
    let sources = neighbours.all
    let outcome = outcome([], [input], readings, sources, [], nil)
    // Entries of the configuration and the baseline that speak of other files are no news here.
    let shown = outcome.findings.filter {
      $0.location.path == input.path || sources[$0.location.path] != nil
    }
    return EditorCheck(findings: shown, consulted: neighbours.consulted)
  }

  /// The changes that end findings of an open text, each tried, which takes its time: ask only for those that matter.
  ///
  /// - Returns: one for each of the findings, `nil` where none is known.
  package func fixes(
    for findings: [Finding], inOpenText path: String, among texts: [String: [UInt8]]
  ) -> [Fix?] {
    let none = [Fix?](repeating: nil, count: findings.count)
    var finder = InputFinder(
      workingDirectory: settings.workingDirectory, excluded: excluded, root: settings.repositoryRoot
    )
    let raw = texts[path] ?? []
    finder.add(openText: raw, at: path)
    guard !findings.isEmpty, let input = finder.files.first else { return none }
    var inspector = inspector(
      LinterRules(rules),
      NeighbourFiles(workingDirectory: settings.workingDirectory, openTexts: texts))
    inspector.offeredFixes = .none
    inspector.drawsWorkflows = false
    // Findings as they were shown have their secrets hidden: what is tried must know them as they are.
    let found = inspector.inspect(input).findings
    guard
      var fixes = FixFinder(found, raw: raw, of: input, inspector: inspector, offered: .all)
    else { return none }
    return findings.map { shown in
      let same = found.first {
        $0.rule == shown.rule && $0.cause == shown.cause && $0.location == shown.location
      }
      return same.flatMap { fixes.fix(for: $0) }
    }
  }

  /// Where paths of findings start from; absolute.
  package var baseDirectory: String { settings.workingDirectory }
}

#if Certificates
  extension Linter {
    /// Files of more bytes are not hashed while somebody types.
    private static let mostHashedBytes = 64 << 20
    /// What lies beside the text is looked at up to so many files.
    private static let mostFilesBeside = 2000

    /// Examines what the text attests or claims, together with the attestations beside it.
    private func examineAttestations(
      of input: InputFile, _ reading: inout InputReading, with inspector: InputInspector
    ) async {
      guard reading.attested != nil, let path = input.absolutePath else { return }
      var finder = InputFinder(
        workingDirectory: settings.workingDirectory, excluded: excluded,
        root: settings.repositoryRoot)
      finder.add(FilePath.parent(path))
      var inputs = [input]
      var readings = [reading]
      for beside in finder.files.prefix(Self.mostFilesBeside) where beside.absolutePath != path {
        guard let other = inspector.attestations(in: beside) else { continue }
        inputs.append(beside)
        readings.append(other)
      }
      var examination = examination(nil)
      examination.mostHashedBytes = Self.mostHashedBytes
      _ = await examination.examine(inputs, &readings)
      reading = readings[0]
    }
  }

  extension InputInspector {
    /// The reading of a file beside an open text, if it attests something.
    fileprivate func attestations(in input: InputFile) -> InputReading? {
      guard let path = input.absolutePath, FileSystem.kind(of: path) == .file,
        let head = try? FileSystem.read(path, upTo: Self.headBytes)
      else { return nil }
      return try? inspectAttestations(input, at: path, head: head)
    }
  }
#endif

#if Certificates
  import Analysis
  import Certificates
  package import Findings
  import Rules
  import SourceText

  /// Answers one question about one certificate: whether it holds.
  package struct CertificateVerifier: Sendable {
    private let settings: Settings
    private let book: RuleBook
    private let rules: [Rule]
    private let trust: [TrustFile]

    /// Loads the rules and trust files that the settings name.
    package init(_ settings: Settings) throws(LinterError) {
      self.settings = settings
      book = try RuleLibrary.book(for: settings)
      rules = try RuleSelection(of: book.rules).rules(for: settings)
      trust = try TrustFiles.read(settings)
    }

    /// The output that the certificate is said to bind.
    package enum Output: Sendable {
      case file(String)
      case text(String)
    }

    /// Examines the certificate in a file; `-` reads standard input.
    ///
    /// - Throws: where the file cannot be read, or holds none or several certificates.
    package func verify(
      _ path: String, output: Output?
    ) throws(LinterError) -> CertificateAnswer {
      let (file, folder) = try read(path)
      let tree = JSONReader.read(file)
      let finder = CertificateFinder(book.protocols)
      let found = finder.certificates(in: file, tree)
      guard found.count < 2 else {
        throw .noInput([
          (path, "it holds \(found.count) certificates; `mira-lint check` judges all of them")
        ])
      }
      guard let certificate = found.first ?? finder.certificate(asNamed: file, tree) else {
        let damage = tree.problems.first { $0.severity == .error }
        let why = damage.map { problem in
          let place = file.position(at: problem.range.start)
          return "it is no JSON: line \(place.line): \(problem.message)"
        }
        let isAttestation = tree.documents.contains(where: AttestationFile.recognises)
        let words =
          isAttestation
          ? "it is an attestation, and one certificate is asked for: `mira-lint check` judges attestations"
          : why ?? "no protocol knows a certificate in it"
        throw .noInput([(path, words)])
      }
      let files = BesideFiles(folder: folder, root: folder)
      let examiner = CertificateExaminer(trust: trust) { files.load($0) }
      let examination = examiner.examine(certificate, output: try bytes(of: output))
      return answer(examination, of: certificate, in: file)
    }

    private func read(_ path: String) throws(LinterError) -> (SourceFile, folder: String) {
      let absolute =
        path == "-" ? nil : FilePath.absolute(path, from: settings.workingDirectory)
      let raw: [UInt8]
      do throws(FileSystem.Failure) {
        if let absolute {
          raw = try FileSystem.read(absolute, upTo: Limits.fileBytes + 1)
        } else {
          raw = try FileSystem.read(0, upTo: Limits.fileBytes + 1)
        }
      } catch {
        throw .unreadable(path: path, reason: error.words)
      }
      guard raw.count <= Limits.fileBytes else {
        throw .unreadable(
          path: path,
          reason:
            "it is larger than \(Limits.fileBytes >> 20) MiB, the most that a certificate may have")
      }
      let shown = absolute.map { ConfigurationFinder.shown($0, in: settings.workingDirectory) }
      return (
        SourceDecoder.decode(path: shown ?? "<stdin>", raw: raw).file,
        absolute.map(FilePath.parent) ?? settings.workingDirectory
      )
    }

    private func bytes(of output: Output?) throws(LinterError) -> NamedBytes? {
      switch output {
      case nil: return nil
      case .text(let text)?: return .bytes(Array(text.utf8))
      case .file(let path)?:
        let absolute = FilePath.absolute(path, from: settings.workingDirectory)
        guard FileSystem.kind(of: absolute) == .file else {
          let isThere = FileSystem.kind(of: absolute) != nil
          throw .unreadable(
            path: path, reason: isThere ? "it is no file" : "there is no file of this name")
        }
        let bytes = BesideFiles.bytes(at: absolute, named: path)
        if case .refused(let words) = bytes { throw .unreadable(path: path, reason: words) }
        return bytes
      }
    }

    private func answer(
      _ examination: CertificateExamination, of certificate: Certificate, in file: SourceFile
    ) -> CertificateAnswer {
      let judge = FactJudge(
        rules: rules, claims: book.protocols.first?.claims ?? .init(), meanings: book.meanings)
      let mask = SecretMask(globs: book.protocols.flatMap(\.secrets))
      let findings = judge.judge(examination.facts) { file.location(of: $0) }.map(mask.mask)
      let facts = examination.facts.records.first?.facts ?? [:]
      var answer = CertificateAnswer(name: certificate.name, path: file.path)
      answer.reasons = findings.filter { !$0.isInconclusive && $0.severity == .error }
      answer.missing = findings.filter(\.isInconclusive)
      answer.remarks = findings.filter { !$0.isInconclusive && $0.severity != .error }
      answer.hasOutput = facts["output_given"] == .flag(true)
      // The quorum's own verdict is one of the things that the answer rests on.
      answer.facts = facts.filter { $0.key != "verdict" }.compactMapValues(\.known)
      answer.quorum = examination.quorum
      if !answer.reasons.isEmpty || facts["verdict"] == .text("invalid") {
        answer.verdict = .invalid
      } else if facts["verdict"] == .text("valid"), facts["output_matches"]?.isUnknown != true {
        answer.verdict = .valid
      }
      return answer
    }
  }

  extension FactValue {
    fileprivate var known: CertificateAnswer.Fact? {
      switch self {
      case .text(let text), .time(_, let text): .text(text)
      case .number(let number): .number(number)
      case .flag(let flag): .flag(flag)
      case .null, .unknown: nil
      }
    }

    fileprivate var isUnknown: Bool {
      if case .unknown = self { true } else { false }
    }
  }
#endif

#if Certificates
  import Analysis
  import Certificates
  import EventLogs
  import Findings
  import Rules
  import SourceText

  /// Examines the certificates of a file and has them judged.
  struct CertificateInspector: Sendable {
    private let finder: CertificateFinder
    private let judge: FactJudge
    private let trust: [TrustFile]

    init(
      protocols: [VerificationProtocol] = [],
      judge: FactJudge = FactJudge(rules: [], claims: .init()), trust: [TrustFile] = []
    ) {
      finder = CertificateFinder(protocols)
      self.judge = judge
      self.trust = trust
    }

    /// What certificates gave.
    struct Reading {
      var findings: [Finding] = []
      var quorums: [QuorumPicture] = []
      var count = 0
    }

    /// Whether bytes may hold a certificate: asked before anything is read as one.
    func mayHold(_ bytes: [UInt8]) -> Bool { finder.mayHold(bytes) }

    /// Whether a text of which only the head was read begins as a certificate does.
    func mayBegin(_ head: [UInt8]) -> Bool { finder.mayBegin(head) }

    /// Reads all certificates of a file.
    func inspect(_ file: SourceFile, folder: String, root: String) -> Reading {
      let certificates = finder.certificates(in: file, JSONReader.read(file))
      return inspect(certificates, folder: folder, root: root) { file.location(of: $0) }
    }

    private func inspect(
      _ certificates: [Certificate], folder: String, root: String,
      locate: @escaping (ByteRange) -> Location
    ) -> Reading {
      let files = BesideFiles(folder: folder, root: root)
      let examiner = CertificateExaminer(trust: trust) { files.load($0) }
      var reading = Reading(count: certificates.count)
      for certificate in certificates {
        let examination = examiner.examine(certificate)
        reading.findings += judge.judge(examination.facts, locate: locate)
        if var quorum = examination.quorum {
          quorum.location = locate(certificate.node.range)
          reading.quorums.append(quorum)
        }
      }
      return reading
    }

    /// Members that make a line of a log worth a look.
    var telltales: LineTelltales { LineTelltales(finder.telltales) }

    /// Reads the certificates that lines of a log carry, which its own reader has picked.
    func inspect(
      _ lines: [TelltaleLine], of log: LogBytes?, shownAs shown: String, folder: String,
      root: String
    ) -> Reading {
      var reading = Reading()
      var buffer: [UInt8] = []
      for line in lines {
        guard let bytes = line.bytes ?? read(line, of: log, into: &buffer) else { continue }
        let file = SourceFile(path: shown, bytes: bytes)
        let certificates = finder.certificates(in: file, JSONReader.read(file))
        if certificates.isEmpty { continue }
        let found = inspect(certificates, folder: folder, root: root) { range in
          var location = file.location(of: range)
          location.line += line.line - 1
          location.endLine += line.line - 1
          location.startByte += line.start
          location.endByte += line.start
          return location
        }
        reading.findings += found.findings
        reading.quorums += found.quorums
        reading.count += found.count
      }
      return reading
    }

    private func read(
      _ line: TelltaleLine, of log: LogBytes?, into buffer: inout [UInt8]
    ) -> [UInt8]? {
      guard let log else { return nil }
      if buffer.count < line.length {
        buffer += repeatElement(0, count: line.length - buffer.count)
      }
      let got = try? log.read(from: line.start, count: line.length, into: &buffer)
      return got == line.length ? Array(buffer[..<line.length]) : nil
    }
  }

  extension InputInspector {
    private static let certificateExtensions: Set<String> = ["json", "jsonl", "ndjson", "cert"]

    /// The reading of a file with certificates; `nil` where it has none.
    func inspectCertificates(
      _ input: InputFile, at path: String, head: [UInt8]
    ) throws(FileSystem.Failure) -> InputReading? {
      guard assumed == nil || !input.isExplicit else { return nil }
      let isNamed = Self.certificateExtensions.contains(FilePath.fileExtension(input.path))
      guard isNamed || input.isExplicit else { return nil }
      guard certificates.mayHold(head) else {
        // What all certificates have may stand behind a long text.
        guard head.count == Self.headBytes, certificates.isJSON(head) else { return nil }
        return try inspectCertificates(wholeOf: path, input, head)
      }
      return try inspectCertificates(wholeOf: path, input, head)
    }

    private func inspectCertificates(
      wholeOf path: String, _ input: InputFile, _ head: [UInt8]
    ) throws(FileSystem.Failure) -> InputReading? {
      let raw =
        head.count < Self.headBytes ? head : try FileSystem.read(path, upTo: Limits.fileBytes + 1)
      guard raw.count <= Limits.fileBytes else {
        return certificates.mayBegin(head) ? oversizedCertificate(input) : nil
      }
      return inspectCertificates(raw, of: input)
    }

    private func oversizedCertificate(_ input: InputFile) -> InputReading {
      var reading = InputReading()
      reading.isProof = true
      reading.certificates = 1
      reading.findings = linterRules.unreadable(
        "the certificate is larger than \(Limits.fileBytes >> 20) MiB, the most that is read of one",
        at: .start(of: input.path))
      return reading
    }

    /// Likewise, of something that has been read.
    func inspectCertificates(_ raw: [UInt8], of input: InputFile) -> InputReading? {
      guard certificates.mayHold(raw) else { return nil }
      let (file, _) = SourceDecoder.decode(path: input.path, raw: raw)
      let path = input.absolutePath ?? FilePath.join(input.root, input.path)
      let found = certificates.inspect(
        file, folder: FilePath.parent(path),
        root: input.artifactRoot.isEmpty ? input.root : input.artifactRoot)
      guard found.count > 0 else { return nil }
      var reading = InputReading()
      reading.isProof = true
      reading.certificates = found.count
      reading.findings = found.findings
      reading.quorums = found.quorums
      if !found.findings.isEmpty || !found.quorums.isEmpty {
        reading.source = KeptSource(
          file: file, hasByteOrderMark: raw.starts(with: [0xEF, 0xBB, 0xBF]))
      }
      return reading
    }

    /// Adds what the certificates inside a log give.
    func addCertificates(
      of judgement: LogJudgement, in log: LogSource, _ input: InputFile,
      to reading: inout InputReading
    ) {
      if judgement.telltales.isEmpty { return }
      let path = input.absolutePath ?? FilePath.join(input.root, input.path)
      let bytes = judgement.spooled ?? (try? LogBytes(log.input)) ?? nil
      let found = certificates.inspect(
        judgement.telltales, of: bytes, shownAs: input.path, folder: FilePath.parent(path),
        root: input.artifactRoot.isEmpty ? input.root : input.artifactRoot)
      reading.findings += found.findings
      reading.quorums += found.quorums
      reading.certificates += found.count
      if judgement.passedTelltales > 0 {
        reading.findings += linterRules.unreadable(
          "\(judgement.passedTelltales) more lines with certificates were not examined: "
            + "of a log that can be read only once, 32 MiB of them are kept",
          severity: .note, at: .start(of: input.path))
      }
    }
  }

  extension CertificateInspector {
    /// Whether the first byte is that of a JSON object or list.
    func isJSON(_ head: [UInt8]) -> Bool {
      guard let first = head.first(where: { $0 > 0x20 }) else { return false }
      return first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || first == 0xEF
    }
  }
#endif

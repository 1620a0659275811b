#if Certificates
  import Certificates
  import Findings
  import Rules
  import SourceText

  extension InputInspector {
    /// The reading of a file that attests something; `nil` where it does not, and for files of other kinds.
    ///
    /// Asked before logs are: envelopes that stand one on each line look like one.
    func inspectAttestations(
      _ input: InputFile, at path: String, head: [UInt8]
    ) throws(FileSystem.Failure) -> InputReading? {
      guard assumed == nil || !input.isExplicit, AttestedContent.mayBegin(head) else { return nil }
      let raw =
        head.count < Self.headBytes ? head : try FileSystem.read(path, upTo: Limits.fileBytes + 1)
      guard raw.count <= Limits.fileBytes else {
        return isLog(input, head: head) ? nil : oversizedAttestation(input)
      }
      return inspectAttestations(raw, of: input, head: head)
    }

    /// Likewise, of a text that is there as a whole.
    func inspectAttestations(_ raw: [UInt8], of input: InputFile, head: [UInt8]) -> InputReading? {
      guard assumed == nil || !input.isExplicit, AttestedContent.mayBegin(head) else { return nil }
      guard raw.count <= Limits.fileBytes else { return oversizedAttestation(input) }
      let (file, problems) = SourceDecoder.decode(path: input.path, raw: raw)
      let tree = JSONReader.read(file)
      guard let content = AttestedContent(file, documents: tree.documents, frontMatter: false),
        case .attestations = content
      else { return nil }
      // Put right by one reader and refused by another, it says two things.
      if let problem = problems.first {
        var reading = InputReading()
        reading.isProof = true
        reading.findings = linterRules.unreadable(
          "this attestation is not read: "
            + problem.message.prefix(1).lowercased() + problem.message.dropFirst(),
          at: file.location(of: problem.range))
        return reading
      }
      return reading(of: content, in: file, raw: raw)
    }

    /// What a file that was read attests or claims, beside what else it is.
    func attestedContent(_ tree: SourceTree, _ form: SourceForm, in file: SourceFile)
      -> AttestedContent?
    {
      switch form {
      case .json: AttestedContent(file, documents: tree.documents, frontMatter: false)
      case .markdown: AttestedContent(file, documents: tree.documents, frontMatter: true)
      case .yaml, .xml: nil
      }
    }

    /// The reading of a file that is nothing else than what it attests or claims.
    func reading(of content: AttestedContent, in file: SourceFile, raw: [UInt8]) -> InputReading {
      var reading = InputReading()
      reading.isProof = true
      reading.attested = content
      reading.source = KeptSource(
        file: file, hasByteOrderMark: raw.starts(with: [0xEF, 0xBB, 0xBF]))
      if case .attestations(let attestations) = content {
        for refusal in attestations.refusals {
          reading.findings += linterRules.unreadable(
            "this attestation is not read: \(refusal.words)", hint: refusal.hint,
            at: refusal.range.map { file.location(of: $0) } ?? .start(of: file.path))
        }
      }
      return reading
    }

    private func oversizedAttestation(_ input: InputFile) -> InputReading {
      var reading = InputReading()
      reading.isProof = true
      reading.findings = linterRules.unreadable(
        "the attestation is larger than \(Limits.fileBytes >> 20) MiB, the most that is read of one",
        at: .start(of: input.path))
      return reading
    }
  }
#endif

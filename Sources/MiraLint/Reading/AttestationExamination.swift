#if Certificates
  import Analysis
  import Certificates
  import Findings
  import Rules
  import SourceText

  /// Examines attestations, claims and the files that they name, together, and has what it finds judged.
  struct AttestationExamination {
    let judge: FactJudge
    let trust: AttestationTrust
    let jobs: Int
    /// Larger files are left aside.
    var mostHashedBytes = Int.max
    /// Told how many bytes of the files that attestations name are hashed.
    var notify: (@Sendable (_ done: Int, _ total: Int) -> Void)?

    /// Puts the findings into the readings of their files.
    ///
    /// - Returns: what stands behind each attestation.
    nonisolated(nonsending) func examine(
      _ inputs: [InputFile], _ readings: inout [InputReading]
    ) async -> [AttestationPicture] {
      var files = ExaminedFiles()
      var byPath: [String: Int] = [:]
      for (index, input) in inputs.enumerated() {
        guard let content = readings[index].attested else { continue }
        byPath[input.path] = index
        add(content, of: input, to: &files)
      }
      guard !files.isEmpty else { return [] }
      let search = ArtifactSearch(jobs: jobs, mostBytes: mostHashedBytes, notify: notify)
      let (examined, facts) = await AttestationExaminer(files, trust: trust, search: search)
        .examine()
      for (path, facts) in Dictionary(grouping: facts, by: \.path) {
        guard let index = byPath[path], let file = readings[index].source?.file else { continue }
        let records = FactCase(
          records: facts.map(\.record), name: String(FilePath.name(path)))
        readings[index].findings += judge.judge(records) { file.location(of: $0) }
      }
      return examined.enumerated().compactMap { number, item in
        guard let index = byPath[item.path], let file = readings[index].source?.file else {
          return nil
        }
        let chain = AttestationChain(item)
        let claims = facts.filter { $0.attestation == number && $0.record.kind == "claim" }
        return AttestationPicture(
          title: chain.title, location: file.location(of: chain.range),
          links: chain.links.map(Self.link), claims: claims.map(Self.claim))
      }
    }

    private static func link(_ link: AttestationChain.Link) -> AttestationPicture.Link {
      let state: AttestationPicture.State =
        switch link.holds {
        case true?: .holds
        case false?: .fails
        case nil: .open
        }
      return AttestationPicture.Link(
        kind: link.kind, name: link.name, words: link.words, state: state)
    }

    private static func claim(_ fact: AttestationFact) -> AttestationPicture.Link {
      let status = fact.record["status"]
      let reason = fact.record["reason"]?.words ?? ""
      let state: AttestationPicture.State
      switch status {
      case .text("attested")?: state = .holds
      case .unknown?, nil: state = .open
      default: state = .fails
      }
      return AttestationPicture.Link(
        kind: "claim", name: fact.record["claim"]?.words ?? "",
        words: reason.isEmpty ? "as attested" : reason, state: state)
    }

    private func add(
      _ content: AttestedContent, of input: InputFile, to files: inout ExaminedFiles
    ) {
      let path = input.absolutePath ?? FilePath.join(input.root, input.path)
      let folder = FilePath.parent(path)
      let root = input.artifactRoot.isEmpty ? folder : input.artifactRoot
      func source<Content: Sendable>(_ content: Content) -> ExaminedFiles.Source<Content> {
        ExaminedFiles.Source(content, path: input.path, folder: folder, root: root)
      }
      switch content {
      case .attestations(let attestations): files.attestations.append(source(attestations))
      case .card(let card): files.cards.append(source(card))
      case .bill(let bill): files.bills.append(source(bill))
      }
    }
  }
#endif

#if Certificates
  import Rules
  package import SourceText

  /// Looks at attestations, claims and files together, and says what they show; rules say what is wrong with it.
  package struct AttestationExaminer: Sendable {
    private let files: ExaminedFiles
    private let search: ArtifactSearch
    private let trust: AttestationTrust

    package init(_ files: ExaminedFiles, trust: AttestationTrust, search: ArtifactSearch) {
      self.files = files
      self.trust = trust
      self.search = search
    }

    /// An attestation with what its signatures are worth.
    package struct Examined: Sendable {
      package var attestation: Attestation
      package var path: String
      package var folder: String
      package var root: String
      package var standings: [(standing: SignatureStanding, range: ByteRange)]
      /// Its files, with what became of them.
      package var artifacts: [ExaminedArtifact] = []

      /// How much its word weighs beside that of others: what nobody has signed takes nothing back that somebody has.
      var worth: Worth {
        switch standing?.verdict {
        case .valid: .signed
        case .undecided: .undecided
        case nil: attestation.isBare ? .unsigned : .nothing
        case .invalid, .unknownSigner, .revoked: .nothing
        }
      }

      enum Worth: Int, Comparable {
        case nothing, unsigned, undecided, signed

        static func < (left: Worth, right: Worth) -> Bool { left.rawValue < right.rawValue }
      }

      /// When it was attested, as it says itself or a log does.
      package var attested: Instant? {
        let own: Instant? =
          switch attestation.predicate {
          case .evaluation(let evaluation): evaluation.finishedOn
          case .provenance(let provenance): provenance.finishedOn
          case .verificationSummary(let summary): summary.timeVerified
          case .testResult, .modelSignature, .link, .other: nil
          }
        return standing?.time ?? own
      }

      /// The best that its signatures have to say.
      package var standing: SignatureStanding? {
        let order: [SignatureStanding.Verdict] = [
          .valid, .undecided, .revoked, .unknownSigner, .invalid,
        ]
        // An invalid signature beside a valid one is another finding's concern.
        for verdict in order {
          if let match = standings.first(where: { $0.standing.verdict == verdict }) {
            return match.standing
          }
        }
        return nil
      }
    }

    /// A file that an attestation names.
    package struct ExaminedArtifact: Sendable {
      package var name: String
      package var role: String
      package var status: Status
      package var expected: String
      package var actual: String?
      package var reason: String
      package var range: ByteRange

      package enum Status: String, Sendable {
        case same, changed, missing, refused, unlisted
        /// Its bytes cannot be compared, and it was written after it was attested.
        case newer
      }
    }

    /// The attestations, and the facts in the order of their files.
    package func examine() async -> (attestations: [Examined], facts: [AttestationFact]) {
      var examined: [Examined] = []
      for source in files.attestations {
        for attestation in source.content.attestations {
          let content = content(signedBy: attestation, source)
          examined.append(
            Examined(
              attestation: attestation, path: source.path, folder: source.folder, root: source.root,
              standings: SignatureExaminer(trust: trust).standings(
                of: attestation, content: content)
            ))
        }
      }
      await findArtifacts(of: &examined)
      var facts = signatureFacts(examined) + artifactFacts(examined)
      facts += await billFacts()
      facts += ClaimExaminer(examined: examined, files: files).facts()
      facts += EvaluationExaminer(examined: examined, trust: trust).facts()
      return (examined, facts)
    }

    /// The largest file that a signature over a file is checked on: it has to be held as a whole.
    private static let mostSignedBytes = 256 << 20

    /// The file that a bundle is named after: `model.bin` for `model.bin.sigstore.json`.
    private func content(
      signedBy attestation: Attestation, _ source: ExaminedFiles.Source<AttestationFile>
    ) -> [UInt8]? {
      guard case .bundle(let bundle) = attestation.container, case .message = bundle.content,
        let name = Self.signedName(source.path),
        case .file(let file) = ArtifactFinder(root: source.folder).find(name),
        file.size <= Self.mostSignedBytes
      else { return nil }
      return file.content()
    }

    static func signedName(_ path: String) -> String? {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      let ends = [
        ".sigstore.json", ".sigstore", ".bundle.json", ".bundle", ".sig.json", ".sig", ".json",
      ]
      for end in ends where name.hasSuffix(end) && name.utf8.count > end.utf8.count {
        return String(name.dropLast(end.count))
      }
      return nil
    }

    // MARK: Files

    private struct Named {
      var owner: Int
      var resource: Resource
      var role: String
      var folder: String
    }

    private func findArtifacts(of examined: inout [Examined]) async {
      var named: [Named] = []
      for (index, item) in examined.enumerated() { named += Self.named(in: item, index) }
      let requests = named.map { item in
        ArtifactSearch.Request(
          name: item.resource.name ?? "", folder: item.folder, root: examined[item.owner].root,
          algorithms: Set(
            item.resource.digests.compactMap { Digest.Algorithm(rawValue: $0.algorithm) })
        )
      }
      let answers = await search.answers(to: requests)
      let handedOn = Self.handedOn(examined)
      for (item, answer) in zip(named, answers) {
        var artifact = Self.artifact(
          item.resource, item.role, answer, attested: examined[item.owner].attested)
        // The next step of a chain has changed what this one made, and says so.
        if artifact.status == .changed, let worth = handedOn[Handover(item.resource)],
          worth >= examined[item.owner].worth
        {
          continue
        }
        artifact.name = Self.shownName(artifact.name)
        examined[item.owner].artifacts.append(artifact)
      }
      for index in examined.indices { addUnlistedFiles(to: &examined[index]) }
    }

    /// A file with its digest, as links of a chain hand it on.
    private struct Handover: Hashable {
      var name: String
      var digest: String

      init(_ resource: Resource) {
        name = resource.name ?? ""
        digest = resource.digest("sha256") ?? resource.digests.first?.value ?? ""
      }
    }

    /// What some link of a chain has taken in, with the most that such a link is worth.
    private static func handedOn(_ examined: [Examined]) -> [Handover: Examined.Worth] {
      var taken: [Handover: Examined.Worth] = [:]
      for item in examined {
        guard case .link(let link) = item.attestation.predicate, item.worth > .nothing else {
          continue
        }
        for material in link.materials.map(Handover.init) {
          taken[material] = max(taken[material] ?? .nothing, item.worth)
        }
      }
      return taken
    }

    /// A name of many folders is told by its end.
    private static func shownName(_ name: String) -> String {
      name.count <= 120 ? name : "…" + name.suffix(119)
    }

    private static func named(in item: Examined, _ owner: Int) -> [Named] {
      var named: [Named] = []
      func add(_ resources: [Resource], _ role: String, in folder: String? = nil) {
        for resource in resources where resource.name != nil && !resource.digests.isEmpty {
          named.append(
            Named(owner: owner, resource: resource, role: role, folder: folder ?? item.folder))
        }
      }
      if case .modelSignature(let signature) = item.attestation.predicate {
        // Its subject is the model as a whole, under a digest of digests.
        add(signature.files, "model file")
        return named
      }
      add(item.attestation.statement?.subjects ?? [], "subject")
      switch item.attestation.predicate {
      case .evaluation(let evaluation):
        add(evaluation.prompts, "prompt file")
        add(evaluation.configuration, "configuration")
        add(evaluation.datasets, "dataset")
      case .testResult(let result): add(result.configuration, "configuration")
      case .provenance, .verificationSummary, .modelSignature, .link, .other: break
      }
      if case .bundle(let bundle) = item.attestation.container,
        case .message(var digest, _, _) = bundle.content
      {
        digest.name = signedName(item.path)
        add([digest], "signed file")
      }
      return named
    }

    static func artifact(
      _ resource: Resource, _ role: String, _ answer: ArtifactSearch.Answer,
      attested: Instant? = nil
    ) -> ExaminedArtifact {
      let expected = resource.digests.first.map { "\($0.algorithm):\($0.value)" } ?? ""
      var artifact = ExaminedArtifact(
        name: resource.name ?? "", role: role, status: .missing, expected: expected, actual: nil,
        reason: "", range: resource.range)
      switch answer {
      case .missing: artifact.reason = "it is not among the checked files"
      case .refused(let reason):
        artifact.status = .refused
        artifact.reason = reason
      case .found(let files):
        var comparable: (algorithm: Digest.Algorithm, expected: String, actual: String)?
        for file in files {
          let pairs = resource.digests.compactMap { digest in
            Digest.Algorithm(rawValue: digest.algorithm).flatMap { algorithm in
              file.digests[algorithm].map { (algorithm, digest.value, $0) }
            }
          }
          guard !pairs.isEmpty else { continue }
          if pairs.allSatisfy({ $0.1 == $0.2 }) {
            artifact.status = .same
            return artifact
          }
          if comparable == nil { comparable = pairs.first { $0.1 != $0.2 } }
        }
        guard let comparable else {
          let kind = resource.digests.map(\.algorithm).joined(separator: "`, `")
          artifact.status = .refused
          artifact.reason = "a digest by `\(kind)` is not compared"
          if let attested, let file = files.first, attested < file.modified {
            artifact.status = .newer
            artifact.reason +=
              ", and the file was written on \(file.modified.text), after \(attested.text)"
          }
          return artifact
        }
        artifact.status = .changed
        artifact.expected = "\(comparable.algorithm.rawValue):\(comparable.expected)"
        artifact.actual = "\(comparable.algorithm.rawValue):\(comparable.actual)"
      }
      return artifact
    }

    /// A model's signature is over all of its files: one that was added is part of what is loaded.
    private func addUnlistedFiles(to examined: inout Examined) {
      guard case .modelSignature(let signature) = examined.attestation.predicate,
        examined.artifacts.contains(where: { $0.status == .same || $0.status == .changed })
      else { return }
      let listed = Set(signature.files.compactMap(\.name))
      let own = examined.path.split(separator: "/").last.map(String.init) ?? ""
      let ignored = signature.ignoredPaths
      for name in FolderListing.files(in: examined.folder)
      where !listed.contains(name) && name != own {
        if ignored.contains(where: { name == $0 || name.hasPrefix($0 + "/") }) { continue }
        if name.split(separator: "/").first.map({ $0.hasPrefix(".git") }) == true { continue }
        examined.artifacts.append(
          ExaminedArtifact(
            name: name, role: "model file", status: .unlisted, expected: "", actual: nil,
            reason: "", range: examined.attestation.range))
      }
    }

    // MARK: Facts

    private func signatureFacts(_ examined: [Examined]) -> [AttestationFact] {
      var facts: [AttestationFact] = []
      // What nobody can check is told once of an attestation, and for want of any trust once of a file.
      var told: Set<[String]> = []
      for (index, item) in examined.enumerated() {
        for (number, (standing, range)) in item.standings.enumerated() {
          if standing.verdict == .undecided {
            let whose = standing.missing == .signer ? standing.words : String(index)
            guard told.insert([item.path, whose]).inserted else { continue }
          }
          facts.append(
            AttestationFact(
              .attestationSignature, path: item.path, range: range,
              route: "signatures[\(number)]",
              facts: [
                "status": standing.verdict == .undecided
                  ? .unknown(standing.words) : .text(standing.verdict.rawValue),
                "signer": .text(standing.signer ?? ""),
                "reason": .text(standing.words),
                "missing": standing.missing.map { .text($0.rawValue) },
                "statement": .text(item.attestation.predicate.title),
              ].compactMapValues(\.self), attestation: index))
        }
      }
      return facts
    }

    private func artifactFacts(_ examined: [Examined]) -> [AttestationFact] {
      var facts: [AttestationFact] = []
      for (index, item) in examined.enumerated() {
        // Data sets lie beside their attestation seldom, and under other names.
        let missing = item.artifacts.filter { $0.status == .missing && $0.role != "dataset" }
        for artifact in item.artifacts where artifact.status != .missing {
          facts.append(
            Self.fact(
              artifact, path: item.path, place: item.attestation.place(of: artifact.range),
              by: item.attestation.predicate.title, standing: item.standing, index))
        }
        // What was not fetched is told once, however many files it is.
        if let first = missing.first {
          var artifact = first
          let others = missing.count - 1
          if others > 0 {
            artifact.reason =
              "it and \(others) other \(others == 1 ? "file" : "files") are not among the checked files"
          }
          facts.append(
            Self.fact(
              artifact, path: item.path, place: item.attestation.place(of: first.range),
              by: item.attestation.predicate.title, standing: item.standing, index))
        }
      }
      return facts
    }

    static func fact(
      _ artifact: ExaminedArtifact, path: String, place: ByteRange, by title: String,
      standing: SignatureStanding?, _ index: Int?
    ) -> AttestationFact {
      let isDecided = artifact.status != .missing && artifact.status != .refused
      return AttestationFact(
        .artifact, path: path, range: place, route: "\(artifact.role) \(artifact.name)",
        facts: [
          "name": .text(artifact.name), "role": .text(artifact.role),
          "status": isDecided ? .text(artifact.status.rawValue) : .unknown(artifact.reason),
          "expected": .text(shortened(artifact.expected)),
          "actual": .text(shortened(artifact.actual ?? "")), "reason": .text(artifact.reason),
          "statement": .text(title), "signed": .text(standing?.verdict.rawValue ?? "unsigned"),
        ], attestation: index)
    }

    /// `sha256:1f2e3d4c5b6a…`: enough to be compared by eye.
    static func shortened(_ digest: String) -> String {
      guard let colon = digest.firstIndex(of: ":") else { return digest }
      let digits = digest[digest.index(after: colon)...]
      return digits.count <= 12 ? digest : digest[...colon] + digits.prefix(12) + "…"
    }

    /// Files that a bill of materials names with their hashes.
    private func billFacts() async -> [AttestationFact] {
      var facts: [AttestationFact] = []
      for source in files.bills {
        let requests = source.content.files.map { file in
          ArtifactSearch.Request(
            name: file.name ?? "", folder: source.folder, root: source.root,
            algorithms: Set(file.digests.compactMap { Digest.Algorithm(rawValue: $0.algorithm) }))
        }
        let answers = await search.answers(to: requests)
        for (file, answer) in zip(source.content.files, answers) {
          let artifact = Self.artifact(file, "component", answer)
          // Components are names more often than files.
          guard artifact.status == .changed || artifact.status == .same else { continue }
          facts.append(
            Self.fact(
              artifact, path: source.path, place: file.range, by: "the bill of materials",
              standing: nil, nil))
        }
      }
      return facts
    }
  }
#endif

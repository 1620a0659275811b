#if Certificates
  package import Findings
  package import Rules
  import SourceText

  /// What an examination of a certificate found.
  package struct CertificateExamination: Sendable {
    package var facts: FactCase
    /// The quorum as reports draw it; `nil` where no trust file says what anybody's voice weighs.
    package var quorum: QuorumPicture?
  }

  /// Bytes that a certificate speaks of, or why they are not at hand.
  package enum NamedBytes: Sendable {
    case bytes([UInt8])
    /// More than is kept in memory: hashed as they are read; `nil` where reading fails.
    case stream(@Sendable (Digest.Algorithm) -> Digest?)
    /// In words that end a sentence: `the file `x` is not there`.
    case refused(String)
  }

  /// Examines certificates: hash, output, signatures, quorum, evidence, times.
  ///
  /// It judges nothing: what it finds are facts, and what cannot be found out is unknown for a reason.
  package struct CertificateExaminer: Sendable {
    private let trust: [TrustFile]
    private let load: @Sendable (String) -> NamedBytes

    /// - Parameters:
    ///   - trust: whom the house trusts; without a file no signature is valid or invalid.
    ///   - load: gives the bytes of a file that a certificate names, relative to it.
    package init(
      trust: [TrustFile], load: @escaping @Sendable (String) -> NamedBytes
    ) {
      self.trust = trust
      self.load = load
    }

    /// Finds out all there is to find.
    ///
    /// - Parameters:
    ///   - certificate: the certificate.
    ///   - output: the output's bytes, where somebody gives them; else the certificate's own are taken, if any.
    /// - Returns: facts, and the quorum to be drawn.
    package func examine(
      _ certificate: Certificate, output: NamedBytes? = nil
    ) -> CertificateExamination {
      let file = trust.first { certificate.set(in: $0) != nil } ?? trust.first
      var main = FactRecord(
        "certificate", range: certificate.node.range, places: places(of: certificate))
      let hash = HashExamination(of: certificate)
      hash.tell(&main)
      OutputExamination(of: certificate, given: output, load: load).tell(&main)
      let quorum = QuorumExamination(of: certificate, hash: hash, trust: file)
      quorum.tell(&main)
      AgeExamination(of: certificate, trust: file).tell(&main)
      main["verdict"] = .text(Self.verdict(of: main))
      var records = [main] + quorum.records
      for (index, piece) in certificate.evidence.enumerated() {
        if case .mapping = piece.node.content {
          records.append(
            EvidenceExamination(load: load).record(of: piece, number: index + 1, certificate.model))
        }
      }
      let facts = FactCase(
        records: records, name: certificate.title,
        subject: certificate.text(.outputHash).map(ShortHash.of))
      return CertificateExamination(facts: facts, quorum: quorum.picture(for: main))
    }

    private func places(of certificate: Certificate) -> [String: ByteRange] {
      let fields: [(String, CertificateModel.Field)] = [
        ("hash", .hash), ("output_hash", .outputHash), ("claimed_weight", .weight),
        ("claimed_threshold", .threshold), ("validator_set", .validatorSet), ("epoch", .epoch),
        ("model", .model), ("model_version", .modelVersion), ("issued", .issued),
        ("round_opened", .roundOpened), ("round_closed", .roundClosed),
        ("claimed_round_seconds", .roundTime),
      ]
      var places: [String: ByteRange] = [:]
      for (name, field) in fields { places[name] = certificate.part(field)?.value.range }
      // A list of many lines is marked where it begins.
      if let list = certificate.part(.signatures)?.value.range {
        places["signatures"] = ByteRange(list.start, min(list.start + 1, list.end))
      }
      places["canonical"] = certificate.refusal?.range
      return places
    }

    /// Hash, output and quorum together.
    private static func verdict(of facts: FactRecord) -> String {
      let musts = ["canonical", "hash_matches", "output_matches", "quorum_met"].map { facts[$0] }
      if musts.contains(.flag(false)) { return "invalid" }
      let isKnown = facts["hash_matches"] == .flag(true) && facts["quorum_met"] == .flag(true)
      return isKnown ? "valid" : "unknown"
    }
  }
#endif

#if Certificates
  import Rules
  import SourceText

  /// The certificate's hash: what it states, and what its own bytes give.
  struct HashExamination {
    let statedText: String?
    let stated: Digest?
    let recomputed: Digest?
    let canonical: [UInt8]?
    /// Why the certificate has no canonical form.
    let refusal: CanonicalJSON.Refusal?

    init(of certificate: Certificate) {
      statedText = certificate.text(.hash)
      let usual = Digest.Algorithm(rawValue: certificate.model.hashAlgorithm) ?? .sha256
      let stated = statedText.flatMap { Digest(text: $0, expected: usual) }
      self.stated = stated
      var bytes: [UInt8]?
      var refusal = certificate.refusal
      if refusal == nil {
        do throws(CanonicalJSON.Refusal) {
          bytes = try CanonicalJSON.bytes(of: certificate.node, omitting: certificate.omitted)
        } catch {
          refusal = error
        }
      }
      self.refusal = refusal
      canonical = bytes
      recomputed = bytes.map { Digest(of: $0, stated?.algorithm ?? usual) }
    }

    func tell(_ facts: inout FactRecord) {
      facts["hash"] = statedText.map { .text($0) }
      facts["canonical"] = .flag(refusal == nil)
      if let refusal {
        facts["canonical_problem"] = .text(HashText.clause(refusal.message))
        facts.places["canonical"] = refusal.range
      }
      facts["recomputed"] = recomputed.map { .text(HashText.like(statedText, $0)) }
      guard let recomputed else { return }
      if let stated {
        facts["hash_matches"] = .flag(stated == recomputed)
      } else if let foreign = statedText.flatMap(HashText.foreignAlgorithm) {
        facts["hash_matches"] = .unknown("its hash is made by `\(foreign)`, which is not supported")
      } else if statedText != nil {
        facts["hash_matches"] = .flag(false)
      } else {
        facts["hash_matches"] = .unknown("it states no hash of itself")
      }
    }
  }

  /// How hashes are written.
  enum HashText {
    /// A hash written as another one is, with its prefix or without.
    static func like(_ text: String?, _ digest: Digest) -> String {
      guard let text, let mark = text.firstIndex(of: ":"), mark != text.startIndex else {
        return digest.hex
      }
      return text[...mark] + digest.hex
    }

    /// The hash function that a hash names, where it is none of ours.
    static func foreignAlgorithm(_ text: String) -> String? {
      guard let mark = text.firstIndex(where: { $0 == ":" }) else { return nil }
      let name = text[..<mark]
      guard Digest.Algorithm(named: name) == nil, name.count < 20 else { return nil }
      return String(name)
    }

    /// A reader's sentence inside another one.
    static func clause(_ sentence: String) -> String {
      var clause = Substring(sentence)
      if clause.hasSuffix(".") { clause.removeLast() }
      guard let first = clause.first, clause.dropFirst().first?.isUppercase == false else {
        return String(clause)
      }
      return first.lowercased() + clause.dropFirst()
    }
  }

  /// Bytes compared with the hash that is stated of them.
  struct BytesComparison {
    var recomputed: Digest?
    var matches: FactValue
    var difference: String?

    /// `nil` for bytes that are not at hand.
    init?(_ bytes: NamedBytes, with text: String, usual: String) {
      let usual = Digest.Algorithm(rawValue: usual) ?? .sha256
      let stated = Digest(text: text, expected: usual)
      let digest: Digest?
      switch bytes {
      case .bytes(let bytes): digest = Digest(of: bytes, stated?.algorithm ?? usual)
      case .stream(let hash): digest = hash(stated?.algorithm ?? usual)
      case .refused: return nil
      }
      recomputed = digest
      guard let digest else {
        matches = .unknown("it could not be read to its end")
        return
      }
      guard let stated else {
        let foreign = HashText.foreignAlgorithm(text)
        matches =
          foreign.map { .unknown("the hash is made by `\($0)`, which is not supported") }
          ?? .flag(false)
        return
      }
      matches = .flag(digest == stated)
      if digest != stated, case .bytes(let bytes) = bytes {
        difference = BytesDifference(bytes).explanation(for: stated)
      }
    }
  }

  /// The output's bytes and the hash that the certificate binds.
  struct OutputExamination {
    private let stated: String?
    private var comparison: BytesComparison?
    private var refusal: String?

    init(of certificate: Certificate, given: NamedBytes?, load: (String) -> NamedBytes) {
      stated = certificate.text(.outputHash)
      let named = certificate.text(.outputFile)
      let bytes =
        given ?? Self.inline(certificate).map { .bytes(Array($0.utf8)) } ?? named.map(load)
      guard let bytes else { return }
      if case .refused(let words) = bytes { refusal = words }
      comparison = stated.flatMap {
        BytesComparison(bytes, with: $0, usual: certificate.model.hashAlgorithm)
      }
    }

    /// The output's text inside the certificate, or beside it in the answer that carries it.
    private static func inline(_ certificate: Certificate) -> String? {
      if let text = certificate.value(.output) { return text.text }
      guard let wrapper = certificate.wrapper else { return nil }
      let names = certificate.model.fields[.output] ?? []
      return names.lazy.compactMap { FieldPath($0).find(in: wrapper)?.value.text }.first
    }

    func tell(_ facts: inout FactRecord) {
      facts["output_hash"] = stated.map { .text($0) }
      facts["output_given"] = .flag(comparison != nil)
      guard let comparison else {
        if let refusal { facts["output_matches"] = .unknown(refusal) }
        return
      }
      facts["output_recomputed"] = comparison.recomputed.map {
        .text(HashText.like(stated, $0))
      }
      facts["output_matches"] = comparison.matches
      facts["output_difference"] = comparison.difference.map { .text($0) }
    }
  }

  /// One claim's evidence and its hash.
  struct EvidenceExamination {
    let load: (String) -> NamedBytes

    func record(
      of piece: Certificate.EvidencePiece, number: Int, _ model: CertificateModel
    ) -> FactRecord {
      var facts = FactRecord("evidence", range: piece.node.range, route: piece.route)
      let hash = piece.value(.hash)
      facts["number"] = .number(Double(number))
      facts["claim"] = .text(piece.value(.claim)?.text ?? "claim \(number)")
      facts["hash"] = hash?.text.flatMap { $0.isEmpty ? nil : .text($0) } ?? .null
      facts.places["hash"] = hash?.range
      facts.places["claim"] = piece.value(.claim)?.range
      var bytes: NamedBytes?
      if let text = piece.value(.text)?.text, !Self.isPointer(text) {
        bytes = .bytes(Array(text.utf8))
        facts["source"] = .text("the certificate")
      } else if let name = piece.value(.file)?.text {
        facts["source"] = .text("`\(name)`")
        bytes = load(name)
        if case .refused(let words)? = bytes {
          facts["matches"] = .unknown(words)
          bytes = nil
        }
      }
      facts["given"] = .flag(bytes != nil)
      guard let bytes, case .text(let stated)? = facts["hash"],
        let comparison = BytesComparison(bytes, with: stated, usual: model.hashAlgorithm)
      else { return facts }
      facts["recomputed"] = comparison.recomputed.map { .text(HashText.like(stated, $0)) }
      facts["matches"] = comparison.matches
      facts["difference"] = comparison.difference.map { .text($0) }
      return facts
    }

    /// Whether a text says where the evidence is instead of being it: nothing is fetched.
    private static func isPointer(_ text: String) -> Bool {
      let head = text.prefix { $0 != ":" && $0 != " " }
      return head.count < 12 && text.dropFirst(head.count).hasPrefix("://")
    }
  }
#endif

#if Certificates
  import Rules
  import SourceText

  /// Examines one signature: whose it is, whether its key counts, whether it verifies.
  struct SignatureExamination {
    enum Status: String {
      case valid, invalid, malformed, unsupported, duplicate, expired, revoked
      case unknownValidator = "unknown-validator"
    }

    struct Outcome {
      var validator: TrustFile.Validator?
      /// `nil` where nobody can tell.
      var status: Status?
      var why: String?
      /// Its own time.
      var signed: Moment?
    }

    let certificate: Certificate
    let hash: HashExamination
    let set: TrustFile.ValidatorSet?
    /// Why nothing can be said of any signature, if so.
    let unknownReason: String?
    private let epoch: EpochName?
    private let issued: Moment?
    private let opened: Moment?

    init(
      certificate: Certificate, hash: HashExamination, set: TrustFile.ValidatorSet?,
      unknownReason: String?
    ) {
      self.certificate = certificate
      self.hash = hash
      self.set = set
      self.unknownReason = unknownReason
      epoch = certificate.text(.epoch).map(EpochName.init)
      issued = certificate.text(.issued).flatMap(Moment.init)
      opened = certificate.text(.roundOpened).flatMap(Moment.init)
      validators = Dictionary(
        (set?.validators ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
      messages = Self.messages(certificate, hash)
    }

    private let validators: [String: TrustFile.Validator]
    /// What signatures may be over.
    private let messages: [(form: CertificateModel.SignedForm, bytes: [UInt8], digest: Digest?)]

    /// The hash as stated and as recomputed: a tampered hash is a finding of its own, and makes no signature false.
    private static func messages(
      _ certificate: Certificate, _ hash: HashExamination
    ) -> [(form: CertificateModel.SignedForm, bytes: [UInt8], digest: Digest?)] {
      var messages: [(form: CertificateModel.SignedForm, bytes: [UInt8], digest: Digest?)] = []
      var digests: [Digest] = []
      for digest in [hash.stated, hash.recomputed].compactMap(\.self)
      where !digests.contains(digest) {
        digests.append(digest)
      }
      for form in certificate.model.signed {
        switch form {
        case .hash: messages += digests.map { (form, $0.bytes, nil) }
        case .digest: messages += digests.map { (form, [], $0) }
        case .hashText:
          if let text = hash.statedText { messages.append((form, Array(text.utf8), nil)) }
          // Without its prefix, as many write it.
          messages += digests.map { (form, Array($0.hex.utf8), nil) }
        case .canonical:
          if let canonical = hash.canonical { messages.append((form, canonical, nil)) }
        }
      }
      return messages
    }

    func examine(
      _ signature: Certificate.Signature, number: Int
    ) -> (FactRecord, Outcome) {
      var record = FactRecord("signature", range: signature.node.range, route: signature.route)
      record["number"] = .number(Double(number))
      let name = signature.value(.validator)?.text
      record["validator"] = .text(name ?? "nobody")
      record.places["validator"] = signature.value(.validator)?.range
      record.places["signature"] = signature.value(.value)?.range
      record["scheme"] = signature.value(.scheme)?.text.map { .text($0) }
      record["claimed_weight"] = Certificate.share(signature.value(.weight), of: nil).map {
        .number($0)
      }
      record["epoch"] = certificate.text(.epoch).map { .text($0) }
      let own = signature.value(.signed)?.text.flatMap(Moment.init)
      if let moment = earliest(own) { record["signed"] = .time(moment.nanoseconds, moment.text) }
      if let unknownReason {
        // What is no signature of a supported scheme is not made one by a trust file.
        if let words = Self.unsupported(signature) {
          record["status"] = .text(Status.unsupported.rawValue)
          record["why"] = .text(words)
          return (record, Outcome(validator: nil, status: .unsupported, why: words, signed: own))
        }
        record["status"] = .unknown(unknownReason)
        return (record, Outcome(validator: nil, status: nil, why: unknownReason, signed: own))
      }
      var outcome = judge(signature, named: name, own)
      outcome.signed = own
      tell(outcome, &record)
      return (record, outcome)
    }

    private func tell(_ outcome: Outcome, _ record: inout FactRecord) {
      record["status"] =
        outcome.status.map { .text($0.rawValue) } ?? .unknown(outcome.why ?? "nobody can tell")
      record["why"] = outcome.why.map { .text($0) }
      guard let validator = outcome.validator else { return }
      record["family"] = validator.family.map { .text($0) }
      record["operator"] = validator.operatorName.map { .text($0) }
      switch validator.revocation {
      case .since(let moment)?:
        record["revoked"] = .time(moment.nanoseconds, moment.text)
        if let signed = earliest(outcome.signed) {
          record["revocation"] = .text(
            signed.nanoseconds < moment.nanoseconds ? "before" : "after")
        } else {
          record["revocation"] = .text("undated")
        }
      case .always?: record["revocation"] = .text("undated")
      case nil: break
      }
    }

    private func judge(
      _ signature: Certificate.Signature, named name: String?, _ own: Moment?
    ) -> Outcome {
      guard let name else {
        return Outcome(status: .unknownValidator, why: "it does not say whose it is")
      }
      if let words = Self.unsupported(signature) {
        return Outcome(validator: validators[name], status: .unsupported, why: words)
      }
      guard let validator = validators[name], let key = validator.key else {
        let near = Closeness.nearest(to: name, among: validators.keys.sorted())
        let hint = near.map { "; its nearest name is `\($0)`" } ?? ""
        return Outcome(
          status: .unknownValidator,
          why: "the trust file has no validator `\(name)` in the set `\(set?.id ?? "")`\(hint)")
      }
      var outcome = Outcome(validator: validator)
      switch verify(signature, with: key) {
      case .valid: outcome.status = .valid
      case .invalid:
        outcome.status = .invalid
        outcome.why = "it is not made with the key of `\(name)` over this certificate's hash"
      case .malformed(let words):
        outcome.status = .malformed
        outcome.why = words
      }
      guard outcome.status == .valid else { return outcome }
      if let words = expiry(of: validator, own) {
        outcome.status = .expired
        outcome.why = words
      } else if let revocation = validator.revocation {
        let moment = earliest(own)
        if case .since(let since) = revocation, let moment {
          if moment.nanoseconds >= since.nanoseconds {
            outcome.status = .revoked
            outcome.why = "the key of `\(name)` was revoked at \(since.text), before it signed"
          }
        } else {
          outcome.status = nil
          outcome.why = "the key of `\(name)` is revoked, and nothing says whether it signed before"
        }
      }
      return outcome
    }

    /// Why the scheme cannot be checked, if so.
    private static func unsupported(_ signature: Certificate.Signature) -> String? {
      guard let name = signature.value(.scheme)?.text, SignatureScheme(named: name) == nil else {
        return nil
      }
      return "signatures by `\(name)` cannot be checked: there are Ed25519 and ECDSA P-256"
    }

    private func verify(
      _ signature: Certificate.Signature, with key: PublicKey
    ) -> SignatureCheck {
      if let name = signature.value(.scheme)?.text, let scheme = SignatureScheme(named: name),
        scheme != key.scheme
      {
        return .malformed(
          "it says \(name), and the trusted key is one of \(key.scheme.words)")
      }
      guard let text = signature.value(.value)?.text, let bytes = Self.bytes(text) else {
        return .malformed("it is neither Base64 nor hexadecimal")
      }
      var first: SignatureCheck = .invalid
      for message in messages {
        let check =
          message.digest.map { key.check(bytes, ofHash: $0) } ?? key.check(bytes, of: message.bytes)
        if check == .valid { return .valid }
        if case .malformed = check { first = check }
      }
      return first
    }

    private static func bytes(_ text: String) -> [UInt8]? {
      if let bytes = KeyText.bytes(text) { return bytes }
      // `ed25519:…`
      guard let mark = text.firstIndex(of: ":") else { return nil }
      return KeyText.bytes(text[text.index(after: mark)...])
    }

    /// Whether the validator's key does not count in this certificate's epoch, or at its time.
    func isExpired(_ validator: TrustFile.Validator) -> Bool { expiry(of: validator, nil) != nil }

    private func expiry(of validator: TrustFile.Validator, _ own: Moment?) -> String? {
      let epochs = [set?.epochs ?? [], validator.epochs]
      let words = [
        ("the set `\(set?.id ?? "")`", "decides", "decide"), ("its key", "counts", "count"),
      ]
      for (ranges, (whose, does, negated)) in zip(epochs, words) where !ranges.isEmpty {
        guard let epoch, let text = certificate.text(.epoch) else {
          return "\(whose) \(does) in some epochs only, and the certificate names none"
        }
        if !ranges.contains(where: { $0.contains(epoch) }) {
          return "\(whose) does not \(negated) in the epoch \(text)"
        }
      }
      // Its own time is its own word: the certificate's, which all have signed, must fit as well.
      for moment in [own, issued].compactMap(\.self) {
        if let from = validator.from, moment.nanoseconds < from.nanoseconds {
          return "its key counts from \(from.text) on"
        }
        if let until = validator.until, moment.nanoseconds >= until.nanoseconds {
          return "its key counted until \(until.text)"
        }
      }
      return nil
    }

    /// When a signature was made at the earliest: its own time or else the certificate's, and never before the round that
    /// it is of was opened, whatever it says.
    private func earliest(_ own: Moment?) -> Moment? {
      guard let moment = own ?? issued else { return nil }
      guard let opened, moment.nanoseconds < opened.nanoseconds else { return moment }
      return opened
    }
  }

  extension SignatureScheme {
    var words: String {
      switch self {
      case .ed25519: "Ed25519"
      case .ecdsaP256: "ECDSA P-256"
      }
    }
  }
#endif

#if Certificates
  import Rules

  /// Decides what a signature with a certificate is worth: its chain, the logs that hold it, and when it was made.
  struct BundleExaminer {
    let trust: AttestationTrust
    /// The only instance of Sigstore that is asked.
    let root: SigstoreRoot?
    let bundle: SigstoreBundle
    let signature: [UInt8]
    /// What is signed.
    let message: [UInt8]

    /// A refusal on the way is a signature that must not count.
    ///
    /// - Parameter isLogged: whether a log's entry is of what the bundle holds.
    /// - Returns: what the signature is worth, and why.
    func standing(
      isLogged: (LoggedBody) throws(Refusal) -> Bool
    ) -> SignatureStanding {
      do throws(Refusal) {
        return try check(isLogged)
      } catch {
        return error.isUnsupported
          ? .undecided(error.words, missing: .support) : SignatureStanding(.invalid, error.words)
      }
    }

    /// What the signature of a trusted key is worth beside what logs and time-stamping authorities say of it, where they say
    /// something.
    func standing(
      of key: AttestationTrust.Key, isLogged: (LoggedBody) throws(Refusal) -> Bool
    ) -> SignatureStanding {
      do throws(Refusal) {
        return key.standing(at: try clock(.key(key.key), isLogged).times)
      } catch {
        // What is not read beside a key's signature takes nothing from it.
        return error.isUnsupported
          ? key.standing(at: []) : SignatureStanding(.invalid, signer: key.name, error.words)
      }
    }

    private func check(
      _ isLogged: (LoggedBody) throws(Refusal) -> Bool
    ) throws(Refusal) -> SignatureStanding {
      let leaf = try X509Certificate(bundle.certificates[0])
      let signer = leaf.names.first
      guard leaf.key.verifies(signature, of: message) else {
        return SignatureStanding(
          .invalid, signer: signer, "the signature does not fit the certificate beside it")
      }
      guard leaf.maySignAttestations else {
        return SignatureStanding(
          .invalid, signer: signer, "the certificate is not for signing code")
      }
      if trust.authorities.isEmpty, root == nil {
        return .undecided(
          "no root that could vouch for the certificate was given", missing: .signer,
          signer: signer)
      }
      // Logs and clocks are asked first: their time says when the certificate had to be valid.
      let clock = try clock(.certificate(leaf), isLogged)
      for time in clock.times where !leaf.isValid(at: time) {
        return SignatureStanding(
          .invalid, signer: signer,
          "it was signed on \(time.text), and its certificate is valid from \(leaf.notBefore.text) "
            + "to \(leaf.notAfter.text)")
      }
      let others = bundle.certificates.dropFirst().compactMap { try? X509Certificate($0) }
      let time = clock.times.first
      let isOwn =
        leaf.chain(
          to: trust.authorities, through: others, at: time ?? leaf.notBefore, for: .codeSigning)
        != nil
      let issuer = issuer(of: leaf, at: time ?? leaf.notBefore)
      guard isOwn || issuer != nil else {
        return SignatureStanding(
          .unknownSigner, signer: signer, "no trusted authority stands behind the certificate")
      }
      let named = trust.identities.filter { leaf.is($0) }
      if !trust.identities.isEmpty, named.isEmpty {
        return SignatureStanding(
          .unknownSigner, signer: signer,
          "`\(signer ?? "its signer")` is not among those who may sign")
      }
      if !isOwn, let issuer, let open = try openQuestion(leaf, issuer, clock) {
        return .undecided(open.words, missing: open.missing, signer: signer)
      }
      let since = named.compactMap(\.revokedSince).min()
      if let since, time.map({ $0 >= since }) ?? true {
        return SignatureStanding(
          .revoked, signer: signer,
          time.map {
            "they are no longer trusted since \(since.text), and it was signed on \($0.text)"
          }
            ?? "they are no longer trusted since \(since.text), and nothing says that it was signed before"
        )
      }
      return SignatureStanding(.valid, signer: signer, time: time)
    }

    // MARK: Logs and clocks

    /// When it was signed, by those who are trusted to say so.
    private struct Clock {
      var times: [Instant] = []
      /// The logs that hold it.
      var logs: [SigstoreRoot.Log] = []
      /// Why timestamps that are there decide nothing.
      var open: (words: String, missing: SignatureStanding.Missing)?
    }

    private func clock(
      _ signer: LoggedBody.Signer, _ isLogged: (LoggedBody) throws(Refusal) -> Bool
    ) throws(Refusal) -> Clock {
      var clock = Clock()
      for entry in bundle.entries { try ask(entry, about: signer, isLogged, &clock) }
      try askTimeAuthorities(&clock)
      return clock
    }

    private func ask(
      _ entry: SigstoreBundle.LogEntry, about signer: LoggedBody.Signer,
      _ isLogged: (LoggedBody) throws(Refusal) -> Bool, _ clock: inout Clock
    ) throws(Refusal) {
      guard let log = root?.logs.first(where: { $0.identifier == entry.logID }) else {
        return
      }
      guard try isLogged(LoggedBody(entry, signer: signer)) else {
        throw Refusal("the transparency log's entry is of something else")
      }
      if let taken = try TransparencyLog(log: log, entry: entry).check() {
        clock.times.append(taken)
      }
      clock.logs.append(log)
    }

    private func askTimeAuthorities(_ clock: inout Clock) throws(Refusal) {
      guard let root else { return }
      let authorities = TimestampAuthorities(authorities: root.timeAuthorities)
      for token in bundle.timestamps {
        switch try authorities.check(token, over: signature) {
        case .stamped(let time): clock.times.append(time)
        case .undecided(let words, let missing): clock.open = (words, missing)
        }
      }
      for log in clock.logs {
        for time in clock.times where !log.period.contains(time) {
          throw Refusal("the log's key was not in use on \(time.text)")
        }
      }
    }

    /// What Sigstore's certificates need beside their chain: they live for ten minutes and say nothing of now.
    private func openQuestion(
      _ leaf: X509Certificate, _ issuer: X509Certificate, _ clock: Clock
    ) throws(Refusal) -> (words: String, missing: SignatureStanding.Missing)? {
      guard let root else { return nil }
      if clock.logs.isEmpty, !root.logs.isEmpty || !bundle.entries.isEmpty {
        return bundle.entries.isEmpty
          ? ("no transparency log holds it", .evidence)
          : ("no trusted log says that it holds it", .rootEntry)
      }
      let isPromised = bundle.entries.contains { $0.proof?.checkpoint == nil }
      if isPromised, !bundle.trustsPromises {
        return ("its log's entry has no inclusion proof with a checkpoint", .evidence)
      }
      guard !clock.times.isEmpty else {
        return clock.open ?? (
          "no log and no time-stamping authority says when it was signed", .evidence
        )
      }
      guard let stamps = leaf.stamps else {
        return root.certificateLogs.isEmpty
          ? nil : ("its certificate carries no timestamp of a certificate log", .evidence)
      }
      switch try CertificateTimestamps(stamps).check(leaf, issuedBy: issuer, root: root) {
      case .logged: return nil
      case .undecided(let words, let missing): return (words, missing)
      }
    }

    /// The authority of Sigstore's root that has issued a certificate.
    private func issuer(of leaf: X509Certificate, at time: Instant) -> X509Certificate? {
      for authority in root?.authorities ?? [] where authority.period.contains(time) {
        guard let root = authority.chain.last else { continue }
        let chain = leaf.chain(
          to: [root], through: authority.chain.dropLast(), at: time, for: .codeSigning)
        if let issuer = chain?.first { return issuer }
      }
      return nil
    }
  }

  extension AttestationTrust.Key {
    /// What a signature that fits the key is worth, made at times that somebody else has said.
    func standing(at times: [Instant]) -> SignatureStanding {
      guard let revokedSince else {
        return SignatureStanding(.valid, signer: name, time: times.first)
      }
      guard let last = times.max(), last < revokedSince else {
        return SignatureStanding(
          .revoked, signer: name, "the key is revoked, and no log says that it signed before",
          time: times.first)
      }
      return SignatureStanding(.valid, signer: name, time: times.first)
    }
  }

  extension X509Certificate {
    fileprivate func `is`(_ identity: AttestationTrust.Identity) -> Bool {
      if let issuer = identity.issuer, issuer != identityIssuer { return false }
      let glob = Glob(identity.name)
      return names.contains { glob.matches($0) }
    }
  }
#endif

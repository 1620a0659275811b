#if Certificates
  import Rules
  package import SourceText

  /// Decides what the signatures of attestations are worth, by what the user trusts and nothing else.
  package struct SignatureExaminer: Sendable {
    private let trust: AttestationTrust

    package init(trust: AttestationTrust) { self.trust = trust }

    /// The signatures of an attestation, each with where it stands; none for a bare statement.
    ///
    /// - Parameters:
    ///   - attestation: whose signatures.
    ///   - content: the file that a signature over a file is of, where it was found.
    /// - Returns: what each is worth, and why.
    package func standings(
      of attestation: Attestation, content: [UInt8]? = nil
    ) -> [(standing: SignatureStanding, range: ByteRange)] {
      switch attestation.container {
      case .bare: []
      case .envelope(let envelope): standings(of: envelope)
      case .bundle(let bundle): standings(of: bundle, content)
      }
    }

    // MARK: Keys

    private func standings(
      of envelope: Envelope, keyHint: String? = nil
    ) -> [(standing: SignatureStanding, range: ByteRange)] {
      let message = envelope.preAuthenticationEncoding
      return envelope.signatures.map {
        (standing(of: $0, over: message, keyHint: keyHint), $0.range)
      }
    }

    private func standing(
      of signature: Envelope.Signature, over message: [UInt8], keyHint: String?
    ) -> SignatureStanding {
      guard !trust.keys.isEmpty else {
        return SignatureStanding(.undecided, "no key of its signer is trusted: none was given")
      }
      let hints = [signature.keyID, keyHint].compactMap(\.self)
      let named = trust.keys.filter { key in
        hints.contains { $0 == key.keyID || $0.lowercased() == key.key.fingerprint }
      }
      for key in named + trust.keys where key.key.verifies(signature.bytes, of: message) {
        guard key.revokedSince == nil else {
          return SignatureStanding(
            .revoked, signer: key.name,
            "the key is revoked, and no log says that it signed before")
        }
        return SignatureStanding(.valid, signer: key.name)
      }
      if let key = named.first {
        return SignatureStanding(
          .invalid, signer: key.name, "it is not the signature of `\(key.name)` over this payload")
      }
      return SignatureStanding(.unknownSigner, "it fits no key that is trusted")
    }

    // MARK: Bundles

    private func standings(
      of bundle: SigstoreBundle, _ content: [UInt8]?
    ) -> [(standing: SignatureStanding, range: ByteRange)] {
      switch bundle.content {
      case .envelope(let envelope):
        if bundle.certificates.isEmpty {
          return standings(of: envelope, keyHint: bundle.keyHint)
        }
        // A bundle has one signer.
        guard envelope.signatures.count == 1 else {
          return [(SignatureStanding(.invalid, "a bundle has one signature"), bundle.range)]
        }
        return envelope.signatures.map { signature in
          let message = envelope.preAuthenticationEncoding
          let standing = decided {
            () throws(Refusal) in
            try check(bundle, isSigned: { $0.verifies(signature.bytes, of: message) }) {
              body throws(Refusal) in try body.isOf(envelope)
            }
          }
          return (standing, signature.range)
        }
      case .message(let digest, let signature, let range):
        guard let content else {
          return [(SignatureStanding(.undecided, "the file that it signs is not here"), range)]
        }
        let expected = digest.digest("sha256") ?? ""
        guard Digest(of: content).hex == expected else {
          return [
            (SignatureStanding(.invalid, "the file does not hash to its digest"), digest.range)
          ]
        }
        let standing = decided {
          () throws(Refusal) in
          try check(bundle, isSigned: { $0.verifies(signature, of: content) }) {
            body throws(Refusal) in try body.isOf(signature, over: expected)
          }
        }
        return [(standing, range)]
      }
    }

    /// A refusal on the way is a signature that must not count.
    private func decided(
      _ check: () throws(Refusal) -> SignatureStanding
    ) -> SignatureStanding {
      do throws(Refusal) {
        return try check()
      } catch {
        return SignatureStanding(.invalid, error.words)
      }
    }

    private func check(
      _ bundle: SigstoreBundle, isSigned: (SigningKey) -> Bool,
      isLogged: (LoggedBody) throws(Refusal) -> Bool
    ) throws(Refusal) -> SignatureStanding {
      guard let leafBytes = bundle.certificates.first else {
        return SignatureStanding(.undecided, "the bundle names a key that is not given")
      }
      let leaf = try X509Certificate(leafBytes)
      let signer = leaf.names.first
      guard isSigned(leaf.key) else {
        return SignatureStanding(
          .invalid, signer: signer, "the signature does not fit the certificate beside it")
      }
      guard leaf.maySignAttestations else {
        return SignatureStanding(
          .invalid, signer: signer, "the certificate is not for signing code")
      }
      if trust.authorities.isEmpty, trust.sigstore == nil {
        return SignatureStanding(
          .undecided, signer: signer, "no root that could vouch for the certificate was given")
      }
      let others = try bundle.certificates.dropFirst().map {
        bytes throws(Refusal) in try X509Certificate(bytes)
      }
      // A log is asked first: its time says when the certificate had to be valid.
      var time: Instant?
      for entry in bundle.entries {
        guard let log = trust.sigstore?.logs.first(where: { $0.identifier == entry.logID }) else {
          continue
        }
        guard try isLogged(LoggedBody(entry)) else {
          return SignatureStanding(
            .invalid, signer: signer, "the transparency log's entry is of something else")
        }
        let taken = try TransparencyLog(log: log, entry: entry).check()
        if let taken, !log.period.contains(taken) {
          return SignatureStanding(
            .invalid, signer: signer, "the log's key was not in use on \(taken.text)")
        }
        time = time ?? taken
      }
      let isOwn =
        leaf.chain(to: trust.authorities, through: others, at: time ?? leaf.notBefore) != nil
      if !isOwn, !isOfSigstore(leaf, at: time ?? leaf.notBefore) {
        return SignatureStanding(
          .unknownSigner, signer: signer, "no trusted authority stands behind the certificate")
      }
      if !trust.identities.isEmpty, !trust.identities.contains(where: { leaf.is($0) }) {
        return SignatureStanding(
          .unknownSigner, signer: signer,
          "`\(signer ?? "its signer")` is not among those who may sign")
      }
      // Sigstore's certificates live for ten minutes: without the log's time they prove nothing about now.
      if !isOwn, time == nil {
        return SignatureStanding(
          .undecided, signer: signer,
          bundle.hasTimestampToken
            ? "its time comes from a time-stamping authority, whose tokens are not read"
            : "no trusted log says when it was signed")
      }
      return SignatureStanding(.valid, signer: signer, time: time)
    }

    private func isOfSigstore(_ leaf: X509Certificate, at time: Instant) -> Bool {
      (trust.sigstore?.authorities ?? []).contains { authority in
        guard authority.period.contains(time), let root = authority.chain.last else { return false }
        return leaf.chain(to: [root], through: authority.chain.dropLast(), at: time) != nil
      }
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

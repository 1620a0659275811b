#if Certificates
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
      of envelope: Envelope
    ) -> [(standing: SignatureStanding, range: ByteRange)] {
      let message = envelope.preAuthenticationEncoding
      return envelope.signatures.map { signature in
        switch signer(of: signature, over: message) {
        case .key(let key): (key.standing(at: []), signature.range)
        case .nobody(let standing): (standing, signature.range)
        }
      }
    }

    private enum Signer {
      case key(AttestationTrust.Key)
      /// No key that is trusted, and what that makes of the signature.
      case nobody(SignatureStanding)
    }

    private func signer(
      of signature: Envelope.Signature, over message: [UInt8], keyHint: String? = nil
    ) -> Signer {
      if let words = signature.unsupported { return .nobody(.undecided(words, missing: .support)) }
      guard !trust.keys.isEmpty else {
        return .nobody(
          .undecided("no key of its signer is trusted: none was given", missing: .signer))
      }
      let hints = [signature.keyID, keyHint].compactMap(\.self)
      let named = trust.keys.filter { key in
        hints.contains { $0 == key.keyID || $0.lowercased() == key.key.fingerprint }
      }
      for var key in named + trust.keys where key.key.verifies(signature.bytes, of: message) {
        // Whoever names a key twice has revoked it all the same.
        key.revokedSince =
          trust.keys.filter { $0.key.fingerprint == key.key.fingerprint }
          .compactMap(\.revokedSince).min()
        return .key(key)
      }
      if let key = named.first {
        return .nobody(
          SignatureStanding(
            .invalid, signer: key.name, "it is not the signature of `\(key.name)` over this payload"
          ))
      }
      return .nobody(SignatureStanding(.unknownSigner, "it fits no key that is trusted"))
    }

    // MARK: Bundles

    private func standings(
      of bundle: SigstoreBundle, _ content: [UInt8]?
    ) -> [(standing: SignatureStanding, range: ByteRange)] {
      switch bundle.content {
      case .envelope(let envelope):
        // A bundle has one signer.
        guard envelope.signatures.count == 1 else {
          return [(SignatureStanding(.invalid, "a bundle has one signature"), bundle.range)]
        }
        let signature = envelope.signatures[0]
        let message = envelope.preAuthenticationEncoding
        let standing = standing(of: bundle, signature, over: message) {
          body throws(Refusal) in try body.isOf(envelope)
        }
        return [(standing, signature.range)]
      case .message(let digest, let signature, let range):
        guard let content else {
          return [(.undecided("the file that it signs is not here", missing: .file), range)]
        }
        guard digest.digests.allSatisfy({ Self.isDigest($0, of: content) }) else {
          return [
            (SignatureStanding(.invalid, "the file does not hash to its digest"), digest.range)
          ]
        }
        let own = Envelope.Signature(bytes: signature, range: range)
        let standing = standing(of: bundle, own, over: content) { body throws(Refusal) in
          try body.isOf(file: content, signature: signature)
        }
        return [(standing, range)]
      }
    }

    /// The best that an instance of Sigstore has to say of a bundle's signature; one that knows nothing of it decides
    /// nothing.
    private func standing(
      of bundle: SigstoreBundle, _ signature: Envelope.Signature, over message: [UInt8],
      isLogged: (LoggedBody) throws(Refusal) -> Bool
    ) -> SignatureStanding {
      var key: AttestationTrust.Key?
      if bundle.certificates.isEmpty {
        switch signer(of: signature, over: message, keyHint: bundle.keyHint) {
        case .key(let found): key = found
        case .nobody(let standing): return standing
        }
      }
      let order: [SignatureStanding.Verdict] = [
        .valid, .revoked, .invalid, .undecided, .unknownSigner,
      ]
      let roots: [SigstoreRoot?] = trust.sigstore.isEmpty ? [nil] : trust.sigstore
      let standings = roots.map { root in
        let examiner = BundleExaminer(
          trust: trust, root: root, bundle: bundle, signature: signature.bytes, message: message)
        return key.map { examiner.standing(of: $0, isLogged: isLogged) }
          ?? examiner.standing(isLogged: isLogged)
      }
      // A contradiction in what a key has signed stays one, whoever has not seen it.
      if key != nil, let wrong = standings.first(where: { $0.verdict == .invalid }) { return wrong }
      let best = order.lazy.compactMap { verdict in
        standings.first { $0.verdict == verdict }
      }.first
      return best ?? SignatureStanding(.undecided, "nobody can tell")
    }

    private static func isDigest(
      _ digest: (algorithm: String, value: String), of content: [UInt8]
    ) -> Bool {
      Digest.Algorithm(rawValue: digest.algorithm).map {
        Digest(of: content, $0).hex == digest.value
      } ?? false
    }
  }
#endif

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
      if let words = signature.unsupported { return .undecided(words, missing: .support) }
      guard !trust.keys.isEmpty else {
        return .undecided("no key of its signer is trusted: none was given", missing: .signer)
      }
      let hints = [signature.keyID, keyHint].compactMap(\.self)
      let named = trust.keys.filter { key in
        hints.contains { $0 == key.keyID || $0.lowercased() == key.key.fingerprint }
      }
      for key in named + trust.keys where key.key.verifies(signature.bytes, of: message) {
        // Whoever names a key twice has revoked it all the same.
        let isRevoked = trust.keys.contains {
          $0.revokedSince != nil && $0.key.fingerprint == key.key.fingerprint
        }
        guard !isRevoked else {
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
        let signature = envelope.signatures[0]
        let message = envelope.preAuthenticationEncoding
        let standing = standing(of: bundle, signature.bytes, over: message) {
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
        if bundle.certificates.isEmpty {
          let own = Envelope.Signature(bytes: signature, range: range)
          return [(standing(of: own, over: content, keyHint: bundle.keyHint), range)]
        }
        let standing = standing(of: bundle, signature, over: content) { body throws(Refusal) in
          try body.isOf(file: content, signature: signature)
        }
        return [(standing, range)]
      }
    }

    /// The best that an instance of Sigstore has to say of a signature with a certificate; one that knows nothing of it
    /// decides nothing.
    private func standing(
      of bundle: SigstoreBundle, _ signature: [UInt8], over message: [UInt8],
      isLogged: (LoggedBody) throws(Refusal) -> Bool
    ) -> SignatureStanding {
      let order: [SignatureStanding.Verdict] = [
        .valid, .revoked, .invalid, .undecided, .unknownSigner,
      ]
      let roots: [SigstoreRoot?] = trust.sigstore.isEmpty ? [nil] : trust.sigstore
      let standings = roots.map { root in
        BundleExaminer(
          trust: trust, root: root, bundle: bundle, signature: signature, message: message
        ).standing(isLogged: isLogged)
      }
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

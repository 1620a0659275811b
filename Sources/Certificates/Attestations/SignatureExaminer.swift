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
        let signature = envelope.signatures[0]
        let examiner = BundleExaminer(
          trust: trust, bundle: bundle, signature: signature.bytes,
          message: envelope.preAuthenticationEncoding)
        let standing = examiner.standing { body throws(Refusal) in try body.isOf(envelope) }
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
        let examiner = BundleExaminer(
          trust: trust, bundle: bundle, signature: signature, message: content)
        let standing = examiner.standing { body throws(Refusal) in
          try body.isOf(file: content, signature: signature)
        }
        return [(standing, range)]
      }
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

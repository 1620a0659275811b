#if Certificates
  import Crypto

  /// A public key of a supported scheme.
  package struct PublicKey: Sendable, Hashable {
    package let scheme: SignatureScheme
    /// 32 bytes for Ed25519; the uncompressed point (65 bytes) for P-256.
    package let bytes: [UInt8]

    /// Why a text gives no key, without a word of the text.
    package enum Problem: Error, Hashable {
      case unsupported(String)
      case malformed(String)
      case privateKey
    }

    /// Reads a key: PEM with `PUBLIC KEY`, or Base64 or hexadecimal of the raw key or of its SubjectPublicKeyInfo.
    package init(text: some StringProtocol) throws(Problem) {
      if let der = try KeyText.pem(text) {
        try self.init(subjectPublicKeyInfo: der)
        return
      }
      guard let bytes = KeyText.bytes(text) else {
        throw .malformed("it is neither PEM nor Base64 nor hexadecimal")
      }
      try self.init(bytes: bytes)
    }

    /// Takes a raw key, whose length tells its scheme, or a SubjectPublicKeyInfo.
    package init(bytes: [UInt8]) throws(Problem) {
      switch (bytes.count, bytes.first) {
      case (32, _): try self.init(ed25519: bytes)
      case (65, 4), (33, 2), (33, 3): try self.init(p256: bytes)
      case (_, 0x30): try self.init(subjectPublicKeyInfo: bytes)
      default:
        throw .malformed(
          "\(bytes.count) bytes are no key of a supported scheme: Ed25519 has 32, P-256 33 or 65")
      }
    }

    /// Reads the DER form that X.509 and PEM use, exactly as DER has it.
    package init(subjectPublicKeyInfo der: [UInt8]) throws(Problem) {
      for (prefix, scheme, length) in Self.prefixes where der.starts(with: prefix) {
        let key = Array(der.dropFirst(prefix.count))
        guard key.count == length else {
          throw .malformed("the key has \(key.count) bytes where \(length) belong")
        }
        switch scheme {
        case .ed25519: try self.init(ed25519: key)
        case .ecdsaP256: try self.init(p256: key)
        }
        return
      }
      for (name, identifier) in Self.foreign where der.prefix(40).containsRun(identifier) {
        throw .unsupported("\(name) is not supported: keys are Ed25519 or ECDSA P-256")
      }
      throw .malformed("it is no public key in DER of a supported scheme")
    }

    private init(ed25519 key: [UInt8]) throws(Problem) {
      if Self.hasSmallOrder(key) {
        throw .malformed("the point has small order, so that anybody can sign for it")
      }
      guard (try? Curve25519.Signing.PublicKey(rawRepresentation: key)) != nil else {
        throw .malformed("the bytes are no point of the curve")
      }
      scheme = .ed25519
      bytes = key
    }

    private init(p256 point: [UInt8]) throws(Problem) {
      let key =
        point.count == 33
        ? try? P256.Signing.PublicKey(compressedRepresentation: point)
        : try? P256.Signing.PublicKey(x963Representation: point)
      guard let key else { throw .malformed("the bytes are no point of the curve P-256") }
      scheme = .ecdsaP256
      bytes = Array(key.x963Representation)
    }

    /// Whether the signature is this key's over the message.
    ///
    /// Ed25519 as RFC 8032 has it, with S below the group's order. ECDSA over the message's SHA-256: DER without any
    /// leniency, or r and s as 64 bytes; a high s is taken, as the standard does.
    package func check(_ signature: [UInt8], of message: [UInt8]) -> SignatureCheck {
      switch scheme {
      case .ed25519: checkEd25519(signature, of: message)
      case .ecdsaP256: checkP256(signature, SHA256.hash(data: message))
      }
    }

    /// Whether the ECDSA signature is over this hash itself; Ed25519 signs no hashes but messages.
    package func check(_ signature: [UInt8], ofHash digest: Digest) -> SignatureCheck {
      switch scheme {
      case .ed25519: .invalid
      case .ecdsaP256:
        digest.algorithm == .sha256
          ? checkP256(signature, FinishedHash(bytes: digest.bytes)) : .invalid
      }
    }

    private func checkEd25519(_ signature: [UInt8], of message: [UInt8]) -> SignatureCheck {
      guard signature.count == 64 else {
        return .malformed("an Ed25519 signature has 64 bytes, this has \(signature.count)")
      }
      guard ScalarOrder.ed25519.exceeds(littleEndian: signature[32...]) else {
        return .malformed("its S is not below the order of the group")
      }
      guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else {
        return .invalid
      }
      return key.isValidSignature(signature, for: message) ? .valid : .invalid
    }

    private func checkP256(
      _ signature: [UInt8], _ digest: some Crypto.Digest
    ) -> SignatureCheck {
      let raw: [UInt8]
      switch ECDSASignatureForm.raw(of: signature) {
      case .raw(let bytes): raw = bytes
      case .problem(let words): return .malformed(words)
      }
      guard let key = try? P256.Signing.PublicKey(x963Representation: bytes),
        let signature = try? P256.Signing.ECDSASignature(rawRepresentation: raw)
      else { return .invalid }
      return key.isValidSignature(signature, for: digest) ? .valid : .invalid
    }

    /// The DER of a SubjectPublicKeyInfo up to the key itself: DER leaves no choice in it.
    private static let prefixes: [([UInt8], SignatureScheme, Int)] = [
      ([0x30, 0x2A, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 3, 0x21, 0], .ed25519, 32),
      ([0x30, 0x59] + p256Identifiers + [3, 0x42, 0], .ecdsaP256, 65),
      ([0x30, 0x39] + p256Identifiers + [3, 0x22, 0], .ecdsaP256, 33),
    ]
    private static let p256Identifiers: [UInt8] = [
      0x30, 0x13, 6, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1, 6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D,
      3, 1, 7,
    ]

    /// Object identifiers of schemes that people may try.
    private static let foreign: [(String, [UInt8])] = [
      ("RSA", [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1]),
      ("ECDSA P-384", [6, 5, 0x2B, 0x81, 4, 0, 0x22]),
      ("ECDSA P-521", [6, 5, 0x2B, 0x81, 4, 0, 0x23]),
      ("ECDSA secp256k1", [6, 5, 0x2B, 0x81, 4, 0, 0x0A]),
      ("Ed448", [6, 3, 0x2B, 0x65, 0x71]), ("X25519", [6, 3, 0x2B, 0x65, 0x6E]),
    ]

    /// Whether an Ed25519 key accepts signatures that nobody made.
    static func hasSmallOrder(_ key: [UInt8]) -> Bool {
      guard key.count == 32 else { return false }
      var masked = key
      masked[31] &= 0x7F
      return smallOrder.contains(masked)
    }

    /// The encodings of the eight points of small order, the sign bit cleared, with those that are not canonical.
    private static let smallOrder: Set<[UInt8]> = Set(
      [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      ].compactMap { Hexadecimal.decode($0) })
  }

  extension ArraySlice<UInt8> {
    fileprivate func containsRun(_ run: [UInt8]) -> Bool {
      indices.contains { self[$0...].starts(with: run) }
    }
  }
#endif

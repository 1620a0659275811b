#if Certificates
  /// The signature schemes that are checked; every other is unsupported, and what it signs is never valid.
  package enum SignatureScheme: String, Sendable, CaseIterable {
    case ed25519
    /// ECDSA on the curve P-256 with SHA-256.
    case ecdsaP256 = "ecdsa-p256"

    /// The scheme as people write it: `Ed25519`, `EdDSA`, `ES256`, `ecdsa-p256-sha256`, `ECDSA_P256`.
    package init?(named name: some StringProtocol) {
      let plain = String(
        decoding: name.utf8.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }.filter {
          $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: " ")
        }, as: UTF8.self)
      switch plain {
      case "ed25519", "eddsa", "sshed25519": self = .ed25519
      case "ecdsap256", "ecdsap256sha256", "ecdsasha2nistp256", "es256", "p256", "ecdsa",
        "ecdsasecp256r1", "ecdsasecp256r1sha256", "secp256r1", "prime256v1":
        self = .ecdsaP256
      default: return nil
      }
    }
  }

  /// What a signature is, tried with a key.
  package enum SignatureCheck: Sendable, Hashable {
    case valid
    /// It has its form, and is not of this key over these bytes.
    case invalid
    /// It has not even the form: why.
    case malformed(String)
  }
#endif

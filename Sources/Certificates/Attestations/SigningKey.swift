#if Certificates
  import Crypto

  /// A public key that attestations are signed for: Ed25519, or ECDSA over P-256, P-384 or P-521 with the hash that fits the curve.
  package struct SigningKey: Sendable {
    private let form: Form
    /// SHA-256 of the key as a PEM block, by which model signatures hint at it.
    let fingerprint: String

    private enum Form: Sendable {
      case ed25519(Curve25519.Signing.PublicKey)
      case p256(P256.Signing.PublicKey)
      case p384(P384.Signing.PublicKey)
      case p521(P521.Signing.PublicKey)
    }

    /// The kinds of keys, as algorithms of certificates tell them apart.
    enum Kind {
      case ed25519, p256, p384, p521

      /// The hash that fits the curve.
      var hash: Digest.Algorithm {
        switch self {
        case .p256: .sha256
        case .p384: .sha384
        case .p521, .ed25519: .sha512
        }
      }
    }

    /// The bytes of an Ed25519 key, which names of logs are made of; `nil` for other kinds.
    var edwardsBytes: [UInt8]? {
      if case .ed25519(let key) = form { Array(key.rawRepresentation) } else { nil }
    }

    // The optimiser of Swift 6.3 fails on the switch where it is inlined into a loop.
    @inline(never)
    var kind: Kind {
      switch form {
      case .ed25519: .ed25519
      case .p256: .p256
      case .p384: .p384
      case .p521: .p521
      }
    }

    private static let supportedKinds = "Ed25519 and ECDSA over P-256, P-384 and P-521 are"
    private static let curves = [
      "1.2.840.10045.3.1.7": 256, "1.3.132.0.34": 384, "1.3.132.0.35": 521,
    ]

    /// Reads a SubjectPublicKeyInfo.
    package init(subjectPublicKeyInfo bytes: [UInt8]) throws(Refusal) {
      let parts = try DERReader.single(bytes, "the key").sequence()
      guard parts.count == 2, let bits = parts[1].wholeBits else {
        throw Refusal("this is no public key")
      }
      let algorithm = try parts[0].sequence()
      let point = Array(bits)
      switch algorithm.first?.identifier {
      case "1.3.101.112":
        guard algorithm.count == 1 else { throw Refusal("an Ed25519 key has no parameters") }
        guard !PublicKey.hasSmallOrder(point) else {
          throw Refusal("the key's point has small order, so that anybody can sign for it")
        }
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: point) else {
          throw Refusal("this is no Ed25519 key")
        }
        form = .ed25519(key)
      case "1.2.840.10045.2.1":
        guard algorithm.count == 2 else { throw Refusal("this curve is not supported") }
        form = try Self.elliptic(point, curve: algorithm[1].identifier)
      case "1.2.840.113549.1.1.1":
        throw Refusal.unsupported("RSA keys are not supported", hint: Self.supportedKinds)
      default:
        throw Refusal.unsupported("this kind of key is not supported", hint: Self.supportedKinds)
      }
      fingerprint = Self.fingerprint(ofInfo: bytes)
    }

    /// The hash of a SubjectPublicKeyInfo as a PEM block.
    static func fingerprint(ofInfo bytes: [UInt8]) -> String {
      Digest(of: Array(PEMBlock(label: "PUBLIC KEY", bytes: bytes).text.utf8)).hex
    }

    private static func elliptic(
      _ point: [UInt8], curve: String?
    ) throws(Refusal) -> Form {
      switch curve.flatMap({ curves[$0] }) {
      case 256:
        if let key = try? P256.Signing.PublicKey(x963Representation: point) { return .p256(key) }
      case 384:
        if let key = try? P384.Signing.PublicKey(x963Representation: point) { return .p384(key) }
      case 521:
        if let key = try? P521.Signing.PublicKey(x963Representation: point) { return .p521(key) }
      default:
        throw Refusal.unsupported("this curve is not supported", hint: Self.supportedKinds)
      }
      throw Refusal("the key's point does not lie on its curve")
    }

    /// Reads a PEM block `PUBLIC KEY`.
    package init(pem text: String) throws(Refusal) {
      guard let block = PEMBlock.all(in: text).first else { throw Refusal("there is no PEM block") }
      guard block.label == "PUBLIC KEY" else {
        throw Refusal(
          block.label.contains("PRIVATE")
            ? "this is a private key, which has no place here" : "`\(block.label)` is no public key"
        )
      }
      try self.init(subjectPublicKeyInfo: block.bytes)
    }

    /// Whether a signature over a message is this key's.
    ///
    /// - Parameters:
    ///   - signature: 64 bytes for Ed25519, strict DER for ECDSA.
    ///   - message: what is said to be signed.
    ///   - algorithm: ECDSA's hash, where it is said beside the signature; else the one that fits the curve.
    /// - Returns: whether it verifies.
    package func verifies(
      _ signature: [UInt8], of message: [UInt8], hashedBy algorithm: Digest.Algorithm? = nil
    ) -> Bool {
      if case .ed25519(let key) = form {
        return algorithm == nil && signature.count == 64
          && key.isValidSignature(signature, for: message)
      }
      guard Self.isStrict(signature) else { return false }
      return switch algorithm ?? kind.hash {
      case .sha256: isValid(signature, for: SHA256.hash(data: message))
      case .sha384: isValid(signature, for: SHA384.hash(data: message))
      case .sha512: isValid(signature, for: SHA512.hash(data: message))
      }
    }

    private func isValid(_ signature: [UInt8], for digest: some Crypto.Digest) -> Bool {
      switch form {
      case .ed25519: return false
      case .p256(let key):
        let parsed = try? P256.Signing.ECDSASignature(derRepresentation: signature)
        return parsed.map { key.isValidSignature($0, for: digest) } ?? false
      case .p384(let key):
        let parsed = try? P384.Signing.ECDSASignature(derRepresentation: signature)
        return parsed.map { key.isValidSignature($0, for: digest) } ?? false
      case .p521(let key):
        let parsed = try? P521.Signing.ECDSASignature(derRepresentation: signature)
        return parsed.map { key.isValidSignature($0, for: digest) } ?? false
      }
    }

    /// Two positive integers in their shortest form and nothing behind them.
    private static func isStrict(_ signature: [UInt8]) -> Bool {
      guard let value = try? DERReader.single(signature, "the signature"),
        value.tag == DERValue.sequence, let parts = try? value.values(), parts.count == 2
      else { return false }
      return parts.allSatisfy { part in
        guard part.tag == DERValue.integer, let first = part.content.first else { return false }
        if first >= 0x80 { return false }
        return first != 0 || (part.content.dropFirst().first ?? 0) >= 0x80
      }
    }
  }

  /// A block between `-----BEGIN …-----` and `-----END …-----`.
  package struct PEMBlock: Sendable {
    package var label: String
    package var bytes: [UInt8]

    /// The block as OpenSSL writes it.
    var text: String {
      var lines = ["-----BEGIN \(label)-----"]
      var rest = Substring(Base64Text.encode(bytes))
      while !rest.isEmpty {
        lines.append(String(rest.prefix(64)))
        rest = rest.dropFirst(64)
      }
      return (lines + ["-----END \(label)-----", ""]).joined(separator: "\n")
    }

    /// Every well-formed block, in order.
    package static func all(in text: String) -> [PEMBlock] {
      var blocks: [PEMBlock] = []
      var label: String?
      var body = ""
      for line in text.split(whereSeparator: \.isNewline) {
        let line = line.drop(while: \.isWhitespace)
        if line.hasPrefix("-----BEGIN ") {
          label = String(line.dropFirst(11).prefix { $0 != "-" })
          body = ""
        } else if line.hasPrefix("-----END "), let open = label {
          if line.dropFirst(9).hasPrefix(open + "-----"), let bytes = Base64Text.decode(body) {
            blocks.append(PEMBlock(label: open, bytes: bytes))
          }
          label = nil
        } else if label != nil {
          body += line.filter { !$0.isWhitespace }
        }
      }
      return blocks
    }
  }
#endif

#if Certificates
  import SourceText

  /// What a transparency log's entry says was signed and by whom, to be compared with what the bundle holds.
  struct LoggedBody {
    private let spec: Node?
    private let kind: String
    private let version: String
    private let signer: Signer

    /// What must have been logged beside the signature.
    enum Signer {
      case certificate(X509Certificate)
      case key(SigningKey)

      fileprivate func matches(_ bytes: [UInt8], label: String) -> Bool {
        switch self {
        case .certificate(let certificate):
          label == "CERTIFICATE" && bytes == certificate.encoded
        case .key(let key):
          label == "PUBLIC KEY" && SigningKey.fingerprint(ofInfo: bytes) == key.fingerprint
        }
      }
    }

    /// Reads an entry; throws where it is of another kind than its bundle says.
    init(_ entry: SigstoreBundle.LogEntry, signer: Signer) throws(Refusal) {
      let root = try StrictJSON.read(entry.body, path: "log entry")
      kind = root["kind"]?.quotedText ?? ""
      version = root["apiVersion"]?.quotedText ?? ""
      self.signer = signer
      guard kind == entry.kind, version == entry.version else {
        throw Refusal(
          "the log entry is of the kind `\(kind)` \(version), and `kindVersion` says "
            + "`\(entry.kind)` \(entry.version)")
      }
      spec = root["spec"]
    }

    /// Whether the entry is of this envelope, signed with the certificate or key.
    func isOf(_ envelope: Envelope) throws(Refusal) -> Bool {
      switch (kind, version) {
      case ("dsse", "0.0.1"), ("dsse", "0.0.2"):
        let body = version == "0.0.2" ? spec?["dsseV002"] : spec
        return holds(envelope.payload, body?["payloadHash"])
          && isSigned(envelope, by: body?["signatures"]?.items ?? []) {
            [Self.bytes($0["signature"] ?? $0["content"])]
          }
      case ("intoto", "0.0.2"):
        let content = spec?["content"]
        // The log wraps the signature's base64 in base64 once more.
        return holds(envelope.payload, content?["payloadHash"])
          && isSigned(envelope, by: content?["envelope"]?["signatures"]?.items ?? []) {
            let bytes = Self.bytes($0["sig"])
            return [
              bytes, bytes.flatMap { Base64Text.decode(String(decoding: $0, as: UTF8.self)) },
            ]
          }
      case ("hashedrekord", "0.0.2"):
        // The log's second version takes an envelope as the bytes that are signed, and one signature.
        guard envelope.signatures.count == 1 else { return false }
        return isOf(envelope.signatures[0].bytes, over: envelope.preAuthenticationEncoding)
      case ("hashedrekord", _):
        throw Refusal("a log entry of the kind `hashedrekord` \(version) is of no envelope")
      default:
        throw Refusal.unsupported("log entries of the kind `\(kind)` \(version) are not read")
      }
    }

    /// Whether the entry is of this signature over a file.
    func isOf(file: [UInt8], signature: [UInt8]) throws(Refusal) -> Bool {
      guard kind == "hashedrekord", ["0.0.1", "0.0.2"].contains(version) else {
        throw Refusal.unsupported(
          "log entries of the kind `\(kind)` \(version) are not read for files")
      }
      return isOf(signature, over: file)
    }

    private func isOf(_ signature: [UInt8], over message: [UInt8]) -> Bool {
      let body = version == "0.0.2" ? spec?["hashedRekordV002"] : spec
      let data = version == "0.0.2" ? body?["data"] : body?["data"]?["hash"]
      return holds(message, data) && Self.bytes(body?["signature"]?["content"]) == signature
        && isSigner(body?["signature"])
    }

    private func isSigned(
      _ envelope: Envelope, by logged: [Node], _ signatures: (Node) -> [[UInt8]?]
    ) -> Bool {
      envelope.signatures.allSatisfy { signature in
        logged.contains { signatures($0).contains(signature.bytes) && isSigner($0) }
      }
    }

    /// Whether an entry's verifier is the signer's certificate or key: in DER, or as PEM in base64 as the first version has
    /// it.
    private func isSigner(_ node: Node?) -> Bool {
      let forms = [("x509Certificate", "CERTIFICATE"), ("publicKey", "PUBLIC KEY")]
      for (name, label) in forms {
        guard let raw = node?["verifier"]?[name]?["rawBytes"] else { continue }
        return Self.bytes(raw).map { signer.matches($0, label: label) } ?? false
      }
      let text = node?["publicKey"]?["content"] ?? node?["verifier"] ?? node?["publicKey"]
      guard let pem = Self.bytes(text),
        let block = PEMBlock.all(in: String(decoding: pem, as: UTF8.self)).first
      else { return false }
      return signer.matches(block.bytes, label: block.label)
    }

    private static func bytes(_ node: Node?) -> [UInt8]? {
      node?.quotedText.flatMap { Base64Text.decode($0) }
    }

    /// Whether bytes hash to what the entry says: in hexadecimal, or in base64 as the log's second version has it.
    private func holds(_ bytes: [UInt8], _ node: Node?) -> Bool {
      guard let node, let algorithm = Self.algorithm(node["algorithm"]) else { return false }
      let digest = Digest(of: bytes, algorithm)
      if let value = node["value"]?.quotedText { return value.lowercased() == digest.hex }
      return Self.bytes(node["digest"]) == digest.bytes
    }

    /// The hash that `sha256` or `SHA2_256` means.
    static func algorithm(_ node: Node?) -> Digest.Algorithm? {
      switch node?.quotedText {
      case "sha256", "SHA2_256": .sha256
      case "sha384", "SHA2_384": .sha384
      case "sha512", "SHA2_512": .sha512
      default: nil
      }
    }
  }
#endif

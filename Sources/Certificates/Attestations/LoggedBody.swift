#if Certificates
  import SourceText

  /// What a transparency log's entry says was signed, to be compared with what the bundle holds.
  struct LoggedBody {
    private let root: Node
    private let kind: String

    init(_ entry: SigstoreBundle.LogEntry) throws(Refusal) {
      root = try StrictJSON.read(entry.body, path: "log entry")
      kind = root["kind"]?.quotedText ?? ""
      guard kind == entry.kind else {
        throw Refusal(
          "the log entry is of the kind `\(kind)`, and `kindVersion` says `\(entry.kind)`")
      }
    }

    /// Whether the entry is of this envelope, signed with this certificate or key.
    func isOf(_ envelope: Envelope) throws(Refusal) -> Bool {
      let spec = root["spec"]
      let payload = Digest(of: envelope.payload).hex
      switch kind {
      case "dsse":
        let body = spec?["dsseV002"] ?? spec
        guard hash(body?["payloadHash"]) == payload else { return false }
        let logged = (body?["signatures"]?.items ?? []).compactMap {
          ($0["signature"] ?? $0["content"])?.quotedText.flatMap { Base64Text.decode($0) }
        }
        return envelope.signatures.allSatisfy { logged.contains($0.bytes) }
      case "intoto":
        let content = spec?["content"]
        guard hash(content?["payloadHash"]) == payload else { return false }
        let logged = (content?["envelope"]?["signatures"]?.items ?? []).compactMap {
          $0["sig"]?.quotedText.flatMap { Base64Text.decode($0) }
        }
        return envelope.signatures.allSatisfy { signature in
          // The log wraps the signature's base64 in base64 once more.
          logged.contains(signature.bytes)
            || logged.contains(Array(Base64Text.encode(signature.bytes).utf8))
        }
      case "hashedrekord":
        // The log's second version takes an envelope as the bytes that are signed, and one signature.
        guard spec?["hashedRekordV002"] != nil, envelope.signatures.count == 1 else {
          throw Refusal("a log entry of the kind `hashedrekord` is of no envelope")
        }
        let digest = Digest(of: envelope.preAuthenticationEncoding).hex
        return try isOf(envelope.signatures[0].bytes, over: digest)
      default: throw Refusal("log entries of the kind `\(kind)` are not read")
      }
    }

    /// Whether the entry is of this signature over a file with this digest.
    func isOf(_ signature: [UInt8], over digest: String) throws(Refusal) -> Bool {
      guard kind == "hashedrekord" else {
        throw Refusal("log entries of the kind `\(kind)` are not read")
      }
      let spec = root["spec"]
      let body = spec?["hashedRekordV002"] ?? spec
      let logged = body?["signature"]?["content"]?.quotedText.flatMap { Base64Text.decode($0) }
      return hash(body?["data"]?["hash"] ?? body?["data"]) == digest && logged == signature
    }

    /// A hash in hexadecimal, or in base64 as the log's second version has it.
    private func hash(_ node: Node?) -> String? {
      if let value = node?["value"]?.quotedText { return value.lowercased() }
      return node?["digest"]?.quotedText.flatMap { Base64Text.decode($0) }.map(Hexadecimal.encode)
    }
  }
#endif

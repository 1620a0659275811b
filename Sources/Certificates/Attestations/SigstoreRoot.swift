#if Certificates
  package import SourceText

  /// The authorities and logs that a `trusted_root.json` of Sigstore names, each for a time.
  package struct SigstoreRoot: Sendable {
    package var authorities: [Authority]
    package var logs: [Log]
    /// Logs of certificates, whose timestamps stand in the signer's certificate.
    package var certificateLogs: [Log] = []
    /// Who says when a signature was there.
    package var timeAuthorities: [Authority] = []
    /// Logs that are named and whose keys are of kinds that are not supported.
    var unreadLogs: Set<[UInt8]> = []

    package struct Authority: Sendable {
      var chain: [X509Certificate]
      var period: Period
    }

    package struct Log: Sendable {
      var identifier: [UInt8]
      var key: SigningKey
      /// Whether its ID is the hash of its key, and not of its name with it.
      var isNamedByKey: Bool
      var period: Period
    }

    package struct Period: Sendable {
      var start: Instant?
      var end: Instant?

      func contains(_ time: Instant) -> Bool {
        (start.map { $0 <= time } ?? true) && (end.map { time <= $0 } ?? true)
      }
    }

    package init(authorities: [Authority] = [], logs: [Log] = []) {
      self.authorities = authorities
      self.logs = logs
    }

    /// Whether an object says to be a trusted root.
    package static func recognises(_ node: Node) -> Bool {
      node["mediaType"]?.quotedText?.hasPrefix("application/vnd.dev.sigstore.trustedroot") == true
    }

    /// The roots of a file: one document, or one on each line as `gh attestation trusted-root` prints them.
    package static func all(in bytes: [UInt8], path: String) throws(Refusal) -> [SigstoreRoot] {
      let lines = bytes.split(separator: 0x0A).filter { !$0.allSatisfy { $0 <= 0x20 } }
      guard lines.count > 1, lines.allSatisfy(isWholeObject) else {
        return [try SigstoreRoot(StrictJSON.read(bytes, path: path))]
      }
      var roots: [SigstoreRoot] = []
      for line in lines { roots.append(try SigstoreRoot(StrictJSON.read(Array(line), path: path))) }
      return roots
    }

    private static func isWholeObject(_ line: ArraySlice<UInt8>) -> Bool {
      line.first == UInt8(ascii: "{") && line.last { $0 > 0x20 } == UInt8(ascii: "}")
    }

    /// Reads the document; keys and certificates of kinds that are not supported are left out.
    package init(_ node: Node) throws(Refusal) {
      guard Self.recognises(node) else {
        throw Refusal("this is no trusted root of Sigstore", at: node["mediaType"]?.range)
      }
      authorities = try Self.authorities(node["certificateAuthorities"])
      timeAuthorities = try Self.authorities(node["timestampAuthorities"])
      logs = []
      logs = try readLogs(node["tlogs"])
      certificateLogs = try readLogs(node["ctlogs"])
    }

    private static func authorities(_ list: Node?) throws(Refusal) -> [Authority] {
      var authorities: [Authority] = []
      for item in list?.items ?? [] {
        var chain: [X509Certificate] = []
        for certificate in item["certChain"]?["certificates"]?.items ?? [] {
          let bytes = try SigstoreBundle.bytes(
            certificate["rawBytes"], "a certificate", in: certificate)
          guard let parsed = try? X509Certificate(bytes) else { continue }
          chain.append(parsed)
        }
        guard !chain.isEmpty else { continue }
        authorities.append(Authority(chain: chain, period: try Self.period(item["validFor"])))
      }
      return authorities
    }

    private mutating func readLogs(_ list: Node?) throws(Refusal) -> [Log] {
      var logs: [Log] = []
      for item in list?.items ?? [] {
        let keyNode = item["publicKey"]
        let bytes = try SigstoreBundle.bytes(keyNode?["rawBytes"], "a log's key", in: item)
        let identifier = try SigstoreBundle.bytes(item["logId"]?["keyId"], "a log's ID", in: item)
        guard let key = try? SigningKey(subjectPublicKeyInfo: bytes) else {
          unreadLogs.insert(identifier)
          continue
        }
        logs.append(
          Log(
            identifier: identifier, key: key, isNamedByKey: Digest(of: bytes).bytes == identifier,
            period: try Self.period(keyNode?["validFor"])))
      }
      return logs
    }

    private static func period(_ node: Node?) throws(Refusal) -> Period {
      Period(start: try time(node?["start"]), end: try time(node?["end"]))
    }

    private static func time(_ node: Node?) throws(Refusal) -> Instant? {
      guard let node, !node.isNull else { return nil }
      guard let time = node.quotedText.flatMap({ Instant(rfc3339: $0) }) else {
        throw Refusal("a time of `validFor` cannot be read", at: node.range)
      }
      return time
    }
  }
#endif

#if Certificates
  package import SourceText

  /// The authorities and logs that a `trusted_root.json` of Sigstore names, each for a time.
  package struct SigstoreRoot: Sendable {
    package var authorities: [Authority]
    package var logs: [Log]

    package struct Authority: Sendable {
      var chain: [X509Certificate]
      var period: Period
    }

    package struct Log: Sendable {
      var identifier: [UInt8]
      var key: SigningKey
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

    /// Reads the document; keys and certificates of kinds that are not supported are left out.
    package init(_ node: Node) throws(Refusal) {
      guard Self.recognises(node) else {
        throw Refusal("this is no trusted root of Sigstore", at: node["mediaType"]?.range)
      }
      authorities = []
      logs = []
      for item in node["certificateAuthorities"]?.items ?? [] {
        var chain: [X509Certificate] = []
        for certificate in item["certChain"]?["certificates"]?.items ?? [] {
          let bytes = try SigstoreBundle.bytes(
            certificate["rawBytes"], "a certificate", in: certificate)
          guard let parsed = try? X509Certificate(bytes) else { continue }
          chain.append(parsed)
        }
        guard !chain.isEmpty else { continue }
        authorities.append(Authority(chain: chain, period: Self.period(item["validFor"])))
      }
      for item in node["tlogs"]?.items ?? [] {
        let keyNode = item["publicKey"]
        let bytes = try SigstoreBundle.bytes(keyNode?["rawBytes"], "a log's key", in: item)
        guard let key = try? SigningKey(subjectPublicKeyInfo: bytes) else { continue }
        let identifier = try SigstoreBundle.bytes(item["logId"]?["keyId"], "a log's ID", in: item)
        logs.append(
          Log(identifier: identifier, key: key, period: Self.period(keyNode?["validFor"])))
      }
    }

    private static func period(_ node: Node?) -> Period {
      Period(
        start: node?["start"]?.quotedText.flatMap { Instant(rfc3339: $0) },
        end: node?["end"]?.quotedText.flatMap { Instant(rfc3339: $0) })
    }
  }
#endif

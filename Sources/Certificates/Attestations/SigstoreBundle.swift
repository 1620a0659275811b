#if Certificates
  package import SourceText

  /// A Sigstore bundle: a signature with everything that is needed to check it offline.
  ///
  /// https://github.com/sigstore/protobuf-specs, `sigstore_bundle.proto`, versions 0.1 to 0.3.
  package struct SigstoreBundle: Sendable {
    package var content: Content
    /// The signer's certificate first, then the authorities that came with it.
    package var certificates: [[UInt8]]
    /// The hint to a key that stands elsewhere, where no certificate is.
    package var keyHint: String?
    package var entries: [LogEntry]
    /// Whether a log's promise alone is enough: the first version asked for no more.
    package var trustsPromises: Bool
    /// What time-stamping authorities answered.
    package var timestamps: [[UInt8]]
    package var range: ByteRange
    package var materialRange: ByteRange

    package enum Content: Sendable {
      case envelope(Envelope)
      /// A signature over a file that stands beside it.
      case message(digest: Resource, signature: [UInt8], range: ByteRange)
    }

    /// What a transparency log holds of it.
    package struct LogEntry: Sendable {
      /// What the bundle says that the body is: `dsse`, `hashedrekord`.
      var kind: String
      var version: String
      var index: Int64
      var logID: [UInt8]
      /// Seconds since 1970; `nil` where the log gives no time.
      package var integratedSeconds: Int64?
      var promise: [UInt8]?
      var proof: InclusionProof?
      var body: [UInt8]
      var range: ByteRange
    }

    /// A way through the log's tree from the entry to its root, and the log's signature over that root.
    struct InclusionProof: Sendable {
      var index: Int64
      var treeSize: Int64
      var root: [UInt8]
      var hashes: [[UInt8]]
      var checkpoint: String?
    }

    /// Whether an object says to be a bundle.
    package static func recognises(_ node: Node) -> Bool {
      if node["mediaType"]?.quotedText?.hasPrefix("application/vnd.dev.sigstore.bundle") == true {
        return true
      }
      return node["verificationMaterial"] != nil
        && (node["dsseEnvelope"] != nil || node["messageSignature"] != nil)
    }

    private static let versions = [
      "application/vnd.dev.sigstore.bundle.v0.3+json",
      "application/vnd.dev.sigstore.bundle+json;version=0.3",
      "application/vnd.dev.sigstore.bundle+json;version=0.2",
      "application/vnd.dev.sigstore.bundle+json;version=0.1",
    ]

    /// Reads an object whose JSON is known to be strict.
    package init(_ node: Node) throws(Refusal) {
      guard let type = node["mediaType"]?.quotedText, Self.versions.contains(type) else {
        throw Refusal(
          "this version of a Sigstore bundle is not known", at: node["mediaType"]?.range)
      }
      guard let material = node["verificationMaterial"], material.isObject else {
        throw Refusal("`verificationMaterial` is missing", at: node.range)
      }
      range = node.range
      trustsPromises = type.hasSuffix("version=0.1")
      materialRange = material.range
      content = try Self.content(of: node)
      certificates = []
      if let certificate = material["certificate"], !certificate.isNull {
        certificates = [try Self.bytes(certificate["rawBytes"], "the certificate", in: certificate)]
      } else if let chain = material["x509CertificateChain"], !chain.isNull {
        for item in chain["certificates"]?.items ?? [] {
          certificates.append(try Self.bytes(item["rawBytes"], "a certificate", in: item))
        }
      }
      keyHint = material["publicKey"]?["hint"]?.quotedText
      entries = []
      for item in material["tlogEntries"]?.items ?? [] { entries.append(try LogEntry(item)) }
      timestamps = []
      for item in material["timestampVerificationData"]?["rfc3161Timestamps"]?.items ?? [] {
        timestamps.append(try Self.bytes(item["signedTimestamp"], "`signedTimestamp`", in: item))
      }
      let most = max(certificates.count, entries.count, timestamps.count)
      guard most <= Self.mostParts else {
        throw Refusal(
          "it has more than \(Self.mostParts) certificates, log entries or timestamps",
          at: material.range)
      }
    }

    private static let mostParts = 32

    private static func content(of node: Node) throws(Refusal) -> Content {
      let envelope = node["dsseEnvelope"].flatMap { $0.isNull ? nil : $0 }
      let message = node["messageSignature"].flatMap { $0.isNull ? nil : $0 }
      switch (envelope, message) {
      case (let envelope?, nil): return .envelope(try Envelope(envelope))
      case (nil, let message?):
        let signature = try bytes(message["signature"], "the signature", in: message)
        guard let digest = message["messageDigest"] else {
          throw Refusal("`messageDigest` is missing", at: message.range)
        }
        guard let algorithm = LoggedBody.algorithm(digest["algorithm"]) else {
          throw Refusal("only SHA2_256, SHA2_384 and SHA2_512 are read here", at: digest.range)
        }
        let value = try bytes(digest["digest"], "the digest", in: digest)
        let resource = Resource(
          digests: [(algorithm.rawValue, Hexadecimal.encode(value))],
          range: digest["digest"]?.range ?? digest.range)
        return .message(digest: resource, signature: signature, range: message.range)
      case (nil, nil), (_?, _?):
        throw Refusal("it needs one of `dsseEnvelope` and `messageSignature`", at: node.range)
      }
    }

    static func bytes(
      _ node: Node?, _ what: String, in parent: Node
    ) throws(Refusal) -> [UInt8] {
      guard let text = node?.quotedText, let bytes = Base64Text.decode(text), !bytes.isEmpty else {
        throw Refusal("\(what) is no base64", at: node?.range ?? parent.range)
      }
      return bytes
    }

    /// A number that protobuf's JSON writes as text.
    static func number(_ node: Node?) -> Int64? {
      guard let text = node?.text, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
        return nil
      }
      return Int64(text)
    }
  }

  extension SigstoreBundle.LogEntry {
    init(_ node: Node) throws(Refusal) {
      guard let index = SigstoreBundle.number(node["logIndex"]), index >= 0 else {
        throw Refusal("a log entry has no `logIndex`", at: node.range)
      }
      self.index = index
      range = node.range
      logID = try SigstoreBundle.bytes(node["logId"]?["keyId"], "the log's ID", in: node)
      body = try SigstoreBundle.bytes(node["canonicalizedBody"], "`canonicalizedBody`", in: node)
      let version = node["kindVersion"]
      guard let kind = version?["kind"]?.quotedText, let number = version?["version"]?.quotedText
      else {
        throw Refusal("a log entry has no `kindVersion`", at: version?.range ?? node.range)
      }
      self.kind = kind
      self.version = number
      integratedSeconds = SigstoreBundle.number(node["integratedTime"]).flatMap {
        $0 > 0 ? $0 : nil
      }
      if let promise = node["inclusionPromise"], !promise.isNull {
        self.promise = try SigstoreBundle.bytes(
          promise["signedEntryTimestamp"], "the signed entry timestamp", in: promise)
      }
      guard let proof = node["inclusionProof"], !proof.isNull else { return }
      guard let position = SigstoreBundle.number(proof["logIndex"]),
        let size = SigstoreBundle.number(proof["treeSize"]), position >= 0, position < size
      else { throw Refusal("the inclusion proof names no place in the tree", at: proof.range) }
      var hashes: [[UInt8]] = []
      for hash in proof["hashes"]?.items ?? [] {
        hashes.append(try SigstoreBundle.bytes(hash, "a hash of the inclusion proof", in: proof))
      }
      self.proof = SigstoreBundle.InclusionProof(
        index: position, treeSize: size,
        root: try SigstoreBundle.bytes(proof["rootHash"], "`rootHash`", in: proof),
        hashes: hashes, checkpoint: proof["checkpoint"]?["envelope"]?.quotedText)
    }
  }
#endif

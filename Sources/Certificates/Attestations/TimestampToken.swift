#if Certificates
  import Crypto

  /// A time-stamping authority's word that some bytes existed at a time: an answer of RFC 3161 with its token in CMS.
  ///
  /// Strict DER. Only what the authority has signed counts; what stands beside it must agree with that.
  package struct TimestampToken {
    /// When, as the authority says.
    private(set) var time: Instant
    /// The hash of what was there then.
    private(set) var imprint: Digest
    /// Certificates that came with the token.
    private(set) var certificates: [[UInt8]] = []
    private var signer: Signer

    private enum Identifier {
      static let signedData = "1.2.840.113549.1.7.2"
      static let timestamp = "1.2.840.113549.1.9.16.1.4"
      static let contentType = "1.2.840.113549.1.9.3"
      static let messageDigest = "1.2.840.113549.1.9.4"
      static let signingCertificate = "1.2.840.113549.1.9.16.2.12"
      static let signingCertificateV2 = "1.2.840.113549.1.9.16.2.47"
    }

    private static let hashes: [String: Digest.Algorithm] = [
      "2.16.840.1.101.3.4.2.1": .sha256, "2.16.840.1.101.3.4.2.2": .sha384,
      "2.16.840.1.101.3.4.2.3": .sha512,
    ]

    /// The only signature of a token, and what it is over.
    private struct Signer {
      var issuer: [UInt8]
      var serial: [UInt8]
      var hash: Digest.Algorithm
      /// The signed attributes as the set that is hashed.
      var attributes: [UInt8]
      var signature: [UInt8]
      /// The hash of the signer's certificate, among the signed attributes.
      var certificate: (algorithm: Digest.Algorithm?, bytes: [UInt8])
    }

    /// Reads an answer of a time-stamping authority.
    package init(_ response: [UInt8]) throws(Refusal) {
      let parts = try DERReader.single(response, "the timestamp").sequence()
      guard parts.count == 2, try parts[0].sequence().first?.smallInteger == 0 else {
        throw Refusal("the time-stamping authority has not granted what it was asked for")
      }
      let wrapper = try parts[1].sequence()
      guard wrapper.count == 2, wrapper[0].identifier == Identifier.signedData,
        wrapper[1].tag == 0xA0
      else { throw Refusal("the timestamp is no signed data") }
      try self.init(signedData: wrapper[1].only().sequence())
    }

    private init(signedData: [DERValue]) throws(Refusal) {
      var fields = signedData[...]
      guard fields.popFirst()?.smallInteger == 3, let algorithms = fields.popFirst(),
        algorithms.tag == DERValue.set, let content = fields.popFirst()
      else { throw Refusal("the timestamp's signed data cannot be read") }
      let wrapped = try content.sequence()
      guard wrapped.count == 2, wrapped[0].identifier == Identifier.timestamp,
        wrapped[1].tag == 0xA0, case let octets = try wrapped[1].only(),
        octets.tag == DERValue.octetString
      else { throw Refusal("what is signed is no timestamp") }
      if let list = fields.first, list.tag == 0xA0 {
        for certificate in try list.values() { certificates.append(Array(certificate.encoded)) }
        fields = fields.dropFirst()
      }
      if fields.first?.tag == 0xA1 {
        throw Refusal.unsupported("its timestamp carries lists of revoked certificates")
      }
      guard fields.count == 1, let signers = fields.first, signers.tag == DERValue.set else {
        throw Refusal("the timestamp is not signed")
      }
      let all = try signers.values()
      guard all.count == 1 else { throw Refusal("the timestamp has not one signer") }
      let information = try DERReader.single(Array(octets.content), "the timestamp")
      (time, imprint) = try Self.information(information.sequence())
      signer = try Self.signer(all[0].sequence(), over: Array(octets.content))
      // The hash stands twice, and once outside of what is signed.
      guard try Self.hash(algorithms.only()) == signer.hash else {
        throw Refusal("the timestamp names two hashes")
      }
    }

    private static func hash(_ value: DERValue) throws(Refusal) -> Digest.Algorithm {
      let parts = try value.sequence()
      guard let identifier = parts.first?.identifier, parts.count <= 2,
        parts.count == 1 || parts[1].tag == DERValue.null && parts[1].content.isEmpty
      else { throw Refusal("the timestamp's hash cannot be read") }
      guard let hash = hashes[identifier] else {
        throw Refusal.unsupported("its timestamp uses a hash that is not supported")
      }
      return hash
    }

    /// What the authority says: TSTInfo.
    private static func information(_ all: [DERValue]) throws(Refusal) -> (Instant, Digest) {
      var fields = all[...]
      guard fields.popFirst()?.smallInteger == 1, fields.popFirst()?.identifier != nil,
        let imprint = try fields.popFirst()?.sequence(), imprint.count == 2,
        imprint[1].tag == DERValue.octetString, fields.popFirst()?.integer != nil,
        let moment = fields.popFirst(), moment.tag == DERValue.generalizedTime,
        let time = Instant(timestampTime: moment.content)
      else { throw Refusal("what the timestamp says cannot be read") }
      // Accuracy, order, nonce and the authority's name are for whoever asked for it.
      for field in fields where field.tag == 0xA1 {
        for item in try field.values() where try X509Certificate.parts(ofExtension: item).isCritical
        {
          throw Refusal.unsupported("its timestamp has a critical extension that is not known")
        }
      }
      guard let digest = Digest(try hash(imprint[0]), bytes: Array(imprint[1].content)) else {
        throw Refusal("the timestamp's imprint has not the length of its hash")
      }
      return (time, digest)
    }

    private static func signer(_ all: [DERValue], over content: [UInt8]) throws(Refusal) -> Signer {
      guard all.count >= 4, let version = all[0].smallInteger else {
        throw Refusal("the timestamp's signature cannot be read")
      }
      guard version == 1, all[1].tag == DERValue.sequence else {
        throw Refusal.unsupported("its timestamp names no certificate by issuer and number")
      }
      let name = try all[1].sequence()
      guard name.count == 2, let serial = name[1].integer else {
        throw Refusal("the timestamp's signer cannot be read")
      }
      guard all[3].tag == 0xA0, all.count >= 6, all[5].tag == DERValue.octetString else {
        throw Refusal("the timestamp has no signed attributes")
      }
      guard all.count == 6 else {
        throw Refusal.unsupported("its timestamp carries attributes that nobody has signed")
      }
      let hash = try hash(all[2])
      let algorithm = try all[4].sequence()
      guard let signing = X509Certificate.hashOfAlgorithm[algorithm.first?.identifier ?? ""] else {
        throw Refusal.unsupported(
          algorithm.first?.identifier?.hasPrefix("1.2.840.113549.1.1.") == true
            ? "its time-stamping authority signs by RSA, which is not supported"
            : "its time-stamping authority signs by a scheme that is not supported")
      }
      guard signing == hash, algorithm.count == 1 else {
        throw Refusal("the timestamp names two hashes")
      }
      let attributes = try Self.attributes(all[3])
      guard attributes[Identifier.contentType]?.identifier == Identifier.timestamp,
        let digest = attributes[Identifier.messageDigest], digest.tag == DERValue.octetString,
        Array(digest.content) == Digest(of: content, hash).bytes
      else { throw Refusal("the timestamp's signature is over something else") }
      return Signer(
        issuer: Array(name[0].encoded), serial: Array(serial), hash: hash,
        attributes: [DERValue.set] + all[3].encoded.dropFirst(),
        signature: Array(all[5].content), certificate: try certificate(attributes))
    }

    /// The signed attributes by their identifiers, each with its only value.
    private static func attributes(_ set: DERValue) throws(Refusal) -> [String: DERValue] {
      var attributes: [String: DERValue] = [:]
      for item in try set.values() {
        let parts = try item.sequence()
        guard parts.count == 2, let identifier = parts[0].identifier, parts[1].tag == DERValue.set,
          attributes.updateValue(try parts[1].only(), forKey: identifier) == nil
        else { throw Refusal("a signed attribute of the timestamp cannot be read") }
      }
      return attributes
    }

    /// The hash of the signer's certificate, without which a token could be claimed for another one.
    private static func certificate(
      _ attributes: [String: DERValue]
    ) throws(Refusal) -> (algorithm: Digest.Algorithm?, bytes: [UInt8]) {
      let isNew = attributes[Identifier.signingCertificateV2] != nil
      let attribute =
        attributes[Identifier.signingCertificateV2] ?? attributes[Identifier.signingCertificate]
      guard let attribute, let list = try attribute.sequence().first,
        var parts = try list.sequence().first?.sequence()[...]
      else { throw Refusal("the timestamp does not sign which certificate it is signed with") }
      var algorithm: Digest.Algorithm? = isNew ? .sha256 : nil
      if isNew, let first = parts.first, first.tag == DERValue.sequence {
        algorithm = try hash(first)
        parts = parts.dropFirst()
      }
      guard let digest = parts.first, digest.tag == DERValue.octetString else {
        throw Refusal("the timestamp's certificate cannot be read")
      }
      return (algorithm, Array(digest.content))
    }

    /// Whether a certificate is the one that the token says to be signed with, by its issuer and number.
    func names(_ certificate: X509Certificate) -> Bool {
      certificate.issuer == signer.issuer && certificate.serial == signer.serial
    }

    /// Whether the token is signed with the key of a certificate that it names.
    func isSigned(with certificate: X509Certificate) -> Bool {
      let own =
        signer.certificate.algorithm.map { Digest(of: certificate.encoded, $0).bytes }
        ?? Array(Insecure.SHA1.hash(data: certificate.encoded))
      return own == signer.certificate.bytes
        && certificate.key.verifies(signer.signature, of: signer.attributes, hashedBy: signer.hash)
    }
  }
#endif

#if Certificates
  /// What a chain of trust needs of an X.509 certificate, read as strict DER.
  ///
  /// A reader of our own: swift-certificates would add two packages and Foundation for the six fields that are looked at.
  package struct X509Certificate: Sendable {
    package var encoded: [UInt8]
    package var key: SigningKey
    package var notBefore: Instant
    package var notAfter: Instant
    /// Whose certificate it is: e-mail addresses, URIs and names of the extension for alternative names.
    package var names: [String]
    /// The OpenID issuer that vouched for the name, as Sigstore's authority writes it.
    package var identityIssuer: String?
    private var issuer: [UInt8]
    private var subject: [UInt8]
    private var signed: [UInt8]
    private var signature: [UInt8]
    private var signatureAlgorithm: String
    private var isAuthority = false
    private var maySignCertificates = true
    private var purposes: [String]?

    private enum Extension {
      static let basicConstraints = "2.5.29.19"
      static let keyUsage = "2.5.29.15"
      static let purposes = "2.5.29.37"
      static let alternativeNames = "2.5.29.17"
      static let issuer = "1.3.6.1.4.1.57264.1.1"
      static let issuerAsText = "1.3.6.1.4.1.57264.1.8"
    }

    private static let codeSigning = "1.3.6.1.5.5.7.3.3"
    private static let curveOfAlgorithm = ["1.2.840.10045.4.3.2": 256, "1.2.840.10045.4.3.3": 384]

    /// Reads one certificate.
    package init(_ bytes: [UInt8]) throws(Refusal) {
      let parts = try DERReader.single(bytes, "the certificate").values()
      guard parts.count == 3, parts[0].tag == DERValue.sequence, let bits = parts[2].wholeBits,
        let algorithm = try parts[1].values().first?.identifier
      else { throw Refusal("this is no X.509 certificate") }
      encoded = bytes
      signed = Array(parts[0].encoded)
      signature = Array(bits)
      signatureAlgorithm = algorithm
      var fields = try parts[0].values()[...]
      guard fields.first?.tag == 0xA0 else {
        throw Refusal("the certificate is no X.509 version 3")
      }
      fields = fields.dropFirst()
      guard fields.count >= 6 else { throw Refusal("the certificate is cut short") }
      let start = fields.startIndex
      // The algorithm stands twice, and once under the signature.
      guard try fields[start + 1].values().first?.identifier == algorithm else {
        throw Refusal("the certificate names two signature algorithms")
      }
      issuer = Array(fields[start + 2].encoded)
      let validity = try fields[start + 3].values()
      guard validity.count == 2, let from = Self.time(validity[0]), let to = Self.time(validity[1])
      else { throw Refusal("the certificate's validity cannot be read") }
      notBefore = from
      notAfter = to
      subject = Array(fields[start + 4].encoded)
      key = try SigningKey(subjectPublicKeyInfo: Array(fields[start + 5].encoded))
      names = []
      for field in fields[(start + 6)...] where field.tag == 0xA3 {
        guard let list = try field.values().first else { continue }
        for item in try list.values() { try read(extension: item) }
      }
    }

    private static func time(_ value: DERValue) -> Instant? {
      switch value.tag {
      case DERValue.utcTime: Instant(certificateTime: value.content, hasLongYear: false)
      case DERValue.generalizedTime: Instant(certificateTime: value.content, hasLongYear: true)
      default: nil
      }
    }

    private mutating func read(extension item: DERValue) throws(Refusal) {
      let parts = try item.values()
      guard let identifier = parts.first?.identifier, let last = parts.last,
        last.tag == DERValue.octetString
      else { throw Refusal("an extension of the certificate cannot be read") }
      let isCritical = parts.count == 3 && parts[1].content.first == 0xFF
      let content = Array(last.content)
      switch identifier {
      case Extension.basicConstraints:
        let fields = try DERReader.single(content, "an extension").values()
        isAuthority = fields.first?.tag == 0x01 && fields.first?.content.first == 0xFF
      case Extension.keyUsage:
        let bits = try DERReader.single(content, "an extension")
        guard bits.tag == DERValue.bitString, let first = bits.content.dropFirst().first else {
          throw Refusal("the certificate's key usage cannot be read")
        }
        maySignCertificates = first & 0x04 != 0
      case Extension.purposes:
        purposes = try DERReader.single(content, "an extension").values().compactMap(\.identifier)
      case Extension.alternativeNames:
        names += try Self.alternativeNames(DERReader.single(content, "an extension"))
      case Extension.issuer where identityIssuer == nil:
        identityIssuer = String(validating: content, as: UTF8.self)
      case Extension.issuerAsText:
        let text = try DERReader.single(content, "an extension")
        identityIssuer = String(validating: text.content, as: UTF8.self)
      default:
        // What is critical and unknown may take back everything else that the certificate says.
        if isCritical {
          throw Refusal("the certificate has a critical extension that is not known")
        }
      }
    }

    private static func alternativeNames(_ value: DERValue) throws(Refusal) -> [String] {
      var names: [String] = []
      for name in try value.values() {
        switch name.tag {
        case 0x81, 0x82, 0x86:
          if let text = String(validating: name.content, as: UTF8.self) { names.append(text) }
        case 0xA0:
          let parts = try name.values()
          if let wrapped = try parts.last?.values().first,
            let text = String(validating: wrapped.content, as: UTF8.self)
          {
            names.append(text)
          }
        default: break
        }
      }
      return names
    }

    /// Whether it stands for itself, as roots do.
    var isSelfIssued: Bool { issuer == subject }

    /// Whether it was valid at a time.
    package func isValid(at time: Instant) -> Bool { notBefore <= time && time <= notAfter }

    /// Whether it may sign attestations: a certificate that names purposes must name this one.
    package var maySignAttestations: Bool {
      !isAuthority && (purposes?.contains(Self.codeSigning) ?? true)
    }

    /// Whether an authority's certificate has signed it.
    @inline(never)
    func isSigned(by authority: X509Certificate) -> Bool {
      guard issuer == authority.subject, authority.isAuthority, authority.maySignCertificates else {
        return false
      }
      // ECDSA's hash follows the curve in every authority that Sigstore uses.
      switch (authority.key.kind, Self.curveOfAlgorithm[signatureAlgorithm]) {
      case (.p256, 256), (.p384, 384): break
      case (.ed25519, nil) where signatureAlgorithm == "1.3.101.112": break
      default: return false
      }
      return authority.key.verifies(signature, of: signed)
    }

    /// The authorities from here to a root that is trusted, all of them valid at a time; `nil` where there is no such way.
    func chain(
      to roots: [X509Certificate], through others: [X509Certificate], at time: Instant
    ) -> [X509Certificate]? {
      var chain: [X509Certificate] = []
      var last = self
      // Longer chains do not occur, and a circle must end.
      for _ in 0..<8 {
        guard last.isValid(at: time) else { return nil }
        if let root = roots.first(where: { last.isSigned(by: $0) && $0.isValid(at: time) }) {
          return chain + [root]
        }
        guard let next = others.first(where: { last.isSigned(by: $0) }) else { return nil }
        chain.append(next)
        last = next
      }
      return nil
    }
  }
#endif

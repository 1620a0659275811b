#if Certificates
  /// What a chain of trust needs of an X.509 certificate, read as strict DER.
  ///
  /// A reader of our own: swift-certificates would add two packages and Foundation for the few fields that are looked at.
  package struct X509Certificate: Sendable {
    package var encoded: [UInt8]
    package var key: SigningKey
    package var notBefore: Instant
    package var notAfter: Instant
    /// Whose certificate it is: e-mail addresses, URIs and names of the extension for alternative names.
    package var names: [String] = []
    /// The OpenID issuer that vouched for the name, as Sigstore's authority writes it.
    package var identityIssuer: String?
    /// The SubjectPublicKeyInfo.
    var keyInfo: [UInt8]
    var serial: [UInt8]
    var issuer: [UInt8]
    var subject: [UInt8]
    /// What the issuer has signed.
    var signed: [UInt8]
    var signature: [UInt8]
    var signatureAlgorithm: String
    var isAuthority = false
    /// How many authorities may stand between it and the certificate at the end; `nil` for any number.
    var pathLength: Int?
    /// `nil` where its key may be used for everything.
    var usage: KeyUsage?
    /// What its key may be used for, in numbers; `nil` for everything.
    var purposes: Purposes?
    /// The timestamps of certificate logs, as the extension holds them.
    var stamps: [UInt8]?

    /// The bits of key usage that are asked for here.
    struct KeyUsage {
      var mayMakeSignatures: Bool
      var mayCommit: Bool
      var maySignCertificates: Bool
    }

    struct Purposes {
      var identifiers: [String]
      var isCritical: Bool
    }

    /// Object identifiers of extensions.
    enum Extension {
      static let basicConstraints = "2.5.29.19"
      static let keyUsage = "2.5.29.15"
      static let purposes = "2.5.29.37"
      static let alternativeNames = "2.5.29.17"
      static let issuer = "1.3.6.1.4.1.57264.1.1"
      static let issuerAsText = "1.3.6.1.4.1.57264.1.8"
      static let stamps = "1.3.6.1.4.1.11129.2.4.2"
    }

    /// How Sigstore's authority marks a name that is neither an e-mail address nor a URI.
    private static let otherName = "1.3.6.1.4.1.57264.1.7"

    /// Reads one certificate.
    package init(_ bytes: [UInt8]) throws(Refusal) {
      let parts = try DERReader.single(bytes, "the certificate").sequence()
      guard parts.count == 3, let bits = parts[2].wholeBits,
        let algorithm = try parts[1].sequence().first?.identifier
      else { throw Refusal("this is no X.509 certificate") }
      let fields = try parts[0].sequence()
      guard fields.first?.tag == 0xA0, try fields[0].only().smallInteger == 2 else {
        throw Refusal("the certificate is no X.509 version 3")
      }
      guard fields.count >= 7 else { throw Refusal("the certificate is cut short") }
      guard let serial = fields[1].integer else {
        throw Refusal("the certificate's serial number cannot be read")
      }
      // The algorithm stands twice, and once under the signature.
      guard fields[2].encoded == parts[1].encoded else {
        throw Refusal("the certificate names two signature algorithms")
      }
      let validity = try fields[4].sequence()
      guard validity.count == 2, let from = Self.time(validity[0]), let to = Self.time(validity[1])
      else { throw Refusal("the certificate's validity cannot be read") }
      encoded = bytes
      signed = Array(parts[0].encoded)
      signature = Array(bits)
      signatureAlgorithm = algorithm
      self.serial = Array(serial)
      issuer = Array(fields[3].encoded)
      notBefore = from
      notAfter = to
      subject = Array(fields[5].encoded)
      keyInfo = Array(fields[6].encoded)
      key = try SigningKey(subjectPublicKeyInfo: keyInfo)
      try readExtensions(fields[7...])
    }

    private static func time(_ value: DERValue) -> Instant? {
      switch value.tag {
      case DERValue.utcTime: Instant(certificateTime: value.content, hasLongYear: false)
      case DERValue.generalizedTime: Instant(certificateTime: value.content, hasLongYear: true)
      default: nil
      }
    }

    private mutating func readExtensions(_ fields: ArraySlice<DERValue>) throws(Refusal) {
      var seen: Set<String> = []
      for field in fields where field.tag == 0xA3 {
        for item in try field.only().sequence() {
          let (identifier, isCritical, content) = try Self.parts(ofExtension: item)
          guard seen.insert(identifier).inserted else {
            throw Refusal("an extension of the certificate stands in it twice")
          }
          try read(identifier, isCritical, content)
        }
      }
    }

    /// What an extension is, whether a reader must know it, and what it holds.
    static func parts(
      ofExtension item: DERValue
    ) throws(Refusal) -> (identifier: String, isCritical: Bool, content: [UInt8]) {
      let parts = try item.sequence()
      guard let identifier = parts.first?.identifier, let last = parts.last,
        last.tag == DERValue.octetString, parts.count == 2 || parts.count == 3,
        let isCritical = parts.count == 3 ? parts[1].flag : false
      else { throw Refusal("an extension of the certificate cannot be read") }
      return (identifier, isCritical, Array(last.content))
    }

    private mutating func read(
      _ identifier: String, _ isCritical: Bool, _ content: [UInt8]
    ) throws(Refusal) {
      switch identifier {
      case Extension.basicConstraints: try readBasicConstraints(content)
      case Extension.keyUsage:
        let bits = try DERReader.single(content, "an extension")
        guard bits.tag == DERValue.bitString, let first = bits.content.dropFirst().first else {
          throw Refusal("the certificate's key usage cannot be read")
        }
        usage = KeyUsage(
          mayMakeSignatures: first & 0x80 != 0, mayCommit: first & 0x40 != 0,
          maySignCertificates: first & 0x04 != 0)
      case Extension.purposes:
        let values = try DERReader.single(content, "an extension").sequence()
        let identifiers = values.compactMap(\.identifier)
        guard identifiers.count == values.count else {
          throw Refusal("the certificate's purposes cannot be read")
        }
        purposes = Purposes(identifiers: identifiers, isCritical: isCritical)
      case Extension.alternativeNames:
        names = try Self.alternativeNames(DERReader.single(content, "an extension"))
      case Extension.issuer where identityIssuer == nil:
        identityIssuer = String(validating: content, as: UTF8.self)
      case Extension.issuerAsText:
        let text = try DERReader.single(content, "an extension")
        guard text.tag == DERValue.text else {
          throw Refusal("the certificate's OpenID issuer cannot be read")
        }
        identityIssuer = String(validating: text.content, as: UTF8.self)
      case Extension.stamps: stamps = content
      default:
        // What is critical and unknown may take back everything else that the certificate says.
        if isCritical {
          throw Refusal.unsupported("the certificate has a critical extension that is not known")
        }
      }
    }

    private mutating func readBasicConstraints(_ content: [UInt8]) throws(Refusal) {
      let unreadable = Refusal("the certificate's basic constraints cannot be read")
      var fields = try DERReader.single(content, "an extension").sequence()[...]
      if let first = fields.first, first.tag == DERValue.boolean {
        guard let flag = first.flag else { throw unreadable }
        isAuthority = flag
        fields = fields.dropFirst()
      }
      guard let length = fields.first else { return }
      guard let bytes = length.integer, fields.count == 1, isAuthority, bytes.first ?? 0 < 0x80
      else { throw unreadable }
      // Longer chains than this are not followed anyway.
      pathLength = length.smallInteger ?? .max
    }

    private static func alternativeNames(_ value: DERValue) throws(Refusal) -> [String] {
      var names: [String] = []
      for name in try value.sequence() {
        switch name.tag {
        case 0x81, 0x82, 0x86:
          if let text = String(validating: name.content, as: UTF8.self) { names.append(text) }
        case 0xA0:
          let parts = try name.values()
          guard parts.first?.identifier == otherName, parts.count == 2 else { continue }
          let text = try parts[1].only()
          if let text = String(validating: text.content, as: UTF8.self) { names.append(text) }
        default: break
        }
      }
      return names
    }
  }
#endif

#if Certificates
  /// The timestamps that certificate logs have put into a certificate: RFC 6962, 3.3.
  package struct CertificateTimestamps {
    private(set) var stamps: [Stamp] = []

    struct Stamp {
      var logID: [UInt8]
      var milliseconds: UInt64
      var extensions: [UInt8]
      var hash: UInt8
      var algorithm: UInt8
      var signature: [UInt8]
    }

    /// What the certificate says of its own publication.
    enum Standing {
      case logged
      /// Why nobody can tell.
      case undecided(String, SignatureStanding.Missing)
    }

    private static let unreadable = Refusal("the certificate's log timestamps cannot be read")

    /// Reads the extension's content: a list in the encoding of TLS, inside an octet string.
    package init(_ content: [UInt8]) throws(Refusal) {
      let list = try DERReader.single(content, "an extension")
      guard list.tag == DERValue.octetString else { throw Self.unreadable }
      var outer = TLSBytes(list.content)
      guard let all = outer.vector(lengthBytes: 2), outer.isEmpty else { throw Self.unreadable }
      var entries = TLSBytes(all)
      while !entries.isEmpty {
        guard let entry = entries.vector(lengthBytes: 2) else { throw Self.unreadable }
        stamps.append(try Self.stamp(entry))
      }
      guard !stamps.isEmpty else { throw Self.unreadable }
    }

    private static func stamp(_ bytes: ArraySlice<UInt8>) throws(Refusal) -> Stamp {
      var rest = TLSBytes(bytes)
      guard rest.number(bytes: 1) == 0, let log = rest.take(32), let time = rest.number(bytes: 8),
        let extensions = rest.vector(lengthBytes: 2), let hash = rest.number(bytes: 1),
        let algorithm = rest.number(bytes: 1), let signature = rest.vector(lengthBytes: 2),
        rest.isEmpty
      else { throw unreadable }
      return Stamp(
        logID: Array(log), milliseconds: time, extensions: Array(extensions),
        hash: UInt8(truncatingIfNeeded: hash), algorithm: UInt8(truncatingIfNeeded: algorithm),
        signature: Array(signature))
    }

    /// Asks the logs of a trusted root; throws where one of them has not said this.
    func check(
      _ leaf: X509Certificate, issuedBy issuer: X509Certificate, root: SigstoreRoot
    ) throws(Refusal) -> Standing {
      var unknown: Standing?
      var isLogged = false
      for stamp in stamps {
        guard let log = root.certificateLogs.first(where: { $0.identifier == stamp.logID }) else {
          unknown =
            root.unreadLogs.contains(stamp.logID)
            ? .undecided("its certificate's log has a key that is not supported", .support)
            : .undecided(
              "the log that holds its certificate is not in the trusted root", .rootEntry)
          continue
        }
        guard stamp.algorithm == 3, let hash = Self.hashes[stamp.hash] else {
          throw Refusal("a log timestamp of the certificate is not signed by ECDSA")
        }
        let message = try Self.message(stamp, leaf, issuer)
        guard log.key.verifies(stamp.signature, of: message, hashedBy: hash) else {
          throw Refusal("a log timestamp of the certificate does not fit the certificate")
        }
        guard let milliseconds = Int64(exactly: stamp.milliseconds),
          log.period.contains(Instant(milliseconds: milliseconds))
        else {
          throw Refusal(
            "a log timestamp of the certificate is of a time when its log was not in use")
        }
        isLogged = true
      }
      return isLogged ? .logged : unknown ?? .logged
    }

    private static let hashes: [UInt8: Digest.Algorithm] = [4: .sha256, 5: .sha384, 6: .sha512]

    /// What the log has signed: the certificate as it was before, and who issues it.
    private static func message(
      _ stamp: Stamp, _ leaf: X509Certificate, _ issuer: X509Certificate
    ) throws(Refusal) -> [UInt8] {
      let entry = try leaf.bodyWithoutStamps()
      var message: [UInt8] = [0, 0]
      message += TLSBytes.encode(stamp.milliseconds, bytes: 8)
      message += [0, 1] + Digest(of: issuer.keyInfo).bytes
      message += TLSBytes.encode(UInt64(entry.count), bytes: 3) + entry
      message += TLSBytes.encode(UInt64(stamp.extensions.count), bytes: 2) + stamp.extensions
      return message
    }
  }

  extension X509Certificate {
    /// What its issuer would have signed without the timestamps of logs.
    fileprivate func bodyWithoutStamps() throws(Refusal) -> [UInt8] {
      var body: [UInt8] = []
      for field in try DERReader.single(signed, "the certificate").sequence() {
        guard field.tag == 0xA3 else {
          body += field.encoded
          continue
        }
        var kept: [UInt8] = []
        for item in try field.only().sequence()
        where try Self.parts(ofExtension: item).identifier != Extension.stamps {
          kept += item.encoded
        }
        body += kept.encoded(asDER: DERValue.sequence).encoded(asDER: 0xA3)
      }
      return body.encoded(asDER: DERValue.sequence)
    }
  }

  /// Bytes in the encoding of TLS: numbers of fixed size, and lengths before what they are of.
  private struct TLSBytes {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isEmpty: Bool { rest.isEmpty }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
      guard rest.count >= count else { return nil }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }

    mutating func number(bytes count: Int) -> UInt64? {
      take(count)?.reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func vector(lengthBytes: Int) -> ArraySlice<UInt8>? {
      number(bytes: lengthBytes).flatMap { take(Int($0)) }
    }

    static func encode(_ number: UInt64, bytes count: Int) -> [UInt8] {
      (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
    }
  }
#endif

#if Certificates
  extension X509Certificate {
    /// What the certificate at the end of a chain is asked to be for.
    enum Purpose: String {
      case codeSigning = "1.3.6.1.5.5.7.3.3"
      case timeStamping = "1.3.6.1.5.5.7.3.8"

      fileprivate static let any = "2.5.29.37.0"
    }

    /// The hashes of ECDSA signatures, by the algorithm's object identifier.
    static let hashOfAlgorithm: [String: Digest.Algorithm] = [
      "1.2.840.10045.4.3.2": .sha256, "1.2.840.10045.4.3.3": .sha384,
      "1.2.840.10045.4.3.4": .sha512,
    ]

    /// Whether it was valid at a time.
    package func isValid(at time: Instant) -> Bool { notBefore <= time && time <= notAfter }

    /// Whether it may sign attestations: a certificate that names purposes must name this one.
    package var maySignAttestations: Bool {
      !isAuthority && allows(.codeSigning) && usage?.mayMakeSignatures ?? true
    }

    /// Whether it may sign timestamps: RFC 3161 asks for this purpose alone, and for readers that know it.
    var maySignTimestamps: Bool {
      guard let purposes, purposes.isCritical, !isAuthority else { return false }
      return purposes.identifiers == [Purpose.timeStamping.rawValue]
        && usage.map { $0.mayMakeSignatures || $0.mayCommit } ?? true
    }

    private func allows(_ purpose: Purpose) -> Bool {
      purposes?.identifiers.contains(purpose.rawValue) ?? true
    }

    /// Whether an authority's certificate has signed it.
    @inline(never)
    func isSigned(by authority: X509Certificate) -> Bool {
      guard issuer == authority.subject, authority.isAuthority,
        authority.usage?.maySignCertificates ?? true
      else { return false }
      if authority.key.kind == .ed25519 {
        return signatureAlgorithm == "1.3.101.112"
          && authority.key.verifies(signature, of: signed)
      }
      guard let hash = Self.hashOfAlgorithm[signatureAlgorithm] else { return false }
      return authority.key.verifies(signature, of: signed, hashedBy: hash)
    }

    /// The authorities from here to a root that is trusted, all of them valid at a time and allowed to vouch for the
    /// purpose; `nil` where there is no such way.
    func chain(
      to roots: [X509Certificate], through others: [X509Certificate], at time: Instant,
      for purpose: Purpose
    ) -> [X509Certificate]? {
      guard isValid(at: time) else { return nil }
      var search = PathSearch(roots: roots, others: others, time: time, purpose: purpose)
      return search.way(from: self, through: [])
    }
  }

  /// Looks for a way from a certificate to a root.
  private struct PathSearch {
    let roots: [X509Certificate]
    let others: [X509Certificate]
    let time: Instant
    let purpose: X509Certificate.Purpose
    /// Certificates that all vouch for each other would have more ways than anybody can walk.
    var signaturesLeft = 64

    private static let longestWay = 8

    mutating func way(
      from last: X509Certificate, through below: [X509Certificate]
    ) -> [X509Certificate]? {
      for root in roots where vouches(root, for: last, above: below) { return below + [root] }
      guard below.count < Self.longestWay else { return nil }
      for next in others where !below.contains(where: { $0.encoded == next.encoded }) {
        guard vouches(next, for: last, above: below) else { continue }
        if let way = way(from: next, through: below + [next]) { return way }
      }
      return nil
    }

    private mutating func vouches(
      _ authority: X509Certificate, for last: X509Certificate, above below: [X509Certificate]
    ) -> Bool {
      guard last.issuer == authority.subject, authority.isValid(at: time), signaturesLeft > 0 else {
        return false
      }
      if let allowed = authority.purposes?.identifiers, !allowed.contains(purpose.rawValue),
        !allowed.contains(X509Certificate.Purpose.any)
      {
        return false
      }
      // One that was issued to its own issuer does not make the way longer.
      let between = below.count { $0.issuer != $0.subject }
      if let most = authority.pathLength, between > most { return false }
      signaturesLeft -= 1
      return last.isSigned(by: authority)
    }
  }
#endif

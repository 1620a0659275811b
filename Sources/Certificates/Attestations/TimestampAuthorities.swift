#if Certificates
  /// The time-stamping authorities of a trusted root, asked about tokens.
  struct TimestampAuthorities {
    let authorities: [SigstoreRoot.Authority]

    /// What they say of a token.
    enum Standing {
      case stamped(Instant)
      /// Why nobody can tell.
      case undecided(String, SignatureStanding.Missing)
    }

    /// Checks a token over a message; throws where it is false.
    func check(_ response: [UInt8], over message: [UInt8]) throws(Refusal) -> Standing {
      let token: TimestampToken
      do throws(Refusal) {
        token = try TimestampToken(response)
      } catch {
        guard error.isUnsupported else { throw error }
        return .undecided(error.words, .support)
      }
      guard Digest(of: message, token.imprint.algorithm) == token.imprint else {
        throw Refusal("the timestamp is of another signature")
      }
      // Whoever forges a token may write any authority's name into it: only what is wrong under a known key is false.
      let own = token.certificates.compactMap { try? X509Certificate($0) }
      for authority in authorities {
        guard let signer = signer(of: token, under: authority, own) else { continue }
        guard token.isSigned(with: signer) else {
          throw Refusal("the timestamp is not signed by the authority that it names")
        }
        try check(signer, under: authority, at: token.time)
        guard agrees(token, with: authority, signer, own) else {
          return .undecided(
            "its timestamp carries a certificate that nobody vouches for", .rootEntry)
        }
        return .stamped(token.time)
      }
      return .undecided(
        "the authority that stamped its time is not in the trusted root", .rootEntry)
    }

    /// The certificate that signed: the one that the root names, or where it names authorities of authorities alone, one
    /// that came with the token.
    private func signer(
      of token: TimestampToken, under authority: SigstoreRoot.Authority, _ own: [X509Certificate]
    ) -> X509Certificate? {
      if let named = authority.chain.first(where: token.names) { return named }
      guard authority.chain.allSatisfy(\.isAuthority) else { return nil }
      return own.first { token.names($0) && way(from: $0, under: authority, at: token.time) }
    }

    private func way(
      from signer: X509Certificate, under authority: SigstoreRoot.Authority, at time: Instant
    ) -> Bool {
      guard let root = authority.chain.last else { return false }
      return signer.chain(
        to: [root], through: authority.chain.dropLast(), at: time, for: .timeStamping) != nil
    }

    private func check(
      _ signer: X509Certificate, under authority: SigstoreRoot.Authority, at time: Instant
    ) throws(Refusal) {
      guard signer.maySignTimestamps else {
        throw Refusal("the timestamp's certificate is not for timestamps alone")
      }
      guard way(from: signer, under: authority, at: time), authority.period.contains(time) else {
        throw Refusal("its time-stamping authority was not in use on \(time.text)")
      }
    }

    /// Whether each certificate that came with the token is one that the root or a certificate beside it vouches for.
    private func agrees(
      _ token: TimestampToken, with authority: SigstoreRoot.Authority, _ signer: X509Certificate,
      _ own: [X509Certificate]
    ) -> Bool {
      let known = authority.chain + [signer]
      return token.certificates.allSatisfy { bytes in
        if known.contains(where: { $0.encoded == bytes }) { return true }
        guard let other = own.first(where: { $0.encoded == bytes }) else { return false }
        return (known + own).contains { other.isSigned(by: $0) }
      }
    }
  }
#endif

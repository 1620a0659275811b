#if Certificates
  /// Whose attestations count: keys, authorities and identities that the user named.
  package struct AttestationTrust: Sendable {
    package var keys: [Key] = []
    /// Authorities of one's own, for chains that Sigstore's root does not hold.
    package var authorities: [X509Certificate] = []
    /// Sigstore's instances, each with its own authorities and logs: what one vouches for, no other one's log confirms.
    package var sigstore: [SigstoreRoot] = []
    /// Who may sign with a certificate; empty accepts anybody whom a trusted authority vouches for.
    package var identities: [Identity] = []

    /// A key that somebody signs with.
    package struct Key: Sendable {
      package var name: String
      package var key: SigningKey
      package var keyID: String?
      /// From when on its signatures do not count.
      package var revokedSince: Instant?

      package init(
        name: String, key: SigningKey, keyID: String? = nil, revokedSince: Instant? = nil
      ) {
        self.name = name
        self.key = key
        self.keyID = keyID
        self.revokedSince = revokedSince
      }
    }

    /// Somebody as a certificate names them.
    package struct Identity: Sendable {
      /// A glob over e-mail addresses and URIs.
      package var name: String
      /// The OpenID issuer; `nil` for any.
      package var issuer: String?
      /// From when on their signatures do not count.
      package var revokedSince: Instant?

      package init(name: String, issuer: String? = nil, revokedSince: Instant? = nil) {
        self.name = name
        self.issuer = issuer
        self.revokedSince = revokedSince
      }
    }

    /// An evaluation that took less time for each of its answers cannot have waited for them.
    package var leastAnswerSeconds: Double?

    package init() {}

    /// Whether nobody is trusted.
    package var isEmpty: Bool { keys.isEmpty && authorities.isEmpty && sigstore.isEmpty }
  }

  /// What a signature is worth.
  package struct SignatureStanding: Sendable {
    package var verdict: Verdict
    /// Who signed, as far as that is known.
    package var signer: String?
    /// A clause: why it does not count, or is not decided.
    package var words: String
    /// When a log or a time-stamping authority took it.
    package var time: Instant?
    /// What would decide it, where it is not decided.
    package var missing: Missing?

    package enum Missing: String, Sendable {
      /// A key, or a root that vouches for the signer.
      case signer
      /// The file that is signed.
      case file
      /// A log or an authority that the trusted root does not name.
      case rootEntry = "root-entry"
      /// Something that the bundle itself should carry.
      case evidence
      /// A reader of schemes that are not supported here.
      case support
    }

    package enum Verdict: String, Sendable {
      case valid
      /// The signature is wrong, or what comes with it contradicts it.
      case invalid
      /// Nobody who is trusted made it.
      case unknownSigner = "unknown-signer"
      case revoked
      /// Not decided: something is missing.
      case undecided
    }

    init(_ verdict: Verdict, signer: String? = nil, _ words: String = "", time: Instant? = nil) {
      self.verdict = verdict
      self.signer = signer
      self.words = words
      self.time = time
    }

    /// Not decided, for want of something.
    static func undecided(
      _ words: String, missing: Missing, signer: String? = nil
    ) -> SignatureStanding {
      var standing = SignatureStanding(.undecided, signer: signer, words)
      standing.missing = missing
      return standing
    }
  }
#endif

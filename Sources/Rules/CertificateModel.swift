/// How a protocol writes its certificates: which fields there are, what they are called, and how hashes are made.
package struct CertificateModel: Sendable {
  /// The names of each field, the best first; `a.b` is `b` inside `a`.
  package var fields: [Field: [String]] = [:]
  /// The names inside one signature.
  package var signature: [SignatureField: [String]] = [:]
  /// The names inside one claim with its evidence.
  package var evidence: [EvidenceField: [String]] = [:]
  /// What a JSON object must have to be taken for a certificate.
  package var marks: [Field] = [.hash, .outputHash, .signatures]
  /// The hash function, unless a hash names its own.
  package var hashAlgorithm = "sha256"
  /// Members that the hash leaves out, beside itself and the signatures.
  package var hashWithout: [String] = []
  /// What signatures sign; one that holds is enough, since all of them bind the same hash.
  package var signed: [SignedForm] = [.hash]
  package var policy = CertificatePolicy()

  package init() {}

  /// The parts of a certificate.
  package enum Field: String, Sendable, CaseIterable {
    case hash
    case outputHash = "output-hash"
    case output
    case outputFile = "output-file"
    case signatures, threshold, weight
    case validatorSet = "validator-set"
    case epoch, model
    case modelVersion = "model-version"
    case issued
    case roundOpened = "round-opened"
    case roundClosed = "round-closed"
    case roundTime = "round-time"
    case expires, evidence
  }

  /// The parts of a signature.
  package enum SignatureField: String, Sendable, CaseIterable {
    case validator, scheme, value, weight, signed
  }

  /// The parts of a claim with its evidence.
  package enum EvidenceField: String, Sendable, CaseIterable {
    case claim, hash, text, file
  }

  /// What the bytes are that a signature is over.
  package enum SignedForm: String, Sendable, CaseIterable {
    /// The hash's bytes are the message.
    case hash
    /// The hash is itself the digest that ECDSA signs.
    case digest
    /// The hash as its field writes it is the message.
    case hashText = "hash-text"
    /// The canonical bytes are the message.
    case canonical
  }
}

/// What a house asks of quorums beyond their weight.
package struct CertificatePolicy: Sendable {
  /// At least so many model families behind the valid signatures.
  package var families: Double?
  /// At least so many operators.
  package var operators: Double?
  /// The largest share of the valid weight that one family may have.
  package var mostOfOneFamily: Double?
  /// How long a round takes at least, in seconds.
  package var leastRoundSeconds: Double?

  /// How long an evaluation takes for an answer at least, on average, in seconds.
  package var leastAnswerSeconds: Double?

  package init() {}

  /// The policy with what another one says instead.
  package func overridden(by other: CertificatePolicy) -> CertificatePolicy {
    var policy = self
    policy.families = other.families ?? families
    policy.operators = other.operators ?? operators
    policy.mostOfOneFamily = other.mostOfOneFamily ?? mostOfOneFamily
    policy.leastRoundSeconds = other.leastRoundSeconds ?? leastRoundSeconds
    policy.leastAnswerSeconds = other.leastAnswerSeconds ?? leastAnswerSeconds
    return policy
  }
}

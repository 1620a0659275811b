#if Certificates
  package import Rules
  import SourceText

  /// Something that attestations, claims and files show, and the file that it is told of.
  package struct AttestationFact: Sendable {
    package var record: FactRecord
    /// As reports show it.
    package var path: String
    /// The attestation behind it, by its place among those examined; `nil` where none is.
    package var attestation: Int?

    /// What a fact is of.
    package enum Kind: String, Sendable, CaseIterable {
      /// A file that an attestation or a bill names.
      case artifact
      /// A property that a model card or a bill claims.
      case claim
      /// A model, data set or image that is named.
      case reference
      /// An evaluation, and what it tells of itself.
      case evaluation
      /// When something was done, beside when it could have been.
      case timing
      /// A signature of an attestation.
      case attestationSignature = "attestation-signature"
    }

    init(
      _ kind: Kind, path: String, range: ByteRange, route: String, facts: [String: FactValue],
      attestation: Int? = nil
    ) {
      record = FactRecord(kind.rawValue, facts: facts, range: range, route: route)
      self.path = path
      self.attestation = attestation
    }
  }
#endif

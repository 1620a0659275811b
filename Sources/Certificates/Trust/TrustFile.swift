#if Certificates
  package import Rules

  /// Whom a house trusts: validators with their keys and weights, by set, and attestors.
  package struct TrustFile: Sendable {
    package var name = ""
    package var sets: [ValidatorSet] = []
    package var policy = CertificatePolicy()
    package var deployed = Deployment()
    /// Whose attestations count.
    package var attestors: [Attestor] = []
    /// Where Sigstore's trusted root lies, from the trust file's folder; empty for nowhere.
    package var sigstoreRootPath = ""
    package var sigstoreRoots: [SigstoreRoot] = []

    package init() {}

    /// What is in service now: certificates of older models are told apart by it.
    package struct Deployment: Sendable {
      package var model: String?
      package var modelVersion: String?
      package var epoch: String?

      package init() {}
    }

    /// Validators that decide together.
    package struct ValidatorSet: Sendable {
      package var id = ""
      package var threshold: Double?
      /// The epochs that it decides in; all where it is empty.
      package var epochs: [EpochRange] = []
      package var policy = CertificatePolicy()
      package var validators: [Validator] = []

      package init() {}
    }

    /// One validator, and when its key counts.
    package struct Validator: Sendable {
      package var id = ""
      package var key: PublicKey?
      package var weight = 1.0
      package var family: String?
      package var operatorName: String?
      package var epochs: [EpochRange] = []
      package var from: Moment?
      package var until: Moment?
      package var revocation: Revocation?

      package init() {}
    }

    /// Since when a key is revoked.
    package enum Revocation: Sendable, Hashable {
      case since(Moment)
      /// Nobody says since when: whatever it signed is in doubt.
      case always
    }
  }

  /// Epochs from one to another, both included; names that differ in their last number only.
  package struct EpochRange: Sendable, Hashable {
    package var first: EpochName
    package var last: EpochName

    package func contains(_ epoch: EpochName) -> Bool {
      if epoch == first || epoch == last { return true }
      guard epoch.prefix == first.prefix, let number = epoch.number, let low = first.number,
        let high = last.number
      else { return false }
      return (low...max(low, high)).contains(number)
    }
  }

  /// An epoch's name: `51`, `ep-051`.
  package struct EpochName: Sendable, Hashable {
    let prefix: String
    let number: Int?
    private let text: String

    package init(_ text: String) {
      let digits = text.reversed().prefix { $0.isASCII && $0.isNumber }.count
      let number = Int(text.suffix(digits))
      self.number = number
      // `ep-051` and `51` are the same epoch only where both are written alike.
      prefix = number == nil ? text : String(text.dropLast(digits))
      self.text = number == nil ? text : ""
    }

    /// How another epoch stands to this one.
    package func age(of other: EpochName) -> Age {
      if self == other { return .same }
      guard prefix == other.prefix, let number, let past = other.number else { return .other }
      return past < number ? .older : .newer
    }
  }

  /// How one version stands to another.
  package enum Age: String, Sendable { case same, older, newer, other }
#endif

/// Who stands behind a certificate: what a report draws.
public struct QuorumPicture: Sendable, Hashable {
  /// The certificate's name: its hash, shortened.
  public var name: String
  /// The set of validators.
  public var set: String
  /// Where the certificate stands; set by whoever found it.
  public var location: Location?
  /// The share of the weight that is needed, from 0 to 1.
  public var threshold = 0.0
  /// The share behind the signatures that count.
  public var weight = 0.0
  /// The share that the certificate claims.
  public var claimedWeight: Double?
  /// All validators of the set.
  public var validators: [Validator] = []

  /// A voice of the quorum.
  public struct Validator: Sendable, Hashable {
    /// The validator's name.
    public var id: String
    /// Its share of the set's weight.
    public var weight: Double
    /// The model family that it runs.
    public var family: String?
    /// Who runs it.
    public var operatorName: String?
    /// `valid`, `not signed`, or what is wrong with its signature.
    public var status: String
    /// Whether its signature counts.
    public var counts: Bool

    /// Makes a voice.
    public init(
      id: String, weight: Double, family: String?, operatorName: String?, status: String,
      counts: Bool
    ) {
      self.id = id
      self.weight = weight
      self.family = family
      self.operatorName = operatorName
      self.status = status
      self.counts = counts
    }
  }

  /// Makes a picture without validators.
  public init(name: String, set: String) {
    self.name = name
    self.set = set
  }
}

/// What stands behind an attestation, from the files that it names to the root of trust: what a report draws.
public struct AttestationPicture: Sendable, Hashable {
  /// What it is, with its article: `an evaluation`.
  public var title: String
  /// Where it stands.
  public var location: Location
  /// From the files to whoever is trusted in the end.
  public var links: [Link]
  /// The claims of cards and bills that it backs, or should.
  public var claims: [Link]

  /// One station of the chain.
  public struct Link: Sendable, Hashable {
    /// What the station is: `file`, `statement`, `signature`, `certificate`, `log`, `trust`, `claim`.
    public var kind: String
    /// Its name.
    public var name: String
    /// What is known of it, in words.
    public var words: String
    /// Whether it holds.
    public var state: State

    /// Makes a station.
    public init(kind: String, name: String, words: String, state: State) {
      self.kind = kind
      self.name = name
      self.words = words
      self.state = state
    }
  }

  /// Whether a station holds what stands before it.
  public enum State: String, Sendable, Hashable { case holds, fails, open }

  /// Makes a picture.
  public init(title: String, location: Location, links: [Link], claims: [Link] = []) {
    self.title = title
    self.location = location
    self.links = links
    self.claims = claims
  }
}

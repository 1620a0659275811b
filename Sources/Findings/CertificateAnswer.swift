/// Whether a certificate holds, and why not.
public struct CertificateAnswer: Sendable {
  /// Something that is known of it, as what it is.
  public enum Fact: Sendable, Hashable {
    /// A name, a hash, or a time as its document writes it.
    case text(String)
    /// A count, a share from 0 to 1, or seconds.
    case number(Double)
    /// Yes or no.
    case flag(Bool)
  }

  /// The three answers.
  public enum Verdict: String, Sendable, Hashable { case valid, invalid, unknown }

  /// The certificate's name: its hash, shortened.
  public var name: String
  /// The file that holds it.
  public var path: String
  /// The answer; `unknown` until something else is known.
  public var verdict = Verdict.unknown
  /// Why it is invalid.
  public var reasons: [Finding] = []
  /// What would have to be known.
  public var missing: [Finding] = []
  /// What is worth saying of it, whatever the answer is.
  public var remarks: [Finding] = []
  /// Whether the output's bytes were compared.
  public var hasOutput = false
  /// What the examination found, by the names that rules use.
  public var facts: [String: Fact] = [:]
  /// Who stands behind it, as far as a trust file tells.
  public var quorum: QuorumPicture?

  /// Makes an answer that nothing is known for yet.
  public init(name: String, path: String) {
    self.name = name
    self.path = path
  }
}

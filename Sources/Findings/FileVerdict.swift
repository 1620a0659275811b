/// Why a file is checked, or why it is not.
public struct FileVerdict: Sendable, Hashable {
  /// What a look at the file, or at its name, gave.
  public enum Reason: Sendable, Hashable {
    /// It defines workflows of these engines; none where it must be meant as a definition and cannot be read.
    case definition(engines: [String])
    /// It holds events in this format.
    case log(format: String)
    /// It attests something, or claims something that attestations may cover.
    case attestation
    /// It holds certificates, which are checked themselves.
    case certificate
    /// It is text of this kind, which no engine and no format knows; its first keys tell what it may be.
    case unrecognised(kind: String, keys: [String])
    /// It has more bytes than a definition may have, and is no log.
    case oversized
    /// The system does not let it be read; in the system's words.
    case unreadable(String)
    /// The configuration excludes it.
    case excluded
    /// An ignore file of git excludes it.
    case gitignored
    /// A hidden directory in which no service keeps definitions.
    case hidden
    /// A directory of other people's files.
    case foreign
    /// A symbolic link: what it names is checked where it stands.
    case link
    /// A pipe, a device or a socket.
    case special
    /// The program's own configuration or baseline.
    case own
  }

  /// The path as reports show it; a directory's ends in `/`.
  public var path: String
  /// Why.
  public var reason: Reason

  /// Makes a verdict.
  public init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }

  /// Whether the file is checked.
  public var isChecked: Bool {
    switch reason {
    case .definition, .log, .attestation, .certificate: true
    case .unrecognised, .oversized, .unreadable, .excluded, .gitignored, .hidden, .foreign, .link,
      .special, .own:
      false
    }
  }
}

/// What a run looks at, and what it passes over.
public struct FileSurvey: Sendable {
  /// Ordered by path.
  public var verdicts: [FileVerdict]
  /// How many files are not opened as nothing that is checked has such a name, by the name's extension.
  public var otherNames: [String: Int]

  /// Makes a survey.
  public init(verdicts: [FileVerdict], otherNames: [String: Int]) {
    self.verdicts = verdicts
    self.otherNames = otherNames
  }
}

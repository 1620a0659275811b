/// The findings that were there when somebody decided to look at new ones only.
///
/// Its entries are known again by rule, file, symbolic route and content, never by line numbers.
public struct Baseline: Sendable {
  /// What is accepted in one place.
  public struct Entry: Sendable, Hashable {
    /// The rule's ID.
    public var rule: String
    /// The file, from its repository's root.
    public var path: String
    /// The symbolic route of the step; empty where the finding has none.
    public var step: String
    /// What was found, for whoever reviews the baseline.
    public var message: String
    /// The finding's ``Fingerprint`` without its occurrence count.
    public var fingerprint: String
    /// How often the same is found in this file.
    public var count: Int
    /// Where the entry stands in the baseline's own file; `nil` before it is written.
    public var location: Location?

    /// Makes an entry.
    public init(
      rule: String, path: String, step: String, message: String, fingerprint: String,
      count: Int = 1, location: Location? = nil
    ) {
      self.rule = rule
      self.path = path
      self.step = step
      self.message = message
      self.fingerprint = fingerprint
      self.count = count
      self.location = location
    }
  }

  /// The version of the form in which baselines are written.
  public static let formVersion = 1

  /// What is accepted, ordered by path, rule, step and fingerprint.
  public private(set) var entries: [Entry]

  /// Makes a baseline; entries of one fingerprint become one with the sum of their counts.
  public init(_ entries: [Entry]) {
    var byFingerprint: [String: Entry] = [:]
    for entry in entries {
      if let known = byFingerprint[entry.fingerprint] {
        byFingerprint[entry.fingerprint]?.count = known.count + entry.count
      } else {
        byFingerprint[entry.fingerprint] = entry
      }
    }
    self.entries = byFingerprint.values.sorted(by: Self.precedes)
  }

  /// Accepts all findings of a run.
  ///
  /// - Parameters:
  ///   - findings: with their fingerprints, and with secrets hidden.
  ///   - repositoryPath: the path a file has from its repository's root, for a path as reports show it.
  public init(of findings: [Finding], repositoryPath: (String) -> String) {
    self.init(
      findings.map { finding in
        Entry(
          rule: finding.rule, path: repositoryPath(finding.location.path), step: finding.route,
          message: finding.message,
          fingerprint: String(finding.fingerprint.prefix { $0 != ":" }))
      })
  }

  /// How many findings are accepted.
  public var findings: Int { entries.reduce(0) { $0 + $1.count } }

  /// The route of a step without its place in a list, `jobs.answer.steps[]` for `jobs.answer.steps[2]`: a step that is
  /// put before others changes their numbers.
  public static func withoutNumbers(_ route: String) -> String {
    var result = ""
    var isInside = false
    for character in route {
      if character == "]" { isInside = false }
      if !isInside || !character.isWholeNumber { result.append(character) }
      if character == "[" { isInside = true }
    }
    return result
  }

  private static func precedes(_ left: Entry, _ right: Entry) -> Bool {
    let words = [
      (left.path, right.path), (left.rule, right.rule), (left.step, right.step),
      (left.fingerprint, right.fingerprint),
    ]
    for (one, other) in words where one != other {
      return FindingOrder.bytesPrecede(one, other)
    }
    return false
  }
}

/// Why a run could not do its job; a broken input is no such thing but a finding.
public enum LinterError: Error, Sendable {
  /// No rule has this ID or name, nor an ID that begins so.
  case unknownRule(String, suggestion: String?)
  /// No finding of this rule can have this cause.
  case unknownCause(String, rule: String, suggestion: String?)
  /// A protocol is named, not as a path, and there is none of this name.
  case unknownProtocol(String, suggestion: String?, known: [String])
  /// `--as` names nothing that can be read.
  case unknownFormat(String, suggestion: String?, known: [String])
  /// Rule, protocol, integration or configuration documents are wrong: each as one line with its place.
  case brokenDocuments([String])
  /// A file or directory that the run depends on cannot be read.
  case unreadable(path: String, reason: String)
  /// A file that the run is to write cannot be written.
  case unwritable(path: String, reason: String)
  /// What has changed cannot be learnt from git.
  case unknownChanges(reason: String, advice: String)
  /// None of the inputs that were named can be read.
  case noInput([(path: String, reason: String)])
}

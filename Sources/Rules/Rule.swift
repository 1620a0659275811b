/// A rule as its document under `rules/` states it: what it flags, how it says so, and its page.
public struct Rule: Sendable {
  /// The ID that findings carry and people select by: `MIRA101`.
  public var id: String
  /// The name in words: `provisional-branch`.
  public var name: String
  /// `note`, `warning` or `error`.
  public var severity: Level
  /// Severities that differ by cause.
  ///
  /// Beside the causes: `proven` where the step's own outputs are proven there,
  /// `approved` where a person approved on every way to it, `derived-output.rewrite` and `derived-output.format`.
  public var severityByCause: [String: Level]
  /// Off until selected by name.
  public var isOptIn: Bool
  /// One sentence: what the rule flags.
  public var summary: String
  /// The finding's sentence, with `{placeholders}`.
  public var message: String
  /// Sentences for causes that need another.
  ///
  /// Beside the causes of a proof that fails, `unordered-reference`,
  /// `unknown-reference` and `detached-verification` of an order check.
  public var messageByCause: [String: String]
  /// What to write instead, by engine (`github-actions`), with `{placeholders}`; `default` serves the others.
  public var remedies: [String: String]
  /// Why it matters and what to do: the rule's page.
  public var why: String
  /// Links to read more.
  public var references: [String]
  /// IDs of rules that say nothing of an event that this rule finds at fault.
  package var replaced: [String]
  /// Rules over event logs that find the same at run time: what they find at a step is part of this rule's finding there.
  public var observedBy: [String]
  package var check: Check
  /// Where the document came from: `built-in` or a path.
  public var origin: String

  /// A rule that says nothing yet.
  package init() {
    id = ""
    name = ""
    severity = .warning
    severityByCause = [:]
    isOptIn = false
    summary = ""
    message = ""
    messageByCause = [:]
    remedies = [:]
    why = ""
    references = []
    observedBy = []
    replaced = []
    check = .linter(.unreadableInput)
    origin = ""
  }

  package enum Check: Sendable {
    /// The linter raises it by itself (unreadable input, unused suppression).
    case linter(LinterCheck)
    case workflow(WorkflowCheck)
    case events([EventCheck])
  }

  /// What the linter notices about its own input.
  package enum LinterCheck: String, Sendable, CaseIterable {
    case unreadableInput = "unreadable-input"
    case unusedSuppression = "unused-suppression"
    case unmodelledStep = "unmodelled-step"
  }

  /// The causes that a rule may give a severity of its own.
  package static let workflowCauses = [
    "wrong-output", "gate-bypassed", "timeout-fallthrough", "detached-verification",
    "partial-gate", "inconclusive-gate", "state-gate", "confidence-gate", "completion-gate",
    "delay-gate", "derived-output", "derived-output.rewrite", "derived-output.format", "no-gate",
    "proven", "approved", "unordered-reference", "unknown-reference",
  ]
}

/// The severities a rule may have.
public enum Level: String, Sendable, CaseIterable {
  case note, warning, error, off
}

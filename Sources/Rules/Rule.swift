/// A rule as its document under `rules/` states it: what it flags, how it says so, and its page.
///
/// What selects a rule is always there; its page and its check are decoded when they are first asked for.
public struct Rule: Sendable {
  /// The ID that findings carry and people select by.
  public var id = ""
  /// The name in words: `provisional-branch`.
  public var name = ""
  /// `note`, `warning` or `error`.
  public var severity = Level.warning
  /// Off until selected by name.
  public var isOptIn = false
  /// Where the document came from: `built-in` or a path.
  public var origin = ""
  private var kind = Kind.linter
  private var deferredPage = Deferred(Page())
  private var deferredCheck = Deferred(Check.linter(.unreadableInput))

  /// A rule that says nothing yet.
  package init() {}

  /// A rule whose page and check wait until they are asked for, each for itself: most rules find nothing, and then nobody
  /// reads their pages.
  init(_ head: Head, page: Deferred<Page>, check: Deferred<Check>) {
    id = head.id
    name = head.name
    severity = head.severity
    isOptIn = head.isOptIn
    kind = head.kind
    deferredPage = page
    deferredCheck = check
  }

  init(_ head: Head, page: Page) {
    self.init(head, page: Deferred(page), check: Deferred(.linter(.unreadableInput)))
  }

  /// What its check is about.
  enum Kind: String, Sendable {
    case linter, workflow, events, facts
    /// Facts and workflows.
    case mixed
  }

  /// What selects a rule.
  struct Head: Sendable {
    var id = ""
    var name = ""
    var severity = Level.warning
    var isOptIn = false
    var kind = Kind.linter
  }

  /// What a rule flags and says.
  struct Page: Sendable {
    var severityByCause: [String: Level] = [:]
    var summary = ""
    var message = ""
    var messageByCause: [String: String] = [:]
    var remedies: [String: String] = [:]
    var why = ""
    var references: [String] = []
    var replaced: [String] = []
    var observedBy: [String] = []
  }

  private(set) var page: Page {
    get { deferredPage.value }
    set { deferredPage = Deferred(newValue) }
  }

  /// Severities that differ by cause.
  ///
  /// Beside the causes: `proven` where the step's own outputs are proven there,
  /// `approved` where a person approved on every way to it, `derived-output.rewrite` and `derived-output.format`.
  public var severityByCause: [String: Level] {
    get { page.severityByCause }
    set { page.severityByCause = newValue }
  }
  /// One sentence: what the rule flags.
  public var summary: String {
    get { page.summary }
    set { page.summary = newValue }
  }
  /// The finding's sentence, with `{placeholders}`.
  public var message: String {
    get { page.message }
    set { page.message = newValue }
  }
  /// Sentences for causes that need another.
  ///
  /// Beside the causes of a proof that fails, `unordered-reference`,
  /// `unknown-reference` and `detached-verification` of an order check.
  public var messageByCause: [String: String] {
    get { page.messageByCause }
    set { page.messageByCause = newValue }
  }
  /// What to write instead, by engine (`github-actions`), with `{placeholders}`; `default` serves the others.
  public var remedies: [String: String] {
    get { page.remedies }
    set { page.remedies = newValue }
  }
  /// Why it matters and what to do: the rule's page.
  public var why: String {
    get { page.why }
    set { page.why = newValue }
  }
  /// Links to read more.
  public var references: [String] {
    get { page.references }
    set { page.references = newValue }
  }
  /// IDs of rules that say nothing of an event that this rule finds at fault.
  package var replaced: [String] {
    get { page.replaced }
    set { page.replaced = newValue }
  }
  /// Rules over event logs that find the same at run time: what they find at a step is part of this rule's finding there.
  public var observedBy: [String] {
    get { page.observedBy }
    set { page.observedBy = newValue }
  }
  package var check: Check {
    get { deferredCheck.value }
    set {
      deferredCheck = Deferred(newValue)
      kind = newValue.kind
    }
  }

  // Asked of every rule in every run: a rule of another kind must not be decoded for it.

  /// The check over workflow definitions; `nil` for a rule of another kind.
  package var workflowCheck: WorkflowCheck? {
    guard kind == .workflow || kind == .mixed else { return nil }
    return switch check {
    case .workflow(let check), .mixed(let check, _): check
    case .linter, .events, .facts: nil
    }
  }
  /// The checks over event logs; `nil` for a rule of another kind.
  package var eventChecks: [EventCheck]? {
    if kind == .events, case .events(let checks) = check { checks } else { nil }
  }
  /// The checks over facts of a proof; `nil` for a rule of another kind.
  package var factChecks: [FactCheck]? {
    guard kind == .facts || kind == .mixed else { return nil }
    return switch check {
    case .facts(let checks), .mixed(_, let checks): checks
    case .linter, .events, .workflow: nil
    }
  }
  /// What the linter notices; `nil` for a rule of another kind.
  package var linterCheck: LinterCheck? {
    if kind == .linter, case .linter(let check) = check { check } else { nil }
  }

  package enum Check: Sendable {
    /// The linter raises it by itself (unreadable input, unused suppression).
    case linter(LinterCheck)
    case workflow(WorkflowCheck)
    case events([EventCheck])
    case facts([FactCheck])
    /// What a release shows, and what its workflow does.
    case mixed(WorkflowCheck, [FactCheck])

    var kind: Kind {
      switch self {
      case .linter: .linter
      case .workflow: .workflow
      case .events: .events
      case .facts: .facts
      case .mixed: .mixed
      }
    }
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

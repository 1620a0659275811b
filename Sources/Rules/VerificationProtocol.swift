/// What counts as an output, a proof and a provisional state: a document under `rules/protocols/`.
package struct VerificationProtocol: Sendable {
  package var name: String
  package var summary: String
  /// Whether it judges only where somebody names it.
  package var isOptIn: Bool
  /// Protocols whose verification proves these outputs: an output that is given to one is judged by it alone.
  package var provedBy: [String]
  /// What to do about an unproven output, where that is the same for every rule and engine.
  package var remedy: String
  /// Words that every definition with one of its calls shows; empty where nobody says so.
  package var mentions: Mentions
  /// Calls that give an output whose proof comes later.
  package var generates: [CallPattern]
  /// Calls that start or run a verification of a text given to them.
  package var verifies: [CallPattern]
  /// Calls that return only when the proof exists, and fail otherwise.
  package var awaits: [CallPattern]
  /// Calls that return the present state of an answer, proven or not.
  package var looksUp: [CallPattern]
  /// Calls that withdraw a proof.
  package var revokes: [CallPattern]
  /// Calls after which others load what a run made.
  package var publishes: [CallPattern]
  /// Calls that sign what a run made or tested.
  package var attests: [CallPattern]
  /// Calls that take in something by a name that can be moved.
  package var loads: [CallPattern]
  /// For `verifies`: the names of the argument that is the output.
  package var subject: [String]
  /// Fields that hold the pieces of an output, each with a proof of its own.
  package var parts: [String]
  package var facets: [Facet: FacetNames]
  package var proof: Proof
  /// Whether a receiver can check the proof by itself: then it has to go out with the output.
  package var proofTravels: Bool
  package var claims: ClaimWords
  /// Smallest accepted share of the weight, 0 to 1.
  package var threshold: Double
  /// Seconds a round may take before it counts as stalled.
  package var roundBudgetSeconds: Double
  /// How logs name events and fields; decoded when first asked for.
  package var events: EventNames {
    get { deferredEvents.value }
    set { deferredEvents = Deferred(newValue) }
  }
  var deferredEvents: Deferred<EventNames>
  /// How its certificates are written, `nil` where it has none that can be checked; decoded when first asked for.
  package var certificate: CertificateModel? {
    get { deferredCertificate.value }
    set { deferredCertificate = Deferred(newValue) }
  }
  var deferredCertificate: Deferred<CertificateModel?>
  /// Globs of keys that must never be shown.
  package var secrets: [String]

  /// A protocol that recognises nothing.
  package init(name: String = "") {
    self.name = name
    summary = ""
    isOptIn = false
    provedBy = []
    remedy = ""
    mentions = Mentions()
    generates = []
    verifies = []
    awaits = []
    looksUp = []
    revokes = []
    publishes = []
    attests = []
    loads = []
    subject = []
    parts = []
    facets = [:]
    proof = .certificate
    proofTravels = true
    claims = ClaimWords()
    threshold = 2.0 / 3
    roundBudgetSeconds = 120
    deferredEvents = noEventNames
    deferredCertificate = noCertificate
    secrets = []
  }

  /// What proves an output.
  package enum Proof: String, Sendable, CaseIterable {
    /// A certificate that is there.
    case certificate
    /// A positive verdict for every claim, and at least one claim.
    case verdicts
  }

  /// How a facet is recognised and what its values say.
  package struct FacetNames: Sendable {
    /// Field names, compared without case, `-` and `_`.
    package var fields: [String]
    /// Values that say "not yet" or "no": probes for conditions.
    ///
    /// For the certificate: how an absent one looks.
    package var negative: [Literal]
    /// Values that say "yes".
    package var positive: [Literal]
    /// Values that say neither (`NO_CONSENSUS`): a check that lets them through is no proof.
    package var inconclusive: [Literal]

    package init(
      fields: [String] = [], negative: [Literal] = [], positive: [Literal] = [],
      inconclusive: [Literal] = []
    ) {
      self.fields = fields
      self.negative = negative
      self.positive = positive
      self.inconclusive = inconclusive
    }
  }

  /// A literal in a document.
  package enum Literal: Sendable, Hashable {
    case null
    case text(String)
    case number(Double)
    case bool(Bool)
  }

  package struct ClaimWords: Sendable {
    package var words: [String]
    /// Words and phrases that turn a claim into its opposite when they stand before or around it.
    package var not: [String]

    package init(words: [String] = [], not: [String] = []) {
      self.words = words
      self.not = not
    }
  }

  /// How a log of this protocol names events and fields.
  package struct EventNames: Sendable {
    /// Foreign event name to canonical event name.
    package var names: [String: String]
    /// Canonical field to the names it may have.
    package var fields: [String: [String]]
    /// Named groups of events.
    ///
    /// The monitors know some of them: `use` (an output is consumed), `certificate` (its proof), `generation` (it comes
    /// into being), `exempt` (its request asks for no proof); and, to tell an output's story, `request`, `vote`, `reuse`,
    /// `refusal`, `revocation` and `compensation` (a use was held or taken back).
    package var sets: [String: [EventSelection]]
    /// Values of fields by what they mean, for tests that ask for that.
    package var meanings: [String: [Literal]]
    /// Which field identifies what.
    package var identities: [EventIdentity: String]
    /// Fields that name the place where an output is consumed: action, branch, key, label.
    package var sinks: [String]
    /// Further fields that name an output or a request of the same case, such as the one that is replaced.
    package var links: [String]
    /// Fields that hold SHA-256 digests: in capitals or not, with `sha256:` or without, one is the same.
    package var digests: [String]
    /// Events of no `use` that carry a certificate prove it, unless they are of one of these sets.
    package var bystanders: [String]
    /// Fields that state a weight: the first that an event has is told.
    package var weights: [String]
    /// Fields whose numbers are shares of a whole on one of three scales: 0 to 1, 0 to 100, or units.
    package var shares: [String]
    /// Fields whose values are counted where a story folds several events into one: votes.
    package var tallies: [String]
    /// Fields under which an output is stored and found again.
    package var keys: [String]
    /// What an engine's record of a call says, by the call's role; `proof` for a result with a certificate.
    package var calls: [String: RecordedCall]
    /// What canonical events and fields mean, a sentence each, for those who write them.
    package var describes: [String: String]

    package init(names: [String: String] = [:], fields: [String: [String]] = [:]) {
      self.names = names
      self.fields = fields
      sets = [:]
      meanings = [:]
      identities = [:]
      sinks = []
      links = []
      digests = []
      bystanders = []
      weights = []
      shares = []
      tallies = []
      keys = []
      calls = [:]
      describes = [:]
    }

    /// The events that the record of a call stands for.
    package struct RecordedCall: Sendable {
      /// The event at its beginning; none where empty.
      package var begins = ""
      /// The event at its end; none where empty.
      package var ends = ""
      /// The field that names the place, such as `key`; none where empty.
      package var sink = ""
      /// The argument, by an integration's name for it, that fills the field; the step's name where it is empty or absent.
      package var from = ""

      package init() {}
    }

    /// The key of `calls` for a result that carries a certificate.
    package static let proof = "proof"

    /// Every field that the protocol speaks of.
    var mentionedFields: [String] {
      Array(fields.keys) + identities.values + sinks + links + digests + weights + tallies + keys
        + describes.keys.filter { !$0.contains(".") }
    }

    /// Every name of an event or a set that the protocol speaks of.
    var mentionedNames: [String] {
      let members = sets.values.flatMap { $0.flatMap(\.names) }
      let spoken = Array(names.keys) + Array(names.values) + Array(sets.keys)
      return spoken + members + bystanders + ["use", "certificate", "generation", "exempt"]
    }
  }
}

private let noEventNames = Deferred(VerificationProtocol.EventNames())
private let noCertificate = Deferred<CertificateModel?>(nil)

/// How a call is recognised, for any engine: every part that is given must match.
package struct CallPattern: Sendable, Equatable {
  /// `uses`, `node`, `resource`, `image`, `command`, `flow`, `function`; `nil` for HTTP.
  package var kind: String?
  /// Globs for the call's name, any of them.
  ///
  /// A command's name is the words it begins with: `gh pr comment`.
  package var names: [String]
  /// For HTTP: methods (any where empty) and URL globs.
  package var methods: [String]
  package var urls: [String]
  /// For HTTP: URL globs that are not meant, although `urls` match them.
  package var exceptURLs: [String]
  /// Arguments whose literal value must match one of these globs: `verify: [true]`; `*` asks only for the argument.
  package var arguments: [String: [String]]
  /// Arguments that must be absent.
  package var without: [String]
  /// Arguments whose literal value must not match any of these globs: `verify: [false]`.
  package var unless: [String: [String]]
  /// `post` restricts to the call's post phase.
  package var phase: String?

  package init(
    kind: String? = nil, names: [String] = [], methods: [String] = [], urls: [String] = [],
    exceptURLs: [String] = [],
    arguments: [String: [String]] = [:], without: [String] = [],
    unless: [String: [String]] = [:], phase: String? = nil
  ) {
    self.kind = kind
    self.names = names
    self.methods = methods
    self.urls = urls
    self.exceptURLs = exceptURLs
    self.arguments = arguments
    self.without = without
    self.unless = unless
    self.phase = phase
  }
}

import SourceText

extension Shape where Value == VerificationProtocol {
  /// A protocol document.
  package static var verificationProtocol: Shape {
    .record(
      "a protocol", VerificationProtocol(),
      [
        .required("protocol", { $0.name = $1 }, .text, "The protocol's name."),
        .required(
          "summary", { $0.summary = $1 }, .text,
          "One sentence: what it verifies, and what is final."),
        .optional(
          "opt-in", { $0.isOptIn = $1 }, .flag, "Whether it judges only where it is named."),
        .optional(
          "proved-by", { $0.provedBy = $1 }, .oneOrMore(of: .text),
          "Protocols whose verification proves these outputs: an output given to one is judged by it alone."
        ),
        .optional(
          "remedy", { $0.remedy = $1 }, .text,
          "What to do about an unproven output, instead of the rules' own remedies; with their placeholders."
        ),
        .optional(
          "mentions", { $0.mentions = Mentions($1) }, .oneOrMore(of: .text),
          "Words, each with those that stand beside it, one group of which every definition with a call of the protocol shows: one that shows none is not searched for calls."
        ),
        .optional(
          "generates", { $0.generates = $1 }, calls,
          "Calls that give an output whose proof comes later."),
        .optional(
          "verifies", { $0.verifies = $1 }, calls,
          "Calls that start or run a verification of a text given to them."),
        .optional(
          "awaits", { $0.awaits = $1 }, calls,
          "Calls that return only when the proof exists, and fail otherwise."),
        .optional(
          "looks-up", { $0.looksUp = $1 }, calls,
          "Calls that return the present state of an answer, proven or not."),
        .optional("revokes", { $0.revokes = $1 }, calls, "Calls that withdraw a proof."),
        .optional(
          "publishes", { $0.publishes = $1 }, calls,
          "Calls after which others load what a run made."),
        .optional(
          "attests", { $0.attests = $1 }, calls, "Calls that sign what a run made or tested."),
        .optional(
          "loads", { $0.loads = $1 }, calls,
          "Calls that take in something by a name that can be moved."),
        .optional(
          "subject", { $0.subject = $1 }, .oneOrMore(of: .text),
          "For `verifies`: the names of the argument that is the output."),
        .optional(
          "parts", { $0.parts = $1 }, .oneOrMore(of: .text),
          "Fields that hold the pieces of an output, each with a proof of its own: one of them proves no more than itself."
        ),
        .optional(
          "facets", { $0.facets = $1 }, .dictionary("facet", key: .choice("a facet"), of: facet),
          "Which fields carry which facet; every other field is content."),
        .optional("proof", { $0.proof = $1 }, .choice("a kind of proof"), "What proves an output."),
        .optional(
          "proof-travels", { $0.proofTravels = $1 }, .flag,
          "Whether a receiver can check the proof, so that it has to go out with the output; true where it is absent."
        ),
        .optional("claims", { $0.claims = $1 }, claims, "Which words claim a verification."),
        .optional(
          "threshold", { $0.threshold = $1 }, .share, "Smallest accepted share of the weight."),
        .optional(
          "round-budget", { $0.roundBudgetSeconds = $1 }, .seconds,
          "How long a round may take before it counts as stalled."),
        .optional("events", { $0.events = $1 }, .eventNames, "How logs name events and fields."),
        .optional(
          "certificate", { $0.certificate = $1 }, .certificateModel,
          "How certificates are written, hashed and signed, so that they can be checked themselves."
        ),
        .optional(
          "secrets", { $0.secrets = $1 }, .oneOrMore(of: .text),
          "Globs of keys that must never be shown."),
      ]
    ).then { value, node, reading in
      guard !reading.isTrusted else { return value }
      if value.generates.isEmpty, value.verifies.isEmpty, value.publishes.isEmpty,
        value.events.names.isEmpty, value.events.fields.isEmpty, value.certificate == nil
      {
        reading.report(
          "a protocol needs one of the keys `generates`, `verifies`, `publishes`, `events`, `certificate`",
          hint: "without them it recognises nothing", at: node.entries.first?.key ?? node)
      }
      // A protocol that names the events of a log only needs neither.
      let calls = value.generates + value.verifies + value.awaits + value.looksUp
      for key in ["facets", "proof"] where !calls.isEmpty && node[key] == nil {
        reading.report(
          "a protocol needs the key `\(key)`",
          hint: key == "proof" ? "what proves an output" : "which fields carry which facet",
          at: node.entries.first?.key ?? node)
      }
      if !value.verifies.isEmpty, value.subject.isEmpty {
        reading.report(
          "a protocol with `verifies` needs the key `subject`",
          hint: "it names the argument that is verified", at: node.entries.first?.key ?? node)
      }
      checkMentions(of: value, node, &reading)
      checkFields(of: value, node, &reading)
      return value
    }
  }

  private static var calls: Shape<[CallPattern]> {
    Shape<[[CallPattern]]>.list(of: .callPattern).map { $0.flatMap(\.self) }
  }

  private static var facet: Shape<VerificationProtocol.FacetNames> {
    let literals = Shape<[VerificationProtocol.Literal]>.list(of: .literal)
    return .record(
      "a facet", .init(),
      [
        .required(
          "fields", { $0.fields = $1 }, .oneOrMore(of: .text),
          "Field names, compared without case, `-` and `_`; `a.b` is `b` inside `a`."),
        .optional("negative", { $0.negative = $1 }, literals, "Values that say no, or not yet."),
        .optional("positive", { $0.positive = $1 }, literals, "Values that say yes."),
        .optional("inconclusive", { $0.inconclusive = $1 }, literals, "Values that say neither."),
      ])
  }

  private static var claims: Shape<VerificationProtocol.ClaimWords> {
    .record(
      "claims", .init(),
      [
        .required(
          "words", { $0.words = $1 }, .list(of: .text),
          "Words and phrases that claim a verification."),
        .optional(
          "not", { $0.not = $1 }, .list(of: .text),
          "Words and phrases before or around them that deny it."),
      ])
  }
}

extension Shape where Value == VerificationProtocol.EventNames {
  /// How logs of a protocol name events and fields.
  static var eventNames: Shape {
    .record(
      "events", .init(),
      [
        .optional(
          "names", { $0.names = $1 }, .dictionary("foreign event name", of: .text),
          "Foreign event names with the canonical ones."),
        .optional(
          "fields", { $0.fields = $1 }, .dictionary("canonical field", of: .oneOrMore(of: .text)),
          "Canonical fields with the names they may have."),
        .optional(
          "sets", { $0.sets = $1 },
          .dictionary("set", of: .oneOrMore(of: Shape<EventSelection>.eventSelection)),
          "Named groups of events; the monitors know `use`, `certificate`, `generation`, `exempt`, `request`, `vote`, `reuse`, `refusal`, `revocation` and `compensation`."
        ),
        .optional(
          "meanings", { $0.meanings = $1 },
          .dictionary("meaning", of: .oneOrMore(of: .literal)),
          "Values of fields by what they mean: `verdict: { means: refusing }` asks for one of the list."
        ),
        .optional(
          "identities", { $0.identities = $1 },
          .dictionary("identity", key: .choice("an identity"), of: .text),
          "Which field identifies what."),
        .optional(
          "links", { $0.links = $1 }, .oneOrMore(of: .text),
          "Further fields that name an output or a request of the same case."),
        .optional(
          "sinks", { $0.sinks = $1 }, .oneOrMore(of: .text),
          "Fields that name the place where an output is consumed."),
        .optional(
          "digests", { $0.digests = $1 }, .oneOrMore(of: .text),
          "Fields that hold SHA-256 digests: in capitals or not, with `sha256:` or without, one is the same."
        ),
        .optional(
          "bystanders", { $0.bystanders = $1 }, .oneOrMore(of: .text),
          "Events and sets that prove nothing although they carry a certificate's name."),
        .optional(
          "weights", { $0.weights = $1 }, .oneOrMore(of: .text),
          "Fields that state a weight: a message tells the first that an event has."),
        .optional(
          "shares", { $0.shares = $1 }, .oneOrMore(of: .text),
          "Fields whose numbers are shares of a whole, as 0.66, 66 % or 66, or units above 100."),
        .optional(
          "tallies", { $0.tallies = $1 }, .oneOrMore(of: .text),
          "Fields whose values are counted where an output's story folds several events."),
        .optional(
          "keys", { $0.keys = $1 }, .oneOrMore(of: .text),
          "Fields under which an output is stored and found again."),
        .optional(
          "describes", { $0.describes = $1 }, .dictionary("canonical event or field", of: .text),
          "What canonical events and fields mean: `mira-lint schema events` says it."),
        .optional(
          "calls", { $0.calls = $1 },
          .dictionary(
            "role",
            key: .word(
              "a role", of: Role.allCases.map(\.rawValue) + [VerificationProtocol.EventNames.proof]),
            of: recordedCall),
          "What an engine's record of a call says, by the call's role; `proof` for a result that carries a certificate."
        ),
      ])
  }

  private static var recordedCall: Shape<VerificationProtocol.EventNames.RecordedCall> {
    .record(
      "a recorded call", .init(),
      [
        .optional("begins", { $0.begins = $1 }, .text, "The event at its beginning."),
        .optional("ends", { $0.ends = $1 }, .text, "The event at its end."),
        .optional(
          "sink", { $0.sink = $1 }, .text, "The field that names the place, such as `key`."),
        .optional(
          "from", { $0.from = $1 },
          .word("an argument's meaning", of: Shape<Integration>.argumentNames),
          "The argument that fills it, as integrations name it; else the step's name."),
      ])
  }

}

extension Shape where Value == VerificationProtocol {
  /// What the words pass over must not be a call.
  private static func checkMentions(
    of value: VerificationProtocol, _ node: Node, _ reading: inout DocumentReading
  ) {
    guard let place = node["mentions"] else { return }
    for group in value.mentions.groups
    where group.allSatisfy({ $0.utf8.count < Mentions.shortest }) {
      reading.report(
        "`mentions` needs a word of at least \(Mentions.shortest) letters in each of its groups",
        hint: "shorter ones stand in every file", at: place)
    }
    guard let name = value.tellingPatterns.lazy.compactMap(value.mentions.uncovered).first else {
      return
    }
    reading.report(
      "calls that `\(name)` matches need show none of `mentions`",
      hint: "add a word that it has outside of its wildcards, or leave `mentions` away", at: place)
  }

  /// One field must not mean two things.
  private static func checkFields(
    of value: VerificationProtocol, _ node: Node, _ reading: inout DocumentReading
  ) {
    var owners: [KeyName: String] = [:]
    for entry in node["facets"]?.entries ?? [] {
      guard let facet = entry.key.text, let fields = entry.value["fields"] else { continue }
      for field in fields.items.isEmpty ? [fields] : fields.items {
        guard let name = field.text else { continue }
        let owner = owners.updateValue(facet, forKey: KeyName(name))
        guard let owner else { continue }
        reading.under("facets.\(facet).fields") {
          $0.report(
            owner == facet
              ? "`\(name)` stands here twice: names are compared without case, `-` and `_`"
              : "`\(name)` is a field of the facet `\(owner)` already", at: field)
        }
      }
    }
  }
}

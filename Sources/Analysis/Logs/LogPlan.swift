import EventLogs
import Rules

/// Rules and protocols made ready for one log format: names and fields by number.
///
/// A class, as everything that judges holds it: a copy is one count.
final class LogPlan: Sendable {
  let vocabulary: LogVocabulary
  let schema: EventSchema
  let rules: [PlannedRule]
  /// By rule: the bit of the events that it judges.
  let masks: [UInt64]
  /// By rule: the first one with its name, of which it may be another check.
  let firstOfName: [Int]
  /// By rule: whether it counts its events, as one of several checks that judge the same ones does.
  let isCounting: [Bool]
  /// The bits of all selections that rules judge.
  let subjects: UInt64
  let threshold: Double
  let roundBudgetNanoseconds: Int64
  var claims: ClaimWording { wording.value }
  private let wording: Deferred<ClaimWording>
  let sentences = SentenceStore()

  /// Selections of events, one bit each.
  let selections: [PlannedSelection]
  let memos: Int
  let use: Int
  let certificate: Int
  let generation: Int
  let exempt: Int
  let request: Int
  let vote: Int
  let reuse: Int
  let refusal: Int
  let revocation: Int
  let compensation: Int
  /// The certificates of an event's output.
  let proof: PlannedReference
  /// Events that carry a certificate's name and prove nothing.
  let bystanders: UInt64

  /// Other names of fields.
  let aliases: [KeyName: String]
  let outputSlot: UInt8?
  let requestSlot: UInt8?
  let promptSlot: UInt8?
  let certificateSlot: UInt8?
  /// By slot: whether equal texts in it put events into one case.
  let isLink: [Bool]
  let sinkSlots: [UInt8]
  let weightSlots: [UInt8]
  /// Fields whose values a timeline counts where it folds events.
  let tallySlots: [UInt8]
  /// Fields by which an output is passed on.
  let keySlots: [UInt8]
  let linkSlots: [UInt8]
  /// Fields by which a rule's references say what belongs together.
  let sharedSlots: [UInt8]
  let traceSlot: UInt8?
  let workflowSlot: UInt8?
  let stepSlot: UInt8?

  /// The houses' own words.
  let mappings: [MappedVocabulary]
  /// Reads events out of the runs that engines recorded.
  var runs: RunReader { deferredRuns.value }
  private let deferredRuns: Deferred<RunReader>

  init(
    rules: [Rule], protocols: [VerificationProtocol],
    integrations: IntegrationLibrary = IntegrationLibrary(), mappings: [LogMapping] = []
  ) {
    var names: [String: String] = [:]
    var fields: [String: [String]] = ["workflow": ["workflow"], "step": ["step"]]
    var sets: [String: [EventSelection]] = [:]
    var identities: [EventIdentity: String] = [:]
    var sinks: [String] = []
    var bystanders: [String] = []
    var links: [String] = []
    var digests: Set<String> = []
    var weights: [String] = []
    var tallies: [String] = []
    let meanings = protocols.reduce(into: [String: [VerificationProtocol.Literal]]()) {
      $0.merge($1.events.meanings) { $0 + $1 }
    }
    var shares: [String] = []
    var keys: [String] = []
    for one in protocols {
      for (foreign, canonical) in one.events.names {
        names[foreign] = canonical
        names[canonical] = canonical
      }
      for call in one.events.calls.values {
        for name in [call.begins, call.ends] where !name.isEmpty { names[name] = name }
      }
      for (field, aliases) in one.events.fields {
        let known = fields[field] ?? []
        fields[field] = known + aliases.filter { !known.contains($0) }
      }
      for (name, selections) in one.events.sets { sets[name, default: []] += selections }
      identities.merge(one.events.identities) { first, _ in first }
      sinks += one.events.sinks.filter { !sinks.contains($0) }
      links += one.events.links.filter { !links.contains($0) }
      digests.formUnion(one.events.digests)
      weights += one.events.weights.filter { !weights.contains($0) }
      tallies += one.events.tallies.filter { !tallies.contains($0) }
      shares += one.events.shares
      keys += one.events.keys.filter { !keys.contains($0) }
      bystanders += one.events.bystanders.filter { !bystanders.contains($0) }
    }
    for field in identities.values where fields[field] == nil { fields[field] = [field] }
    for field in sinks + links + weights + tallies + keys where fields[field] == nil {
      fields[field] = [field]
    }
    var aliases: [KeyName: String] = [:]
    for (field, others) in fields.sorted(by: { $0.key < $1.key }) {
      for other in others where aliases[KeyName(other)] == nil { aliases[KeyName(other)] = field }
    }

    let checks: [(Rule, EventCheck)] = rules.flatMap { rule in
      if let checks = rule.eventChecks { return checks.map { (rule, $0) } }
      return []
    }
    var collector = NameCollector(sets: sets)
    for (_, check) in checks { collector.visit(check) }
    for selections in sets.values { for selection in selections { collector.visit(selection) } }
    for name in collector.names { names[name] = names[name] ?? name }
    // What the protocols call a field by another name is that field.
    for field in collector.fields where fields[field] == nil && aliases[KeyName(field)] == nil {
      fields[field] = [field]
    }
    // What the protocols call it.
    func known(_ field: String) -> String {
      fields[field] == nil ? aliases[KeyName(field)] ?? field : field
    }
    for field in collector.shared.map(known).sorted() {
      if !links.contains(field) { links.append(field) }
    }

    self.aliases = aliases
    let identityFields = Dictionary(
      uniqueKeysWithValues: identities.map { ($0.key.rawValue, $0.value) })
    var vocabulary = LogVocabulary(names: names, fields: fields, identities: identityFields)
    vocabulary.naming = Set(Array(identities.values) + links + collector.naming.map(known))
      .subtracting(shares)
    vocabulary.digests = digests
    self.vocabulary = vocabulary
    let (ownFields, ownIdentities) = (fields, identities)
    deferredRuns = Deferred {
      RunReader(
        protocols: protocols, integrations: integrations,
        payloads: PayloadReader(protocols: protocols, fields: ownFields, identities: ownIdentities))
    }
    let own = vocabulary
    self.mappings = mappings.map { MappedVocabulary($0, over: own) }
    let schema = EventSchema(vocabulary)
    self.schema = schema
    var planner = CheckPlanner(
      schema: schema, sets: sets, aliases: aliases, meanings: meanings, shares: shares)
    use = planner.bit(of: EventSelection(["use"]))
    certificate = planner.bit(of: EventSelection(["certificate"]))
    generation = planner.bit(of: EventSelection(["generation"]))
    exempt = planner.bit(of: EventSelection(["exempt"]))
    request = planner.bit(of: EventSelection(["request"]))
    vote = planner.bit(of: EventSelection(["vote"]))
    reuse = planner.bit(of: EventSelection(["reuse"]))
    refusal = planner.bit(of: EventSelection(["refusal"]))
    revocation = planner.bit(of: EventSelection(["revocation"]))
    compensation = planner.bit(of: EventSelection(["compensation"]))
    self.bystanders = bystanders.reduce(0) { bits, name in
      bits | 1 << UInt64(planner.bit(of: EventSelection([name])))
    }
    proof = planner.plan(EventReference(EventSelection(["certificate"])))
    let rules = checks.map { rule, check in PlannedRule(rule: rule, check: planner.plan(check)) }
    self.rules = rules
    selections = planner.selections
    let masks = rules.map { UInt64(1) << UInt64($0.check.on) }
    self.masks = masks
    firstOfName = rules.indices.map { number in
      rules.firstIndex { $0.rule.id == rules[number].rule.id } ?? number
    }
    isCounting = rules.indices.map { number in
      !rules[..<number].contains {
        $0.rule.id == rules[number].rule.id && $0.check.on == rules[number].check.on
      }
    }
    subjects = masks.reduce(0, |)
    memos = planner.memos
    outputSlot = identities[.output].flatMap(schema.slot)
    requestSlot = identities[.request].flatMap(schema.slot)
    promptSlot = identities[.prompt].flatMap(schema.slot)
    certificateSlot = identities[.certificate].flatMap(schema.slot)
    let linking = Set((Array(identities.values) + links).compactMap(schema.slot))
    isLink = (0...UInt8.max).map { linking.contains($0) }
    linkSlots = links.compactMap(schema.slot)
    sharedSlots = collector.shared.map(known).sorted().compactMap(schema.slot)
    tallySlots = tallies.compactMap(schema.slot)
    keySlots = keys.compactMap(schema.slot)
    traceSlot = schema.slot(of: "trace_id")
    sinkSlots = sinks.compactMap(schema.slot)
    weightSlots = weights.compactMap(schema.slot)
    workflowSlot = schema.slot(of: "workflow")
    stepSlot = schema.slot(of: "step")
    // What a protocol of one's own states counts, and not what it leaves at the default.
    let blank = VerificationProtocol()
    let threshold = protocols.last { $0.threshold != blank.threshold }?.threshold
    self.threshold = threshold ?? blank.threshold
    let budget = protocols.last { $0.roundBudgetSeconds != blank.roundBudgetSeconds }
    let seconds = budget?.roundBudgetSeconds ?? blank.roundBudgetSeconds
    roundBudgetNanoseconds = Int64(min(seconds, 1e9) * 1e9)
    wording = Deferred {
      ClaimWording(
        words: protocols.flatMap(\.claims.words), not: protocols.flatMap(\.claims.not))
    }
  }

  /// The rules whose place a rule takes: asked where it has found something, as its page must be read for it.
  func rules(replacedBy rule: Int) -> Set<Int> {
    let names = rules[rule].rule.replaced
    if names.isEmpty { return [] }
    return Set(rules.indices.filter { names.contains(rules[$0].rule.id) })
  }

  /// The slot of a field by its canonical name or one of its others.
  func slot(of field: String) -> UInt8? {
    schema.slot(of: field) ?? aliases[KeyName(field)].flatMap { schema.slot(of: $0) }
  }

  /// The slots whose texts are hardly met twice.
  var rareSlots: Set<UInt8> {
    Set(isLink.indices.filter { isLink[$0] }.map { UInt8(truncatingIfNeeded: $0) })
  }

  /// Where events of this plan keep what identifies something; `nil` where no document names a field for it.
  func slot(of identity: EventIdentity) -> UInt8? {
    switch identity {
    case .output, .anything: outputSlot
    case .request: requestSlot
    case .prompt: promptSlot
    case .certificate, .proof: certificateSlot
    }
  }

  /// The schema of the protocols' words for events that are wrapped in some way.
  func schema(wrapped envelope: EventSchema.Envelope) -> EventSchema {
    envelope == EventSchema.Envelope() ? schema : EventSchema(vocabulary, envelope: envelope)
  }

  /// The schema for a format that wraps events in its own way; slots and names keep their numbers.
  func schema(for format: LogFormat) -> EventSchema {
    guard let vocabulary = format.vocabulary else {
      return schema(wrapped: format.reader.envelope)
    }
    return EventSchema(vocabulary, envelope: format.reader.envelope)
  }
}

/// A rule with its check by number.
final class PlannedRule: Sendable {
  let rule: Rule
  let check: PlannedCheck

  init(rule: Rule, check: PlannedCheck) {
    self.rule = rule
    self.check = check
  }
}

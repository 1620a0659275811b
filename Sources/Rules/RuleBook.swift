package import SourceText

/// The rules, protocols and integrations in force, and what was wrong with their documents.
package struct RuleBook: Sendable {
  /// In the order of their IDs.
  package private(set) var rules: [Rule] = []
  /// In the order of their names.
  package private(set) var protocols: [VerificationProtocol] = []
  package private(set) var integrations = IntegrationLibrary()
  /// In the order of their names.
  package private(set) var mappings: [LogMapping] = []
  /// In the order of files and lines.
  package private(set) var problems: [DocumentProblem] = []

  /// The JSON Schema of an event in the canonical form.
  package var eventSchema: String { DocumentSchema.event(of: protocols) }

  /// Where each rule, protocol and integration stands, by kind and name.
  private var places: [String: Place] = [:]

  /// The engines that remedies speak to, checked when all integrations are known.
  private var remedies: [(file: SourceFile, name: Node)] = []
  /// The engines that the user's integrations speak of.
  private var integrationNames: [(file: SourceFile, name: Node)] = []
  /// The rules that others take the place of, checked when all rules are known.
  private var replacements: [(file: SourceFile, name: Node)] = []

  /// The events that rules speak of, checked when all protocols are known.
  private var eventNames: [(file: SourceFile, mention: DocumentReading.Mention)] = []
  private var meaningNames: [(file: SourceFile, mention: DocumentReading.Mention)] = []

  /// The mappings as written, whose names are checked when all protocols are known.
  private var mappingDocuments: [(file: SourceFile, document: Node)] = []

  private struct Place: Sendable {
    var layer: Int
    var path: String
    var line: Int
  }

  /// Integrations read so far, the latest document first; the built-in ones last, in their order.
  private var ownIntegrations: [Integration] = []

  /// The protocols that somebody asked for by their names.
  private var optedIn: Set<String> = []

  /// The first layer of files that somebody named, each for the protocol in it.
  private var firstNamedLayer = Int.max

  /// Built-in integrations that wait until their engine is met.
  private var waiting: [(engine: String, document: EmbeddedDocument)] = []

  /// Reads documents in layers; a later layer replaces what an earlier one says under the same name.
  ///
  /// - Parameters:
  ///   - builtIn: the documents of the program.
  ///   - users: the documents of each of the user's directories or files, in the order given.
  ///   - optedIn: the names of the opt-in protocols that somebody asked for.
  package init(
    builtIn: [SourceFile], users: [[SourceFile]] = [], optedIn: Set<String> = []
  ) {
    self.optedIn = optedIn
    read([builtIn] + users)
  }

  private mutating func read(_ layers: [[SourceFile]]) {
    for (layer, files) in layers.enumerated() {
      for file in files { read(file, layer: layer) }
    }
    integrations = IntegrationLibrary(own: ownIntegrations, waiting: waiting)
    rules.sort { $0.id < $1.id }
    protocols.sort { $0.name < $1.name }
    mappings.sort { $0.name < $1.name }
    checkEngines()
    checkIntegrations()
    checkEventNames()
    checkMeanings()
    checkReplacements()
    checkMappings()
    problems.sort { ($0.path, $0.range.start) < ($1.path, $1.range.start) }
  }

  /// Takes the program's own documents and reads the user's.
  ///
  /// - Parameters:
  ///   - embedded: the program's own documents.
  ///   - users: the documents of each of the user's directories or files, in the order given.
  ///   - named: the documents of each file that the user named for its protocol.
  ///   - optedIn: the names of the opt-in protocols that somebody asked for.
  package init(
    embedded: EmbeddedLibrary, users: [[SourceFile]] = [], named: [[SourceFile]] = [],
    optedIn: Set<String> = []
  ) {
    self.optedIn = optedIn
    firstNamedLayer = 1 + users.count
    var others: [SourceFile] = []
    for part in embedded.parts {
      switch part {
      case .rule(let rule): rules.append(rule)
      case .verificationProtocol(let value): protocols.append(value)
      case .optIn(let name, let document):
        if optedIn.contains(name), let value = document.verificationProtocol {
          protocols.append(value)
        }
      case .integration(let engine, let document): waiting.append((engine, document))
      case .other(let file): others.append(file)
      }
    }
    read([others] + users + named)
  }

  private mutating func read(_ file: SourceFile, layer: Int) {
    let tree = YAMLReader.read(file)
    var reading = DocumentReading(file: file)
    for problem in tree.problems {
      // A duplicate key in a rule is a mistake: one of the two values is not what its author thinks.
      reading.report(problem.message, hint: problem.hint, at: problem.range)
    }
    problems += reading.problems
    // What stands after a syntax error may be missing; a rule without its `where` would say something else.
    guard !reading.failed else { return }
    if tree.documents.isEmpty {
      reading.report("the file is empty", hint: DocumentKind.hint, at: ByteRange(0, 0))
      problems += reading.problems
    }
    for document in tree.documents where !document.isNull || tree.documents.count == 1 {
      read(document, in: file, layer: layer)
    }
  }

  private mutating func read(_ document: Node, in file: SourceFile, layer: Int) {
    var reading = DocumentReading(file: file)
    switch DocumentKind(of: document, &reading) {
    case .rule:
      let rule = ruleShape.read(document, &reading)
      guard var rule, !reading.failed else { break }
      rule.origin = layer == 0 ? "built-in" : file.path
      guard place("rule", rule.id, document["id"], layer, &reading) else { break }
      rules.removeAll { $0.id == rule.id }
      if layer > 0, let other = rules.first(where: { $0.name == rule.name }) {
        reading.under("name") {
          $0.report(
            "the rule `\(other.id)` has the name `\(rule.name)` already",
            hint: "`\(rule.id)` is selected by its ID alone", at: document["name"] ?? document,
            severity: .warning)
        }
      }
      rules.append(rule)
      let replaced = document["replaces"]
      replacements += (replaced.map { $0.items.isEmpty ? [$0] : $0.items } ?? []).map { (file, $0) }
      // A remedy may be for one of the causes, too.
      let causes = Set((rule.factChecks ?? []).flatMap(\.causes))
        .union(
          rule.severityByCause.keys.compactMap { $0.split(separator: ".").first.map(String.init) })
      remedies += (document["remedy"]?.entries ?? []).map(\.key).filter { key in
        key.text.map { !causes.contains($0) } ?? true
      }.map { (file, $0) }
      // Kinds of facts are no events, and were compared with their vocabulary.
      if rule.factChecks == nil { eventNames += reading.eventNames.map { (file, $0) } }
      meaningNames += reading.meaningNames.map { (file, $0) }
    case .verificationProtocol:
      let value = protocolShape.read(document, &reading)
      guard let value, !reading.failed else { break }
      guard place("protocol", value.name, document["protocol"], layer, &reading) else { break }
      // In a folder of documents it waits until it is named; a file of its own was named.
      if value.isOptIn, !optedIn.contains(value.name), layer < firstNamedLayer { break }
      protocols.removeAll { $0.name == value.name }
      protocols.append(value)
    case .integration:
      let value = integrationShape.read(document, &reading)
      guard let value, !reading.failed else { break }
      if layer == 0 {
        ownIntegrations.append(value)
      } else {
        if let name = document["integration"] { integrationNames.append((file, name)) }
        ownIntegrations.insert(value, at: 0)
      }
    case .mapping:
      let value = mappingShape.read(document, &reading)
      guard let value, !reading.failed else { break }
      guard place("mapping", value.name, document["mapping"], layer, &reading) else { break }
      mappings.removeAll { $0.name == value.name }
      mappings.append(value)
      mappingDocuments.append((file, document))
    case nil: break
    }
    problems += reading.problems
  }

  /// Notes where something stands; false, with a report, where the same layer has it already.
  private mutating func place(
    _ kind: String, _ name: String, _ node: Node?, _ layer: Int, _ reading: inout DocumentReading
  ) -> Bool {
    let range = node?.range ?? ByteRange(0, 0)
    let line = reading.file.position(at: range.start).line
    let key = "\(kind) \(name)"
    if let first = places[key], first.layer == layer {
      reading.report(
        "the \(kind) `\(name)` stands in \(first.path):\(first.line) already",
        hint: "one of the two needs another name", at: range)
      return false
    }
    places[key] = Place(layer: layer, path: reading.file.path, line: line)
    return true
  }

  /// An integration for an engine that does not exist says nothing; its name is taken for a title, or misspelt.
  private mutating func checkIntegrations() {
    let known = Set(waiting.map(\.engine)).union([IntegrationLibrary.anyEngine]).sorted()
    // Without the program's own documents nobody can tell which engines there are.
    guard known.count > 1 else { return }
    warn(
      of: integrationNames, under: "integration", unlessIn: known,
      hint: "name the engine it speaks of (\(known.listed)); `any` is for every one"
    ) { "there is no engine `\($0)`, so that nothing here is ever met" }
    integrationNames = []
  }

  /// A remedy for an engine that no integration speaks of is most likely misspelt.
  private mutating func checkEngines() {
    guard !remedies.isEmpty else { return }
    let engines = integrations.engines.union(["default"]).sorted()
    warn(
      of: remedies, under: "remedy", unlessIn: engines, hint: "there are \(engines.listed)"
    ) { "no integration speaks of the engine `\($0)`" }
    remedies = []
  }

  /// Warns of names that nothing has; a near one is suggested, and where none is, the hint is given.
  fileprivate mutating func warn(
    of names: [(file: SourceFile, name: Node)], under key: String, unlessIn known: [String],
    hint: String, _ words: (String) -> String
  ) {
    for (file, node) in names {
      guard let name = node.text, !known.contains(name) else { continue }
      var reading = DocumentReading(file: file)
      reading.under(key) {
        $0.report(
          words(name), hint: Closeness.suggestion(for: name, among: known) ?? hint, at: node,
          severity: .warning)
      }
      problems += reading.problems
    }
  }
}

extension RuleBook {
  /// Values of fields by what they mean, as all protocols list them.
  package var meanings: [String: [VerificationProtocol.Literal]] {
    protocols.reduce(into: [:]) { $0.merge($1.events.meanings) { $0 + $1 } }
  }

  /// Gives every protocol one threshold: a policy of the house.
  package mutating func setThreshold(_ threshold: Double) {
    for index in protocols.indices { protocols[index].threshold = threshold }
  }

  /// A rule that is replaced and does not exist is most likely misspelt.
  private mutating func checkReplacements() {
    warn(of: replacements, under: "replaces", unlessIn: rules.map(\.id), hint: "") {
      "there is no rule `\($0)` to take the place of"
    }
    replacements = []
  }

  /// An event that no protocol names may be a log's own, but is most likely misspelt.
  private mutating func checkEventNames() {
    guard !eventNames.isEmpty else { return }
    let known = Set(protocols.flatMap(\.events.mentionedNames)).sorted()
    warn(of: eventNames, unlessIn: known, hint: "its protocol names it under `events`") {
      "no protocol knows the event `\($0)`"
    }
    eventNames = []
  }

  /// Likewise a list of values, without which its test never passes.
  private mutating func checkMeanings() {
    guard !meaningNames.isEmpty else { return }
    let known = Set(protocols.flatMap(\.events.meanings.keys)).sorted()
    warn(of: meaningNames, unlessIn: known, hint: "its protocol lists them under `events.meanings`")
    {
      "no protocol lists values under `\($0)`"
    }
    meaningNames = []
  }

  private mutating func warn(
    of names: [(file: SourceFile, mention: DocumentReading.Mention)], unlessIn known: [String],
    hint: String, _ words: (String) -> String
  ) {
    for (file, mention) in names where !known.contains(mention.name) {
      var reading = DocumentReading(file: file)
      reading.along(mention.route) {
        $0.report(
          words(mention.name), hint: Closeness.suggestion(for: mention.name, among: known) ?? hint,
          at: mention.node, severity: .warning)
      }
      problems += reading.problems
    }
  }
}

extension RuleBook {
  /// What a mapping leads to must be something that rules can ask for.
  private mutating func checkMappings() {
    guard !mappingDocuments.isEmpty else { return }
    let events = Set(protocols.flatMap(\.events.mentionedNames)).sorted()
    let fields = Set(protocols.flatMap(\.events.mentionedFields) + LogMapping.ownFields).sorted()
    for (file, document) in mappingDocuments {
      var reading = DocumentReading(file: file)
      for entry in document["names"]?.entries ?? [] {
        guard let name = entry.value.text, !events.contains(name) else { continue }
        reading.under("names") {
          $0.report(
            "no protocol knows the event `\(name)`",
            hint: Closeness.suggestion(for: name, among: events)
              ?? "`mira-lint schema events` lists them", at: entry.value)
        }
      }
      for (key, entry) in ["fields", "values"].flatMap({ key in
        (document[key]?.entries ?? []).map { (key, $0) }
      }) {
        guard let name = entry.key.text, !fields.contains(name) else { continue }
        // A rule of the user's own may ask for it all the same.
        let hint = Closeness.suggestion(for: name, among: fields)
        reading.under(key) {
          $0.report(
            "no protocol knows the field `\(name)`",
            hint: hint ?? "`mira-lint schema events` lists them", at: entry.key,
            severity: hint == nil ? .warning : .error)
        }
      }
      problems += reading.problems
    }
    mappingDocuments = []
  }
}

// Made once: a shape is a few hundred closures.
let ruleShape = Shape<Rule>.rule
private let mappingShape = Shape<LogMapping>.logMapping
let protocolShape = Shape<VerificationProtocol>.verificationProtocol
let eventNamesShape = Shape<VerificationProtocol.EventNames>.eventNames
let integrationShape = Shape<Integration>.integration

/// The kinds of documents, told apart by the key that names them.
enum DocumentKind: String, CaseIterable {
  case rule = "id"
  case verificationProtocol = "protocol"
  case integration
  case mapping

  static let hint =
    "a rule has the key `id`, a protocol `protocol`, an integration `integration`, a mapping `mapping`"

  /// The kind, or `nil` after reporting that there is none.
  init?(of document: Node, _ reading: inout DocumentReading) {
    guard case .mapping = document.resolved.content else {
      reading.expected(
        "a rule, a protocol, an integration or a mapping", hint: Self.hint, at: document)
      return nil
    }
    let keys = document.entries
    for entry in keys {
      if let kind = Self(rawValue: entry.key.text ?? "") {
        self = kind
        return
      }
    }
    let names = Self.allCases.map(\.rawValue)
    let near = keys.lazy.compactMap { entry in
      Closeness.suggestion(for: entry.key.text ?? "", among: names).map { (entry.key, $0) }
    }.first
    reading.report(
      "neither a rule nor a protocol, an integration or a mapping", hint: near?.1 ?? Self.hint,
      at: near?.0 ?? keys.first?.key ?? document)
    return nil
  }
}

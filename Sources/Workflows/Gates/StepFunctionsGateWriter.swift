import Expressions
package import SourceText

/// Writes gates as a Choice state before a state; without the proof the execution fails, so that somebody sees it.
package enum StepFunctionsGateWriter: GateWriter {
  package static func gates(
    for request: GateRequest, in document: Node, of file: SourceFile
  ) -> [Gate] {
    // A state that comes again may be there to look for the proof.
    guard request.step.location.path == file.path, !request.isRepeated,
      let site = StateGateSite(document, holding: request.step, in: file)
    else { return [] }
    return request.places.flatMap { place -> [Gate] in
      guard let test = site.texts.test(of: place) else { return [] }
      return site.retargetings.compactMap { targets in
        guard let edits = site.edits(testing: test, from: targets) else { return nil }
        return Gate(
          "`\(test.text)` is there", canArrive: place.canArrive, edits: edits)
      }
    }
  }
}

/// A state, the machine around it, and the ways to it.
private struct StateGateSite {
  private let file: SourceFile
  private let states: Node
  private let state: Node.Entry
  private let name: String
  let texts: StateProofText
  /// What names the state, and whether it does so for errors.
  private let targets: [(node: Node, isForErrors: Bool)]

  init?(_ document: Node, holding step: Step, in file: SourceFile) {
    self.file = file
    guard StepFunctionsReader.isStateMachine(document) else { return nil }
    var machine = document
    var language = QueryLanguage(document["QueryLanguage"]) ?? .jsonPath
    var found: (machine: Node, entry: Node.Entry)?
    search: while let states = machine["States"], case .mapping(let entries) = states.content {
      for entry in entries
      where entry.key.range.contains(step.location.range)
        || entry.value.range.contains(step.location.range)
      {
        found = (machine, entry)
        language = QueryLanguage(entry.value["QueryLanguage"]) ?? language
        let inner =
          (entry.value["Branches"]?.items ?? [])
          + [entry.value["ItemProcessor"], entry.value["Iterator"]].compactMap(\.self)
        guard let next = inner.first(where: { $0.range.contains(step.location.range) }) else {
          break search
        }
        machine = next
        continue search
      }
      break
    }
    guard let found, let name = found.entry.key.text, let states = found.machine["States"],
      found.entry.key.isWritten, found.entry.value.isWritten, states.isWritten
    else { return nil }
    state = found.entry
    self.states = states
    self.name = name
    texts = StateProofText(step: step, name: name, language: language)
    targets = Self.targets(of: name, in: found.machine)
  }

  private static func targets(
    of name: String, in machine: Node
  ) -> [(node: Node, isForErrors: Bool)] {
    var targets: [(node: Node, isForErrors: Bool)] = []
    func note(_ node: Node?, _ isForErrors: Bool) {
      guard let node, node.text == name else { return }
      targets.append((node, isForErrors))
    }
    note(machine["StartAt"], false)
    for entry in machine["States"]?.entries ?? [] {
      note(entry.value["Next"], false)
      note(entry.value["Default"], false)
      for choice in entry.value["Choices"]?.items ?? [] { note(choice["Next"], false) }
      for catcher in entry.value["Catch"]?.items ?? [] { note(catcher["Next"], true) }
    }
    return targets
  }

  /// Which ways to lead over the gate: each alone, then all; errors alone are nothing that waits for a proof.
  var retargetings: [[Node]] {
    let ways = targets.filter { !$0.isForErrors }.map(\.node)
    if ways.isEmpty { return [] }
    let single = ways.map { [$0] }
    let all = targets.map(\.node)
    return ways.count == 1 && all.count == 1
      ? single : single + (ways.count > 1 ? [ways] : []) + (all.count > ways.count ? [all] : [])
  }

  // MARK: What is written

  func edits(testing test: StateProofText.ProofTest, from ways: [Node]) -> [TextEdit]? {
    let gate = unused("Certificate for \(name)")
    let end = unused("No certificate for \(name)")
    let fields: [(String, InsertedText)] = [
      (
        gate,
        .record([
          ("Type", .text("Choice")),
          ("Choices", .list([.record(test.rule + [("Next", .text(name))])])),
          ("Default", .text(end)),
        ])
      ),
      (
        end,
        .record([
          ("Type", .text("Fail")), ("Error", .text("NoCertificate")),
          ("Cause", .text("The answer has no certificate")),
        ])
      ),
    ]
    guard let insertion = NodeInsertion(file: file).edit(fields, before: state, in: states) else {
      return nil
    }
    let isJSON = EntryInsertion(file: file).isFlow(states)
    var edits = [insertion]
    for way in ways {
      guard way.isWritten, case .scalar(let scalar) = way.content,
        let text = InsertedText.scalar(gate, as: scalar.style, isJSON: isJSON)
      else { return nil }
      edits.append(TextEdit(way.range, text))
    }
    return edits
  }

  /// The engine takes no longer name.
  private static let longestName = 80

  private func unused(_ wanted: String) -> String {
    let taken = Set(states.entries.compactMap(\.key.text))
    var base = wanted
    while base.unicodeScalars.count > Self.longestName - 3 { base.removeLast() }
    if !taken.contains(base) { return base }
    let numbered = (2...(taken.count + 2)).lazy.map { "\(base) \($0)" }
    return numbered.first { !taken.contains($0) } ?? base
  }
}

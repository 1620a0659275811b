import Expressions
package import SourceText

/// Writes gates as the `if` of a step or job.
package enum GitHubGateWriter: GateWriter {
  package static func gates(
    for request: GateRequest, in document: Node, of file: SourceFile
  ) -> [Gate] {
    guard request.step.location.path == file.path,
      let site = GitHubGateSite(document, holding: request.step.location.range)
    else { return [] }
    let reads =
      request.successes.compactMap { site.success(of: $0.route) }.map { ($0, true) }
      + request.places.compactMap { place in site.read(place).map { ($0, place.canArrive) } }
    let insertion = EntryInsertion(file: file)
    return reads.flatMap { read, canArrive -> [Gate] in
      var edits: [TextEdit] = []
      if let step = read.unnamedStep {
        guard let edit = identifying(step, as: read.identifier, insertion) else { return [] }
        edits.append(edit)
      }
      if let missing = read.missingOutput {
        guard let edit = offering(missing, insertion) else { return [] }
        edits.append(edit)
      }
      return read.conditions.compactMap { condition in
        guard let own = requiring(condition, at: site.node, insertion) else { return nil }
        return Gate("`\(condition)`", canArrive: canArrive, edits: edits + own)
      }
    }
  }

  private static func identifying(
    _ step: Node, as identifier: String, _ insertion: EntryInsertion
  ) -> TextEdit? {
    guard case .mapping(let entries) = step.content, let first = entries.first else { return nil }
    return insertion.edit("id: \(identifier)", before: first, in: step)
  }

  /// The edit after which a job hands the proof on to those that wait for it.
  private static func offering(
    _ missing: GitHubGateSite.MissingOutput, _ insertion: EntryInsertion
  ) -> TextEdit? {
    guard case .mapping(let entries) = missing.job.content, missing.job.isWritten,
      missing.job.anchor == nil
    else { return nil }
    let quoted = "\(missing.name): \"${{ \(missing.expression) }}\""
    guard let outputs = entries.first(where: { $0.key.text == "outputs" })?.value else {
      // What is merged in is nobody's to add to here.
      guard missing.job["outputs"] == nil,
        let steps = entries.first(where: { $0.key.text == "steps" })
      else { return nil }
      return insertion.edit("outputs: { \(quoted) }", before: steps, in: missing.job)
    }
    guard case .mapping(let own) = outputs.content, outputs.isWritten, outputs.anchor == nil,
      let first = own.first
    else { return nil }
    let text = insertion.isFlow(outputs) ? quoted : "\(missing.name): ${{ \(missing.expression) }}"
    return insertion.edit(text, before: first, in: outputs)
  }

  /// The edits after which the step or job asks for the condition, too.
  private static func requiring(
    _ condition: String, at node: Node, _ insertion: EntryInsertion
  ) -> [TextEdit]? {
    guard case .mapping(let entries) = node.content, node.anchor == nil else { return nil }
    let own = entries.filter { $0.key.text == "if" }
    if own.count == 1 { return composing(condition, with: own[0].value) }
    // One that is merged in, or written twice, is nobody's to change here.
    guard own.isEmpty, node["if"] == nil,
      let next = entries.first(where: { !["id", "name"].contains($0.key.text) })
    else { return nil }
    // A plain text may not hold brackets inside of braces.
    let isPlain = !condition.contains("[") || !insertion.isFlow(node)
    let value = isPlain ? condition : "\"\(condition)\""
    return insertion.edit("if: \(value)", before: next, in: node).map { [$0] }
  }

  /// The edits that put the condition before one that is there already.
  private static func composing(_ condition: String, with node: Node) -> [TextEdit]? {
    guard case .scalar(let scalar) = node.content, node.tag == nil, node.anchor == nil,
      !node.isNull
    else { return nil }
    let bytes = Array(scalar.text.utf8)
    let template = GitHubTemplate(scalar.text)
    var start = 0
    var end = bytes.count
    if template.onlyExpression != nil {
      (start, end) = (3, bytes.count - 2)
    } else if template.hasExpressions {
      return nil
    }
    while start < end, isSpace(bytes[start]) { start += 1 }
    while end > start, isSpace(bytes[end - 1]) { end -= 1 }
    guard start < end,
      let expression = try? GitHubExpressionParser.parse(bytes, in: ByteRange(start, end)),
      // Whoever handles a failure is not waiting for a proof.
      !expression.calls("failure"), !expression.calls("cancelled")
    else { return nil }
    var (opening, closing) = (condition + " && ", "")
    if case .any = expression.form, !isEnclosed(bytes[start..<end]) {
      opening += "("
      closing = ")"
    }
    if scalar.style == .singleQuoted {
      opening = opening.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "''")
    }
    let first = node.fileRange(ofText: ByteRange(start, start + 1)).start
    let last = node.fileRange(ofText: ByteRange(end - 1, end)).end
    let before = TextEdit(ByteRange(first, first), opening)
    return closing.isEmpty ? [before] : [before, TextEdit(ByteRange(last, last), closing)]
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte <= 0x20 }

  /// Whether one pair of parentheses holds all of it.
  private static func isEnclosed(_ bytes: ArraySlice<UInt8>) -> Bool {
    var depth = 0
    var isText = false
    for (index, byte) in zip(bytes.indices, bytes) {
      switch byte {
      case UInt8(ascii: "'"): isText.toggle()
      case UInt8(ascii: "(") where !isText: depth += 1
      case UInt8(ascii: ")") where !isText: depth -= 1
      default: break
      }
      if depth == 0 { return index == bytes.endIndex - 1 }
    }
    return false
  }
}

/// The step or job that gets the gate, and what its `if` can read.
private struct GitHubGateSite {
  /// The step's or the job's mapping.
  private(set) var node: Node
  /// The job's id; `nil` in an action of steps.
  private var job: String?
  private var isStep = false
  private var needs: Set<String> = []
  private var steps: [Node] = []
  private let document: Node

  /// `nil` where the range lies in no step and no job.
  init?(_ document: Node, holding range: ByteRange) {
    self.document = document
    node = document
    var found = document["runs"]?["steps"]
    for entry in document["jobs"]?.entries ?? []
    where entry.value.range.contains(range) || entry.key.range.contains(range) {
      guard let id = entry.key.text else { return nil }
      job = id
      node = entry.value
      let named = node["needs"]
      needs = Set(
        (named?.text.map { [$0] } ?? named?.items.compactMap(\.text) ?? []).map { $0.lowercased() })
      found = node["steps"]
    }
    steps = found?.items ?? []
    for step in steps where step.range.contains(range) {
      node = step
      isStep = true
    }
    guard isStep || job != nil, case .mapping = node.content else { return nil }
  }

  /// The output of a step that its job keeps to itself.
  struct MissingOutput {
    var job: Node
    var name: String
    var expression: String
  }

  struct Read {
    /// What holds where the proof is there, the shortest first.
    var conditions: [String]
    /// The step that must get an identifier first.
    var unnamedStep: Node?
    var identifier = ""
    /// What another job has to hand on first.
    var missingOutput: MissingOutput?

    /// An absent value is an empty output; `jq -r` and templates make it the text `null`.
    init(output: String) {
      conditions = ["\(output) != ''", "\(output) != '' && \(output) != 'null'"]
    }

    init(success: String) { conditions = ["\(success) == 'success'"] }
  }

  /// How an `if` here names the place; `nil` where it cannot be read.
  func read(_ place: ProofPlace) -> Read? {
    let path = place.path(wrapped: { _ in [] })
    guard path.count == 2, path[0] == .field("outputs"), case .field(let output) = path[1] else {
      return nil
    }
    let accessor = Self.isName(output) ? ".\(output)" : "['\(output)']"
    if output.contains("'") || output.contains("\"") || output.contains("\\") { return nil }
    let name = place.variable.name
    if let other = name.suffix(after: "jobs."), !other.contains("/") {
      return isNeeded(other) ? Read(output: "needs.\(other).outputs\(accessor)") : nil
    }
    if let read = handedOn(name, accessor, output) { return read }
    let prefix = job.map { "jobs.\($0)/steps." } ?? "steps."
    guard isStep, let identifier = name.suffix(after: prefix), !identifier.contains("/") else {
      return nil
    }
    if Self.isName(identifier) { return Read(output: "steps.\(identifier).outputs\(accessor)") }
    guard identifier.hasPrefix("#"), let index = Int(identifier.dropFirst()) else { return nil }
    return identifying(index) { Read(output: "steps.\($0).outputs\(accessor)") }
  }

  /// How an `if` here reads the output of another job's step, once that job hands it on.
  private func handedOn(_ variable: String, _ accessor: String, _ output: String) -> Read? {
    guard let place = variable.suffix(after: "jobs."), let slash = place.firstIndex(of: "/"),
      let step = String(place[slash...]).suffix(after: "/steps."), Self.isName(step)
    else { return nil }
    let other = String(place[..<slash])
    guard other != job, isNeeded(other), let node = document["jobs"]?[other] else { return nil }
    let expression = "steps.\(step).outputs\(accessor)"
    let outputs = node["outputs"]?.entries ?? []
    // What it hands on already is a place of its own.
    if outputs.contains(where: { $0.value.text?.contains(expression) == true }) { return nil }
    let taken = Set(outputs.compactMap { $0.key.text?.lowercased() })
    guard
      let name = [output, "\(step)-\(output)"].first(where: {
        Self.isName($0) && !taken.contains($0.lowercased())
      })
    else { return nil }
    var read = Read(output: "needs.\(other).outputs.\(name)")
    read.missingOutput = MissingOutput(
      job: node, name: name, expression: expression)
    return read
  }

  /// How an `if` here asks whether a step, or the job that it belongs to, has succeeded.
  func success(of route: String) -> Read? {
    let prefix = job.map { "jobs.\($0).steps[" } ?? "runs.steps["
    if isStep, let rest = route.suffix(after: prefix), rest.hasSuffix("]"),
      let index = Int(rest.dropLast()), steps.indices.contains(index)
    {
      if let identifier = steps[index]["id"]?.text {
        return Self.isName(identifier) ? Read(success: "steps.\(identifier).outcome") : nil
      }
      return identifying(index) { Read(success: "steps.\($0).outcome") }
    }
    guard let other = route.suffix(after: "jobs.")?.parts(by: ".").first,
      String(other) != job, isNeeded(String(other))
    else { return nil }
    return Read(success: "needs.\(other).result")
  }

  /// Whether the job waits for another one; what the legs of a matrix put out overwrites each other.
  private func isNeeded(_ other: String) -> Bool {
    needs.contains(other.lowercased()) && Self.isName(other)
      && document["jobs"]?[other]?["strategy"]?["matrix"] == nil
  }

  private func identifying(_ index: Int, _ read: (String) -> Read) -> Read? {
    guard steps.indices.contains(index), steps[index]["id"] == nil else { return nil }
    let identifier = newIdentifier(for: steps[index])
    var found = read(identifier)
    found.unnamedStep = steps[index]
    found.identifier = identifier
    return found
  }

  /// An identifier that no step of the job has, after the step's own words.
  private func newIdentifier(for step: Node) -> String {
    let action = step["uses"]?.text?.parts(by: "@").first?.parts(by: "/").last
    let words = step["name"]?.text ?? action.map(String.init) ?? "answer"
    var slug = ""
    for character in words.lowercased().unicodeScalars {
      if ("a"..."z").contains(character) || ("0"..."9").contains(character) {
        slug.unicodeScalars.append(character)
      } else if !slug.isEmpty, !slug.hasSuffix("-") {
        slug += "-"
      }
    }
    while slug.hasSuffix("-") { slug.removeLast() }
    guard let first = slug.unicodeScalars.first, ("a"..."z").contains(first) else {
      return unused("answer")
    }
    return unused(slug)
  }

  private func unused(_ identifier: String) -> String {
    let taken = Set(steps.compactMap { $0["id"]?.text?.lowercased() })
    if !taken.contains(identifier) { return identifier }
    let numbered = (2...(taken.count + 2)).lazy.map { "\(identifier)-\($0)" }
    return numbered.first { !taken.contains($0) } ?? identifier
  }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, first == UInt8(ascii: "_") || isLetter(first) else {
      return false
    }
    return text.utf8.allSatisfy { byte in
      isLetter(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
        || byte == UInt8(ascii: "-")
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x61...0x7a).contains(byte | 0x20)
  }
}

extension String {
  /// What follows a prefix; `nil` where the text does not begin with it.
  func suffix(after prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}

extension GitHubExpression {
  /// Whether a function is called anywhere in it.
  fileprivate func calls(_ name: String) -> Bool {
    switch form {
    case .null, .boolean, .number, .text, .context: false
    case .access(let base, let accessors):
      base.calls(name)
        || accessors.contains {
          if case .index(let inner) = $0 { inner.calls(name) } else { false }
        }
    case .call(let function, let arguments):
      function.lowercased() == name || arguments.contains { $0.calls(name) }
    // `!cancelled()` goes on after failures, and does not ask for one.
    case .not(let inner): name != "cancelled" && inner.calls(name)
    case .comparison(_, let left, let right): left.calls(name) || right.calls(name)
    case .all(let parts), .any(let parts): parts.contains { $0.calls(name) }
    }
  }
}

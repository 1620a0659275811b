import Expressions
import SourceText

/// What the `$(…)` at one place of a definition can see.
struct TektonScope {
  let file: SourceFile
  /// Makes the variables of the task, or of the pipeline, unique.
  let prefix: String
  /// The parameters, by name.
  var params: [String: Value] = [:]
  /// The scalars that give them, where they stand in the same file.
  var sources: [String: ScriptContext.Substitution.Source] = [:]
  /// The tasks of the pipeline.
  var tasks: [String: Task] = [:]
  /// The workspaces of the task, with what the pipeline calls them.
  var workspaces: [String: String] = [:]
  /// How the pipeline's tasks ended, among those that run last.
  var hasFailed: Bool?
  /// The step that the text stands in.
  var step: String?
  /// Where the task's scripts keep their files.
  var files: ScriptContext?

  /// A task of the same pipeline.
  struct Task {
    var variable: Variable
    var route: String
    /// The results it has, `nil` where they are unknown.
    var results: Set<String>?
  }

  init(file: SourceFile, prefix: String) {
    self.file = file
    self.prefix = prefix
  }

  func location(_ range: ByteRange) -> SourceLocation {
    SourceLocation(path: file.path, range: range)
  }

  /// Takes the defaults of declared parameters.
  mutating func declare(_ declared: Node?) {
    for param in declared?.items ?? [] {
      guard let name = param["name"]?.text, let value = param["default"] else { continue }
      params[name] = Self.plain(value)
      if params[name] != nil, value.text != nil { sources[name] = .init(value, []) }
    }
  }

  /// Takes values that are given from outside.
  mutating func give(_ given: Node?, in draft: inout TektonDraft) {
    for param in given?.items ?? [] {
      guard let name = param["name"]?.text, let value = param["value"] else { continue }
      let text = TektonText(scope: self)
      params[name] = text.value(of: value, in: &draft)
      sources[name] = value.text.map { _ in
        .init(value, text.insertions(in: value, draft: &draft))
      }
    }
  }

  private static func plain(_ node: Node, depth: Int = 0) -> Value? {
    guard depth < 8 else { return nil }
    switch node.resolved.content {
    case .scalar(let scalar): return scalar.text.holds("$(") ? nil : .literal(scalar.text)
    case .sequence(let items):
      return .list(items.map { plain($0, depth: depth + 1) ?? .unknown([]) })
    case .mapping:
      return .record(
        node.entries.map {
          Value.Field($0.key.text ?? "", plain($0.value, depth: depth + 1) ?? .unknown([]))
        })
    case .alias: return nil
    }
  }

  /// Where a result lies while the task runs.
  static func resultPath(_ name: String) -> String { "/tekton/results/\(name)" }

  static func stepResultPath(_ name: String, of step: String) -> String {
    "/tekton/steps/\(step)/results/\(name)"
  }

  // MARK: Reads

  func resolve(
    _ path: [PathComponent], _ location: SourceLocation
  ) -> (value: Value, missing: Workflow.DanglingReference.Missing?) {
    var path = path
    // The way to write it before version 0.11.
    if path.first == .field("inputs"), path.dropFirst().first == .field("params") {
      path.removeFirst()
    }
    let names = path.map { component -> String? in
      if case .field(let name) = component { name } else { nil }
    }
    let head = names.first.flatMap { $0 } ?? ""
    func name(_ index: Int) -> String? { index < names.count ? names[index] : nil }
    let external = Value.reference(
      Reference(Variable(head), path: Array(path.dropFirst()), at: location))
    switch head {
    case "params":
      guard let param = name(1), let value = params[param] else { return (external, nil) }
      return (Self.moved(value, to: location).selecting(Array(path.dropFirst(2))), nil)
    case "tasks", "finally":
      guard let task = name(1), path.count > 2 else { return (external, nil) }
      guard let known = tasks[task] else {
        // Only a pipeline has tasks; elsewhere it is text of some other kind.
        return (external, head == "tasks" && !tasks.isEmpty ? .step : nil)
      }
      var missing: Workflow.DanglingReference.Missing?
      if name(2) == "results", let result = name(3), let results = known.results,
        !results.contains(result)
      {
        missing = .field
      }
      return (
        .reference(
          Reference(known.variable, path: Array(path.dropFirst(2)), at: location)), missing
      )
    case "results", "step":
      let offset = head == "step" ? 2 : 1
      guard let result = name(offset), name(offset + 1) == "path" else { return (external, nil) }
      let place =
        head == "step"
        ? Self.stepResultPath(result, of: step ?? "") : Self.resultPath(result)
      return (.literal(place), nil)
    case "steps":
      guard let step = name(1) else { return (external, nil) }
      if name(2) == "results", let result = name(3), let files {
        let file = files.file(Self.stepResultPath(result, of: step))
        return (.reference(Reference(file, at: location)), nil)
      }
      if name(2) == "exitCode", name(3) == "path" {
        return (.literal("/tekton/steps/\(step)/exitCode"), nil)
      }
      return (external, nil)
    case "workspaces":
      guard let workspace = name(1) else { return (external, nil) }
      switch name(2) {
      case "path": return (.literal("/workspace/\(workspace)"), nil)
      case "bound": return (.literal("true"), nil)
      default: return (external, nil)
      }
    default: return (external, nil)
    }
  }

  static func moved(_ value: Value, to location: SourceLocation) -> Value {
    guard case .reference(let reference) = value else { return value }
    return .reference(Reference(reference.variable, path: reference.path, at: location))
  }
}

/// Reads the texts of a definition: `$(…)` in them, and conditions.
struct TektonText {
  let scope: TektonScope

  private static let heads: Set<String> = [
    "params", "inputs", "outputs", "tasks", "results", "steps", "step", "workspaces", "context",
    "finally", "credentials", "resources", "tt",
  ]

  /// A `$(…)` of the engine: everything else of this form is the shell's.
  struct Tag {
    var range: ByteRange
    var path: [PathComponent]
  }

  static func tags(in bytes: [UInt8]) -> [Tag] {
    var tags: [Tag] = []
    var offset = 0
    while offset + 1 < bytes.count {
      guard bytes[offset] == UInt8(ascii: "$"), bytes[offset + 1] == UInt8(ascii: "(") else {
        offset += 1
        continue
      }
      if let tag = tag(in: bytes, at: offset) {
        tags.append(tag)
        offset = tag.range.end
      } else {
        offset += 2
      }
    }
    return tags
  }

  private static func tag(in bytes: [UInt8], at start: Int) -> Tag? {
    var offset = start + 2
    var path: [PathComponent] = []
    func word() -> String? {
      let begin = offset
      while offset < bytes.count, isNameByte(bytes[offset]) { offset += 1 }
      return offset > begin ? String(decoding: bytes[begin..<offset], as: UTF8.self) : nil
    }
    guard let head = word(), heads.contains(head) else { return nil }
    path.append(.field(head))
    while offset < bytes.count {
      switch bytes[offset] {
      case UInt8(ascii: ")"):
        return path.count > 1 ? Tag(range: ByteRange(start, offset + 1), path: path) : nil
      case UInt8(ascii: "."):
        offset += 1
        guard let name = word() else { return nil }
        path.append(.field(name))
      case UInt8(ascii: "["):
        offset += 1
        guard let component = bracketed(bytes, &offset) else { return nil }
        path.append(component)
      default: return nil
      }
    }
    return nil
  }

  private static func bracketed(_ bytes: [UInt8], _ offset: inout Int) -> PathComponent? {
    guard offset < bytes.count else { return nil }
    let begin = offset
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "]"), bytes[offset] != 10 {
      offset += 1
    }
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: "]") else { return nil }
    let inner = String(decoding: bytes[begin..<offset], as: UTF8.self)
    offset += 1
    if inner == "*" { return .every }
    if let index = Int(inner) { return .index(index) }
    guard let quote = inner.first, quote == "\"" || quote == "'", inner.last == quote,
      inner.count > 1
    else { return nil }
    return .field(String(inner.dropFirst().dropLast()))
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
      || (byte >= 48 && byte <= 57) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }

  /// What the engine puts into a scalar.
  func insertions(
    in node: Node, draft: inout TektonDraft
  ) -> [ScriptContext.Substitution] {
    guard let text = node.text, text.holds("$(") else { return [] }
    return Self.tags(in: Array(text.utf8)).map { tag in
      ScriptContext.Substitution(
        range: tag.range, value: read(tag, at: node, &draft), source: source(of: tag))
    }
  }

  /// The scalar that a parameter is given by.
  private func source(of tag: Tag) -> ScriptContext.Substitution.Source? {
    guard tag.path.count == 2, tag.path[0] == .field("params"), case .field(let name) = tag.path[1]
    else { return nil }
    return scope.sources[name]
  }

  private func read(_ tag: Tag, at node: Node, _ draft: inout TektonDraft) -> Value {
    let location = scope.location(node.fileRange(ofText: tag.range))
    let (value, missing) = scope.resolve(tag.path, location)
    if let missing {
      let text = scope.file.text(in: location.range)
      let inner =
        text.hasPrefix("$(") && text.hasSuffix(")") ? text.dropFirst(2).dropLast() : text[...]
      draft.report(MissingRead(text: String(inner), missing: missing, location: location))
    }
    return value
  }

  /// The value of a scalar, or of a structure of them.
  func value(of node: Node, in draft: inout TektonDraft) -> Value {
    node.value { $0.value(with: insertions(in: $0, draft: &draft)) }
  }

  // MARK: Conditions

  /// One entry of a `when`.
  func condition(of when: Node, in draft: inout TektonDraft) -> Condition {
    if let cel = when["cel"] { return expression(cel, in: &draft) }
    guard let input = when["input"] ?? when["Input"] else { return .unknown([]) }
    let values = (when["values"] ?? when["Values"]).map { node -> [Value] in
      if node.items.isEmpty { return [value(of: node, in: &draft)] }
      return node.items.flatMap { item -> [Value] in
        let value = value(of: item, in: &draft)
        if case .list(let inner) = value { return inner }
        return [value]
      }
    }
    let isNegated =
      (when["operator"] ?? when["Operator"])?.text?.lowercased() == "notin"
    let holds =
      outcome(asked: input, values ?? [])
      ?? .test(
        Test(
          value(of: input, in: &draft), .oneOf, values ?? [], semantics: .shell,
          at: scope.location(input.range)))
    return isNegated ? InfixInterpreter.negated(holds) : holds
  }

  private func expression(_ node: Node, in draft: inout TektonDraft) -> Condition {
    let bytes = Array((node.text ?? "").utf8)
    let tags = Self.tags(in: bytes)
    let values = tags.map { read($0, at: node, &draft) }
    guard
      let parsed = InfixParser.parse(
        bytes, in: ByteRange(0, bytes.count), dialect: .cel, insertions: tags.map(\.range))
    else { return .unknown(values.flatMap(\.references)) }
    let interpreter = InfixInterpreter(
      semantics: .shell, locate: { scope.location(node.fileRange(ofText: $0)) },
      insertions: values, resolve: { _, _, _ in nil },
      outcome: { name, path in status(of: name, path) })
    return interpreter.condition(parsed)
  }

  /// `$(tasks.a.status)` compared with words.
  private func outcome(asked input: Node, _ values: [Value]) -> Condition? {
    let bytes = Array((input.text ?? "").utf8)
    guard let tag = Self.tags(in: bytes).first, tag.range == ByteRange(0, bytes.count),
      case .field(let head)? = tag.path.first
    else { return nil }
    let ask: ((String) -> Condition?)?
    if tag.path == [.field("tasks"), .field("status")] {
      ask = wholeStatus
    } else if head == "tasks", tag.path.count == 3, tag.path[2] == .field("status"),
      case .field(let task) = tag.path[1], let known = scope.tasks[task]
    {
      ask = { word in
        Self.outcome(word).map { .outcome($0, of: [known.route], written: true) }
      }
    } else {
      return nil
    }
    guard let ask else { return nil }
    var outcomes: [Condition] = []
    for value in values {
      guard case .literal(let word) = value, let outcome = ask(word) else { return nil }
      outcomes.append(outcome)
    }
    if outcomes.isEmpty { return nil }
    if let known = outcomes.first(where: { $0 == .constant(true) }) { return known }
    let open = outcomes.filter { $0 != .constant(false) }
    if open.isEmpty { return .constant(false) }
    return open.count == 1 ? open[0] : .any(open)
  }

  private func wholeStatus(_ word: String) -> Condition? {
    guard let kind = Self.outcome(word) else { return nil }
    if let hasFailed = scope.hasFailed {
      return .constant(hasFailed ? kind == .failed : kind == .succeeded)
    }
    return .outcome(kind, of: [], written: true)
  }

  /// A status in an expression, where the value stands for the text that the engine puts in.
  private func status(
    of variable: String, _ path: [PathComponent]
  ) -> ((String) -> Condition?)? {
    guard path == [.field("status")] else { return nil }
    if variable == "tasks" { return wholeStatus }
    guard let task = scope.tasks.values.first(where: { $0.variable.name == variable }) else {
      return nil
    }
    return { word in Self.outcome(word).map { .outcome($0, of: [task.route], written: true) } }
  }

  private static func outcome(_ word: String) -> Condition.Outcome? {
    switch word {
    case "Succeeded", "Completed": .succeeded
    case "Failed": .failed
    case "None": .skipped
    default: nil
    }
  }
}

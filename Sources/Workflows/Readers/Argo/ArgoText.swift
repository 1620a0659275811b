import Expressions
import SourceText

/// Reads the texts of a template: `{{…}}` in them, conditions, expressions.
struct ArgoText {
  let scope: ArgoScope

  /// A `{{…}}` in a text.
  private struct Tag {
    /// With its braces.
    var whole: ByteRange
    /// Between them, without the `=` of an expression.
    var inner: ByteRange
    var isExpression: Bool
  }

  private static func tags(in bytes: [UInt8]) -> [Tag] {
    var tags: [Tag] = []
    var offset = 0
    let brace = UInt8(ascii: "{")
    let close = UInt8(ascii: "}")
    while offset + 1 < bytes.count {
      guard bytes[offset] == brace, bytes[offset + 1] == brace else {
        offset += 1
        continue
      }
      var end = offset + 2
      while end + 1 < bytes.count, !(bytes[end] == close && bytes[end + 1] == close) { end += 1 }
      guard end + 1 < bytes.count else { break }
      // `{{={a: 1}}}`: the last two braces close.
      while end + 2 < bytes.count, bytes[end + 2] == close { end += 1 }
      let isExpression = bytes[offset + 2] == UInt8(ascii: "=")
      tags.append(
        Tag(
          whole: ByteRange(offset, end + 2),
          inner: ByteRange(offset + (isExpression ? 3 : 2), end), isExpression: isExpression))
      offset = end + 2
    }
    return tags
  }

  /// What the engine puts into a scalar.
  func insertions(in node: Node, draft: inout ArgoDraft) -> [ScriptContext.Substitution] {
    guard let text = node.text, text.holds("{{") else { return [] }
    let bytes = Array(text.utf8)
    return Self.tags(in: bytes).map { tag in
      ScriptContext.Substitution(
        range: tag.whole, value: value(of: tag, in: bytes, at: node, &draft),
        source: scope.sources.isEmpty || tag.isExpression ? nil : source(of: tag, in: bytes))
    }
  }

  /// The scalar that a parameter is given by.
  private func source(of tag: Tag, in bytes: [UInt8]) -> ScriptContext.Substitution.Source? {
    let name = String(decoding: bytes[tag.inner.start..<tag.inner.end], as: UTF8.self)
      .filter { !$0.isWhitespace }
    let prefix = "inputs.parameters."
    return name.hasPrefix(prefix) ? scope.sources[String(name.dropFirst(prefix.count))] : nil
  }

  /// The value of a scalar, or of a structure of them.
  func value(of node: Node, in draft: inout ArgoDraft) -> Value {
    node.value { $0.value(with: insertions(in: $0, draft: &draft)) }
  }

  private func value(
    of tag: Tag, in bytes: [UInt8], at node: Node, _ draft: inout ArgoDraft
  ) -> Value {
    if tag.isExpression {
      guard let value = expression(bytes, tag.inner, at: node, &draft) else {
        return .unknown([])
      }
      switch value {
      case .reference, .selection: return .text(value, null: "null")
      default: return value
      }
    }
    let text = String(decoding: bytes[tag.inner.start..<tag.inner.end], as: UTF8.self)
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map {
      String($0.filter { !$0.isWhitespace })
    }
    let location = scope.location(node.fileRange(ofText: tag.whole))
    guard let head = parts.first, !head.isEmpty else { return .unknown([]) }
    let path = parts.dropFirst().map { PathComponent.field($0) }
    return read(head, Array(path), location, &draft)?.value
      ?? .reference(Reference(Variable(head), path: Array(path), at: location))
  }

  private func read(
    _ name: String, _ path: [PathComponent], _ location: SourceLocation, _ draft: inout ArgoDraft
  ) -> (value: Value, used: Int)? {
    guard let (resolution, used) = scope.resolve(name, path, location) else { return nil }
    if let missing = resolution.missing {
      let text = ([name] + path.map { if case .field(let name) = $0 { name } else { "*" } })
        .joined(separator: ".")
      draft.report(MissingRead(text: text, missing: missing, location: location))
    }
    return (resolution.value.selecting(Array(path.dropFirst(used))), path.count)
  }

  // MARK: Expressions

  private func interpreter(
    at node: Node, _ semantics: Test.Semantics, _ insertions: [Value],
    _ note: @escaping (String, [PathComponent], SourceLocation) -> (value: Value, used: Int)?
  ) -> InfixInterpreter {
    InfixInterpreter(
      semantics: semantics, locate: { scope.location(node.fileRange(ofText: $0)) },
      insertions: insertions, resolve: note,
      outcome: { name, path in outcome(name, path) })
  }

  /// The value of an expression that stands without braces, or between them.
  func expression(
    _ bytes: [UInt8], _ range: ByteRange, at node: Node, _ draft: inout ArgoDraft
  ) -> Value? {
    guard let parsed = InfixParser.parse(bytes, in: range, dialect: .expr) else { return nil }
    return interpret(parsed, at: node, .strict, [], &draft) { $0.value(parsed) }
  }

  private func interpret<Meaning>(
    _ parsed: InfixExpression, at node: Node, _ semantics: Test.Semantics, _ insertions: [Value],
    _ draft: inout ArgoDraft, _ translate: (InfixInterpreter) -> Meaning
  ) -> Meaning {
    // The interpreter asks from inside a closure: what is missing is told afterwards.
    let asked = AskedReads()
    let interpreter = interpreter(at: node, semantics, insertions) { name, path, location in
      asked.reads.append((name, path, location))
      guard let (resolution, used) = scope.resolve(name, path, location) else { return nil }
      // Parameters and results are texts: what is not there is an empty one.
      if case .reference = resolution.value, used == path.count, name != "item",
        !path.contains(.field("status"))
      {
        return (.text(resolution.value, null: ""), used)
      }
      return (resolution.value, used)
    }
    let meaning = translate(interpreter)
    for (name, path, location) in asked.reads { _ = read(name, path, location, &draft) }
    return meaning
  }

  private final class AskedReads {
    var reads: [(String, [PathComponent], SourceLocation)] = []
  }

  /// The condition of a `when`, after the values have been put into its text.
  func condition(of node: Node, in draft: inout ArgoDraft) -> Condition {
    guard let text = node.text else { return .unknown([]) }
    let bytes = Array(text.utf8)
    let tags = Self.tags(in: bytes)
    if tags.count == 1, tags[0].isExpression, Self.isBlank(bytes, around: tags[0].whole) {
      return expressionCondition(bytes, tags[0].inner, at: node, &draft)
    }
    let values = tags.map { value(of: $0, in: bytes, at: node, &draft) }
    guard
      let parsed = InfixParser.parse(
        bytes, in: ByteRange(0, bytes.count), dialect: .govaluate, insertions: tags.map(\.whole))
    else { return .unknown(values.flatMap(\.references)) }
    return interpret(parsed, at: node, .shell, values, &draft) { $0.condition(parsed) }
  }

  /// A condition that is an expression without braces.
  func expressionCondition(
    _ bytes: [UInt8], _ range: ByteRange, at node: Node, _ draft: inout ArgoDraft
  ) -> Condition {
    guard let parsed = InfixParser.parse(bytes, in: range, dialect: .expr) else {
      return .unknown([])
    }
    return interpret(parsed, at: node, .strict, [], &draft) { $0.condition(parsed) }
  }

  private static func isBlank(_ bytes: [UInt8], around range: ByteRange) -> Bool {
    bytes[..<range.start].allSatisfy { $0 <= 32 } && bytes[range.end...].allSatisfy { $0 <= 32 }
  }

  /// What the comparison of a status asks for.
  private func outcome(
    _ name: String, _ path: [PathComponent]
  ) -> ((String) -> Condition?)? {
    let fields = path.compactMap { if case .field(let name) = $0 { name } else { nil } }
    guard fields.count == path.count else { return nil }
    if name == "workflow", fields == ["status"] {
      let hasFailed = scope.hasFailed
      return { word in
        guard let kind = Self.outcome(word) else { return nil }
        if let hasFailed {
          return .constant(hasFailed ? kind == .failed : kind == .succeeded)
        }
        return .outcome(kind, of: [], written: true)
      }
    }
    // By name in an expression, by variable in a text with the value put in.
    let sibling: Scope? =
      (name == "steps" || name == "tasks") && fields.count == 2 && fields[1] == "status"
      ? scope.siblings[fields[0]].map { Scope(route: $0.route) }
      : fields == ["status"]
        ? scope.siblings.values.first { $0.variable.name == name }.map { Scope(route: $0.route) }
        : nil
    guard let sibling else { return nil }
    return { word in
      Self.outcome(word).map { .outcome($0, of: [sibling.route], written: true) }
    }
  }

  private struct Scope { var route: String }

  private static func outcome(_ word: String) -> Condition.Outcome? {
    switch word.lowercased() {
    case "succeeded": .succeeded
    case "failed", "error": .failed
    case "skipped", "omitted": .skipped
    default: nil
    }
  }
}

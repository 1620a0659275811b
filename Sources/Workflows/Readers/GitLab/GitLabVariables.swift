import Expressions
import SourceText

/// The variables that a job sees, and what the texts of its keys say with them.
struct GitLabVariables {
  /// What is known, by name.
  var values: [String: Value] = [:]
  /// What was known before any job had run.
  private var atStart: [String: Value] = [:]
  /// What only jobs fill.
  private var filledByJobs: Set<Variable> = []
  /// Holds what nobody in the configuration sets.
  let scope: String

  init(scope: String) { self.scope = scope }

  /// A scalar's value with its `$NAME`s put in.
  func value(of tree: GitLabTree) -> Value {
    guard case .scalar(let node, let source) = tree else {
      return .list(tree.items.map(value))
    }
    if node.isNull { return .null }
    guard let text = node.text else { return .unknown([]) }
    let isMoved = !text.holds("$[[")
    let filled = Array(source.filled(text).utf8)
    return value(of: filled) { range in
      source.location(isMoved ? node.fileRange(ofText: range) : node.range)
    }
  }

  private func value(
    of bytes: [UInt8], locate: (ByteRange) -> SourceLocation
  ) -> Value {
    var parts: [Value] = []
    var literal: [UInt8] = []
    var offset = 0
    func flush() {
      if !literal.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
      literal = []
    }
    while offset < bytes.count {
      guard bytes[offset] == UInt8(ascii: "$") else {
        literal.append(bytes[offset])
        offset += 1
        continue
      }
      if offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: "$") {
        literal.append(UInt8(ascii: "$"))
        offset += 2
        continue
      }
      guard let (name, end) = Self.name(in: bytes, at: offset) else {
        literal.append(bytes[offset])
        offset += 1
        continue
      }
      flush()
      parts.append(read(name, at: locate(ByteRange(offset, end))))
      offset = end
    }
    flush()
    if parts.isEmpty { return .literal("") }
    return parts.count == 1 ? parts[0] : .template(parts)
  }

  private static func name(in bytes: [UInt8], at start: Int) -> (String, Int)? {
    var offset = start + 1
    let isBraced = offset < bytes.count && bytes[offset] == UInt8(ascii: "{")
    if isBraced { offset += 1 }
    let nameStart = offset
    while offset < bytes.count, isNameByte(bytes[offset]) { offset += 1 }
    guard offset > nameStart else { return nil }
    let name = String(decoding: bytes[nameStart..<offset], as: UTF8.self)
    if isBraced {
      guard offset < bytes.count, bytes[offset] == UInt8(ascii: "}") else { return nil }
      offset += 1
    }
    return (name, offset)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
      || byte == UInt8(ascii: "_") || (byte >= 48 && byte <= 57)
  }

  func read(_ name: String, at location: SourceLocation) -> Value {
    guard let value = values[name] else {
      return .reference(Reference(Variable("\(scope)variables.\(name)"), at: location))
    }
    guard case .reference(let reference) = value else { return value }
    return .reference(Reference(reference.variable, path: reference.path, at: location))
  }

  /// Adds the entries of a `variables` key; later ones may name earlier ones.
  mutating func add(_ tree: GitLabTree?) {
    for entry in tree?.entries ?? [] {
      values[entry.name] = value(of: entry.value["value"] ?? entry.value)
    }
  }

  /// Takes what jobs write in place of what was known; rules do not see it.
  mutating func fill(_ name: String, from variable: Variable, at location: SourceLocation) {
    if filledByJobs.isEmpty { atStart = values }
    filledByJobs.insert(variable)
    values[name] = .reference(Reference(variable, path: [.field(name)], at: location))
  }

  /// What a rule reads; rules are decided before any job has run.
  private func readAtStart(_ name: String, at location: SourceLocation) -> Value {
    let value = read(name, at: location)
    guard case .reference(let reference) = value, filledByJobs.contains(reference.variable) else {
      return value
    }
    return atStart[name] ?? .reference(Reference(unset, path: [.field(name)], at: location))
  }

  /// Stands for whatever is not set.
  private var unset: Variable { Variable("\(scope)unset") }

  /// The condition of a rule.
  func condition(of tree: GitLabTree) -> Condition {
    guard case .scalar(let node, let source) = tree, let text = node.text else {
      return .unknown([])
    }
    let isMoved = !text.holds("$[[")
    let bytes = Array(source.filled(text).utf8)
    guard let parsed = InfixParser.parse(bytes, in: ByteRange(0, bytes.count), dialect: .gitLab)
    else { return .unknown([]) }
    let interpreter = InfixInterpreter(
      semantics: .shell,
      locate: { source.location(isMoved ? node.fileRange(ofText: $0) : node.range) },
      resolve: { name, _, location in (readAtStart(name, at: location), 0) })
    return interpreter.condition(parsed).settled(unset: unset)
  }
}

extension Condition {
  /// The condition with what its tests say of a variable that is not set: it equals null alone, and no pattern matches.
  fileprivate func settled(unset: Variable) -> Condition {
    func isUnset(_ value: Value) -> Bool {
      if case .reference(let reference) = value { reference.variable == unset } else { false }
    }
    switch self {
    case .all(let parts): return .all(parts.map { $0.settled(unset: unset) })
    case .any(let parts): return .any(parts.map { $0.settled(unset: unset) })
    case .not(let inner): return .not(inner.settled(unset: unset))
    case .test(let test):
      guard isUnset(test.subject) || test.operands.contains(where: isUnset) else { return self }
      // Alone it is false.
      let other = isUnset(test.subject) ? test.operands.first ?? .literal("") : test.subject
      switch other {
      case .null: return .constant(test.comparison == .equal)
      case .literal: return .constant(false)
      default: return .unknown(other.references)
      }
    case .constant, .every, .some, .outcome, .unknown: return self
    }
  }
}

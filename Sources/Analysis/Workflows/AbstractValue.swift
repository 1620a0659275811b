import Expressions

/// What a value may carry of the outputs under verification.
///
/// A finite over-approximation: traces say which part of which answer it may be, fields say what was put together
/// or written below it. A field hides the trace's part of the same name.
struct AbstractValue: Sendable, Hashable {
  /// Sorted, without repetition.
  private(set) var traces: [Trace] = []
  private(set) var fields: [String: AbstractValue] = [:]

  static let empty = AbstractValue()

  init() {}

  init(_ trace: Trace) { traces = [trace] }

  private init(traces: [Trace]) { self.traces = traces }

  init(fields: [String: AbstractValue]) {
    self.fields = fields.filter { !$0.value.isEmpty }
  }

  var isEmpty: Bool { traces.isEmpty && fields.isEmpty }

  /// The traces of the value and of everything below it.
  var allTraces: [Trace] {
    fields.isEmpty
      ? traces : traces + fields.sorted { $0.key < $1.key }.flatMap { $0.value.allTraces }
  }

  /// The outputs that the value carries something of, in order.
  var outputs: [Int] {
    var found: Set<Int> = []
    collectOutputs(into: &found)
    return found.sorted()
  }

  /// Adds the outputs that the value carries something of.
  func collectOutputs(into found: inout Set<Int>) {
    for trace in traces { found.insert(trace.output) }
    for value in fields.values { value.collectOutputs(into: &found) }
  }

  /// More parts than this are one: lists of a list twice over double with every line of a script.
  private static let mostParts = 1000

  var isLarge: Bool {
    var left = Self.mostParts
    return !fits(&left)
  }

  private func fits(_ left: inout Int) -> Bool {
    left -= 1 + traces.count
    return left > 0 && fields.values.allSatisfy { $0.fits(&left) }
  }

  /// The same traces, no longer told apart by where they lie.
  var flattened: AbstractValue {
    var result = AbstractValue()
    result.traces = Array(Set(allTraces)).sorted()
    return result
  }

  func union(_ other: AbstractValue) -> AbstractValue {
    if other.isEmpty || self == other { return self }
    if isEmpty { return other }
    var result = self
    if !other.traces.isEmpty {
      result.traces = Self.merged(traces, other.traces)
    }
    for (name, value) in other.fields {
      result.fields[name] = result.fields[name].map { $0.union(value) } ?? value
    }
    return result
  }

  /// Both sorted lists as one.
  private static func merged(_ first: [Trace], _ second: [Trace]) -> [Trace] {
    if first.isEmpty || first == second { return second }
    var merged: [Trace] = []
    merged.reserveCapacity(first.count + second.count)
    var (one, other) = (first[...], second[...])
    while let left = one.first, let right = other.first {
      if left == right { other.removeFirst() }
      merged.append(right < left ? other.removeFirst() : one.removeFirst())
    }
    return merged + one + other
  }

  /// The value with the fields of another laid over its own.
  func overlaid(with other: AbstractValue) -> AbstractValue {
    var result = union(AbstractValue(traces: other.traces))
    result.fields.merge(other.fields) { $1 }
    return result
  }

  func selecting(_ path: [PathComponent]) -> AbstractValue {
    path.reduce(self) { $0.selecting($1) }
  }

  private func selecting(_ component: PathComponent) -> AbstractValue {
    if isEmpty { return self }
    switch component {
    case .field(let name):
      if let field = fields[name] { return field }
    case .index(let index):
      if let field = fields[String(index)] { return field }
    case .every, .element, .some:
      break
    }
    var result = AbstractValue(traces: traces).mapTraces { trace in
      trace.path.append(component)
      // A part of nothing is nothing, however the whole would read.
      if !trace.absence.isEmpty { trace.absence = .null }
    }
    switch component {
    case .every, .element, .some:
      for value in fields.values { result = result.union(value) }
    case .field, .index:
      break
    }
    return result
  }

  /// The value after `value` was written at `path`; an empty path replaces it.
  func writing(_ value: AbstractValue, at path: ArraySlice<PathComponent>) -> AbstractValue {
    guard let first = path.first else { return value }
    let name: String
    switch first {
    case .field(let field): name = field
    case .index(let index): name = String(index)
    case .every, .element, .some: return union(value)
    }
    var result = self
    let inner = path.dropFirst().isEmpty ? AbstractValue.empty : selecting([first])
    result.fields[name] = inner.writing(value, at: path.dropFirst())
    if traces.isEmpty, result.fields[name]?.isEmpty == true { result.fields[name] = nil }
    return result
  }

  /// Whether it carries one of some outputs.
  func holds(_ isMeant: (Int) -> Bool) -> Bool {
    traces.contains { isMeant($0.output) } || fields.values.contains { $0.holds(isMeant) }
  }

  /// Changes the traces of some outputs: of a value of many fields few are concerned.
  func mapTraces(of isMeant: (Int) -> Bool, _ change: (inout Trace) -> Void) -> AbstractValue {
    var result = self
    if traces.contains(where: { isMeant($0.output) }) {
      result.traces =
        AbstractValue(traces: traces).mapTraces { if isMeant($0.output) { change(&$0) } }.traces
    }
    for (name, field) in fields where field.holds(isMeant) {
      result.fields[name] = field.mapTraces(of: isMeant, change)
    }
    return result
  }

  func mapTraces(_ change: (inout Trace) -> Void) -> AbstractValue {
    var result = AbstractValue()
    result.traces = Array(
      Set(
        traces.map { trace in
          var changed = trace
          change(&changed)
          return changed
        })
    ).sorted()
    result.fields = fields.mapValues { $0.mapTraces(change) }
    return result
  }
}

/// One way an output reaches a value.
struct Trace: Sendable, Hashable, Comparable {
  /// Index of the output.
  var output: Int
  /// What of it: the text itself, or the service's answer about it.
  var part: Part
  /// Which part of the answer.
  var path: [PathComponent]
  var derivation: Derivation = .exact
  /// How an absent certificate reads at this point.
  var absence: Absence = .null
  /// Only how many or how long it is.
  var isCount = false
  /// A part was cut out of it.
  var isCut = false
  /// The certificate was there when this was written: whoever reads it reads it later.
  var isProven = false
  /// It belongs to an answer that is an error where the certificate is not there, and nobody has looked which it is.
  var isOfWait = false

  enum Part: UInt8, Sendable {
    case text, answer
  }

  static func < (left: Trace, right: Trace) -> Bool {
    let (one, other) = (left.rank, right.rank)
    if one != other { return one < other }
    for (first, second) in zip(left.path, right.path) where first != second {
      return first.precedes(second)
    }
    if left.path.count != right.path.count { return left.path.count < right.path.count }
    return left.absence.precedes(right.absence)
  }

  /// What counts before the path.
  private var rank: (Int, UInt8, Int, Int, Int) {
    (
      output, part.rawValue, Int(derivation.rawValue), absence.isNull ? 1 : 0,
      (isCount ? 1 : 0) + (isProven ? 2 : 0) + (isCut ? 4 : 0) + (isOfWait ? 8 : 0)
    )
  }
}

extension PathComponent {
  fileprivate func precedes(_ other: PathComponent) -> Bool {
    switch (self, other) {
    case (.field(let name), .field(let second)):
      name.utf8.lexicographicallyPrecedes(second.utf8)
    case (.index(let index), .index(let second)): index < second
    default: kind < other.kind
    }
  }

  private var kind: Int {
    switch self {
    case .field: 0
    case .index: 1
    case .every: 2
    case .element: 3
    case .some: 4
    }
  }
}

/// How far a text is from the bytes that were certified.
enum Derivation: UInt8, Sendable, Comparable {
  /// The same bytes, perhaps wrapped.
  case exact
  /// Another format of the same content.
  case formatted
  /// New text, made by a model.
  case rewritten

  static func < (left: Derivation, right: Derivation) -> Bool { left.rawValue < right.rawValue }
}

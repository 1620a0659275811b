import Expressions
import Rules
import SourceText

/// Tells what reading a part of an answer means, by the names of one protocol.
struct FacetReader: Sendable {
  let protocolDocument: VerificationProtocol
  let claims: ClaimReader
  private let names: Deferred<Names>

  /// The protocol's names, folded; most runs meet the answers of one protocol at most.
  private struct Names {
    var simple: [String: Facet] = [:]
    var dotted: [(parts: [String], facet: Facet)] = []
    let subject: Set<String>
    let parts: Set<String>

    init(of document: VerificationProtocol) {
      subject = Set(document.subject.map(KeyName.folded))
      parts = Set(document.parts.map(KeyName.folded))
      for facet in Facet.allCases {
        for field in document.facets[facet]?.fields ?? [] {
          let parts = field.parts(by: ".").map { KeyName.folded($0) }
          if parts.count == 1 {
            simple[parts[0]] = simple[parts[0]] ?? facet
          } else {
            dotted.append((parts, facet))
          }
        }
      }
    }
  }

  init(_ protocolDocument: VerificationProtocol) {
    self.protocolDocument = protocolDocument
    claims = ClaimReader(protocolDocument.claims)
    names = Deferred { Names(of: protocolDocument) }
  }

  /// The facet of the part a trace points to; `nil` for a whole answer, which holds every facet.
  func facet(of trace: Trace) -> Facet? {
    if trace.isCount { return .completion }
    if trace.part == .text { return .content }
    if trace.path.isEmpty { return nil }
    let names = names.value
    var path: [String] = []
    for component in trace.path {
      if case .field(let name) = component { path.append(KeyName.folded(name)) }
    }
    let last = path.last ?? ""
    while let name = path.last {
      for (parts, facet) in names.dotted where path.suffix(parts.count).elementsEqual(parts) {
        return facet
      }
      if let facet = names.simple[name] { return facet }
      if names.subject.contains(name) { return .content }
      path.removeLast()
    }
    // What a service wraps its answer in is the answer.
    if Self.envelopes.contains(last) { return nil }
    return protocolDocument.proof == .verdicts ? .verdict : .content
  }

  /// Whether a trace points to something that the generated text itself says, by a name of its author's own.
  func isOwnField(_ trace: Trace) -> Bool {
    let names = names.value
    guard facet(of: trace) == .content, case .field(let last)? = trace.path.last,
      names.simple[KeyName.folded(last)] == nil, !Self.envelopes.contains(KeyName.folded(last))
    else { return false }
    return trace.path.dropLast().contains { component in
      guard case .field(let name) = component else { return false }
      return names.simple[KeyName.folded(name)] == .content
        || names.subject.contains(KeyName.folded(name))
    }
  }

  /// How a trace picks among the pieces of an output; `nil` where it speaks of the whole.
  func piece(in trace: Trace) -> PathComponent? {
    if protocolDocument.parts.isEmpty { return nil }
    for (component, next) in zip(trace.path, trace.path.dropFirst()) {
      guard case .field(let name) = component, names.value.parts.contains(KeyName.folded(name))
      else { continue }
      switch next {
      case .index, .some, .element: return next
      case .field, .every: return nil
      }
    }
    return nil
  }

  /// What the name alone would be read as, wherever it comes from.
  func facet(named path: [PathComponent]) -> Facet? {
    guard case .field(let name)? = path.last else { return nil }
    return names.value.simple[KeyName.folded(name)]
  }

  /// Whether the protocol names no field of this facet.
  func knowsNothing(of facet: Facet) -> Bool {
    facet != .content && protocolDocument.facets[facet]?.fields.isEmpty != false
  }

  /// Whether an answer of the protocol can show its proof, now or later: elsewhere nothing is waited for.
  var hasOwnProof: Bool {
    !protocolDocument.awaits.isEmpty
      || !knowsNothing(of: protocolDocument.proof == .verdicts ? .verdict : .certificate)
  }

  func probes(for facet: Facet) -> Probes {
    let names = protocolDocument.facets[facet]
    return Probes(
      negative: (names?.negative ?? []).map(Probe.init),
      positive: (names?.positive ?? []).map(Probe.init),
      inconclusive: (names?.inconclusive ?? []).map(Probe.init))
  }

  struct Probes {
    var negative: [Probe]
    var positive: [Probe]
    var inconclusive: [Probe]
  }

  private static let envelopes: Set<String> = [
    "body", "data", "response", "responsebody", "json", "payload",
  ]
}

extension Probe {
  init(_ literal: VerificationProtocol.Literal) {
    switch literal {
    case .null: self = .null
    case .text(let text): self = .text(text)
    case .number(let number): self = .number(number)
    case .bool(let bool): self = .bool(bool)
    }
  }
}

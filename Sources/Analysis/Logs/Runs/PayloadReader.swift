import EventLogs
import Rules

/// Reads a call's payload by what the protocols say of its fields.
struct PayloadReader: Sendable {
  /// The canonical fields of an output's hash and of its certificate.
  let outputField: String
  let certificateField: String
  private let outputs: Set<String>
  private let requests: Set<String>
  private let certificates: Set<String>
  /// Names inside an object that a certificate's name leads to.
  private let innerCertificates: Set<String>
  private let states: Set<String>
  private let contents: Set<String>
  /// Names that say something about an output and are no content of it.
  private let circumstances: Set<String>
  private let provisional: Set<String>

  private static let deepest = 6
  private static let most = 200
  /// A shorter text may stand anywhere by chance.
  private static let telling = 16

  init(
    protocols: [VerificationProtocol], fields: [String: [String]],
    identities: [EventIdentity: String]
  ) {
    func names(_ identity: EventIdentity) -> Set<String> {
      guard let field = identities[identity] else { return [] }
      return Set(([field] + (fields[field] ?? [])).filter { !$0.contains(".") }.map(KeyName.folded))
    }
    func facet(_ facet: Facet) -> [String] {
      protocols.flatMap { $0.facets[facet]?.fields ?? [] }
    }
    outputField = identities[.output] ?? "output"
    certificateField = identities[.certificate] ?? "certificate"
    outputs = names(.output)
    requests = names(.request)
    let proofs = facet(.certificate) + (identities[.certificate].flatMap { fields[$0] } ?? [])
    certificates = names(.certificate).union(
      proofs.map { KeyName.folded($0.split(separator: ".").first ?? "") })
    innerCertificates = names(.certificate).union(
      proofs.compactMap { path in
        let parts = path.split(separator: ".")
        return parts.count > 1 ? parts.last.map { KeyName.folded($0) } : nil
      })
    states = Set(facet(.state).map(KeyName.folded))
    contents = Set(facet(.content).map(KeyName.folded))
    let others: [Facet] = [
      .certificate, .state, .completion, .confidence, .identity, .version, .digest,
    ]
    circumstances = Set(others.flatMap(facet).map(KeyName.folded))
    provisional = Set(
      protocols.flatMap { $0.facets[.state]?.negative ?? [] }.compactMap { literal in
        if case .text(let text) = literal, !text.isEmpty { text.lowercased() } else { nil }
      })
  }

  /// Every object inside a payload that speaks of an output.
  func answers(in item: JSONItem?) -> [Answer] {
    var found: [Answer] = []
    var budget = Self.most
    if let item { collect(item, 0, &found, &budget) }
    return found
  }

  private func collect(
    _ item: JSONItem, _ depth: Int, _ found: inout [Answer], _ budget: inout Int
  ) {
    budget -= 1
    guard budget > 0, depth <= Self.deepest, let value = item.unwrapped else { return }
    if value.isObject, let answer = answer(value) { found.append(answer) }
    for child in value.children { collect(child, depth + 1, &found, &budget) }
  }

  private func answer(_ object: JSONItem) -> Answer? {
    var answer = Answer(object: object)
    var speaks = false
    for member in object.members {
      let name = KeyName.folded(member.key)
      if outputs.contains(name), let text = member.scalar, !text.isEmpty {
        answer.output = text
        speaks = true
      } else if requests.contains(name), let text = member.scalar, !text.isEmpty {
        answer.request = text
        speaks = true
      }
      if certificates.contains(name) {
        switch member.kind {
        case .null: answer.saysNoCertificate = true
        case .text, .number: note(member.scalar ?? "", &answer)
        case .object:
          for inner in member.members where innerCertificates.contains(KeyName.folded(inner.key)) {
            if inner.isNull {
              answer.saysNoCertificate = true
            } else {
              note(inner.scalar ?? "", &answer)
            }
          }
        case .yes, .no, .list: break
        }
        if answer.certificate != nil || answer.saysNoCertificate { speaks = true }
      }
      if states.contains(name), let text = member.scalar?.lowercased() {
        answer.isProvisional = provisional.contains(text)
      }
    }
    return speaks ? answer : nil
  }

  private func note(_ certificate: String, _ answer: inout Answer) {
    if certificate.isEmpty {
      answer.saysNoCertificate = true
    } else {
      answer.certificate = certificate
    }
  }

  /// What an answer consists of: its content's texts, by the names of their fields.
  func content(of object: JSONItem) -> [Content] {
    var found: [Content] = []
    for member in object.members where !circumstances.contains(KeyName.folded(member.key)) {
      gather(member, KeyName.folded(member.key), 0, &found)
    }
    return found
  }

  private func gather(_ item: JSONItem, _ name: String, _ depth: Int, _ found: inout [Content]) {
    if found.count >= Self.most || depth > Self.deepest { return }
    if item.isObject || item.isList {
      for child in item.children {
        gather(child, item.isList ? name : KeyName.folded(child.key), depth + 1, &found)
      }
    } else if let text = item.text, text.utf8.count >= 2 {
      found.append(Content(name: name, text: text, isTelling: text.utf8.count >= Self.telling))
    }
  }

  /// A text of an answer.
  struct Content: Sendable {
    var name: String
    var text: String
    /// It is long enough to be known wherever it stands.
    var isTelling: Bool
  }
}

/// What a payload says of one output.
struct Answer: Sendable {
  var object: JSONItem
  var output: String?
  var request: String?
  var certificate: String?
  /// The certificate's field is there, and empty.
  var saysNoCertificate = false
  var isProvisional = false

  /// It came into being and has no proof yet.
  var isUnproven: Bool { certificate == nil && (isProvisional || saysNoCertificate) }
}

import SourceText

/// One of the program's own documents, which are known to be sound: its parts are decoded when they are asked for.
///
/// It is written plainly: the document's keys begin their lines, what selects a rule is a plain scalar beside its key, and an
/// anchor is named only under the key where it stands.
struct EmbeddedDocument: Sendable {
  private let path: String
  private let bytes: [UInt8]

  private init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  init(path: String, text: String) {
    self.init(path: "rules/" + path, bytes: Array(text.utf8))
  }

  /// The document with its lines, which few documents are asked for.
  var file: SourceFile { SourceFile(path: path, bytes: bytes) }

  /// The keys of the document, each with the bytes from its line to the next key's.
  private var sections: [(key: ArraySlice<UInt8>, bytes: ArraySlice<UInt8>)] {
    var found: [(key: ArraySlice<UInt8>, bytes: ArraySlice<UInt8>)] = []
    var line = bytes.startIndex
    while line < bytes.endIndex {
      let end = ByteSearch.first(0x0A, in: bytes, from: line).map { $0 + 1 } ?? bytes.endIndex
      let isKey = UInt8(ascii: "a")...UInt8(ascii: "z") ~= bytes[line]
      if isKey, let colon = bytes[line..<end].firstIndex(of: UInt8(ascii: ":")) {
        found.append((bytes[line..<colon], bytes[line..<end]))
      } else if let last = found.indices.last {
        found[last].bytes = bytes[found[last].bytes.startIndex..<end]
      }
      line = end
    }
    return found
  }

  /// The rule that the document is, its page unread; `nil` for another kind of document.
  var rule: Rule? {
    var head = Rule.Head()
    var check: [UInt8] = []
    for (key, bytes) in sections {
      let value = { String(decoding: bytes.dropFirst(key.count + 2).dropLast(), as: UTF8.self) }
      switch String(decoding: key, as: UTF8.self) {
      case "id": head.id = value()
      case "name": head.name = value()
      case "severity": head.severity = Level(rawValue: value()) ?? head.severity
      case "opt-in": head.isOptIn = value() == "true"
      case let key:
        guard let kind = Rule.Kind(rawValue: key) else { break }
        head.kind = head.kind == .linter ? kind : .mixed
        check += bytes
      }
    }
    guard !head.id.isEmpty else { return nil }
    let checks = part(check)
    return Rule(
      head, page: Deferred { read(ruleShape)?.page ?? Rule.Page() },
      check: Deferred { checks.read(ruleShape)?.check ?? .linter(.unreadableInput) })
  }

  /// The protocol that the document is, its names for events and its certificates unread; `nil` for another kind of document.
  var verificationProtocol: VerificationProtocol? {
    let sections = sections
    guard sections.first?.key.elementsEqual("protocol".utf8) == true else { return nil }
    let events = sections.first { $0.key.elementsEqual("events".utf8) }
    let certificate = sections.first { $0.key.elementsEqual("certificate".utf8) }
    let rest = sections.filter {
      !$0.key.elementsEqual("events".utf8) && !$0.key.elementsEqual("certificate".utf8)
    }
    var value = part(rest.flatMap(\.bytes)).read(protocolShape)
    if let events {
      let part = part(Array(events.bytes))
      value?.deferredEvents = Deferred { part.read(eventNamesShape, under: "events") ?? .init() }
    }
    if let certificate {
      let part = part(Array(certificate.bytes))
      value?.deferredCertificate = Deferred {
        part.read(Shape<CertificateModel>.certificateModel, under: "certificate")
      }
    }
    return value
  }

  /// The integration that the document is; `nil` for another kind of document.
  var integration: Integration? { read(integrationShape) }

  private func part(_ bytes: [UInt8]) -> EmbeddedDocument {
    EmbeddedDocument(path: path, bytes: bytes)
  }

  /// What the document says, or what it says under one of its keys.
  private func read<Value>(_ shape: Shape<Value>, under key: String? = nil) -> Value? {
    let file = file
    var reading = DocumentReading(file: file, isTrusted: true)
    let document = YAMLReader.read(file).documents.first
    let node = key.map { document?[$0] } ?? document
    return node.flatMap { shape.read($0, &reading) }
  }
}

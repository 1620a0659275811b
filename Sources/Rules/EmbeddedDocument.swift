import SourceText

/// One of the program's own documents, which are known to be sound: its parts are decoded when they are asked for.
///
/// It is written plainly: the document's keys begin their lines, and what selects a rule is a plain scalar beside its key.
struct EmbeddedDocument: Sendable {
  let file: SourceFile

  init(path: String, text: String) {
    file = SourceFile(path: "rules/" + path, bytes: Array(text.utf8))
  }

  /// The keys of the document, each with the bytes from its line to the next key's.
  private var sections: [(key: ArraySlice<UInt8>, bytes: ArraySlice<UInt8>)] {
    let bytes = file.bytes
    var found: [(key: ArraySlice<UInt8>, bytes: ArraySlice<UInt8>)] = []
    var line = bytes.startIndex
    while line < bytes.endIndex {
      let end = bytes[line...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.endIndex
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
      }
    }
    guard !head.id.isEmpty else { return nil }
    return Rule(head) { [file] in
      var reading = DocumentReading(file: file, isTrusted: true)
      let document = YAMLReader.read(file).documents.first
      return document.flatMap { ruleShape.read($0, &reading)?.page } ?? Rule.Page()
    }
  }

  /// The protocol that the document is, its names for events and its certificates unread; `nil` for another kind of document.
  var verificationProtocol: VerificationProtocol? {
    let sections = sections
    guard sections.first?.key.elementsEqual("protocol".utf8) == true else { return nil }
    let events = sections.first { $0.key.elementsEqual("events".utf8) }
    let certificate = sections.first { $0.key.elementsEqual("certificate".utf8) }
    let rest = sections.filter {
      !$0.key.elementsEqual("events".utf8) && !$0.key.elementsEqual("certificate".utf8)
    }.flatMap(\.bytes)
    let calls = SourceFile(path: file.path, bytes: rest)
    var reading = DocumentReading(file: calls, isTrusted: true)
    let document = YAMLReader.read(calls).documents.first
    var value = document.flatMap { protocolShape.read($0, &reading) }
    if let events {
      let file = SourceFile(path: file.path, bytes: Array(events.bytes))
      value?.deferredEvents = Deferred {
        var reading = DocumentReading(file: file, isTrusted: true)
        let names = YAMLReader.read(file).documents.first?["events"]
        return names.flatMap { eventNamesShape.read($0, &reading) } ?? .init()
      }
    }
    if let certificate {
      let file = SourceFile(path: file.path, bytes: Array(certificate.bytes))
      value?.deferredCertificate = Deferred {
        var reading = DocumentReading(file: file, isTrusted: true)
        let model = YAMLReader.read(file).documents.first?["certificate"]
        return model.flatMap { Shape<CertificateModel>.certificateModel.read($0, &reading) }
      }
    }
    return value
  }
}

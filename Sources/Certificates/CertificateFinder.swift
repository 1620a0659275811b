#if Certificates
  package import Rules
  package import SourceText

  /// Finds certificates in JSON, by what they have and never by a file's name.
  package struct CertificateFinder: Sendable {
    private let protocols: [VerificationProtocol]
    /// Made when the first text is asked about.
    private let marks: Deferred<[BytePattern]>

    /// How deep inside a document certificates are looked for: lists, and answers that carry one.
    private static let depth = 3

    /// Takes the protocols that say how they write certificates.
    package init(_ protocols: [VerificationProtocol]) {
      self.protocols = protocols
      marks = Deferred { Self.telltales(protocols).map { BytePattern(Array($0.utf8)) } }
    }

    /// Names of members, one of which stands in every certificate: a text without them holds none.
    package var telltales: [String] { Self.telltales(protocols) }

    private static func telltales(_ protocols: [VerificationProtocol]) -> [String] {
      var names: [String] = []
      for model in protocols.compactMap(\.certificate) {
        guard let mark = model.marks.last else { return [] }
        names += (model.fields[mark] ?? []).map { String($0.lastPart(by: ".")) }
          .filter { !$0.isEmpty }
      }
      return names
    }

    /// Whether a text may hold certificates: JSON, with the name of a member that they all have.
    package func mayHold(_ bytes: [UInt8]) -> Bool {
      guard let first = bytes.first(where: { $0 > 0x20 }) else { return false }
      guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || first == 0xEF else {
        return false
      }
      return marks.value.contains { $0.isFound(in: bytes) }
    }

    /// Whether a text that is too long to be read begins as a certificate does: it names two of what all of them have.
    package func mayBegin(_ head: [UInt8]) -> Bool {
      guard head.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else { return false }
      return protocols.compactMap(\.certificate).contains { model in
        let names = model.marks.flatMap { model.fields[$0] ?? [] }
        return names.count { BytePattern(Array("\"\($0)\"".utf8)).isFound(in: head) } > 1
      }
    }

    /// The certificates in a file.
    package func certificates(in file: SourceFile, _ tree: SourceTree) -> [Certificate] {
      var found: [Certificate] = []
      for document in tree.documents {
        search(document, within: nil, depth: Self.depth, file, tree, &found)
      }
      return found
    }

    /// The one thing that a person calls a certificate: with its hash, whatever else is missing.
    package func certificate(asNamed file: SourceFile, _ tree: SourceTree) -> Certificate? {
      for document in tree.documents {
        for proof in protocols {
          guard let model = proof.certificate else { continue }
          let one = certificate(document, model, proof, within: nil, file, tree)
          if one.text(.hash) != nil { return one }
        }
      }
      return nil
    }

    private func search(
      _ node: Node, within wrapper: Node?, depth: Int, _ file: SourceFile, _ tree: SourceTree,
      _ found: inout [Certificate]
    ) {
      guard depth >= 0 else { return }
      switch node.content {
      case .mapping(let entries):
        for proof in protocols {
          guard let model = proof.certificate, Self.isCertificate(node, model) else { continue }
          found.append(certificate(node, model, proof, within: wrapper, file, tree))
          return
        }
        for entry in entries {
          search(entry.value, within: node, depth: depth - 1, file, tree, &found)
        }
      case .sequence(let items):
        for item in items { search(item, within: nil, depth: depth - 1, file, tree, &found) }
      case .scalar, .alias: break
      }
    }

    private func certificate(
      _ node: Node, _ model: CertificateModel, _ proof: VerificationProtocol,
      within wrapper: Node?, _ file: SourceFile, _ tree: SourceTree
    ) -> Certificate {
      var refusal: CanonicalJSON.Refusal?
      do throws(CanonicalJSON.Refusal) {
        try CanonicalJSON.requireStrict(node, in: file, of: tree)
      } catch {
        refusal = error
      }
      return Certificate(
        node: node, file: file, model: model, threshold: proof.threshold,
        protocolName: proof.name, refusal: refusal, wrapper: wrapper)
    }

    /// Whether an object has all that a certificate has, in its form; an event or an answer that names one has not.
    private static func isCertificate(_ node: Node, _ model: CertificateModel) -> Bool {
      model.marks.allSatisfy { field in
        let part = (model.fields[field] ?? []).lazy.compactMap { FieldPath($0).find(in: node) }
          .first
        guard let value = part?.value else { return false }
        switch field {
        case .hash, .outputHash: return looksLikeHash(value)
        case .signatures: return looksLikeSignatures(value, model)
        default: return !value.isNull
        }
      }
    }

    private static func looksLikeHash(_ node: Node) -> Bool {
      guard case .scalar(let scalar) = node.content, scalar.style == .doubleQuoted else {
        return false
      }
      return scalar.text.utf8.count >= 16 && !scalar.text.contains(" ")
    }

    /// A list of objects with a signature each, or signatures by validator; an empty list is a certificate that
    /// nobody has signed.
    private static func looksLikeSignatures(_ node: Node, _ model: CertificateModel) -> Bool {
      let names = model.signature[.value] ?? []
      func isSigned(_ node: Node) -> Bool {
        names.contains { FieldPath($0).find(in: node) != nil }
      }
      switch node.content {
      case .sequence(let items): return items.isEmpty || items.contains(where: isSigned)
      case .mapping(let entries):
        return !entries.isEmpty && entries.allSatisfy { isSigned($0.value) || $0.value.text != nil }
      case .scalar, .alias: return false
      }
    }
  }
#endif

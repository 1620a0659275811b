#if Certificates
  package import Rules
  package import SourceText

  /// A certificate as its document writes it.
  package struct Certificate: Sendable {
    /// The whole object.
    package let node: Node
    package let file: SourceFile
    /// How its protocol writes certificates.
    package let model: CertificateModel
    /// The protocol's smallest accepted share of the weight.
    package let threshold: Double
    package let protocolName: String
    /// What the tree had to overlook in it, if anything: then it has no canonical form.
    package let refusal: CanonicalJSON.Refusal?
    /// The object around it, which may carry the output.
    package let wrapper: Node?

    /// A part of the certificate, and the keys that lead to it.
    package struct Part: Sendable {
      package var value: Node
      package var path: [String]
    }

    /// The part that a field names, by the first of its names that is there.
    package func part(_ field: CertificateModel.Field) -> Part? {
      (model.fields[field] ?? []).lazy.compactMap { FieldPath($0).find(in: node) }.first
    }

    /// Likewise, `nil` where it is null.
    package func value(_ field: CertificateModel.Field) -> Node? {
      part(field).flatMap { $0.value.isNull ? nil : $0.value }
    }

    package func text(_ field: CertificateModel.Field) -> String? {
      value(field)?.text.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The paths that its hash leaves out.
    package var omitted: [[String]] {
      let own = [CertificateModel.Field.hash, .signatures].compactMap { part($0)?.path }
      return own + model.hashWithout.compactMap { FieldPath($0).find(in: node)?.path }
    }

    /// What it is called: its hash, shortened.
    package var name: String { text(.hash).map(ShortHash.of) ?? "the certificate" }

    /// How findings name it, in a sentence.
    package var title: String {
      text(.hash).map { "the certificate `\(ShortHash.of($0))`" } ?? "the certificate"
    }

    /// The signatures, in the order of the document.
    package var signatures: [Signature] {
      guard let part = part(.signatures) else { return [] }
      let route = part.path.joined(separator: ".")
      if !part.value.items.isEmpty {
        return part.value.items.enumerated().map { index, item in
          Signature(node: item, key: nil, route: "\(route)[\(index)]", model: model)
        }
      }
      return part.value.entries.map { entry in
        Signature(
          node: entry.value, key: entry.key, route: "\(route).\(entry.key.text ?? "")",
          model: model)
      }
    }

    /// The claims with their evidence, in the order of the document.
    package var evidence: [EvidencePiece] {
      guard let part = part(.evidence) else { return [] }
      let route = part.path.joined(separator: ".")
      return part.value.items.enumerated().map { index, item in
        EvidencePiece(node: item, route: "\(route)[\(index)]", model: model)
      }
    }

    /// One signature of the certificate.
    package struct Signature: Sendable {
      package let node: Node
      /// The validator, where signatures stand by validator.
      package let key: Node?
      package let route: String
      let model: CertificateModel

      package func value(_ field: CertificateModel.SignatureField) -> Node? {
        if field == .validator, let key { return key }
        // A text by its validator is the signature itself.
        if field == .value, key != nil, node.text != nil { return node }
        return (model.signature[field] ?? []).lazy.compactMap { FieldPath($0).find(in: node) }
          .first.flatMap { $0.value.isNull ? nil : $0.value }
      }
    }

    /// One claim and what it was judged by.
    package struct EvidencePiece: Sendable {
      package let node: Node
      package let route: String
      let model: CertificateModel

      package func value(_ field: CertificateModel.EvidenceField) -> Node? {
        (model.evidence[field] ?? []).lazy.compactMap { FieldPath($0).find(in: node) }
          .first.flatMap { $0.value.isNull ? nil : $0.value }
      }
    }
  }

  /// The way to a member: names joined by dots, compared without case, `-` and `_`.
  struct FieldPath {
    private let names: [Substring]

    init(_ text: String) { names = text.split(separator: ".") }

    func find(in node: Node) -> Certificate.Part? {
      var part = Certificate.Part(value: node, path: [])
      for name in names {
        let entries = part.value.entries
        // The exact name first: two members may differ in case alone.
        let entry =
          entries.last { $0.key.text.map { $0 == name } ?? false }
          ?? entries.last { $0.key.text.map { KeyName.same($0, String(name)) } ?? false }
        guard let entry, let key = entry.key.text else { return nil }
        part.value = entry.value
        part.path.append(key)
      }
      return part
    }
  }

  /// Hashes as messages say them.
  package enum ShortHash {
    /// The first digits of a long hash: `sha256:1f2e3d4c…`.
    package static func of(_ text: String) -> String {
      let plain = String(
        String.UnicodeScalarView(text.unicodeScalars.filter { $0.isASCII && $0.value > 32 }))
      let mark = plain.lastIndex(of: ":").map { plain.index(after: $0) } ?? plain.startIndex
      guard plain[mark...].count > 16 else { return String(plain.prefix(40)) }
      return plain[..<mark] + plain[mark...].prefix(12) + "…"
    }
  }
#endif

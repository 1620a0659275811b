#if Certificates
  package import SourceText

  /// A statement with what was signed around it.
  package struct Attestation: Sendable {
    package var container: Container
    /// `nil` for a signature over a file, and for payloads of other kinds.
    package var statement: Statement?
    package var predicate: Predicate
    /// Where it stands in its file.
    package var range: ByteRange

    package enum Container: Sendable {
      case bare
      case envelope(Envelope)
      case bundle(SigstoreBundle)
    }

    /// What findings point at for something that stands inside: the payload, where it is encoded.
    package func place(of inside: ByteRange) -> ByteRange {
      switch container {
      case .bare: inside
      case .envelope(let envelope): envelope.isMetablock ? inside : envelope.payloadRange
      case .bundle(let bundle):
        switch bundle.content {
        case .envelope(let envelope): envelope.payloadRange
        case .message(let digest, _, _): digest.range
        }
      }
    }

    package var isBare: Bool {
      if case .bare = container { true } else { false }
    }
  }

  /// The attestations of a file, and what in it is refused.
  package struct AttestationFile: Sendable {
    package private(set) var attestations: [Attestation] = []
    package private(set) var refusals: [Refusal] = []

    /// Words of which one stands in every file that may be one; a search for them is all that other files cost.
    package static let marks = [
      "\"payloadType\"", "in-toto.io/Statement/", "vnd.dev.sigstore.bundle",
      "\"verificationMaterial\"", "\"byproducts\"",
    ]

    /// Reads the documents of a file that are attestations; `nil` where none is.
    package init?(_ file: SourceFile, documents: [Node]) {
      let own = documents.filter(Self.recognises)
      guard !own.isEmpty else { return nil }
      for document in own {
        do throws(Refusal) {
          try read(document, in: file)
        } catch {
          refusals.append(error)
        }
      }
    }

    /// Whether an object is an envelope, a bundle or a statement.
    package static func recognises(_ node: Node) -> Bool {
      node.isObject
        && (Envelope.recognises(node) || SigstoreBundle.recognises(node)
          || Statement.recognises(node) || Metablock.recognises(node))
    }

    private mutating func read(_ document: Node, in file: SourceFile) throws(Refusal) {
      let range = document.range
      let text = Array(file.bytes[range.start..<min(range.end, file.bytes.count)])
      do throws(Refusal) {
        _ = try StrictJSON.read(text, path: file.path)
      } catch {
        var refusal = error
        refusal.range = error.range.map { ByteRange(range.start + $0.start, range.start + $0.end) }
        throw refusal
      }
      if SigstoreBundle.recognises(document) {
        let bundle = try SigstoreBundle(document)
        guard case .envelope(let envelope) = bundle.content else {
          attestations.append(
            Attestation(
              container: .bundle(bundle), statement: nil, predicate: .other, range: range))
          return
        }
        try add(envelope, .bundle(bundle), range)
      } else if Envelope.recognises(document) {
        let envelope = try Envelope(document)
        try add(envelope, .envelope(envelope), range)
      } else if Metablock.recognises(document) {
        let envelope = try Envelope(metablock: document)
        guard let signed = document["signed"], envelope.payloadType == "link" else {
          attestations.append(
            Attestation(
              container: .envelope(envelope), statement: nil, predicate: .other, range: range))
          return
        }
        let (statement, predicate) = try Self.link(signed)
        attestations.append(
          Attestation(
            container: .envelope(envelope), statement: statement, predicate: predicate,
            range: range))
      } else {
        let statement = try Statement(document)
        attestations.append(
          Attestation(
            container: .bare, statement: statement, predicate: try Predicate(statement),
            range: range))
      }
    }

    private mutating func add(
      _ envelope: Envelope, _ container: Attestation.Container, _ range: ByteRange
    ) throws(Refusal) {
      var statement: Statement?
      var predicate = Predicate.other
      do throws(Refusal) {
        if let node = try Self.payload(of: envelope) {
          if node["_type"]?.quotedText == "link" {
            (statement, predicate) = try Self.link(node)
          } else if node["_type"]?.quotedText != "layout" {
            let own = try Statement(node)
            predicate = try Predicate(own)
            statement = own
          }
        }
      } catch {
        throw Refusal("in the payload: \(error.words)", hint: error.hint, at: envelope.payloadRange)
      }
      attestations.append(
        Attestation(container: container, statement: statement, predicate: predicate, range: range))
    }

    /// The payload of an envelope that says to hold a statement; links and layouts of the older in-toto share its type.
    private static func payload(of envelope: Envelope) throws(Refusal) -> Node? {
      guard envelope.payloadType == Envelope.statementType else {
        // Another reader would take it for what it says to be, and not for a statement.
        if let node = try? StrictJSON.read(envelope.payload, path: "payload"),
          Statement.recognises(node)
        {
          throw Refusal(
            "there is a statement, and `payloadType` says `\(envelope.payloadType)`",
            hint: "a statement is signed as `\(Envelope.statementType)`")
        }
        return nil
      }
      return try StrictJSON.read(envelope.payload, path: "payload")
    }

    /// A link of the older in-toto: its products are what it speaks of.
    private static func link(_ node: Node) throws(Refusal) -> (Statement, Predicate) {
      let products = try files(node["products"])
      let materials = try files(node["materials"])
      return (
        Statement(
          predicateType: "\(Predicate.linkType)0", subjects: products, predicate: nil, root: node),
        .link(Link(materials: materials))
      )
    }

    /// Files by name, each with its digests.
    private static func files(_ node: Node?) throws(Refusal) -> [Resource] {
      guard let node, !node.isNull else { return [] }
      guard node.isObject else {
        throw Refusal("`materials` and `products` are objects", at: node.range)
      }
      var files: [Resource] = []
      for entry in node.entries {
        let digests = try Resource.digests(entry.value)
        files.append(
          Resource(name: entry.key.text ?? "", digests: digests, range: entry.key.range))
      }
      return files
    }
  }
#endif

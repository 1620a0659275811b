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
      case .envelope(let envelope): envelope.payloadRange
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
      "\"verificationMaterial\"",
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
          || Statement.recognises(node))
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
        statement = try Self.statement(in: envelope)
        if let statement { predicate = try Predicate(statement) }
      } catch {
        throw Refusal("in the payload: \(error.words)", hint: error.hint, at: envelope.payloadRange)
      }
      attestations.append(
        Attestation(container: container, statement: statement, predicate: predicate, range: range))
    }

    /// The statement in a payload that says to hold one.
    private static func statement(in envelope: Envelope) throws(Refusal) -> Statement? {
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
      let node = try StrictJSON.read(envelope.payload, path: "payload")
      // Links and layouts of the older in-toto share the payload type, and nothing is asked of them.
      if ["link", "layout"].contains(node["_type"]?.quotedText) { return nil }
      return try Statement(node)
    }
  }
#endif

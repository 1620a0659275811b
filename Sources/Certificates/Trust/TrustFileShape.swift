#if Certificates
  package import Rules
  package import SourceText

  extension TrustFile {
    /// Reads a trust file; what is wrong with it is located and explained.
    package static func read(_ file: SourceFile) -> (trust: TrustFile?, problems: [DocumentProblem])
    {
      let tree = YAMLReader.read(file)
      var reading = DocumentReading(file: file)
      for problem in tree.problems {
        reading.report(problem.message, hint: problem.hint, at: problem.range)
      }
      for extra in tree.documents.dropFirst() {
        reading.report("a trust file is one document", at: extra)
      }
      guard !reading.failed else { return (nil, reading.problems) }
      guard let document = tree.documents.first, !document.isNull else {
        reading.report(
          "the trust file is empty", hint: "`mira-lint schema trust` says what it holds",
          at: ByteRange(0, 0))
        return (nil, reading.problems)
      }
      let trust = Shape<TrustFile>.trustFile.read(document, &reading)
      return (reading.failed ? nil : trust, reading.problems)
    }

    /// The JSON Schema of the file.
    package static var schema: String {
      DocumentSchema.text(of: .trustFile, title: "A trust file of mira-lint")
    }
  }

  extension Shape where Value == TrustFile {
    /// A trust file.
    static var trustFile: Shape {
      .record(
        "a trust file", TrustFile(),
        [
          .required("trust", { $0.name = $1 }, .text, "The file's name: whose trust it tells of."),
          .optional(
            "attestors", { $0.attestors = $1 }, .list(of: .attestor), "Whose attestations count."),
          .optional(
            "sigstore-root", { $0.sigstoreRootPath = $1 }, .text,
            "Sigstore's `trusted_root.json`, from this file's folder; or several, one on each line."
          ),
          .optional(
            "validator-sets", { $0.sets = $1 },
            Shape<[TrustFile.ValidatorSet]>.list(of: .validatorSet, atLeast: 1),
            "The sets of validators."),
          .optional(
            "policy", { $0.policy = $1 }, .certificatePolicy,
            "What is asked of quorums and evaluations, beyond the protocol."),
          .optional("deployed", { $0.deployed = $1 }, deployment, "What is in service now."),
        ]
      ).then { trust, node, reading in
        let says = ["validator-sets", "attestors", "sigstore-root", "policy", "deployed"]
        if !reading.failed, !says.contains(where: { node[$0] != nil }) {
          reading.report(
            "a trust file needs one of the keys `validator-sets`, `attestors`, `sigstore-root`, `policy`, `deployed`",
            hint: "without them it says nothing", at: node.entries.first?.key ?? node)
        }
        reportTwins(trust.sets.map(\.id), in: node["validator-sets"], what: "set", &reading)
        return trust
      }
    }

    private static var deployment: Shape<TrustFile.Deployment> {
      .record(
        "a deployment", TrustFile.Deployment(),
        [
          .optional(
            "model", { $0.model = $1 }, .text,
            "The model; certificates of other models are left alone."),
          .optional("model-version", { $0.modelVersion = $1 }, .scalarText, "The model's version."),
          .optional("epoch", { $0.epoch = $1 }, .scalarText, "The epoch of the validators."),
        ])
    }

    fileprivate static func reportTwins(
      _ names: [String], in list: Node?, what: String, _ reading: inout DocumentReading
    ) {
      var seen: Set<String> = []
      for (index, name) in names.enumerated() where !seen.insert(name).inserted {
        let items = list?.items ?? []
        guard items.indices.contains(index) else { continue }
        reading.report(
          "there are two \(what)s `\(name)`", hint: "one of the two needs another name",
          at: items[index]["id"] ?? items[index])
      }
    }
  }

  extension Shape where Value == TrustFile.ValidatorSet {
    static var validatorSet: Shape {
      .record(
        "a set of validators", TrustFile.ValidatorSet(),
        [
          .required("id", { $0.id = $1 }, .scalarText, "The set's name, as certificates write it."),
          .optional(
            "threshold", { $0.threshold = $1 }, .share,
            "The share of its weight that a certificate needs; the protocol's where it is absent."),
          .optional(
            "epochs", { $0.epochs = $1 }, .epochs, "The epochs that it decides in; all by default."),
          .optional(
            "policy", { $0.policy = $1 }, .certificatePolicy, "What is asked of its quorums."),
          .required(
            "validators", { $0.validators = $1 },
            Shape<[TrustFile.Validator]>.list(of: .validator, atLeast: 1), "Its validators."),
        ]
      ).then { set, node, reading in
        Shape<TrustFile>.reportTwins(
          set.validators.map(\.id), in: node["validators"], what: "validator", &reading)
        if let threshold = set.threshold, threshold <= 0 {
          reading.report(
            "a threshold of 0 is reached by anybody's signature",
            hint: "write the share that must agree, such as `2/3`", at: node["threshold"] ?? node)
        }
        if !set.validators.reduce(0, { $0 + $1.weight }).isFinite {
          reading.report(
            "the weights of its validators are too large to be added up",
            hint: "only their proportions count", at: node["validators"] ?? node)
        }
        var keys: [PublicKey: String] = [:]
        let items = node["validators"]?.items ?? []
        for (validator, item) in zip(set.validators, items) {
          guard let key = validator.key else { continue }
          if let other = keys.updateValue(validator.id, forKey: key), other != validator.id {
            reading.report(
              "`\(validator.id)` has the key of `\(other)`",
              hint: "one key is one voice: its signature would count twice",
              at: item["key"] ?? item)
          }
        }
        return set
      }
    }
  }

  extension Shape where Value == TrustFile.Validator {
    static var validator: Shape {
      Shape.record(
        "a validator", TrustFile.Validator(),
        [
          .required("id", { $0.id = $1 }, .scalarText, "Its name, as signatures write it."),
          .required(
            "key", { $0.key = $1 }, Shape<PublicKey>.publicKey.map { Optional($0) },
            "Its public key: PEM, or Base64 of the raw key (Ed25519 or ECDSA P-256)."),
          .optional(
            "weight", { $0.weight = $1 }, .number, "Its weight, in any unit; 1 where it is absent."),
          .optional("family", { $0.family = $1 }, .text, "The model family that it runs."),
          .optional("operator", { $0.operatorName = $1 }, .text, "Who runs it."),
          .optional("epochs", { $0.epochs = $1 }, .epochs, "The epochs that its key counts in."),
          .optional("from", { $0.from = $1 }, .moment, "From when its key counts."),
          .optional("until", { $0.until = $1 }, .moment, "Until when its key counts."),
          .optional(
            "revoked", { $0.revocation = $1 }, .revocation,
            "Since when its key is revoked; `true` where nobody knows."),
        ]
      ).then { validator, node, reading in
        if validator.weight < 0 || !validator.weight.isFinite {
          reading.report("a weight is no less than 0", at: node["weight"] ?? node)
        }
        if let from = validator.from, let until = validator.until,
          until.nanoseconds <= from.nanoseconds
        {
          reading.report("it ends before it begins", at: node["until"] ?? node)
        }
        return validator
      }
    }
  }

  extension Shape where Value == PublicKey {
    static var publicKey: Shape {
      Shape<String>.text.then { text, node, reading in
        do throws(PublicKey.Problem) {
          return try PublicKey(text: text)
        } catch {
          switch error {
          case .unsupported(let words): reading.report(words, at: node)
          case .malformed(let words):
            reading.report(
              "this is no public key: \(words)",
              hint: "`openssl pkey -in KEY -pubout` prints it as PEM", at: node)
          case .privateKey:
            reading.report(
              "this is a private key, which nobody but its owner may hold",
              hint: "put the public key here, and replace the pair: it has been in a file", at: node
            )
          }
          return nil
        }
      }
    }
  }

  extension Shape where Value == Moment {
    static var moment: Shape {
      Shape(schema: ["type": .array(["string", "number"])]) { node, reading in
        if let text = node.text, let moment = Moment(text) { return moment }
        reading.expected("a time such as `2026-02-01T12:00:00Z` or `2026-02-01`", at: node)
        return nil
      }
    }
  }

  extension Shape where Value == TrustFile.Revocation {
    static var revocation: Shape {
      Shape(schema: ["type": .array(["string", "number", "boolean"])]) { node, reading in
        if case .bool(let isRevoked)? = node.literal {
          if isRevoked { return .always }
          reading.report("a key that is not revoked needs no `revoked`", at: node)
          return nil
        }
        if let text = node.text, let moment = Moment(text) { return .since(moment) }
        reading.expected("a time such as `2026-02-01T12:00:00Z`, or `true`", at: node)
        return nil
      }
    }
  }

  extension Shape where Value == [EpochRange] {
    /// One epoch, a range `50..60`, or a list of them.
    static var epochs: Shape {
      let range = Shape<String>.scalarText.then { text, node, reading -> EpochRange? in
        let mark = ["..", "…"].lazy.compactMap { text.firstRange(of: $0) }.first
        guard let mark else { return EpochRange(first: EpochName(text), last: EpochName(text)) }
        let first = EpochName(String(text[..<mark.lowerBound]))
        let last = EpochName(String(text[mark.upperBound...]))
        guard first.prefix == last.prefix, let low = first.number, let high = last.number,
          low <= high
        else {
          reading.expected("an epoch, or a range such as `50..60` or `ep-050..ep-060`", at: node)
          return nil
        }
        return EpochRange(first: first, last: last)
      }
      return .oneOrMore(of: range)
    }
  }

  extension String {
    fileprivate func firstRange(of mark: String) -> Range<Index>? {
      var index = startIndex
      while index < endIndex {
        if self[index...].hasPrefix(mark) {
          return index..<self.index(index, offsetBy: mark.count)
        }
        index = self.index(after: index)
      }
      return nil
    }
  }
#endif

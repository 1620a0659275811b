#if Certificates
  import Certificates
  import Crypto
  import Rules
  import SourceText
  import Testing

  /// A certificate with keys of its own, as a network would make it under any names.
  struct SignedCertificate {
    /// What the parts are called.
    var names = Names()
    var members: [(String, String)] = []
    var signers: [(id: String, key: Curve25519.Signing.PrivateKey)] = []

    struct Names {
      var hash = "cert_hash"
      var outputHash = "output_hash"
      var signatures = "signatures"
      var validator = "validator_id"
      var value = "signature"
      var set = "validator_set_id"
      var protocolDocument = """
        protocol: test
        summary: For tests.
        threshold: 2/3
        certificate:
          fields:
            hash: cert_hash
            output-hash: output_hash
            signatures: signatures
            validator-set: validator_set_id
            weight: quorum_weight
          signature: { validator: validator_id, value: signature }
        """
    }

    init(_ count: Int, names: Names = Names()) throws {
      self.names = names
      for number in 0..<count {
        let seed = Digest(of: Array("key \(number)".utf8)).bytes
        signers.append(("v-\(number)", try .init(rawRepresentation: seed)))
      }
      members = [
        (names.outputHash, "\"\(Digest(of: Array("answer".utf8)))\""), (names.set, "\"s\""),
      ]
    }

    /// The members as JSON, without hash and signatures.
    var body: String { members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") }

    func text() throws -> String {
      let file = SourceFile(path: "c.json", bytes: Array("{\(body)}".utf8))
      let node = try #require(JSONReader.read(file).documents.first)
      let hash = Digest(of: try CanonicalJSON.bytes(of: node))
      let signatures = try signers.map { id, key in
        let value = Base64Text.encode(Array(try key.signature(for: hash.bytes)))
        return "{\"\(names.validator)\":\"\(id)\",\"\(names.value)\":\"\(value)\"}"
      }
      return "{\"\(names.hash)\":\"\(hash)\",\(body),\"\(names.signatures)\":["
        + signatures.joined(separator: ",\n") + "]}"
    }

    /// A trust file with all signers, each of the same weight.
    var trust: String {
      "trust: t\nvalidator-sets:\n  - id: s\n    validators:\n"
        + signers.map { id, key in
          "      - { id: \(id), key: \"\(Base64Text.encode(Array(key.publicKey.rawRepresentation)))\" }\n"
        }.joined()
    }

    /// What an examination of a text says, with this certificate's protocol and trust.
    func examine(_ text: String, trusting trust: String? = nil) throws -> [CertificateExamination] {
      let book = RuleBook(builtIn: [
        SourceFile(path: "p.yml", bytes: Array(names.protocolDocument.utf8))
      ])
      #expect(book.problems.map(\.description) == [])
      let (file, problems) = TrustFile.read(
        SourceFile(path: "t.yml", bytes: Array((trust ?? self.trust).utf8)))
      #expect(problems.map(\.description) == [])
      let source = SourceFile(path: "c.json", bytes: Array(text.utf8))
      let examiner = CertificateExaminer(trust: [file].compactMap(\.self)) { _ in
        .refused("there are no files")
      }
      return CertificateFinder(book.protocols).certificates(in: source, JSONReader.read(source))
        .map { examiner.examine($0) }
    }
  }

  extension CertificateExamination {
    subscript(name: String) -> FactValue? { facts.records.first?[name] }

    var statuses: [FactValue?] {
      facts.records.filter { $0.kind == "signature" }.map { $0["status"] }
    }
  }
#endif

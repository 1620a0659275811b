#if Certificates
  import Certificates
  import Rules
  import SourceText
  import TestSupport
  import Testing

  @Suite struct CertificateTests {
    @Test func `a sound certificate is valid`() throws {
      let certificate = try SignedCertificate(3)
      let found = try certificate.examine(certificate.text())
      #expect(found.map { $0["verdict"] } == [.text("valid")])
      #expect(found.first?["weight"] == .number(1))
    }

    @Test func `a protocol of other names works unchanged`() throws {
      let names = SignedCertificate.Names(
        hash: "sealDigest", outputHash: "text-sum", signatures: "voices", validator: "who",
        value: "mark", set: "bench",
        protocolDocument: """
          protocol: other
          summary: Other names.
          threshold: 2/3
          certificate:
            fields: { hash: seal_digest, output-hash: text_sum, signatures: voices, validator-set: bench }
            signature: { validator: who, value: mark }
          """)
      let certificate = try SignedCertificate(3, names: names)
      #expect(try certificate.examine(certificate.text()).map { $0["verdict"] } == [.text("valid")])
      let tampered = try certificate.text().replacing("\"bench\"", with: "\"Bench\"")
      #expect(try certificate.examine(tampered).map { $0["hash_matches"] } == [.flag(false)])
    }

    @Test func `without a trust file nothing is said of signatures`() throws {
      let certificate = try SignedCertificate(2)
      let source = SourceFile(path: "c.json", bytes: Array(try certificate.text().utf8))
      let book = RuleBook(builtIn: [
        SourceFile(path: "p.yml", bytes: Array(certificate.names.protocolDocument.utf8))
      ])
      let found = CertificateFinder(book.protocols).certificates(
        in: source, JSONReader.read(source))
      let examiner = CertificateExaminer(trust: []) { _ in .refused("") }
      let examination = examiner.examine(try #require(found.first))
      #expect(examination["verdict"] == .text("unknown"))
      for status in examination.statuses {
        guard case .unknown? = status else {
          Issue.record("a signature is \(String(describing: status)) without a trust file")
          continue
        }
      }
    }

    @Test(arguments: [
      #"{"cert_hash":"sha256:0123456789abcdef","status":"verified"}"#,
      #"{"cert_hash":null,"output_hash":"sha256:0123456789abcdef","signatures":[]}"#,
      #"{"cert_hash":"sha256:0123456789abcdef","output_hash":"sha256:0123456789abcdef","signatures":2}"#,
      #"{"cert_hash":"sha256:0123456789abcdef","output_hash":"sha256:0123456789abcdef","signatures":["x"]}"#,
      #"{"cert_hash":7,"output_hash":"sha256:0123456789abcdef","signatures":[{"signature":"x"}]}"#,
      #"[["cert_hash","output_hash","signatures"]]"#, #""signatures""#, "", "{", "[{]",
    ])
    func `what only names a certificate is none`(text: String) throws {
      #expect(try SignedCertificate(1).examine(text).isEmpty)
    }

    @Test func `certificates are found in lists, lines and answers`() throws {
      let text = try SignedCertificate(2).text()
      let certificate = try SignedCertificate(2)
      for wrapped in ["[\(text),\(text)]", "\(text)\n\(text)\n", "{\"a\":\(text),\"b\":[\(text)]}"]
      {
        #expect(
          try certificate.examine(wrapped).map { $0["verdict"] } == [
            .text("valid"), .text("valid"),
          ])
      }
    }

    @Test func `ten thousand signatures take ten times as long as a thousand`() throws {
      let clock = ContinuousClock()
      var times: [Swift.Duration] = []
      for count in [300, 3000] {
        let certificate = try SignedCertificate(count)
        let text = try certificate.text()
        let start = clock.now
        let found = try certificate.examine(text)
        times.append(clock.now - start)
        #expect(found.first?["valid_signatures"] == .number(Double(count)))
      }
      // Ten times the work; generous, since tests run side by side.
      #expect(times[1] < times[0] * 40)
    }

    @Test
    func
      `damaged certificates and trust files crash nothing, and are valid only where nothing changed`()
      throws
    {
      let certificate = try SignedCertificate(3)
      let original = Array(try certificate.text().utf8)
      let trust = Array(certificate.trust.utf8)
      var random: UInt64 = 0x5EED
      func next(_ bound: Int) -> Int {
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(random >> 33) % max(bound, 1)
      }
      func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...next(3) {
          let place = next(bytes.count)
          switch next(4) {
          case 0: bytes[place] ^= 1 << UInt8(next(8))
          case 1: bytes.remove(at: place)
          case 2: bytes.insert(UInt8(next(256)), at: place)
          default: bytes.removeSubrange(place..<min(place + next(40), bytes.count))
          }
        }
        return bytes
      }
      for _ in 0..<200 {
        let bytes = mutated(original)
        let text = String(decoding: bytes, as: UTF8.self)
        for examination in try certificate.examine(text)
        where examination["verdict"] == .text("valid") {
          #expect(examination["hash"] == .text(try stated(in: certificate)))
        }
        _ = TrustFile.read(SourceFile(path: "t.yml", bytes: mutated(trust)))
      }
    }

    private func stated(in certificate: SignedCertificate) throws -> String {
      let text = try certificate.text()
      return String(try #require(text.split(separator: "\"").first { $0.hasPrefix("sha256:") }))
    }

    @Test(arguments: [
      ("trust: t", "needs one of the keys `validator-sets`"),
      ("trust: t\nvalidator-sets: []", "at least 1 element"),
      ("trust: t\nvalidatorsets: []", "did you mean `validator-sets`"),
      (
        "trust: t\nvalidator-sets: [{ id: s, validators: [{ id: v, key: AAAA }] }]",
        "2 bytes are no key"
      ),
      (
        "trust: t\nvalidator-sets: [{ id: s, validators: [{ id: v, key: \"-----BEGIN PRIVATE KEY-----\\nAA==\\n-----END PRIVATE KEY-----\" }] }]",
        "private key"
      ),
      (
        "trust: t\nvalidator-sets: [{ id: s, validators: [{ id: v, key: 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=, epochs: 9..3 }] }]",
        "a range such as"
      ),
      (
        "trust: t\nvalidator-sets: [{ id: s, validators: [{ id: v, key: 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo= }, { id: w, key: 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo= }] }]",
        "`w` has the key of `v`"
      ),
      (
        "trust: t\nvalidator-sets: [{ id: s, threshold: 0, validators: [{ id: v, key: 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo= }] }]",
        "anybody's signature"
      ),
      (
        "trust: t\nvalidator-sets: [{ id: s, validators: [{ id: v, weight: 1e308, key: 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo= }, { id: w, weight: 1e308, key: 6MIQdXdRSXOXHZ8J8Uq1Dq5JVzxjzomfGYp29m6cwFI= }] }]",
        "too large to be added up"
      ),
      ("", "the trust file is empty"),
    ])
    func `a mistake in a trust file is located and explained`(text: String, words: String) {
      let (trust, problems) = TrustFile.read(SourceFile(path: "t.yml", bytes: Array(text.utf8)))
      #expect(trust == nil)
      #expect(problems.contains { $0.description.contains(words) }, "\(problems)")
      #expect(!problems.contains { $0.description.contains("AA==") })
    }
  }
#endif

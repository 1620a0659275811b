#if Certificates
  import Certificates
  import Foundation
  import SourceText
  import TestSupport
  import Testing

  @Suite struct EnvelopeTests {
    private func read(_ text: String) -> AttestationFile? {
      let file = SourceFile(path: "a.json", bytes: Array(text.utf8))
      return AttestationFile(file, documents: JSONReader.read(file).documents)
    }

    private func refusal(_ text: String) throws -> String {
      let file = try #require(read(text))
      #expect(file.attestations.isEmpty)
      return try #require(file.refusals.first).words
    }

    private func envelope(payload: String, type: String = Envelope.statementType) -> String {
      let base64 = Base64Text.encode(Array(payload.utf8))
      return
        #"{"payloadType": "\#(type)", "payload": "\#(base64)", "signatures": [{"sig": "AAAA"}]}"#
    }

    private static let digest = String(repeating: "ab", count: 32)
    private static let statement = """
      {"_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "m", "digest": {"sha256": "\(digest)"}}],
       "predicateType": "https://example.com/p", "predicate": {}}
      """

    @Test func `the encoding that is signed is the one of the specification`() throws {
      let text =
        #"{"payloadType": "http://example.com/HelloWorld", "payload": "aGVsbG8gd29ybGQ", "#
        + #""signatures": [{"sig": "AAAA"}]}"#
      let attestation = try #require(read(text)?.attestations.first)
      guard case .envelope(let envelope) = attestation.container else {
        Issue.record("no envelope")
        return
      }
      let encoding = String(decoding: envelope.preAuthenticationEncoding, as: UTF8.self)
      #expect(encoding == "DSSEv1 29 http://example.com/HelloWorld 11 hello world")
      #expect(attestation.statement == nil)
    }

    @Test(arguments: [
      ("aGk=", true), ("aGk", true), ("-_-_", true), ("+/+/", true), ("aGk==", false),
      ("+_+_", false),
      ("aGl=", false), ("aG k=", false), ("a", false), ("aGk=aGk=", false),
    ])
    func `base64 is read in either alphabet, and one text is one sequence of bytes`(
      payload: String, isRead: Bool
    ) throws {
      let text =
        #"{"payloadType": "text/plain", "payload": "\#(payload)", "signatures": [{"sig": "AAAA"}]}"#
      let file = try #require(read(text))
      #expect(file.refusals.isEmpty == isRead)
    }

    @Test(arguments: [40, 400, 700])
    func `an envelope that is cut short is refused`(length: Int) throws {
      let text = envelope(payload: Self.statement + String(repeating: " ", count: 600))
      _ = try refusal(String(text.prefix(text.utf8.count - length)))
    }

    @Test func `an envelope without its type is refused`() throws {
      let text = envelope(payload: Self.statement).replacing("payloadType", with: "payload_type")
      #expect(try refusal(text) == "`payloadType` is no text")
    }

    @Test func `a statement that calls itself something else is refused`() throws {
      let words = try refusal(envelope(payload: Self.statement, type: "text/plain"))
      #expect(words.contains("`payloadType` says `text/plain`"))
    }

    @Test func `a name that stands twice is refused, outside and inside the payload`() throws {
      #expect(
        try refusal(#"{"payload": "", "payload": "", "payloadType": "t", "signatures": []}"#)
          .contains("stands twice"))
      let twice = Self.statement.replacingOccurrences(
        of: #""predicate": {}"#, with: #""predicate": {}, "predicate": {"a": 1}"#)
      #expect(try refusal(envelope(payload: twice)).contains("stands twice"))
    }

    @Test(arguments: [
      ("[" + String(repeating: "[", count: 200) + String(repeating: "]", count: 201), "nested"),
      (#"{"_type": "https://in-toto.io/Statement/v9", "subject": []}"#, "no version"),
      (
        #"{"_type": "https://in-toto.io/Statement/v1", "subject": [], "predicateType": "p"}"#,
        "no artifact"
      ),
      (statement.replacingOccurrences(of: digest, with: "abc"), "no `sha256` digest"),
      (statement.replacingOccurrences(of: "{}", with: "{},"), "comma"),
      (statement.replacingOccurrences(of: "{}", with: "{} /* yes */"), "comment"),
      ("\u{FEFF}" + "{", "payload"), ("", "payload"),
    ])
    func `a payload that readers could take for different things is refused`(
      payload: String, words: String
    ) throws {
      #expect(try refusal(envelope(payload: payload)).contains(words))
    }

    @Test func `an envelope without signatures is refused`() throws {
      let words = try refusal(#"{"payloadType": "t", "payload": "", "signatures": []}"#)
      #expect(words.contains("nobody has signed it"))
    }

    @Test func `links of the older in-toto are read, and its layouts left alone`() throws {
      for (type, title) in [("link", "an in-toto link"), ("layout", "a statement")] {
        let file = try #require(read(envelope(payload: #"{"_type": "\#(type)", "name": "build"}"#)))
        #expect(file.refusals.isEmpty)
        #expect(file.attestations.map(\.predicate.title) == [title])
      }
    }

    @Test func `a nest of brackets in an envelope is refused before it is read`() throws {
      let deep = String(repeating: "[", count: 9_999) + String(repeating: "]", count: 9_999)
      let text = #"{"payloadType": "t", "payload": "", "signatures": \#(deep)}"#
      #expect(try refusal(text).contains("nested"))
    }

    @Test func `objects that only look alike are not envelopes`() {
      #expect(read(#"{"payload": "aGk=", "type": "event"}"#) == nil)
      #expect(read(#"{"_type": "link", "subject": []}"#) == nil)
      #expect(read(#"{"mediaType": "text/plain"}"#) == nil)
    }
  }
#endif

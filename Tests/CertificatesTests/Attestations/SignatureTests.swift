#if Certificates
  import Certificates
  import Foundation
  import SourceText
  import TestSupport
  import Testing

  /// Envelopes, bundles and model signatures that other people's packages have made.
  @Suite struct SignatureTests {
    private struct Case: Sendable, CustomStringConvertible {
      var path: String
      var trust: String
      var count = 1
      var content: String?
      var description: String { path }
    }

    private static let cases = [
      Case(path: "envelopes/all.intoto.jsonl", trust: "envelopes", count: 4),
      Case(path: "story/attestations/evaluation.intoto.jsonl", trust: "story"),
      Case(path: "bundles/evaluation.sigstore.json", trust: "bundles"),
      Case(
        path: "bundles/model.bin.sigstore.json", trust: "bundles", content: "bundles/model.bin"),
      Case(path: "bundles/evaluation.tiled.sigstore.json", trust: "bundles"),
      Case(path: "bundles/evaluation.dsse.sigstore.json", trust: "bundles"),
      Case(
        path: "bundles/weights.bin.sigstore.json", trust: "bundles", content: "bundles/weights.bin"),
      Case(path: "links/train.9d7e5001.link", trust: "links"),
      Case(path: "links/quantise.bc6cc35a.link", trust: "links"),
      Case(path: "models/key/model/model.sig", trust: "models/key"),
      Case(path: "models/certificate/model/model.sig", trust: "models/certificate"),
    ]

    private func verdicts(
      _ example: Case, _ bytes: [UInt8], _ trust: AttestationTrust
    ) throws -> [SignatureStanding.Verdict] {
      try SignedFiles.verdicts(
        bytes, trusting: trust, content: example.content.map(SignedFiles.bytes))
    }

    @Test(arguments: cases)
    private func `what others have signed is valid`(example: Case) throws {
      let bytes = try SignedFiles.bytes(example.path)
      let trust = try SignedFiles.trust(example.trust)
      let verdicts = try verdicts(example, bytes, trust)
      #expect(verdicts == Array(repeating: .valid, count: example.count))
    }

    @Test(arguments: cases)
    private func `without trust nothing is valid, and nothing invalid`(example: Case) throws {
      let verdicts = try verdicts(
        example, SignedFiles.bytes(example.path), AttestationTrust())
      #expect(verdicts == Array(repeating: .undecided, count: example.count))
    }

    @Test(arguments: cases)
    private func `somebody else's keys make nothing valid`(example: Case) throws {
      let other = example.trust == "story" ? "envelopes" : "story"
      let verdicts = try verdicts(
        example, SignedFiles.bytes(example.path), SignedFiles.trust(other))
      #expect(!verdicts.contains(.valid))
    }

    @Test(arguments: cases)
    private func
      `one flipped bit anywhere takes a signature away, or changes nothing that is signed`(
        example: Case
      ) throws
    {
      let bytes = try SignedFiles.bytes(example.path)
      let trust = try SignedFiles.trust(example.trust)
      let before = try #require(SignedFiles.attestations(bytes)?.attestations)
      let payloads = before.map(Self.signedContent)
      let keys = before.map(Self.signature)
      var random = Seeded(state: 7)
      for _ in 0..<300 {
        var changed = bytes
        changed[Int.random(in: 0..<bytes.count, using: &random)] ^=
          1 << UInt8.random(in: 0..<8, using: &random)
        let verdicts = try verdicts(example, changed, trust)
        guard verdicts.count == example.count, verdicts.allSatisfy({ $0 == .valid }) else {
          continue
        }
        // A bit of white space, of a name that nobody asks for, or of a hint.
        let after = try #require(SignedFiles.attestations(changed)?.attestations)
        #expect(after.map(Self.signedContent) == payloads)
        #expect(after.map(Self.signature) == keys)
      }
    }

    @Test(arguments: cases)
    private func `every bit of payload and signature counts`(example: Case) throws {
      let bytes = try SignedFiles.bytes(example.path)
      let trust = try SignedFiles.trust(example.trust)
      let attestation = try #require(SignedFiles.attestations(bytes)?.attestations.first)
      var range = attestation.place(of: attestation.range)
      if case .envelope(let envelope) = attestation.container { range = envelope.payloadRange }
      // Within the quotes; base64 has six bits a character, so that another character is another content.
      for offset in stride(from: range.start + 1, to: range.end - 4, by: 97) {
        var changed = bytes
        changed[offset] =
          changed[offset] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        let verdicts = try verdicts(example, changed, trust)
        #expect(verdicts.count { $0 == .valid } < example.count)
      }
    }

    private static func signedContent(_ attestation: Attestation) -> [UInt8] {
      switch attestation.container {
      case .bare: []
      case .envelope(let envelope): envelope.preAuthenticationEncoding
      case .bundle(let bundle):
        switch bundle.content {
        case .envelope(let envelope): envelope.preAuthenticationEncoding
        case .message(let digest, _, _): Array((digest.digest("sha256") ?? "").utf8)
        }
      }
    }

    private static func signature(_ attestation: Attestation) -> [UInt8] {
      switch attestation.container {
      case .bare: []
      case .envelope(let envelope): envelope.signatures.flatMap(\.bytes)
      case .bundle(let bundle):
        switch bundle.content {
        case .envelope(let envelope): envelope.signatures.flatMap(\.bytes)
        case .message(_, let signature, _): signature
        }
      }
    }

    @Test func `a certificate counts only for those who may sign`() throws {
      let bytes = try SignedFiles.bytes("bundles/evaluation.sigstore.json")
      var trust = try SignedFiles.trust("bundles")
      trust.identities = [.init(name: "*@other.example")]
      #expect(SignedFiles.verdicts(bytes, trusting: trust) == [.unknownSigner])
      trust.identities = [.init(name: "*@lab.example", issuer: "https://other.example")]
      #expect(SignedFiles.verdicts(bytes, trusting: trust) == [.unknownSigner])
      trust.identities = [.init(name: "*@lab.example")]
      #expect(SignedFiles.verdicts(bytes, trusting: trust) == [.valid])
    }

    @Test(arguments: [
      ("2026-05-04T12:00:01Z", SignatureStanding.Verdict.valid),
      ("2026-05-04T12:00:00Z", .revoked), ("2026-01-01T00:00:00Z", .revoked),
    ])
    func `somebody who is no longer trusted is so from then on`(
      since: String, verdict: SignatureStanding.Verdict
    ) throws {
      let bytes = try SignedFiles.bytes("bundles/evaluation.tiled.sigstore.json")
      var trust = try SignedFiles.trust("bundles")
      trust.identities.append(
        .init(name: "release@*", revokedSince: Instant(rfc3339: since)))
      #expect(SignedFiles.verdicts(bytes, trusting: trust) == [verdict])
    }

    @Test func `a revoked key counts where a log says that it signed before`() throws {
      let lines = try SignedFiles.bytes("attacks.jsonl").split(separator: 0x0A)
      let first = try JSONDecoder().decode(AttackTests.Attack.self, from: Data(lines[0]))
      let logged = try lines.lazy.map { line in
        try JSONDecoder().decode(AttackTests.Attack.self, from: Data(line))
      }.first { $0.name == "a key's, logged" }
      let bundle = try Array(#require(logged).bundle.utf8)
      var trust = AttestationTrust()
      trust.sigstore = try SigstoreRoot.all(
        in: Array(#require(first.root).utf8), path: "root.json")
      let key = try SigningKey(pem: #require(first.key))
      for (since, verdict) in [
        ("2026-05-04T12:00:01Z", SignatureStanding.Verdict.valid),
        ("2026-05-04T12:00:00Z", .revoked),
      ] {
        trust.keys = [.init(name: "managed", key: key, revokedSince: Instant(rfc3339: since))]
        #expect(SignedFiles.verdicts(bundle, trusting: trust) == [verdict])
      }
      trust.sigstore = []
      #expect(SignedFiles.verdicts(bundle, trusting: trust) == [.revoked])
    }

    @Test func `a log that is not trusted decides nothing`() throws {
      let bytes = try SignedFiles.bytes("bundles/evaluation.sigstore.json")
      var trust = try SignedFiles.trust("bundles")
      trust.sigstore[0].logs = []
      #expect(SignedFiles.verdicts(bytes, trusting: trust) == [.undecided])
    }

    @Test func `each instance of Sigstore is asked by itself`() throws {
      let bytes = try SignedFiles.bytes("bundles/evaluation.tiled.sigstore.json")
      var trust = try SignedFiles.trust("bundles")
      let own = trust.sigstore[0]
      var unlogged = own
      unlogged.logs = []
      var unstamped = own
      unstamped.timeAuthorities = []
      var strange = own
      strange.authorities = []
      for (roots, verdict) in [
        ([strange, own], SignatureStanding.Verdict.valid), ([own, unlogged], .valid),
        ([unlogged, unstamped], .undecided), ([strange], .unknownSigner),
        ([strange, unstamped], .undecided),
      ] {
        trust.sigstore = roots
        #expect(SignedFiles.verdicts(bytes, trusting: trust) == [verdict])
      }
      let root = try SignedFiles.bytes("bundles/trusted_root.json").filter { $0 != 0x0A }
      #expect(try SigstoreRoot.all(in: root + [0x0A] + root + [0x0A], path: "roots").count == 2)
    }

    @Test func `a revoked key makes nothing valid`() throws {
      let bytes = try SignedFiles.bytes("story/attestations/evaluation.intoto.jsonl")
      var trust = try SignedFiles.trust("story")
      trust.keys[0].revokedSince = Instant(rfc3339: "2026-01-01T00:00:00Z")
      #expect(SignedFiles.verdicts(bytes, trusting: trust) == [.revoked])
      var twin = trust.keys[0]
      twin.revokedSince = nil
      trust.keys.insert(twin, at: 0)
      #expect(SignedFiles.verdicts(bytes, trusting: trust) == [.revoked])
    }
  }

  /// Numbers that are the same in each run.
  struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
      return mixed ^ mixed >> 31
    }
  }
#endif

#if Certificates
  import Certificates
  import Foundation
  import SourceText
  import TestSupport
  import Testing

  /// Bundles that somebody has tampered with, made by `testdata/attestations/attacks.py`.
  @Suite struct AttackTests {
    struct Attack: Decodable, Sendable, CustomStringConvertible {
      var name: String
      var worth: String
      var bundle: String
      var root: String?
      var key: String?
      var description: String { name }
    }

    private static let attacks: [Attack] = {
      guard let bytes = try? SignedFiles.bytes("attacks.jsonl") else { return [] }
      var last: String?
      return bytes.split(separator: 0x0A).compactMap { line in
        guard var attack = try? JSONDecoder().decode(Attack.self, from: Data(line)) else {
          return nil
        }
        attack.root = attack.root ?? last
        last = attack.root
        return attack
      }
    }()

    private func trust(_ root: String) throws -> AttestationTrust {
      var trust = AttestationTrust()
      trust.sigstore = try SigstoreRoot.all(in: Array(root.utf8), path: "root.json")
      let managed = try #require(Self.attacks.first?.key)
      trust.keys = [.init(name: "managed", key: try SigningKey(pem: managed))]
      trust.identities = [.init(name: "release@lab.example", issuer: "https://issuer.example")]
      return trust
    }

    private func worth(_ bundle: [UInt8], _ root: String) throws -> String {
      let file = try #require(SignedFiles.attestations(bundle))
      guard let attestation = file.attestations.first else { return "refused" }
      let standings = try SignatureExaminer(trust: trust(root)).standings(of: attestation)
      let standing = try #require(standings.first).standing
      return standing.missing?.rawValue ?? standing.verdict.rawValue
    }

    @Test func `all of them are here`() { #expect(Self.attacks.count > 80) }

    @Test(arguments: attacks)
    func `a bundle is worth what it says`(attack: Attack) throws {
      let root = try #require(attack.root)
      #expect(try worth(Array(attack.bundle.utf8), root) == attack.worth)
    }

    @Test func `flipped bits all over a token take its time away`() throws {
      let attack = try #require(Self.attacks.first)
      let root = try #require(attack.root)
      let mark = try #require(attack.bundle.firstRange(of: "\"signedTimestamp\": \""))
      let base64 = attack.bundle[mark.upperBound...].prefix { $0 != "\"" }
      let token = try #require(Base64Text.decode(base64))
      for index in stride(from: 0, to: token.count, by: 2) {
        var changed = token
        changed[index] ^= 1 << (index / 2 % 8)
        let bundle = attack.bundle.replacing(base64, with: Base64Text.encode(changed))
        #expect(try worth(Array(bundle.utf8), root) != "valid", "byte \(index)")
      }
    }
  }
#endif

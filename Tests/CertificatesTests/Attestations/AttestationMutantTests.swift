#if Certificates
  import Certificates
  import Foundation
  import SourceText
  import TestSupport
  import Testing

  /// Damaged files are refused, or read as something else; nothing crashes, hangs, or becomes valid.
  @Suite struct AttestationMutantTests {
    private static let files = [
      "envelopes/all.intoto.jsonl", "bundles/evaluation.sigstore.json",
      "bundles/model.bin.sigstore.json", "bundles/weights.bin.sigstore.json",
      "bundles/trusted_root.json", "links/train.9d7e5001.link",
      "models/certificate/model/model.sig", "story/README.md",
    ]

    private static func mutant(_ bytes: [UInt8], _ random: inout Seeded) -> [UInt8] {
      var bytes = bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<max(1, bytes.count), using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0 where !bytes.isEmpty: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + 40))
        case 2: bytes.insert(contentsOf: bytes[..<min(place, 60)], at: place)
        case 3: bytes.insert(contentsOf: Array("{\"payload\":[\"".utf8), at: place)
        default: bytes = Array(bytes[..<place])
        }
      }
      return bytes
    }

    @Test(arguments: files)
    func `200 mutants of each file are read or refused`(path: String) throws {
      let original = try SignedFiles.bytes(path)
      let trust = try SignedFiles.trust("bundles")
      var random = Seeded(state: 42)
      for _ in 0..<200 {
        let bytes = Self.mutant(original, &random)
        let file = SourceDecoder.decode(path: path, raw: bytes).file
        let isCard = path.hasSuffix(".md")
        let tree = isCard ? FrontMatterReader.read(file) : JSONReader.read(file)
        _ = AttestedContent.mayBegin(bytes)
        if case .attestations(let attestations)? = AttestedContent(
          file, documents: tree.documents, frontMatter: isCard)
        {
          let examiner = SignatureExaminer(trust: trust)
          for attestation in attestations.attestations {
            _ = examiner.standings(of: attestation, content: bytes)
          }
        }
        if let root = tree.documents.first, SigstoreRoot.recognises(root) {
          _ = try? SigstoreRoot(root)
        }
      }
    }

    @Test func `500 mutants of a certificate are read or refused`() throws {
      let root = try SignedFiles.bytes("bundles/trusted_root.json")
      let text = String(decoding: root, as: UTF8.self)
      let start = try #require(text.range(of: "\"certificates\""))
      let value = try #require(text[start.upperBound...].range(of: "\"rawBytes\": \""))
      let base64 = text[value.upperBound...].prefix { $0 != "\"" }
      let original = try #require(Base64Text.decode(base64))
      _ = try X509Certificate(original)
      var random = Seeded(state: 3)
      for _ in 0..<500 { _ = try? X509Certificate(Self.mutant(original, &random)) }
    }
  }
#endif

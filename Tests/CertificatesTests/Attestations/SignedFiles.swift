#if Certificates
  import Certificates
  import Foundation
  import Rules
  import SourceText
  import TestSupport

  /// The attestations under `testdata/attestations`, and what is trusted there.
  enum SignedFiles {
    static let folder = Checkout.root + "testdata/attestations/"

    static func bytes(_ path: String) throws -> [UInt8] {
      Array(try Data(contentsOf: URL(filePath: folder + path)))
    }

    static func attestations(_ bytes: [UInt8], path: String = "a.json") -> AttestationFile? {
      let file = SourceDecoder.decode(path: path, raw: bytes).file
      return AttestationFile(file, documents: JSONReader.read(file).documents)
    }

    /// The trust file of a folder, read by the shape of its entries.
    static func trust(_ path: String) throws -> AttestationTrust {
      var trust = AttestationTrust()
      let file = SourceFile(path: path, bytes: try bytes(path + "/trust.yml"))
      guard let root = YAMLReader.read(file).documents.first else { return trust }
      var reading = DocumentReading(file: file)
      let attestors = Shape<[Attestor]>.list(of: .attestor)
      if let node = root["attestors"] { trust.add(attestors.read(node, &reading) ?? []) }
      if let name = root["sigstore-root"]?.text {
        let bytes = try bytes(path + "/" + name)
        trust.sigstore = try SigstoreRoot.all(in: bytes, path: name)
      }
      return trust
    }

    /// What the signatures of a file are worth.
    static func verdicts(
      _ bytes: [UInt8], trusting trust: AttestationTrust, content: [UInt8]? = nil
    ) -> [SignatureStanding.Verdict] {
      guard let file = attestations(bytes) else { return [] }
      let examiner = SignatureExaminer(trust: trust)
      return file.attestations.flatMap { attestation in
        examiner.standings(of: attestation, content: content).map(\.standing.verdict)
      }
    }
  }
#endif

import Certificates
import SourceText

// Envelopes, links, statements, bundles, bills and cards; certificates, timestamps and checkpoints by themselves.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = unsafe FuzzDriver.bytes(start, count)
  _ = AttestedContent.mayBegin(input)
  _ = try? X509Certificate(input)
  _ = try? TimestampToken(input)
  _ = try? CertificateTimestamps(input)
  _ = try? SignedNote(String(decoding: input, as: UTF8.self))
  let file = SourceDecoder.decode(path: "fuzzed.json", raw: input).file
  let documents = JSONReader.read(file).documents
  if let root = documents.first, SigstoreRoot.recognises(root) {
    _ = try? SigstoreRoot.all(in: input, path: "fuzzed.json")
  }
  if case .attestations(let attestations)? = AttestedContent(
    file, documents: documents, frontMatter: false)
  {
    let examiner = SignatureExaminer(trust: AttestationTrust())
    for attestation in attestations.attestations {
      _ = examiner.standings(of: attestation, content: input)
    }
  }
  _ = AttestedContent(
    file, documents: FrontMatterReader.read(file).documents, frontMatter: true)
  return 0
}

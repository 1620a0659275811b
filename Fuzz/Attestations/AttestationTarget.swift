import Certificates
import SourceText

// Envelopes, statements, bundles, bills and cards, with certificates and log entries inside them.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = unsafe FuzzDriver.bytes(start, count)
  _ = AttestedContent.mayBegin(input)
  _ = try? X509Certificate(input)
  let file = SourceDecoder.decode(path: "fuzzed.json", raw: input).file
  let documents = JSONReader.read(file).documents
  if let root = documents.first, SigstoreRoot.recognises(root) { _ = try? SigstoreRoot(root) }
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

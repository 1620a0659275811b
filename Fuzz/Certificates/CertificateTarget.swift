import Certificates
import Rules
import SourceText

/// What certificates are called here; the form that the built-in protocol has.
private let protocols = RuleBook(builtIn: [
  SourceFile(
    path: "protocol.yml",
    bytes: Array(
      """
      protocol: fuzzed
      summary: For fuzzing.
      threshold: 2/3
      certificate:
        fields:
          hash: cert_hash
          output-hash: output_hash
          output: output
          output-file: output_file
          signatures: signatures
          validator-set: validator_set_id
          epoch: epoch
          model-version: model_version
          weight: quorum_weight
          issued: issued_at
          evidence: fragments
        signature: { validator: validator_id, value: signature, scheme: scheme, weight: weight, signed: signed_at }
        evidence: { claim: fragment_id, hash: evidence_hash, text: evidence, file: evidence_file }
        signed: [hash, digest, hash-text, canonical]
      """.utf8))
]).protocols

// An input is a certificate, or a certificate and a trust file behind a zero byte.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  precondition(!protocols.isEmpty)
  let input = unsafe FuzzDriver.bytes(start, count)
  let parts = input.split(separator: 0, maxSplits: 1)
  let text = Array(parts.first ?? [])
  var trust: [TrustFile] = []
  if parts.count == 2,
    let file = TrustFile.read(SourceFile(path: "trust.yml", bytes: Array(parts[1]))).trust
  {
    trust.append(file)
  }
  let finder = CertificateFinder(protocols)
  let file = SourceDecoder.decode(path: "certificate.json", raw: text).file
  let examiner = CertificateExaminer(trust: trust) { _ in .refused("there are no files") }
  for certificate in finder.certificates(in: file, JSONReader.read(file)) {
    let examination = examiner.examine(certificate, output: .bytes(text))
    // Nothing is valid that nobody trusts.
    precondition(!trust.isEmpty || examination.facts.records.first?["verdict"] != .text("valid"))
  }
  _ = try? PublicKey(text: String(decoding: text.prefix(4096), as: UTF8.self))
  _ = try? PublicKey(bytes: Array(text.prefix(256)))
  return 0
}

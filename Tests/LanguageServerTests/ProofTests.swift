#if Certificates
  import Foundation
  import SourceText
  import TestSupport
  import Testing

  @Suite("Proofs in editors")
  struct ProofTests {
    /// Copies an example and opens one of its files.
    private func codes(of example: String, opening name: String) async throws -> [String] {
      let source = URL(filePath: Checkout.root + "testdata/rules/\(example)")
      return try await withFolder([".git/HEAD": ""]) { folder in
        let copy = URL(filePath: folder).appending(path: "example")
        try FileManager.default.copyItem(at: source, to: copy)
        let file = copy.appending(path: name)
        let client = TestClient()
        client.initialize(folder: folder)
        client.open(
          file.absoluteString, try String(contentsOf: file, encoding: .utf8), language: "json")
        return await client.messages().diagnostics(of: file.absoluteString).last?.codes ?? []
      }
    }

    @Test(arguments: [
      ("MIRA310/bad.quick-fix", "evaluation.json", "MIRA310"),
      ("MIRA310/bad.file-added-to-signed-model", "model.sig", "MIRA310"),
      ("MIRA309/bad.no-prompts-no-drivers", "evaluation.json", "MIRA309"),
      ("MIRA307/bad.another-number", "README.md", "MIRA307"),
      ("MIRA302/bad.line-break", "certificate.json", "MIRA302"),
    ])
    func `what is wrong with a proof is told where it is open`(
      example: String, name: String, code: String
    ) async throws {
      #expect(try await codes(of: example, opening: name).contains(code))
    }

    @Test func `a sound attestation is left alone`() async throws {
      #expect(
        try await codes(of: "MIRA310/good.as-evaluated", opening: "attestations/evaluation.json")
          .isEmpty)
    }

    @Test func `findings can be asked for`() async throws {
      let client = TestClient()
      client.initialize()
      let uri = "file:///house/.github/workflows/a.yml"
      client.open(uri, "on: push\njobs: { a: { runs-on: x, steps: [{ run: [1 }] } }\n")
      client.request(5, "textDocument/diagnostic", #"{"textDocument":{"uri":"\#(uri)"}}"#)
      client.request(6, "textDocument/diagnostic", #"{}"#)
      let messages = await client.messages()
      let report = try #require(messages.answer("5")?["result"])
      #expect(report["kind"]?.text == "full")
      #expect(
        report["items"]?.items.count
          == messages.diagnostics(of: uri).last?["diagnostics"]?.items.count)
      #expect(messages.answer("6")?["error"] != nil)
    }
  }
#endif

#if Certificates
  import Certificates
  import Foundation
  import SourceText
  import Testing

  /// What becomes of the files that attestations name, in folders made for each test.
  @Suite struct AttestedFileTests {
    typealias Artifact = AttestationExaminer.ExaminedArtifact

    /// The files that the attestations of a folder name, with what became of them, by name.
    private func artifacts(
      _ attestations: [String], files: [String: String], modified: Date? = nil
    ) async throws -> [String: [Artifact.Status]] {
      let folder = FileManager.default.temporaryDirectory
        .appending(path: "attested ü \(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: folder) }
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let root = folder.resolvingSymlinksInPath().path(percentEncoded: false)
      for (name, text) in files {
        let path = root + "/" + name
        try Data(text.utf8).write(to: URL(filePath: path))
        if let modified {
          try FileManager.default.setAttributes([.modificationDate: modified], ofItemAtPath: path)
        }
      }
      var examined = ExaminedFiles()
      for (number, text) in attestations.enumerated() {
        let file = try #require(SignedFiles.attestations(Array(text.utf8)))
        #expect(file.refusals.isEmpty)
        examined.attestations.append(
          ExaminedFiles.Source(file, path: "\(number).json", folder: root, root: root))
      }
      let examiner = AttestationExaminer(
        examined, trust: AttestationTrust(), search: ArtifactSearch(jobs: 1))
      let found = await examiner.examine().attestations.flatMap(\.artifacts)
      return Dictionary(grouping: found, by: \.name).mapValues { $0.map(\.status) }
    }

    private func provenance(of name: String, digest: String) -> String {
      """
      {"_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "\(name)", "digest": {\(digest)}}],
       "predicateType": "https://slsa.dev/provenance/v1",
       "predicate": {"runDetails": {"metadata": {"finishedOn": "2026-05-03T00:00:00Z"}}}}
      """
    }

    private let sha1 = #""sha1": "da39a3ee5e6b4b0d3255bfef95601890afd80709""#

    @Test(arguments: [
      ("2026-05-04T00:00:00Z", Artifact.Status.newer), ("2026-05-02T00:00:00Z", .refused),
    ])
    func `times are asked only where bytes cannot be compared`(
      time: String, status: Artifact.Status
    ) async throws {
      let modified = try Date(time, strategy: .iso8601)
      let found = try await artifacts(
        [provenance(of: "m.bin", digest: sha1)], files: ["m.bin": ""], modified: modified)
      #expect(found == ["m.bin": [status]])
      let digest = Digest(of: []).hex
      let same = try await artifacts(
        [provenance(of: "m.bin", digest: "\(sha1), \"sha256\": \"\(digest)\"")],
        files: ["m.bin": ""], modified: modified)
      #expect(same == ["m.bin": [.same]])
    }

    private func link(materials: [String: String], products: [String: String]) -> String {
      func files(_ texts: [String: String]) -> String {
        texts.map { "\"\($0)\": {\"sha256\": \"\(Digest(of: Array($1.utf8)).hex)\"}" }
          .joined(separator: ", ")
      }
      let payload = """
        {"_type": "link", "name": "step", "materials": {\(files(materials))},
         "products": {\(files(products))}, "byproducts": {}, "command": [], "environment": {}}
        """
      let text = Base64Text.encode(Array(payload.utf8))
      return #"{"payloadType": "application/vnd.in-toto+json", "payload": "\#(text)", "#
        + #""signatures": [{"sig": "AAAA"}]}"#
    }

    @Test func `the products of a link are compared, and those that the next one takes in are not`()
      async throws
    {
      let build = link(materials: [:], products: ["m.bin": "built", "log": "done"])
      let tune = link(materials: ["m.bin": "built"], products: ["m.bin": "tuned"])
      let files = ["m.bin": "tuned", "log": "changed"]
      #expect(
        try await artifacts([build, tune], files: files) == ["m.bin": [.same], "log": [.changed]])
      #expect(
        try await artifacts([build], files: files) == ["m.bin": [.changed], "log": [.changed]])
    }
  }
#endif

#if Certificates
  import Foundation
  import TestSupport
  import Testing

  /// The examples of the rules over certificates are made by another library's signer: what it makes today is what stands there.
  @Suite struct OracleTests {
    private static let script = Checkout.root + "Tests/CertificatesTests/Oracle/certificates.py"

    private static func python(_ arguments: [String]) -> Int32? {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["python3"] + arguments
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      guard (try? process.run()) != nil else { return nil }
      process.waitUntilExit()
      return process.terminationStatus
    }

    static let hasSigner =
      python([
        "-c",
        "from cryptography.hazmat.primitives.asymmetric import ec; from cryptography.hazmat.primitives import hashes; ec.ECDSA(hashes.SHA256(), deterministic_signing=True)",
      ]) == 0

    @Test(.enabled(if: hasSigner, "needs python3 with cryptography, for deterministic ECDSA"))
    func `the examples are what another library signs`() throws {
      let files = FileManager.default
      let folder = files.temporaryDirectory.appending(path: UUID().uuidString)
      try files.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? files.removeItem(at: folder) }
      #expect(Self.python([Self.script, folder.path()]) == 0)
      let made = try files.subpathsOfDirectory(atPath: folder.path()).sorted()
      #expect(made.count > 50)
      for name in made {
        let path = folder.appending(path: name)
        let isDirectory = try path.resourceValues(forKeys: [.isDirectoryKey]).isDirectory
        guard isDirectory != true else { continue }
        let committed = URL(fileURLWithPath: Checkout.root + "testdata/rules/" + name)
        #expect(try Data(contentsOf: path) == Data(contentsOf: committed), "\(name)")
      }
    }
  }
#endif

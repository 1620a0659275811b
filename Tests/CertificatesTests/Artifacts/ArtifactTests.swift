#if Certificates
  import Certificates
  import Foundation
  import TestSupport
  import Testing

  #if canImport(Glibc)
    import Glibc
  #else
    import Darwin
  #endif

  /// A folder of its own for each test.
  private final class Folder {
    let path: String

    init() throws {
      path = NSTemporaryDirectory() + "mira-lint-artifacts-\(UUID().uuidString)"
      try FileManager.default.createDirectory(
        atPath: path + "/tree/inside", withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var tree: String { path + "/tree" }

    func write(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: URL(filePath: path + "/" + name))
    }

    func link(_ name: String, to target: String) throws {
      try FileManager.default.createSymbolicLink(
        atPath: path + "/" + name, withDestinationPath: target)
    }
  }

  @Suite struct ArtifactTests {
    private func words(_ found: ArtifactFinder.Found) -> String {
      switch found {
      case .file: "file"
      case .missing: "missing"
      case .refused(let reason): reason
      }
    }

    @Test(arguments: [
      ("../secret", "`..` leads out of the checked folder"),
      ("inside/../../secret", "`..` leads out of the checked folder"),
      ("/etc/passwd", "it is absolute"), ("", "it is empty"), ("a\0b", "it holds a zero byte"),
      ("out", "it is a symbolic link"), ("inside/out", "it is a symbolic link"),
      ("away/secret", "a symbolic link stands on the way"), ("here", "it is a symbolic link"),
      ("pipe", "it is no plain file"), ("inside", "it names a folder"), (".", "it names a folder"),
      ("nothing", "missing"), ("inside/file", "file"), ("./inside//file", "file"),
      ("inside/file/more", "missing"),
    ])
    func `a name leads to a plain file inside the checked folder, or is refused with a word`(
      name: String, expected: String
    ) throws {
      let folder = try Folder()
      try folder.write("secret", "secret")
      try folder.write("tree/inside/file", "text")
      try folder.link("tree/out", to: "../secret")
      try folder.link("tree/inside/out", to: "/etc/passwd")
      try folder.link("tree/away", to: "..")
      try folder.link("tree/here", to: "inside/file")
      // A path for the time of the call.
      let made = unsafe mkfifo(folder.tree + "/pipe", 0o600)
      #expect(made == 0)
      #expect(words(ArtifactFinder(root: folder.tree).find(name)) == expected)
    }

    @Test func `a device is no artifact`() {
      #expect(words(ArtifactFinder(root: "/dev").find("null")) == "it is no plain file")
    }

    @Test func `a file is hashed in pieces by every algorithm that is asked for`() async throws {
      let folder = try Folder()
      let text = String(repeating: "0123456789abcdef", count: 200_000)
      try folder.write("tree/large", text)
      guard case .file(let file) = ArtifactFinder(root: folder.tree).find("large") else {
        Issue.record("not found")
        return
      }
      let digests = await ArtifactHasher.digests(
        of: Array(repeating: (file, [.sha256, .sha512]), count: 3), jobs: 2)
      #expect(digests.count == 3)
      for found in digests {
        #expect(found?[.sha256] == Digest(of: Array(text.utf8)).hex)
        #expect(found?[.sha512] == Digest(of: Array(text.utf8), .sha512).hex)
      }
    }

    @Test func `ten gigabytes of nothing are hashed in constant memory`() throws {
      guard ProcessInfo.processInfo.environment["MIRA_LINT_LARGE_FILES"] != nil else { return }
      let folder = try Folder()
      try folder.write("tree/huge", "")
      let handle = try FileHandle(forWritingTo: URL(filePath: folder.tree + "/huge"))
      try handle.truncate(atOffset: 10 << 30)
      guard case .file(let file) = ArtifactFinder(root: folder.tree).find("huge") else { return }
      let before = Self.residentBytes
      _ = ArtifactHasher.digests(of: file, [.sha256])
      #expect(Self.residentBytes - before < 64 << 20)
    }

    private static var residentBytes: Int {
      let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
      return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
    }

    @Test func `a pointer of Git LFS stands for the file that it names`() throws {
      let folder = try Folder()
      let digest = Digest(of: Array("weights".utf8)).hex
      try folder.write(
        "tree/model",
        "version https://git-lfs.github.com/spec/v1\noid sha256:\(digest)\nsize 7\n")
      guard case .file(let file) = ArtifactFinder(root: folder.tree).find("model") else {
        Issue.record("not found")
        return
      }
      #expect(ArtifactHasher.digests(of: file, [.sha256])?[.sha256] == digest)
      // It says nothing of other digests.
      #expect(ArtifactHasher.digests(of: file, [.sha512])?[.sha512] == nil)
    }
  }
#endif

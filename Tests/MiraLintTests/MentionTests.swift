import Findings
import Foundation
import TestSupport
import Testing

@testable import MiraLint

/// What a definition includes may be what mentions a protocol; and what mentions none is told the same in full.
struct MentionTests {
  /// What is found below a folder, a line each; `inFull` reads every definition as if somebody asked what it does.
  private static func findings(below folder: String, inFull: Bool) throws -> [String] {
    let linter = try Linter(Settings(workingDirectory: folder))
    let whole = linter.inspector(
      LinterRules(linter.rules), NeighbourFiles(workingDirectory: folder))
    var finder = InputFinder(workingDirectory: folder)
    finder.add(".")
    let inspector = inFull ? whole : whole.sparing(finder)
    #expect((inspector.mentions == nil) == inFull)
    return finder.files.flatMap { file in
      inspector.inspect(file).findings.map {
        "\($0.location.path):\($0.location.line):\($0.location.column) \($0.rule) \($0.message)"
      }
    }
  }

  private static let ask = """
    curl -s -X POST https://api.example.com/v1/verified/generate -d @prompt.json > answer.json
    gh issue comment 1 --body-file answer.json
    """

  @Test(arguments: [
    [
      ".github/workflows/answer.yml":
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: ./actions/ask\n",
      "actions/ask/action.yml":
        "runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: |\n        "
        + ask.replacingOccurrences(of: "\n", with: "\n        ") + "\n",
    ],
    [
      ".github/workflows/answer.yml":
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: bash tools/ask\n",
      "tools/ask": ask,
    ],
    [
      ".github/workflows/answer.yml":
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: bash .ci/ask.sh\n",
      ".ci/ask.sh": ask,
    ],
    [
      ".gitlab-ci.yml": "include: ci/ask.yml\nanswer:\n  extends: .ask\n",
      "ci/ask.yml":
        ".ask:\n  script:\n    - |\n      " + ask.replacingOccurrences(of: "\n", with: "\n      ")
        + "\n",
    ],
  ])
  func `what is included is judged where it is used`(files: [String: String]) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      let file = folder.appending(path: name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    try FileManager.default.createDirectory(
      at: folder.appending(path: ".git"), withIntermediateDirectories: true)
    let found = try Self.findings(below: folder.path, inFull: false)
    #expect(found.contains { $0.contains(" MIRA106 ") }, "\(found)")
    #expect(try found == Self.findings(below: folder.path, inFull: true))
  }

  @Test(
    arguments: ["testdata/rules", "testdata/stories", "testdata/graphs"].map { Checkout.root + $0 }
      + (FileManager.default.fileExists(atPath: Checkout.shared + "corpus")
        ? [Checkout.shared + "corpus"] : []))
  func `what is found is found in full, too`(folder: String) throws {
    #expect(
      try Self.findings(below: folder, inFull: false) == Self.findings(below: folder, inFull: true))
  }
}

import Foundation
import MiraLint
import Rules
import TestSupport
import Testing

/// What `mira-lint schema events` prints, held against lines by Python's `jsonschema`.
@Suite("Schema of events") struct EventSchemaTests {
  private static let generator = Checkout.shared + "tools/genlog.py"

  private static let script = """
    import json, sys, jsonschema
    schema = json.load(open(sys.argv[1], encoding="utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema)
    for line in open(sys.argv[2], encoding="utf-8"):
        for error in validator.iter_errors(json.loads(line)):
            print(error.json_path, error.message[:200])
    """

  private static func python(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }

  private static let hasValidator = (try? python(["-c", "import jsonschema"]))?.status == 0

  /// What is wrong with the lines of a file by our schema.
  private static func complaints(about log: String) throws -> String {
    let schema = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: schema) }
    let book = try RuleLibrary.book(for: Settings(workingDirectory: Checkout.root))
    try Data(book.eventSchema.utf8).write(to: schema)
    let result = try python(["-c", script, schema.path(), log])
    return result.status == 0 ? result.output : "python3 ended with \(result.status)"
  }

  @Test(
    .enabled(if: hasValidator, "needs Python's jsonschema"),
    arguments: ["branch-before-consensus/bad", "badge-and-cache/repaired"])
  func `the stories' logs are valid`(story: String) throws {
    let log = Checkout.root + "testdata/stories/\(story)/run.ndjson"
    #expect(try Self.complaints(about: log) == "")
  }

  @Test(
    .enabled(
      if: hasValidator && FileManager.default.fileExists(atPath: generator),
      "needs Python's jsonschema and the log generator"))
  func `generated logs are valid`() throws {
    let log = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: log) }
    let made = try Self.python([
      Self.generator, "-n", "2000", "--drop-ts", "0.05", "-o", log.path(),
    ])
    #expect(made.status == 0)
    #expect(try Self.complaints(about: log.path()) == "")
  }

  @Test(.enabled(if: hasValidator, "needs Python's jsonschema"))
  func `what is no event is not valid`() throws {
    let log = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: log) }
    try Data("{\"ts\":true,\"event\":\"x\"}\n{\"data\":{}}\n[]\n".utf8).write(to: log)
    #expect(try Self.complaints(about: log.path()).split(separator: "\n").count == 3)
  }
}

import Findings
import Foundation
import Reports
import TestSupport
import Testing

@Suite("Reports follow their schemas")
struct SchemaTests {
  private static let sarifSchema = Checkout.shared + "schemas/sarif-2.1.0.json"

  @Test(
    .enabled(
      if: JSONSchemaValidator.isAvailable && FileManager.default.fileExists(atPath: sarifSchema),
      "needs Python's jsonschema and the OASIS schema"),
    arguments: [false, true])
  func `SARIF is valid`(_ includesSuppressed: Bool) throws {
    var context = SyntheticFindings.context
    context.includesSuppressed = includesSuppressed
    let bytes = ReportFormat.sarif.render(SyntheticFindings.outcome, in: context)
    let schema = try String(contentsOfFile: Self.sarifSchema, encoding: .utf8)
    #expect(try JSONSchemaValidator.complaints(about: bytes, schema: schema) == "")
  }

  @Test(.enabled(if: JSONSchemaValidator.isAvailable, "needs Python's jsonschema"))
  func `JSON is valid against the schema that we print`() throws {
    let bytes = ReportFormat.json.render(SyntheticFindings.outcome, in: SyntheticFindings.context)
    #expect(try JSONSchemaValidator.complaints(about: bytes, schema: FindingsSchema.text) == "")
  }

  @Test func `every format is valid JSON where it says so`() throws {
    let outcome = SyntheticFindings.outcome
    for format in [ReportFormat.json, .sarif] {
      let bytes = format.render(outcome, in: SyntheticFindings.context)
      _ = try JSONSerialization.jsonObject(with: Data(bytes))
    }
    let lines = ReportFormat.jsonl.render(outcome, in: SyntheticFindings.context).split(
      separator: 10)
    #expect(lines.count == outcome.findings.count)
    for line in lines { _ = try JSONSerialization.jsonObject(with: Data(line)) }
  }
}

/// Python's `jsonschema`, where it is installed.
enum JSONSchemaValidator {
  private static let script = """
    import json, sys, jsonschema
    document, schema = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
    validator = jsonschema.validators.validator_for(schema)(schema)
    for error in validator.iter_errors(document):
        print(error.json_path, error.message[:200])
    """

  static let isAvailable = Python.has("jsonschema")

  /// One line for each violation.
  static func complaints(about document: [UInt8], schema: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = [folder.appending(path: "document.json"), folder.appending(path: "schema.json")]
    try Data(document).write(to: files[0])
    try Data(schema.utf8).write(to: files[1])
    let result = try Python.run(["-c", script] + files.map { $0.path() })
    return result.status == 0 ? result.output : "python3 ended with \(result.status)"
  }
}

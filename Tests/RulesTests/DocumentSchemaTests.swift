import BuiltinRules
import Rules
import TestSupport
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#endif
import Foundation

struct DocumentSchemaTests {
  /// Whether this machine's Python can read YAML and validate JSON Schema.
  static let hasValidator = (try? validate("{}", [:])) != nil

  @Test(
    .enabled(if: hasValidator, "needs python3 with yaml and jsonschema"),
    arguments: [
      ("mira/", DocumentSchema.rule), ("protocols/", DocumentSchema.verificationProtocol),
      ("integrations/", DocumentSchema.integration),
    ])
  func `the printed schema accepts every built-in document`(
    _ folder: String, _ schema: String
  ) throws {
    let documents = BuiltinRules.documents.filter { $0.path.hasPrefix(folder) }
    #expect(!documents.isEmpty)
    let texts = Dictionary(uniqueKeysWithValues: documents.map { ($0.path, $0.text) })
    #expect(try Self.validate(schema, texts) == "")
  }

  @Test(
    .enabled(if: hasValidator, "needs python3 with yaml and jsonschema"),
    arguments: [
      Sample.rule("severity: eror"), Sample.rule("severty: error"),
      Sample.rule(
        "workflow: { consumption: { by: handof, of: content, while: unproven } }",
        insteadOf: "workflow"),
      Sample.rule("linter: x", insteadOf: "workflow"),
      Sample.rule() + "linter: unmodelled-step\n",
    ])
  func `the printed schema refuses what the decoder refuses`(_ text: String) throws {
    #expect(!Sample.problems(text).isEmpty)
    #expect(try Self.validate(DocumentSchema.rule, ["r.yml": text]) != "")
  }

  /// What a real validator says, a line per complaint.
  static func validate(_ schema: String, _ documents: [String: String]) throws -> String {
    let script = """
      import json, re, sys, yaml, jsonschema
      class Loader(yaml.SafeLoader): pass
      # YAML 1.2: `on` and `no` are words.
      Loader.yaml_implicit_resolvers = {
          letter: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:bool"]
          for letter, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()}
      Loader.add_implicit_resolver(
          "tag:yaml.org,2002:bool", re.compile("^(true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
      # Keys are text, as editors read them.
      names = {None: "null", True: "true", False: "false"}
      def texts(value):
          if isinstance(value, dict):
              return {names.get(k, str(k)): texts(v) for k, v in value.items()}
          return [texts(v) for v in value] if isinstance(value, list) else value
      given = json.load(sys.stdin)
      schema = json.loads(given["schema"])
      jsonschema.Draft202012Validator.check_schema(schema)
      validator = jsonschema.Draft202012Validator(schema)
      for path, text in sorted(given["documents"].items()):
          for error in validator.iter_errors(texts(yaml.load(text, Loader))):
              print(path, "/".join(map(str, error.absolute_path)), error.message[:200])
      """
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-W", "ignore", "-c", script]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = output
    try process.run()
    struct Given: Encodable {
      var schema: String
      var documents: [String: String]
    }
    let given = try JSONEncoder().encode(Given(schema: schema, documents: documents))
    DispatchQueue.global().async {
      input.fileHandleForWriting.write(given)
      try? input.fileHandleForWriting.close()
    }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self)
    guard process.terminationStatus == 0 else { throw ValidatorFailure(message: text) }
    return text
  }

  struct ValidatorFailure: Error { var message: String }
}

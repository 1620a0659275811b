/// The examples that a rule's page shows.
package enum RuleExamples {
  /// A file that shows a rule at work, without its expectations.
  package struct Example: Sendable {
    package var isBad: Bool
    package var path: String
    package var text: String
  }

  /// The first bad and the first good example file of a rule, from the checkout that is worked in.
  package static func first(of rule: String, workingDirectory: String) -> [Example] {
    let directory = FilePath.absolute("testdata/rules/\(rule)", from: workingDirectory)
    guard let entries = try? FileSystem.entries(of: directory) else { return [] }
    return ["bad", "good"].compactMap { kind in
      let name = entries.first {
        $0.kind == .file && $0.name.hasPrefix(kind) && !$0.name.hasSuffix(".expect")
      }?.name
      guard let name, let text = try? FileSystem.read(FilePath.join(directory, name), upTo: 1 << 16)
      else { return nil }
      return Example(
        isBad: kind == "bad", path: "testdata/rules/\(rule)/\(name)",
        text: ExpectationReader.withoutExpectations(String(decoding: text, as: UTF8.self)))
    }
  }
}

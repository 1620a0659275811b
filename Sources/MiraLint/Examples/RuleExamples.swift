import BuiltinRules
package import Rules

/// The examples that a rule's page shows.
package enum RuleExamples {
  /// A file that shows a rule at work, without its expectations.
  package struct Example: Sendable {
    package var isBad: Bool
    package var path: String
    package var text: String

    fileprivate init(name: String, rule: String, text: String) {
      isBad = name.hasPrefix("bad")
      path = "\(rule)/\(name)"
      self.text = ExpectationReader.withoutExpectations(text)
    }
  }

  /// The smallest bad and the smallest good example of a rule: of a built-in one from the program itself, of a user's
  /// own from the `testdata` beside its document.
  package static func smallest(of rule: Rule, workingDirectory: String) -> [Example] {
    let builtIn = BuiltinRules.examples(of: rule.id)
    if !builtIn.isEmpty {
      return builtIn.map {
        Example(name: String(FilePath.name($0.path)), rule: rule.id, text: $0.text)
      }
    }
    let beside = FilePath.parent(FilePath.absolute(rule.origin, from: workingDirectory))
    return smallest(
      of: rule.id, in: FilePath.join(beside, "\(ExampleFolder.besideRules)/\(rule.id)"))
  }

  private static func smallest(of rule: String, in directory: String) -> [Example] {
    guard let entries = try? FileSystem.entries(of: directory) else { return [] }
    return ["bad", "good"].compactMap { kind in
      let examples = entries.compactMap { name, entryKind -> (name: String, text: [UInt8])? in
        guard entryKind == .file, name.hasPrefix(kind), !name.hasSuffix(".expect"),
          !name.hasSuffix(ExampleFolder.trustFile),
          let text = try? FileSystem.read(FilePath.join(directory, name), upTo: 1 << 16)
        else { return nil }
        return (name, text)
      }
      return examples.min { ($0.text.count, $0.name) < ($1.text.count, $1.name) }.map {
        Example(name: $0.name, rule: rule, text: String(decoding: $0.text, as: UTF8.self))
      }
    }
  }
}

package import Findings
import Rules

/// Runs the examples of rules, `<RULE>/{bad,good}*`, and compares what is found with what they expect.
///
/// An example is a file, or a directory that stands for a small repository. Examples that need an opt-in protocol stand
/// in a directory with its name, `<RULE>/<PROTOCOL>/{bad,good}*`. Only findings of the directory's own rule
/// are compared, and those exactly: line, rule and cause.
package struct ExampleRunner {
  private let settings: Settings
  package let linter: Linter
  private var result = ExampleResult()

  package init(_ settings: Settings) throws(LinterError) {
    var settings = settings
    settings.accepted = []
    settings.excluded = []
    self.settings = settings
    linter = try Linter(settings)
  }

  /// Runs a directory of rules' directories, or one rule's directory.
  package mutating func run(_ path: String) async throws(LinterError) -> ExampleResult {
    let absolute = FilePath.absolute(path, from: settings.workingDirectory)
    let names = try Self.names(in: absolute, shownAs: path)
    if linter.allRules.contains(where: { $0.id == FilePath.name(absolute) }) {
      try await runRule(absolute)
      return result
    }
    let directories = names.filter { $0.kind == .directory && !$0.name.hasPrefix(".") }.map(\.name)
    for name in directories { try await runRule(FilePath.join(absolute, name)) }
    for rule in linter.allRules where mustHaveExamples(rule) && !directories.contains(rule.id) {
      let directory = shown(FilePath.join(absolute, rule.id))
      result.failures += [.noBadExample, .noGoodExample].map {
        ExampleResult.Failure($0, subject: directory, path: directory)
      }
    }
    return result
  }

  /// With rules of one's own the built-in ones are somebody else's to test.
  private func mustHaveExamples(_ rule: Rule) -> Bool {
    !cannotJudge(rule) && (settings.rulePaths.isEmpty || rule.origin != "built-in")
  }

  /// Whether this build has nothing that finds the rule's facts: one without the trait `Certificates`.
  private func cannotJudge(_ rule: Rule) -> Bool {
    #if Certificates
      false
    #else
      rule.factChecks != nil
    #endif
  }

  private mutating func runRule(_ directory: String) async throws(LinterError) {
    let path = shown(directory)
    guard let rule = linter.allRules.first(where: { $0.id == FilePath.name(directory) }) else {
      result.failures.append(ExampleResult.Failure(.unknownRule, subject: path, path: path))
      return
    }
    if cannotJudge(rule) { return }
    let kinds = try await runExamples(in: directory, rule: rule.id, linter)
    for name in RuleLibrary.optInProtocols {
      let inside = FilePath.join(directory, name)
      guard FileSystem.kind(of: inside) == .directory else { continue }
      var settings = settings
      if !settings.protocolPaths.contains(name) { settings.protocolPaths.append(name) }
      _ = try await runExamples(in: inside, rule: rule.id, try Linter(settings))
    }
    if !kinds.contains(true) {
      result.failures.append(ExampleResult.Failure(.noBadExample, subject: path, path: path))
    }
    if !kinds.contains(false) {
      result.failures.append(ExampleResult.Failure(.noGoodExample, subject: path, path: path))
    }
  }

  /// Runs what stands in a directory; returns which kinds of examples there are.
  private mutating func runExamples(
    in directory: String, rule: String, _ linter: Linter
  ) async throws(LinterError) -> Set<Bool> {
    var kinds: Set<Bool> = []
    let names = try Self.names(in: directory, shownAs: shown(directory))
    for (name, _) in names
    where !name.hasSuffix(".expect") && !name.hasSuffix(ExampleFolder.trustFile) {
      guard name.hasPrefix("bad") || name.hasPrefix("good") else { continue }
      let isBad = name.hasPrefix("bad")
      kinds.insert(isBad)
      let example = FilePath.join(directory, name)
      let failures = try await failures(example, rule: rule, isBad: isBad, linter)
      if failures.isEmpty { result.passed += 1 } else { result.failures += failures }
    }
    return kinds
  }

  private func failures(
    _ example: String, rule: String, isBad: Bool, _ linter: Linter
  ) async throws(LinterError) -> [ExampleResult.Failure] {
    let subject = shown(example)
    var reader = ExpectationReader()
    for file in try Self.files(in: example, shownAs: subject) { try read(file, &reader) }

    var settings = settings
    settings.repositoryRoot =
      FileSystem.kind(of: example) == .directory ? example : FilePath.parent(example)
    settings.trustPaths += trustFile(of: example).map { [$0] } ?? []
    let outcome = try await Linter(testing: linter, settings).check([subject])

    func failure(
      _ kind: ExampleResult.Kind, _ path: String, _ line: Int? = nil
    ) -> ExampleResult.Failure {
      ExampleResult.Failure(kind, subject: subject, path: path, line: line)
    }
    var failures = reader.malformed.map { failure(.malformed($0.text), $0.path, $0.line) }
    let own = reader.expectations.filter { $0.rule == rule }
    for foreign in reader.expectations where foreign.rule != rule {
      failures.append(failure(.foreign(foreign.text), foreign.path, foreign.line))
    }
    if isBad && own.isEmpty { failures.append(failure(.badWithoutExpectation, subject)) }
    if !isBad, let first = own.first {
      failures.append(failure(.goodWithExpectation, first.path, first.line))
    }
    var open = own
    for finding in outcome.findings where finding.rule == rule {
      let found = Expectation(
        path: finding.location.path, line: finding.location.line, rule: finding.rule,
        cause: finding.cause)
      if let index = open.firstIndex(of: found) {
        open.remove(at: index)
      } else if !own.contains(found) {
        let kind = ExampleResult.Kind.unexpected(found.text, message: finding.message)
        failures.append(failure(kind, found.path, found.line))
      }
    }
    failures += open.map { failure(.missing($0.text), $0.path, $0.line) }
    return failures.sorted { ($0.path, $0.line ?? 0) < ($1.path, $1.line ?? 0) }
  }

  /// The trust file of an example: inside its folder, beside it under its name, or for all of the rule.
  private func trustFile(of example: String) -> String? {
    let places = [
      FilePath.join(example, ExampleFolder.trustFile), example + ".\(ExampleFolder.trustFile)",
      FilePath.join(FilePath.parent(example), ExampleFolder.trustFile),
    ]
    return places.first { FileSystem.kind(of: $0) == .file }
  }

  private func read(_ file: String, _ reader: inout ExpectationReader) throws(LinterError) {
    let path = shown(file)
    do throws(FileSystem.Failure) {
      let text = String(decoding: try FileSystem.read(file, upTo: 1 << 24), as: UTF8.self)
      if file.hasSuffix(".expect") {
        reader.readSidecar(text, at: path, for: String(path.dropLast(".expect".count)))
      } else {
        reader.readComments(of: text, path: path)
      }
    } catch {
      throw .unreadable(path: path, reason: error.words)
    }
  }

  /// The files of an example, with the sidecars beside them.
  private static func files(
    in example: String, shownAs path: String
  ) throws(LinterError) -> [String] {
    guard FileSystem.kind(of: example) == .directory else {
      let sidecar = example + ".expect"
      return FileSystem.kind(of: sidecar) == nil ? [example] : [example, sidecar]
    }
    var files: [String] = []
    for (name, kind) in try names(in: example, shownAs: path) {
      let inside = FilePath.join(example, name)
      if kind == .directory {
        files += try Self.files(in: inside, shownAs: FilePath.join(path, name))
      } else {
        files.append(inside)
      }
    }
    return files
  }

  private static func names(
    in directory: String, shownAs path: String
  ) throws(LinterError) -> [(name: String, kind: FileSystem.Kind)] {
    do throws(FileSystem.Failure) {
      return try FileSystem.entries(of: directory)
    } catch {
      throw .unreadable(path: path, reason: error.words)
    }
  }

  private func shown(_ absolute: String) -> String {
    FilePath.relative(absolute, to: settings.workingDirectory) ?? absolute
  }
}

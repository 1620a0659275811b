package import Findings

/// What a repository holds, as far as a configuration for it depends on it.
package struct HouseSurvey: Sendable {
  /// How many definitions each engine has, ordered by name.
  package var engines: [(name: String, files: Int)]
  /// How many logs there are.
  package var logs: Int
  /// The findings of today, without a configuration.
  package var summary: Summary
  /// How much an opt-in protocol would add, where it adds anything.
  package var protocols: [(name: String, findings: Int)]
  /// Directories of other people's definitions: `vendor/`.
  package var foreignDirectories: [String]
  /// Directories whose definitions serve tests.
  package var testDirectories: [String]
  /// The service files that are there.
  package var services: Set<Service>

  /// A service that can run the check.
  package enum Service: String, Sendable, CaseIterable {
    case githubActions = ".github/workflows"
    case gitlab = ".gitlab-ci.yml"
    case preCommit = ".pre-commit-config.yaml"
  }

  /// Names of directories with copies of other projects.
  private static let foreignNames: Set<String> = ["vendor", "third_party", "third-party", "Pods"]
  /// Names of directories with input for tests.
  private static let testNames: Set<String> = [
    "testdata", "fixtures", "__fixtures__", "test-fixtures", "test_data",
  ]

  /// Looks at everything below a directory.
  package init(of directory: String) async throws(LinterError) {
    var settings = Settings(workingDirectory: directory)
    settings.jobs = 2
    let linter = try Linter(settings)
    let survey = try await linter.survey(["."])
    var counts: [String: Int] = [:]
    var logs = 0
    var foreign: Set<String> = []
    var tests: Set<String> = []
    for verdict in survey.verdicts {
      switch verdict.reason {
      case .definition(let engines): for engine in engines { counts[engine, default: 0] += 1 }
      case .log: logs += 1
      default: continue
      }
      if let found = Self.directory(of: verdict.path, named: Self.foreignNames) {
        foreign.insert(found)
      } else if let found = Self.directory(of: verdict.path, named: Self.testNames) {
        tests.insert(found)
      }
    }
    engines = counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    self.logs = logs
    foreignDirectories = foreign.sorted()
    testDirectories = tests.sorted()
    services = Set(
      Service.allCases.filter { FileSystem.kind(of: FilePath.join(directory, $0.rawValue)) != nil })

    settings.excluded = foreignDirectories
    summary = try await Linter(settings).check(["."]).summary
    protocols = []
    for name in RuleLibrary.optInProtocols.sorted() where !engines.isEmpty || logs > 0 {
      settings.protocolPaths = [name]
      let more = try await Linter(settings).check(["."]).summary.findings - summary.findings
      if more > 0 { protocols.append((name, more)) }
    }
  }

  /// The outermost directory of the path that has one of the names, with a slash at its end.
  private static func directory(of path: String, named names: Set<String>) -> String? {
    let parts = path.split(separator: "/").dropLast()
    guard let index = parts.firstIndex(where: { names.contains(String($0)) }) else { return nil }
    return parts[...index].joined(separator: "/") + "/"
  }
}

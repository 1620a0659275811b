import ArgumentParser
import MiraLint
import Rules

/// Which rules judge: shared by every command that loads rules.
struct RuleOptions: ParsableArguments {
  @Option(
    help: "Read the configuration from this file.", completion: .file(extensions: ["yml", "yaml"]))
  var config: String?

  @Flag(help: "Read no configuration file.")
  var noConfig = false

  @Option(
    help: ArgumentHelp(
      "Add rules, protocols and integrations from a directory. Can be repeated.", valueName: "dir"),
    completion: .directory)
  var rules: [String] = []

  @Option(
    name: .customLong("protocol"),
    help: ArgumentHelp(
      "Judge by one more protocol: \(RuleLibrary.optInProtocols.joined(separator: ", ")), or one from a file. Can be repeated.",
      valueName: "name or file"),
    completion: .file(extensions: ["yml", "yaml"]))
  var protocolFiles: [String] = []

  #if Certificates
    @Option(
      help: ArgumentHelp(
        "Take signatures of certificates by the keys in this file. Can be repeated.",
        valueName: "file"),
      completion: .file(extensions: ["yml", "yaml"]))
    var trust: [String] = []
  #endif

  @Option(
    help: ArgumentHelp(
      "Judge by these rules only: IDs, names, or beginnings of IDs, separated by commas.",
      valueName: "rules"))
  var select: [String] = []

  @Option(help: ArgumentHelp("Do not judge by these rules.", valueName: "rules"))
  var ignore: [String] = []

  @Option(
    help: ArgumentHelp(
      "Give a rule another severity: note, warning, error or off. Can be repeated.",
      valueName: "rule=level"))
  var severity: [String] = []

  func validate() throws {
    if config != nil && noConfig {
      throw ValidationError("--config and --no-config exclude each other")
    }
    _ = try severities()
  }

  /// The configuration with everything the options add to it or replace.
  func settings(in workingDirectory: String) throws -> (
    settings: Settings, failOn: FailureThreshold?
  ) {
    var settings = Settings(workingDirectory: workingDirectory)
    var failOn: FailureThreshold?
    let given = config.map { FilePath.absolute($0, from: workingDirectory) }
    if !noConfig, let path = given ?? ConfigurationFinder.path(for: workingDirectory) {
      let configuration = try ConfigurationFinder.read(path, workingDirectory: workingDirectory)
      configuration.apply(to: &settings, path: path)
      failOn = configuration.failOn
    }
    if !select.isEmpty { settings.selected = Self.list(select) }
    settings.ignored += Self.list(ignore)
    settings.severities.merge(try severities()) { $1 }
    settings.rulePaths += rules
    settings.protocolPaths += protocolFiles
    #if Certificates
      settings.trustPaths += trust
    #endif
    return (settings, failOn)
  }

  /// The settings of a folder that an editor has open, with paths in options starting from the working directory.
  func settings(ofFolder folder: String) throws(LinterError) -> Settings {
    do {
      var options = self
      let directory = FileSystem.workingDirectory
      options.config = config.map { FilePath.absolute($0, from: directory) }
      options.rules = rules.map { FilePath.absolute($0, from: directory) }
      options.protocolFiles = protocolFiles.map {
        OptInProtocol.isName($0) ? $0 : FilePath.absolute($0, from: directory)
      }
      return try options.settings(in: folder).settings
    } catch let error as LinterError {
      throw error
    } catch {
      // The options themselves were validated before anything ran.
      throw .brokenDocuments(["\(error)"])
    }
  }

  private func severities() throws -> [String: Level] {
    var severities: [String: Level] = [:]
    for entry in Self.list(severity) {
      let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw ValidationError("--severity takes RULE=LEVEL, and `\(entry)` has no `=`")
      }
      guard let level = Level(rawValue: parts[1].lowercased()) else {
        let levels = Level.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("`\(parts[1])` is not a severity; there are \(levels)")
      }
      severities[parts[0]] = level
    }
    return severities
  }

  private static func list(_ values: [String]) -> [String] {
    values.flatMap { $0.split(separator: ",") }.map { part in
      String(part.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }.filter { !$0.isEmpty }
  }
}

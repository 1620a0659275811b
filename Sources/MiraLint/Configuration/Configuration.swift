import Findings
package import Rules
import SourceText

/// What the configuration file says.
///
/// Its keys are the command's options without their dashes.
package struct Configuration: Sendable {
  package var selected: [String] = []
  package var ignored: [String] = []
  package var severities: [String: Level] = [:]
  package var failOn: FailureThreshold?
  package var rulePaths: [String] = []
  package var protocolPaths: [String] = []
  package var trustPaths: [String] = []
  package var maximumSkewSeconds: Double?
  package var threshold: Double?
  package var excluded: [String] = []
  package var accepted: [AcceptedFindings] = []
  package var baselinePath: String?
  package var ratchets = false

  package init() {}

  /// The names under which it is looked for.
  package static let fileNames = [".mira-lint.yml", ".mira-lint.yaml"]

  /// The JSON Schema of the file.
  package static var schema: String {
    DocumentSchema.text(of: .configuration, title: "The configuration of mira-lint")
  }

  /// Puts everything that the file says into the settings of a run.
  ///
  /// - Parameters:
  ///   - settings: what the run has so far.
  ///   - path: the file's absolute path: what the file names starts from its directory.
  package func apply(to settings: inout Settings, path: String) {
    let directory = FilePath.parent(path)
    settings.selected = selected
    settings.ignored = ignored
    settings.severities = severities
    settings.rulePaths = rulePaths.map { FilePath.absolute($0, from: directory) }
    settings.protocolPaths = protocolPaths.map {
      OptInProtocol.isName($0) ? $0 : FilePath.absolute($0, from: directory)
    }
    settings.trustPaths = trustPaths.map { FilePath.absolute($0, from: directory) }
    settings.maximumSkewSeconds = maximumSkewSeconds
    settings.threshold = threshold
    settings.excluded = excluded
    settings.accepted = accepted
    settings.baselinePath = baselinePath.map { FilePath.absolute($0, from: directory) }
    settings.ratchets = ratchets
    settings.configurationDirectory = directory
  }
}

/// From which severity on findings fail a run.
package enum FailureThreshold: String, CaseIterable, Sendable {
  case error, warning, note, never
}

extension Shape where Value == Configuration {
  /// The configuration file.
  static var configuration: Shape {
    .record(
      "the configuration", Configuration(),
      [
        .optional(
          "select", { $0.selected = $1 }, .oneOrMore(of: .text),
          "Only these rules judge: IDs, names, or beginnings of IDs."),
        .optional(
          "ignore", { $0.ignored = $1 }, .oneOrMore(of: .text),
          "These rules do not judge: IDs, names, or beginnings of IDs."),
        .optional(
          "severity", { $0.severities = $1 }, .dictionary("rule", of: .choice("a severity")),
          "Severities by rule, or by rule and cause (`RULE/cause`)."),
        .optional(
          "fail-on", { $0.failOn = $1 }, .choice("a severity to fail on"),
          "From which severity on findings fail the run."),
        .optional(
          "rules", { $0.rulePaths = $1 }, .oneOrMore(of: .text),
          "Directories with rules, protocols and integrations of your own."),
        .optional(
          "protocol", { $0.protocolPaths = $1 }, .oneOrMore(of: .text),
          "Opt-in protocols by their names, and files with a protocol each."),
        .optional(
          "trust", { $0.trustPaths = $1 }, .oneOrMore(of: .text),
          "Files that say whose signatures count: `mira-lint schema trust` describes them."),
        .optional(
          "max-skew", { $0.maximumSkewSeconds = $1 }, .seconds,
          "How far the clock of a log's producer may be off; estimated from the log where absent."),
        .optional(
          "threshold", { $0.threshold = $1 }, .share,
          "The smallest share of the weight that a certificate must have, for every protocol."),
        .optional(
          "exclude", { $0.excluded = $1 }, .oneOrMore(of: .text),
          "What is left out, by patterns as in .gitignore."),
        .optional(
          "baseline", { $0.baselinePath = $1 }, .text,
          "The file with the findings that were there before: `mira-lint baseline` writes it."),
        .optional(
          "ratchet", { $0.ratchets = $1 }, .flag,
          "Whether findings of the baseline that are gone must be taken out of it."),
        .optional(
          "suppress", { $0.accepted = $1 }, .list(of: .acceptedFindings),
          "Findings that are accepted, each with its reason."),
      ])
  }
}

extension Shape where Value == AcceptedFindings {
  fileprivate static var acceptedFindings: Shape {
    Shape<AcceptedFindings>.record(
      "a suppression", AcceptedFindings(),
      [
        .required("rule", { $0.rules = $1 }, .oneOrMore(of: .text), "The IDs of the rules."),
        .optional(
          "path", { $0.path = $1 }, .text,
          "Files by a pattern as in .gitignore; all where it is absent."),
        .optional(
          "step", { $0.step = $1 }, .text,
          "A glob over the step's route or name; all where it is absent."),
        .required("reason", { $0.reason = $1 }, .text, "Why the findings are accepted."),
      ]
    ).then { accepted, node, reading in
      var accepted = accepted
      accepted.location = reading.file.location(of: node.entries.first?.key.range ?? node.range)
      return accepted
    }
  }
}

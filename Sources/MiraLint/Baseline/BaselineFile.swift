package import Findings
import Rules
import SourceText

/// Reads a baseline as `mira-lint baseline` writes it.
package enum BaselineFile {
  /// The name under which one is written where no other is asked for.
  package static let usualName = ".mira-lint-baseline.json"

  /// Reads a file by its path.
  package static func read(
    _ path: String, workingDirectory: String
  ) throws(LinterError) -> Baseline {
    let absolute = FilePath.absolute(path, from: workingDirectory)
    let shown = ConfigurationFinder.shown(absolute, in: workingDirectory)
    guard FileSystem.kind(of: absolute) != nil else {
      throw .unreadable(
        path: shown, reason: "no such file or directory; `mira-lint baseline` writes a baseline")
    }
    return try read(RuleLibrary.document(absolute, shownAs: shown))
  }

  /// The JSON Schema of the file.
  package static var schema: String {
    DocumentSchema.text(of: Shape<BaselineText>.baseline, title: "A baseline of mira-lint")
  }

  /// Reads a file's text.
  static func read(_ file: SourceFile) throws(LinterError) -> Baseline {
    var reading = DocumentReading(file: file)
    let baseline = baseline(in: file, &reading)
    let errors = reading.problems.filter { $0.severity == .error }
    guard errors.isEmpty, let baseline else {
      throw .brokenDocuments(errors.map(\.description))
    }
    return baseline
  }

  private static func baseline(
    in file: SourceFile, _ reading: inout DocumentReading
  ) -> Baseline? {
    let tree = JSONReader.read(file)
    guard let document = tree.documents.first, case .mapping = document.resolved.content,
      let version = document["version"], document["findings"] != nil
    else {
      reading.report(
        "this is not a baseline of mira-lint", hint: "`mira-lint baseline` writes one",
        at: tree.documents.first?.range ?? ByteRange(0, 0))
      return nil
    }
    for problem in tree.problems {
      reading.report(problem.message, hint: problem.hint, at: problem.range)
    }
    guard !reading.failed else { return nil }
    guard let number = version.text.flatMap({ Int($0) }), number > 0 else {
      reading.report("the version of a baseline is a whole number from 1", at: version)
      return nil
    }
    guard number <= Baseline.formVersion else {
      reading.report(
        "this baseline has version \(number), and this mira-lint reads up to \(Baseline.formVersion)",
        hint: "use the mira-lint that wrote it, or write the baseline anew", at: version)
      return nil
    }
    return Shape<BaselineText>.baseline.read(document, &reading).map { Baseline($0.entries) }
  }
}

/// A baseline as it stands in its file.
private struct BaselineText: Sendable {
  var version = 0.0
  var entries: [Baseline.Entry] = []
}

extension Shape where Value == BaselineText {
  fileprivate static var baseline: Shape {
    .record(
      "a baseline", BaselineText(),
      [
        .required("version", { $0.version = $1 }, .number, "The version of this form."),
        .required("findings", { $0.entries = $1 }, .list(of: .entry), "What is accepted."),
      ])
  }
}

extension Shape where Value == Baseline.Entry {
  fileprivate static var entry: Shape {
    Shape<Baseline.Entry>.record(
      "an entry of a baseline",
      Baseline.Entry(rule: "", path: "", step: "", message: "", fingerprint: ""),
      [
        .required("rule", { $0.rule = $1 }, .text, "The rule's ID."),
        .required("path", { $0.path = $1 }, .text, "The file, from the repository's root."),
        .optional("step", { $0.step = $1 }, .text, "The symbolic route of the step."),
        .required("message", { $0.message = $1 }, .text, "What was found."),
        .required(
          "fingerprint", { $0.fingerprint = $1 }, .fingerprint, "What the finding is known by."),
        .optional("count", { $0.count = $1 }, .count, "How often it is found."),
      ]
    ).then { entry, node, reading in
      var entry = entry
      entry.location = reading.file.location(of: node.entries.first?.value.range ?? node.range)
      return entry
    }
  }
}

extension Shape where Value == String {
  fileprivate static var fingerprint: Shape {
    Shape<String>.text.then { text, node, reading in
      if text.count == 32, text.allSatisfy({ $0.isHexDigit && !$0.isUppercase }) { return text }
      reading.report("a fingerprint has 32 hexadecimal digits", at: node)
      return nil
    }
  }
}

extension Shape where Value == Int {
  fileprivate static var count: Shape {
    Shape<Double>.number.then { number, node, reading in
      if let count = Int(exactly: number), count > 0 { return count }
      reading.report("a count is a whole number from 1", at: node)
      return nil
    }
  }
}

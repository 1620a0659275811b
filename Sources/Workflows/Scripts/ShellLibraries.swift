import Expressions
import SourceText

/// A text of commands with its places: the script itself, or a library that it sources.
struct ShellSource {
  let text: String
  let bytes: [UInt8]
  /// The file as reports show it.
  let path: String
  /// The directory that it lies in, seen from where scripts of the repository are looked for; with its `/`.
  let directory: String
  /// What the engine puts into the text.
  var substitutions: [ScriptContext.Substitution]
  let locate: (ByteRange) -> ByteRange
  var script: ShellScript

  init(
    _ text: String, path: String, name: String, substitutions: [ScriptContext.Substitution] = [],
    locate: @escaping (ByteRange) -> ByteRange
  ) {
    self.text = text
    bytes = Array(text.utf8)
    self.path = path
    directory = name.lastIndex(of: "/").map { String(name[...$0]) } ?? ""
    self.substitutions = substitutions
    self.locate = locate
    script = ShellParser.parse(text, substitutions: substitutions.map(\.range))
  }
}

/// A function of the shell, and the text that it stands in.
struct ShellFunction {
  var body: ShellCommand
  var source: ShellSource
}

/// Libraries: `source lib.sh`, `. "$(dirname "$0")/lib.sh"`.
extension ShellLowerer {
  /// Libraries that source each other are followed this deep.
  private static let mostLibraries = 6
  /// Longer libraries are not followed.
  private static let longest = 200_000

  /// Runs the commands of a library of the repository in this very shell; `nil` where it cannot be found.
  mutating func runLibrary(_ words: [ShellWord]) -> ShellOutcome? {
    guard words.count > 1, libraryDepth < Self.mostLibraries, inlined < 400,
      let library = library(words[1])
    else { return nil }
    inlined += 1
    libraryDepth += 1
    defer { libraryDepth -= 1 }
    let given = words.dropFirst(2).map { evaluate($0) }
    let positional = given.isEmpty ? scopes[scopes.count - 1].positional : given
    return run(in: library, .init(kind: .library, positional: positional)) {
      $0.runList(library.script.commands)
    }
  }

  /// Runs commands of another text; what leaves the scope goes on behind it.
  mutating func run(
    in source: ShellSource, _ scope: ShellScope, _ body: (inout ShellLowerer) -> ShellOutcome
  ) -> ShellOutcome {
    let outer = self.source
    self.source = source
    scopes.append(scope)
    var outcome = body(&self)
    let left = scopes.removeLast()
    // A branch that is still to be built stands in the text that it was read in.
    if !left.success.isEmpty || !left.failure.isEmpty {
      outcome = settle(outcome)
      outcome.success += left.success
      outcome.failure += left.failure
      current = outcome.success
    }
    self.source = outer
    return outcome
  }

  /// Counts what libraries write, before anything runs: a variable that they write, too, is no constant.
  mutating func survey(_ script: ShellScript, depth: Int = 0) {
    var census = ShellCensus()
    census.visit(script.commands)
    for (name, count) in census.writes { writes[name, default: 0] += count }
    // No constants, though one place alone may write them.
    for name in census.marks { writes[name, default: 0] += 1 }
    isBoolean.merge(census.isBoolean) { $0 && $1 }
    guard depth < Self.mostLibraries, surveyed < 64 else { return }
    for word in census.sourced {
      surveyed += 1
      if let library = library(word) { survey(library.script, depth: depth + 1) }
    }
  }

  private mutating func library(_ word: ShellWord) -> ShellSource? {
    guard let (name, file) = repositoryFile(word) else { return nil }
    if let known = libraries[file.path] { return known }
    guard file.bytes.count <= Self.longest else { return nil }
    let library = ShellSource(
      String(decoding: file.bytes, as: UTF8.self), path: file.path, name: name, locate: { $0 })
    libraries[file.path] = library
    return library
  }

  /// The file of the repository that a word names, and the name that it was found by.
  ///
  /// A directory that is computed (`$(dirname "$0")`, `$HERE`) is most often that of the script itself.
  func repositoryFile(_ word: ShellWord) -> (name: String, file: SourceFile)? {
    func find(_ name: String) -> (name: String, file: SourceFile)? {
      guard !name.isEmpty else { return nil }
      return context.otherScript(name).map { (name, $0) }
    }
    // Only looked at: what is written in it runs once, where the command is called.
    let written = ShellArgument(word: word, value: .unknown([]), text: word.literal)
    if let name = fileName(of: written), let found = find(context.workingDirectory + name) {
      return found
    }
    guard word.literal == nil, case .literal(let rest, _)? = word.parts.last, rest.hasPrefix("/"),
      word.parts.dropLast().allSatisfy(\.isComputed)
    else { return nil }
    return find(Self.resolved(source.directory + rest.dropFirst()))
      ?? find(Self.resolved(String(rest.dropFirst())))
  }

  /// A path without `.` and `..`.
  private static func resolved(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.parts(by: "/") where part != "." {
      if part == ".." {
        guard parts.popLast() != nil else { return "" }
      } else {
        parts.append(part)
      }
    }
    return parts.joined(separator: "/")
  }
}

extension ShellWord.Part {
  fileprivate var isComputed: Bool {
    switch self {
    case .command, .parameter, .hole: true
    case .literal, .process, .arithmetic: false
    }
  }
}

import Findings
import SourceText
import Workflows

/// A file to read, and the names it has.
struct InputFile: Sendable {
  /// The path to open; `nil` for standard input.
  var absolutePath: String?
  /// The path as reports show it.
  var path: String
  /// The path from the repository's root.
  var repositoryPath: String
  /// The directory that the definition's references to other files start from.
  var root: String
  /// Named by the user, not met on a walk.
  var isExplicit: Bool
  /// The folder that files it speaks of must lie in: the one that was named, or the repository of a file that was.
  var artifactRoot = ""
  /// The text that an editor holds in place of the file's.
  var openText: [UInt8]?
}

/// A path that could not be looked at.
struct UnreachableInput: Sendable {
  var path: String
  var repositoryPath: String
  /// `nil` where nothing is there.
  var failure: FileSystem.Failure?
  var isExplicit: Bool
}

/// Finds the files below the given paths, as git would see them.
///
/// A walk leaves out what `.gitignore` files and the configuration exclude, hidden entries except those where
/// workflows live, and links; a path that is named is read whatever it is.
struct InputFinder {
  /// Hidden directories in which services keep definitions.
  private static let visibleDirectories: Set<String> = [
    ".github", ".gitlab", ".gitea", ".forgejo", ".circleci", ".tekton", ".argo", ".mira",
  ]
  /// Directories of other people's files.
  private static let foreignDirectories: Set<String> = ["node_modules"]
  /// What definitions and logs are called; other files are not opened on a walk.
  private static let extensions: Set<String> = [
    "yml", "yaml", "json", "jsonc", "json5", "asl", "bpmn", "bpmn2", "xml", "md",
    "jsonl", "ndjson", "log", "gz",
    "sig", "sigstore", "intoto", "dsse", "att", "bundle", "link", "layout",
  ]

  private(set) var files: [InputFile] = []
  private(set) var unreachable: [UnreachableInput] = []
  /// What a walk met and left out, with the reason.
  private(set) var passedOver: [FileVerdict] = []
  /// How many files a walk did not open for their names, by extension.
  private(set) var otherNames: [String: Int] = [:]
  /// Where walks began; absolute.
  private(set) var walks: [String] = []
  /// What a walk met that definitions may run; absolute.
  private(set) var scripts: [String] = []
  /// Where a walk did not go, though scripts may stand there; absolute.
  private(set) var unwalkedDirectories: [String] = []
  /// The directories that were walked or that hold a named file; absolute.
  private(set) var directories: [String] = []
  private let workingDirectory: String
  private let excluded: IgnoreFile?
  /// A repository to take instead of the one around the files.
  private let root: String?
  private var known: Set<String> = []
  private var repositoryRoots: [String: String?] = [:]

  init(workingDirectory: String, excluded: IgnoreFile? = nil, root: String? = nil) {
    self.workingDirectory = workingDirectory
    self.excluded = excluded
    self.root = root
  }

  /// Adds a path as the user named it.
  mutating func add(_ given: String) {
    let absolute = FilePath.absolute(given, from: workingDirectory)
    switch FileSystem.kind(of: absolute) {
    case .directory?:
      walks.append(absolute)
      walk(absolute, ignores: inheritedIgnores(of: absolute), shownAs: shown(absolute, given))
    case .file?, .other?, .link?:
      directories.append(FilePath.parent(absolute))
      append(
        absolute, shownAs: shown(absolute, given), argumentRoot: FilePath.parent(absolute), true)
    case nil:
      unreachable.append(
        UnreachableInput(
          path: shown(absolute, given), repositoryPath: shown(absolute, given), failure: nil,
          isExplicit: true))
    }
  }

  /// Adds a text that an editor holds under a path, unless the configuration excludes it.
  mutating func add(openText text: [UInt8], at absolute: String) {
    if excluded?.decides(absolute, isDirectory: false) == true || isInExcludedDirectory(absolute) {
      return
    }
    append(
      absolute, shownAs: shown(absolute, absolute), argumentRoot: FilePath.parent(absolute), false)
    guard !files.isEmpty else { return }
    files[files.count - 1].openText = text
    if let root = repositoryRoot(of: FilePath.parent(absolute)) {
      files[files.count - 1].artifactRoot = root
    }
  }

  private func isInExcludedDirectory(_ path: String) -> Bool {
    FilePath.ancestors(of: FilePath.parent(path)).contains {
      excluded?.decides($0, isDirectory: true) == true
    }
  }

  /// Relative where the working directory holds it or the user wrote it so.
  private func shown(_ absolute: String, _ given: String) -> String {
    if let relative = FilePath.relative(absolute, to: workingDirectory) { return relative }
    if given.hasPrefix("/") { return absolute }
    let parts = given.split(separator: "/").filter { $0 != "." }
    return parts.joined(separator: "/")
  }

  private mutating func walk(
    _ directory: String, ignores: [IgnoreFile], shownAs shownPath: String,
    argument: String? = nil
  ) {
    let argument = argument ?? directory
    let entries: [(name: String, kind: FileSystem.Kind)]
    do throws(FileSystem.Failure) {
      entries = try FileSystem.entries(of: directory)
    } catch {
      unreachable.append(
        UnreachableInput(
          path: shownPath.isEmpty ? "." : shownPath,
          repositoryPath: repositoryPath(of: directory, argumentRoot: argument), failure: error,
          isExplicit: argument == directory))
      return
    }
    directories.append(directory)
    noteRepository(at: directory, isRoot: entries.contains { $0.name == ".git" })
    var ignores = ignores
    if entries.contains(where: { $0.name == ".gitignore" && $0.kind == .file }),
      let ignore = Self.ignoreFile(FilePath.join(directory, ".gitignore"), speaksOf: directory)
    {
      ignores.append(ignore)
    }
    for (name, kind) in entries {
      let path = FilePath.join(directory, name)
      let shownInside = FilePath.join(shownPath, name)
      switch kind {
      case .directory:
        if let reason = reason(againstDirectory: name, at: path, ignores) {
          if name == ".git" { continue }
          if reason == .hidden || reason == .excluded { unwalkedDirectories.append(path) }
          passedOver.append(FileVerdict(path: shownInside + "/", reason: reason))
        } else {
          walk(path, ignores: ignores, shownAs: shownInside, argument: argument)
        }
      case .file:
        guard Self.extensions.contains(FilePath.fileExtension(name)) else {
          otherNames[FilePath.fileExtension(name), default: 0] += 1
          if ScriptLanguage.mayBeScript(fileName: name) { scripts.append(path) }
          continue
        }
        if let reason = reason(againstFile: name, at: path, ignores) {
          passedOver.append(FileVerdict(path: shownInside, reason: reason))
        } else {
          append(path, shownAs: shownInside, argumentRoot: argument, false)
        }
      case .link where Self.extensions.contains(FilePath.fileExtension(name)):
        passedOver.append(FileVerdict(path: shownInside, reason: .link))
      case .link:
        if ScriptLanguage.mayBeScript(fileName: name) { scripts.append(path) }
      case .other: continue
      }
    }
  }

  /// Whether a directory with this name may hold what definitions run: all but git's own and other people's.
  static func mayHoldScripts(_ name: String) -> Bool {
    name != ".git" && !foreignDirectories.contains(name)
  }

  private func reason(
    againstDirectory name: String, at path: String, _ ignores: [IgnoreFile]
  ) -> FileVerdict.Reason? {
    if name.hasPrefix("."), !Self.visibleDirectories.contains(name) { return .hidden }
    if Self.foreignDirectories.contains(name) { return .foreign }
    return reasonToIgnore(path, isDirectory: true, ignores)
  }

  private func reason(
    againstFile name: String, at path: String, _ ignores: [IgnoreFile]
  ) -> FileVerdict.Reason? {
    name.hasPrefix(".mira-lint") ? .own : reasonToIgnore(path, isDirectory: false, ignores)
  }

  private func reasonToIgnore(
    _ path: String, isDirectory: Bool, _ ignores: [IgnoreFile]
  ) -> FileVerdict.Reason? {
    if excluded?.decides(path, isDirectory: isDirectory) == true { return .excluded }
    for ignore in ignores.reversed() {
      if let decision = ignore.decides(path, isDirectory: isDirectory) {
        return decision ? .gitignored : nil
      }
    }
    return nil
  }

  /// The ignore files above a directory, up to its repository's root.
  private mutating func inheritedIgnores(of directory: String) -> [IgnoreFile] {
    guard let root = repositoryRoot(of: directory) else { return [] }
    var ignores: [IgnoreFile] = []
    let exclude = FilePath.join(root, ".git/info/exclude")
    if let ignore = Self.ignoreFile(exclude, speaksOf: root) { ignores.append(ignore) }
    let above = FilePath.ancestors(of: directory).dropFirst()
    for ancestor in above.reversed() where FilePath.relative(ancestor, to: root) != nil {
      let path = FilePath.join(ancestor, ".gitignore")
      if let ignore = Self.ignoreFile(path, speaksOf: ancestor) { ignores.append(ignore) }
    }
    return ignores
  }

  private static func ignoreFile(_ path: String, speaksOf directory: String) -> IgnoreFile? {
    guard let text = try? FileSystem.read(path, upTo: 1 << 20) else { return nil }
    return IgnoreFile(text: text, directory: directory)
  }

  private mutating func append(
    _ path: String, shownAs shownPath: String, argumentRoot: String, _ isExplicit: Bool
  ) {
    guard known.insert(path).inserted else { return }
    files.append(
      InputFile(
        absolutePath: path, path: shownPath,
        repositoryPath: repositoryPath(of: path, argumentRoot: argumentRoot),
        root: referenceRoot(of: path, argumentRoot: argumentRoot), isExplicit: isExplicit,
        artifactRoot: isExplicit
          ? repositoryRoot(of: argumentRoot) ?? argumentRoot : argumentRoot))
  }

  /// From the git repository around it, else from the working directory, else from what the user named.
  mutating func repositoryPath(of path: String, argumentRoot: String) -> String {
    let bases = [repositoryRoot(of: FilePath.parent(path)), workingDirectory, argumentRoot]
    for case let base? in bases {
      if let relative = FilePath.relative(path, to: base), !relative.isEmpty { return relative }
    }
    return String(FilePath.name(path))
  }

  /// What `./` means in a definition: the directory that holds `.github`, else the repository.
  private mutating func referenceRoot(of path: String, argumentRoot: String) -> String {
    if let root { return root }
    // Most paths have no name with a dot at its front, and need not be taken apart.
    if path.holds("/.") {
      let parts = path.parts(by: "/")
      if let marker = parts.lastIndex(where: { Self.visibleDirectories.contains(String($0)) }) {
        return "/" + parts[..<marker].joined(separator: "/")
      }
    }
    let directory = FilePath.parent(path)
    if let repository = repositoryRoot(of: directory) { return repository }
    // GitLab looks for it in the root alone.
    if FilePath.name(path) == ".gitlab-ci.yml" { return directory }
    for base in [workingDirectory, argumentRoot] where FilePath.relative(path, to: base) != nil {
      return base
    }
    return directory
  }

  /// Remembers what a directory's listing says of its repository, so that nobody need ask the system.
  private mutating func noteRepository(at directory: String, isRoot: Bool) {
    if isRoot {
      repositoryRoots[directory] = .some(directory)
    } else if directory != "/" {
      repositoryRoots[directory] = .some(repositoryRoot(of: FilePath.parent(directory)))
    }
  }

  /// The nearest directory with `.git`, which is a file in a worktree or submodule.
  private mutating func repositoryRoot(of directory: String) -> String? {
    if let known = repositoryRoots[directory] { return known }
    let root: String?
    if FileSystem.kind(of: FilePath.join(directory, ".git")) != nil {
      root = directory
    } else if directory == "/" || directory.isEmpty {
      root = nil
    } else {
      root = repositoryRoot(of: FilePath.parent(directory))
    }
    repositoryRoots[directory] = .some(root)
    return root
  }
}

import Findings

/// The lines of the working tree that differ from where a branch left another commit.
struct ChangedLines: Sendable {
  /// What changed in one file.
  enum Change: Sendable {
    /// Git does not know the file yet.
    case everything
    /// Ordered runs of lines, from 1; where lines were taken out, the lines around the gap.
    case lines([ClosedRange<Int>])
  }

  /// The directory of the repository, without links.
  let root: String
  private let tracked: Set<String>
  private let changes: [String: [ClosedRange<Int>]]

  /// Asks git.
  ///
  /// - Parameters:
  ///   - reference: a commit, branch or tag.
  ///   - directory: a directory of the repository.
  /// - Throws: ``LinterError/unknownChanges(reason:advice:)``.
  init(since reference: String, in directory: String) throws(LinterError) {
    let top = GitCommand(directory: directory).run(["rev-parse", "--show-toplevel"])
    guard top.isSuccess, !top.firstLine.isEmpty else {
      throw Self.noRepository(directory, top.status)
    }
    root = top.firstLine
    let git = GitCommand(directory: root)
    let base = try Self.base(of: reference, git)
    let diff = git.run([
      "diff", "--no-color", "--no-ext-diff", "--no-textconv", "--text", "--unified=0",
      "--inter-hunk-context=0",
      "--find-renames", "--ignore-submodules=all", "--src-prefix=a/", "--dst-prefix=b/", base, "--",
    ])
    let files = git.run(["ls-files", "-z"])
    guard diff.isSuccess, files.isSuccess else {
      throw .unknownChanges(
        reason: "git cannot compare with `\(reference)`",
        advice: "see what `git diff \(base)` says")
    }
    tracked = Set(files.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
    changes = DiffReader.changes(in: diff.output)
  }

  /// What is read from a diff, for tests.
  init(root: String, tracked: Set<String>, diff: [UInt8]) {
    self.root = root
    self.tracked = tracked
    changes = DiffReader.changes(in: diff)
  }

  /// What changed in a file, by its absolute path; `nil` for nothing.
  func change(in path: String) -> Change? {
    guard let inside = FilePath.relative(path, to: root), tracked.contains(inside) else {
      return .everything
    }
    return changes[inside].map { .lines($0) }
  }

  private static func noRepository(_ directory: String, _ status: Int32?) -> LinterError {
    guard status != nil, status != 127 else {
      return .unknownChanges(
        reason: "--diff-base asks git what has changed, and there is no git here",
        advice: "install git, or check without --diff-base")
    }
    let words = GitCommand(directory: directory).run(
      ["rev-parse", "--show-toplevel"], withComplaints: true
    ).firstLine
    return .unknownChanges(
      reason: "--diff-base asks git what has changed, and git says `\(words)`",
      advice: "check inside a git repository, or without --diff-base")
  }

  /// The commit where the branch left `reference`: what others did there since is no change of this branch.
  private static func base(
    of reference: String, _ git: GitCommand
  ) throws(LinterError) -> String {
    // A name that looks like an option is none.
    let commit =
      reference.hasPrefix("-") || reference.isEmpty
      ? GitCommand.Result(status: 1)
      : git.run(["rev-parse", "--verify", "--quiet", reference + "^{commit}"])
    let isShallow = git.run(["rev-parse", "--is-shallow-repository"]).firstLine == "true"
    guard commit.isSuccess else {
      throw .unknownChanges(
        reason: "git knows no commit, branch or tag `\(reference)`",
        advice: isShallow ? deepening : "fetch it first, or name another")
    }
    let head = git.run(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])
    guard head.isSuccess else { return commit.firstLine }
    let fork = git.run(["merge-base", commit.firstLine, head.firstLine])
    if fork.isSuccess { return fork.firstLine }
    guard !isShallow else {
      throw .unknownChanges(
        reason: "this clone is too shallow to hold the commit where the branch left `\(reference)`",
        advice: deepening)
    }
    // Histories without a common commit: what differs from the other one has changed.
    return commit.firstLine
  }

  private static let deepening =
    "fetch the history: `fetch-depth: 0` for actions/checkout, `GIT_DEPTH: 0` in GitLab CI, "
    + "`git fetch --unshallow` elsewhere"
}

import Expressions
import SourceText

/// What a script commits goes out with the next push: `git add answer.md`, `git commit`, `git push`.
extension ShellLowerer {
  /// Follows what is added and committed; a push is a call that carries it.
  ///
  /// - Returns: `nil` for every other command of git.
  mutating func runGit(_ words: [ShellWord], at range: ByteRange) -> ShellOutcome? {
    var index = 1
    while index < words.count, let option = words[index].literal, option.hasPrefix("-") {
      index += ["-C", "-c", "--git-dir", "--work-tree"].contains(option) ? 2 : 1
    }
    guard index < words.count, let command = words[index].literal else { return nil }
    let operands = words[(index + 1)...].map { argument($0) }
    switch command {
    case "add", "stage":
      let names = operands.filter(\.isPositional)
      let all = names.isEmpty || names.contains { [".", ":/", "*", "-A"].contains($0.text) }
      stage(all ? writtenFiles(at: range) : names.compactMap { staged($0, at: range) }, at: range)
      return ShellOutcome(success: current)
    case "commit":
      let takesAll = operands.contains { option in
        guard let text = option.text, text.hasPrefix("-") else { return false }
        return text == "--all" || !text.hasPrefix("--") && text.contains("a")
      }
      if takesAll { stage(writtenFiles(at: range), at: range) }
      return nil
    case "push":
      guard !proposes, builder.steps.contains(where: { $0.assigns(repository) }) else {
        return nil
      }
      var call = call(words.map { argument($0) }, [], at: range)
      call.arguments.append(
        Call.Argument(
          "commits", .reference(Reference(repository, at: location(range))), at: location(range)))
      return add(call: call, at: range)
    default: return nil
    }
  }

  /// What is committed and not yet pushed.
  private var repository: Variable { Variable(context.fileScope + "git:commits") }

  /// A branch of its own is a draft that somebody reviews.
  private var proposes: Bool {
    ["checkout -b", "checkout -B", "switch -c", "switch -C", "pr create", "mr create"]
      .contains { source.text.holds($0) }
  }

  private mutating func stage(_ values: [Value], at range: ByteRange) {
    if values.isEmpty { return }
    assign(repository, Value.either(of: values), at: range, appends: true)
  }

  private func staged(_ name: ShellArgument, at range: ByteRange) -> Value? {
    guard let text = name.text else { return fileValue(of: name) }
    let folder = context.file(text.hasSuffix("/") ? text : text + "/").name
    let inside = writtenFiles(at: range) { $0.hasPrefix(folder) }
    return inside.isEmpty ? fileValue(of: name) : Value.either(of: inside)
  }

  private static let mostFiles = 32

  /// What the job has written below the directory that it works in.
  private func writtenFiles(
    at range: ByteRange, where isMeant: (String) -> Bool = { _ in true }
  ) -> [Value] {
    let scope = context.fileScope + "file:"
    var seen: Set<Variable> = []
    var found: [Value] = []
    for step in builder.steps {
      for assignment in step.assignments where assignment.variable.name.hasPrefix(scope) {
        let path = assignment.variable.name.utf8.dropFirst(scope.utf8.count)
        guard path.first != UInt8(ascii: "/"), path.first != UInt8(ascii: "$"),
          found.count < Self.mostFiles, isMeant(assignment.variable.name),
          seen.insert(assignment.variable).inserted
        else { continue }
        found.append(.reference(Reference(assignment.variable, at: location(range))))
      }
    }
    return found
  }
}

extension Step {
  fileprivate func assigns(_ variable: Variable) -> Bool {
    assignments.contains { $0.variable == variable }
  }
}

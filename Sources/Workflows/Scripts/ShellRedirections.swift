import Expressions
import SourceText

/// Where output goes and input comes from.
extension ShellLowerer {
  /// Where a redirection sends standard output.
  enum Destination {
    case nowhere
    case file(Variable, String, appends: Bool)
    case special(String)
    case named(ScriptContext.SpecialFile, String)
  }

  mutating func redirected(
    _ redirections: [ShellRedirection], at range: ByteRange,
    _ body: (inout ShellLowerer) -> ShellOutcome
  ) -> ShellOutcome {
    guard !redirections.isEmpty else { return body(&self) }
    let outerInput = (input, inputDocument)
    defer { (input, inputDocument) = outerInput }
    var destination: Destination?
    for redirection in redirections {
      switch redirection.kind {
      case .hereDocument(let index):
        if source.script.hereDocuments.indices.contains(index) {
          inputDocument = source.script.hereDocuments[index]
          input = evaluate(source.script.hereDocuments[index])
        }
      case .hereString: input = evaluate(redirection.target)
      case .input:
        let target = argument(redirection.target)
        input = fileValue(of: target) ?? .unknown(target.value.references)
      case .duplicate:
        // `>&2`: out of sight.
        if (redirection.descriptor ?? 1) == 1, redirection.target.literal != "1" {
          destination = .nowhere
        }
      case .output, .append, .outputAll:
        guard (redirection.descriptor ?? 1) == 1 else { continue }
        var appends = false
        if case .append = redirection.kind { appends = true }
        destination = self.destination(redirection.target, appends: appends)
      }
    }
    guard let destination else { return body(&self) }
    if case .nowhere = destination {
      sinks.append(.discard)
      let outcome = body(&self)
      sinks.removeLast()
      return outcome
    }
    captures.append([])
    sinks.append(.capture(captures.count - 1))
    var outcome = body(&self)
    sinks.removeLast()
    let pieces = captures.removeLast()
    if case .file(let variable, _, let appends) = destination {
      keepScript(in: variable, appends: appends, pieces, redirections)
    }
    // The file is there whatever the status, but only a success fills it with what was asked for.
    let condition = outcome.condition
    current = outcome.success
    write(pieces, to: destination, at: range)
    outcome.success = current
    outcome.condition = condition
    return outcome
  }

  /// Remembers a here-document that goes to a file as it is: the file may be a script that runs later.
  private mutating func keepScript(
    in file: Variable, appends: Bool, _ pieces: [Value], _ redirections: [ShellRedirection]
  ) {
    writtenScripts[file] = nil
    guard !appends, let document = inputDocument, let input,
      redirections.contains(where: { if case .hereDocument = $0.kind { true } else { false } }),
      Self.joined(pieces) == Self.joined([input])
    else { return }
    writtenScripts[file] = WrittenScript(document, in: source)
  }

  mutating func destination(_ word: ShellWord, appends: Bool) -> Destination {
    if word.parts.count == 1, case .parameter(let parameter, _) = word.parts[0],
      case .plain = parameter.operation, writes[parameter.name] == nil,
      context.specialFiles[parameter.name] != nil
    {
      return .special(parameter.name)
    }
    let target = argument(word)
    guard let name = fileName(of: target), name != "/dev/null", name != "/dev/stderr" else {
      return .nowhere
    }
    if let special = context.namedFiles[name] { return .named(special, name) }
    knownFiles.insert(name)
    return .file(file(name), name, appends: appends)
  }

  mutating func write(_ pieces: [Value], to destination: Destination, at range: ByteRange) {
    guard !current.isEmpty else { return }
    switch destination {
    case .nowhere: break
    case .file(let variable, _, let appends):
      let value = Self.joined(pieces)
      if !appends, fileWrites.insert(variable).inserted {
        definitions[variable] = resolved(value)
      } else {
        definitions[variable] = nil
      }
      assign(variable, value, at: range, appends: appends)
    case .special(let name): write(pieces, toSpecial: name, at: range)
    case .named(let special, let name): write(pieces, to: special, named: name, at: range)
    }
  }
}

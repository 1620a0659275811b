import Expressions
import SourceText

/// Commands of other programs, as calls.
extension ShellLowerer {
  /// A command of another program: a call with its arguments.
  mutating func runExternal(
    _ arguments: [ShellArgument], _ prefix: [ShellAssignment], at range: ByteRange
  ) -> ShellOutcome {
    let call = call(arguments, prefix, at: range)
    let outcome = add(call: call, at: range)
    let written = outputOption(in: arguments)
    guard let written, let name = fileName(of: written), !current.isEmpty else { return outcome }
    knownFiles.insert(name)
    fileWrites.insert(file(name))
    definitions[file(name)] = nil
    if let step = builder.steps.indices.last {
      let made = Step.Assignment(file(name), value: .result([]), at: location(range))
      builder.update(step) { $0.assignments.append(made) }
    }
    return outcome
  }

  /// The file that a command names for what it makes: `-o FILE`, `--output FILE`.
  private func outputOption(in arguments: [ShellArgument]) -> ShellArgument? {
    guard
      let option = arguments.firstIndex(where: { $0.text == "-o" || $0.text == "--output" }),
      option + 1 < arguments.count, arguments[option + 1].isPositional,
      looksLikeFile(arguments[option + 1])
    else { return nil }
    return arguments[option + 1]
  }

  /// The call as every command has it: options by name, other words by their place behind the command.
  mutating func call(
    _ arguments: [ShellArgument], _ prefix: [ShellAssignment], at range: ByteRange
  ) -> Call {
    var name: [String] = []
    for argument in arguments.prefix(4) {
      guard let text = argument.text, argument.word.literal != nil, !text.isEmpty,
        !text.hasPrefix("-"), !text.utf8.contains(where: { $0 <= 32 })
      else { break }
      name.append(name.isEmpty ? Self.baseName(text) : text)
    }
    if name.isEmpty { name = [arguments.first.map { source($0.range) } ?? ""] }
    var call = Call(kind: "command", name: name.joined(separator: " "), location: location(range))
    var index = 1
    var place = 0
    while index < arguments.count {
      let argument = arguments[index]
      index += 1
      guard !argument.isPositional else {
        add(String(place), argument, to: &call)
        place += 1
        continue
      }
      let leading = argument.value.leadingText
      if let equals = leading.firstIndex(of: "="), leading.hasPrefix("--") {
        let option = String(leading[..<equals])
        let value = argument.value.droppingLeading(option.utf8.count + 1)
        add(
          option, ShellArgument(word: argument.word, value: value, text: value.knownText),
          to: &call)
      } else if index < arguments.count, arguments[index].isPositional {
        add(leading, arguments[index], to: &call)
        index += 1
      } else {
        call.arguments.append(
          Call.Argument(leading, .literal("true"), at: location(argument.range)))
      }
    }
    if let input, input != .literal("") {
      call.arguments.append(Call.Argument("stdin", input, at: location(range)))
    }
    for assignment in prefix {
      let value = evaluate(assignment.value)
      call.arguments.append(
        Call.Argument("env." + assignment.name, value, at: location(assignment.range)))
    }
    return call
  }

  private mutating func add(_ name: String, _ argument: ShellArgument, to call: inout Call) {
    let place = location(argument.range)
    call.arguments.append(Call.Argument(name, argument.value, at: place))
    // `field=@file`, `@file` and plain file names carry what the file holds.
    let leading = argument.value.leadingText
    var file = argument
    if let at = leading.utf8.firstIndex(of: UInt8(ascii: "@")),
      leading[..<at].isEmpty || leading[..<at].hasSuffix("=")
    {
      let value = argument.value.droppingLeading(leading[...at].utf8.count)
      file = ShellArgument(
        word: ShellWord(
          parts: [.literal(value.knownText ?? "", quoted: true)], range: argument.range),
        value: value, text: value.knownText)
    } else if name != "0" || call.arguments.count > 1 {
      guard looksLikeFile(argument) || name.hasSuffix("file") else { return }
    } else {
      guard looksLikeFile(argument) else { return }
    }
    if file.text == "-" || fileName(of: file) == nil { return }
    if let held = fileValue(of: file) {
      call.arguments.append(Call.Argument(name, held, at: place))
    }
  }
}

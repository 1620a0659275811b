import Expressions
import SourceText

/// Files and lines that the engine reads back.
extension ShellLowerer {
  mutating func write(_ pieces: [Value], toSpecial name: String, at range: ByteRange) {
    guard let special = context.specialFiles[name] else { return }
    write(pieces, to: special, named: name, at: range)
  }

  mutating func write(
    _ pieces: [Value], to special: ScriptContext.SpecialFile, named name: String,
    at range: ByteRange
  ) {
    guard !current.isEmpty else { return }
    switch special {
    case .call(let callName):
      let value = Self.joined(pieces)
      let call = Call(
        kind: "file", name: callName,
        arguments: [Call.Argument("0", value, at: location(range))], location: location(range))
      _ = add(.action, call: call, at: range)
    case .fields, .variables:
      var lines = outputLines[name] ?? OutputLines()
      let pairs = lines.take(pieces)
      outputLines[name] = lines
      for pair in pairs { write(pair, to: special, at: range) }
    }
  }

  private mutating func write(
    _ pair: OutputLines.Pair, to special: ScriptContext.SpecialFile, at range: ByteRange
  ) {
    switch special {
    case .fields(let variable, let path):
      let field: PathComponent = pair.key.map { .field($0) } ?? .some
      assign(variable, path: path + [field], pair.value, at: range)
    case .variables(let prefix):
      guard let key = pair.key else { return }
      assign(Variable(prefix + key), pair.value, at: range)
    case .call: break
    }
  }

  /// A line on standard output that the engine takes as a command.
  mutating func obey(_ value: Value, at range: ByteRange) {
    if let record = context.printedRecord { obey(record, value, at: range) }
    guard !context.printedCommands.isEmpty else { return }
    let leading = value.leadingText
    for command in context.printedCommands where leading.hasPrefix(command.prefix) {
      let rest = leading.dropFirst(command.prefix.count)
      guard let special = context.specialFiles[command.file],
        let end = Self.index(of: command.separator, in: rest)
      else { continue }
      let key = String(rest[..<end])
      let count =
        command.prefix.utf8.count + key.utf8.count + command.separator.utf8.count
      write(
        OutputLines.Pair(key: key, value: value.droppingLeading(count)), to: special, at: range)
      return
    }
  }

  private mutating func obey(
    _ record: ScriptContext.PrintedRecord, _ value: Value, at range: ByteRange
  ) {
    guard value.leadingText.hasPrefix(record.prefix) else { return }
    var parts = value.droppingLeading(record.prefix.utf8.count).templateParts
    guard case .literal(let last)? = parts.last else { return }
    let line = last.prefix { $0 != "\n" }
    guard line.hasSuffix(record.suffix) else { return }
    parts[parts.count - 1] = .literal(String(line.dropLast(record.suffix.count)))
    guard case .record(let fields)? = JSONTemplate.parse(Self.concatenated(parts)),
      case .record(let outputs)? = fields.last(where: { $0.name == record.field })?.value
    else { return }
    for output in outputs {
      assign(record.variable, path: record.path + [.field(output.name)], output.value, at: range)
    }
  }

  private static func index(of part: String, in text: Substring) -> Substring.Index? {
    guard let first = part.first else { return nil }
    var index = text.startIndex
    while index < text.endIndex {
      if text[index] == first, text[index...].hasPrefix(part) { return index }
      index = text.index(after: index)
    }
    return nil
  }
}

import Expressions
import SourceText

/// A program that a script starts: `subprocess.run(["gh", "pr", "comment", …])`, `os.system("…")`.
enum PythonCommand {
  private static let starters: Set<String> = [
    "subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output",
    "subprocess.Popen", "subprocess.getoutput", "_.os.system", "os.system", "_.os.popen",
  ]

  /// The call of the program; `nil` where it starts none, or none that can be told.
  static func call(
    _ name: String, _ values: [Value], at location: SourceLocation
  ) -> Call? {
    guard starters.contains(name), let first = values.first else { return nil }
    let words: [Value]
    if case .list(let items) = first { words = items } else { words = split(first) }
    guard case .literal(let program)? = words.first else { return nil }
    var arguments: [Call.Argument] = []
    var position = 0
    var index = 1
    while index < words.count {
      let word = words[index]
      index += 1
      guard case .literal(let text) = word, text.hasPrefix("-"), text.count > 1 else {
        arguments.append(Call.Argument(String(position), word, at: location))
        position += 1
        continue
      }
      if let equals = text.firstIndex(of: "=") {
        let value = Value.literal(String(text[text.index(after: equals)...]))
        arguments.append(Call.Argument(String(text[..<equals]), value, at: location))
      } else if index < words.count, !isOption(words[index]) {
        arguments.append(Call.Argument(text, words[index], at: location))
        index += 1
      } else {
        arguments.append(Call.Argument(text, .literal(""), at: location))
      }
    }
    if case .record(let fields)? = values.dropFirst().last {
      for field in fields where field.name == "input" {
        arguments.append(Call.Argument("stdin", field.value, at: location))
      }
    }
    let base = program.parts(by: "/").last.map(String.init) ?? program
    return Call(kind: "command", name: base, arguments: arguments, location: location)
  }

  private static func isOption(_ value: Value) -> Bool {
    if case .literal(let text) = value { text.hasPrefix("-") } else { false }
  }

  /// The words of a command line; quotes hold none together, so that a computed part stands alone.
  private static func split(_ line: Value) -> [Value] {
    let parts: [Value] = if case .template(let parts) = line { parts } else { [line] }
    return parts.flatMap { part -> [Value] in
      guard case .literal(let text) = part else { return [part] }
      return text.split { " \"'\n".contains($0) }.map { .literal(String($0)) }
    }
  }
}

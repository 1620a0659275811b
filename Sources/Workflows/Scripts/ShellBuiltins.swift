import Expressions
import SourceText

/// Builtins that change the shell itself: how it goes on, its options, its variables.
extension ShellLowerer {
  mutating func leave(_ name: String, _ words: [ShellWord]) -> ShellOutcome {
    if name == "break" || name == "continue" {
      return leaveLoop(continuing: name == "continue")
    }
    let argument = words.count > 1 ? evaluate(words[1]) : nil
    let index: Int
    if name == "return", let function = scopes.lastIndex(where: \.isLeftByReturn) {
      index = function
    } else {
      index = scopes.lastIndex { !$0.isLeftByReturn } ?? 0
    }
    if let text = argument?.knownText {
      if text == "0" {
        scopes[index].success += current
      } else {
        scopes[index].failure += current
      }
    } else if let last = lastOutcome, last.condition == nil,
      argument == nil || words.count > 1 && isStatus(words[1])
    {
      // The status of the command before.
      scopes[index].success += last.success
      scopes[index].failure += last.failure + last.quiet
    } else if argument == nil {
      scopes[index].success += current
    } else if case .reference? = argument, let status = argument {
      let place = location(words[1].range)
      let isZero = Test(status, .equal, [.literal("0")], semantics: .shell, at: place)
      let ways = settle(
        ShellOutcome(success: current, condition: .test(isZero), location: place))
      scopes[index].success += ways.success
      scopes[index].failure += ways.failure
    } else {
      // A computed status: callers compute one to say that something failed.
      scopes[index].success += current
      scopes[index].failure += current
    }
    current = []
    return ShellOutcome(success: [])
  }

  mutating func setOptions(_ words: [ShellWord]) {
    var index = 1
    while index < words.count, let text = words[index].literal {
      let enables = text.hasPrefix("-")
      if enables || text.hasPrefix("+") {
        if text.dropFirst().contains("e") { exitsOnError = enables }
        if text.dropFirst().contains("o"), index + 1 < words.count {
          index += 1
          switch words[index].literal {
          case "pipefail": pipesFail = enables
          case "errexit": exitsOnError = enables
          default: break
          }
        }
        if text == "--" { return }
      } else {
        return
      }
      index += 1
    }
  }

  /// `bash -c '…'`, where the script can be read in place.
  mutating func runNested(_ words: [ShellWord]) -> ShellOutcome? {
    guard
      let flag = words.firstIndex(where: { word in
        guard let text = word.literal else { return false }
        return text.hasPrefix("-") && text.hasSuffix("c") && !text.hasPrefix("--")
      }), flag + 1 < words.count
    else { return nil }
    let outerSubstitutions = source.substitutions
    defer { source.substitutions = outerSubstitutions }
    let word = words[flag + 1]
    if let handed = handedMarker { substitute(handed.value, for: handed.text, in: word.range) }
    guard let inner = script(in: word) else { return nil }
    let positional = words.dropFirst(flag + 3).map { evaluate($0) }
    let outerScript = source.script
    source.script = inner
    var census = ShellCensus()
    census.visit(inner.commands)
    for (name, count) in census.writes { writes[name, default: 0] += count + 1 }
    let errexit = words[flag].literal?.contains("e") ?? false
    let outcome = runInSubshell(positional: positional.isEmpty ? nil : positional) { lowerer in
      lowerer.exitsOnError = errexit
      lowerer.pipesFail = false
      return lowerer.runList(inner.commands)
    }
    source.script = outerScript
    return outcome
  }

  /// What stands in the place of a marker in a script that is handed on.
  private mutating func substitute(_ value: Value, for marker: String, in range: ByteRange) {
    let mark = Array(marker.utf8)
    guard !mark.isEmpty, range.end <= source.bytes.count else { return }
    var index = range.start
    while index + mark.count <= range.end {
      if source.bytes[index..<(index + mark.count)].elementsEqual(mark) {
        source.substitutions.append(
          .init(range: ByteRange(index, index + mark.count), value: value))
        index += mark.count
      } else {
        index += 1
      }
    }
  }

  mutating func joinBackground(at range: ByteRange) -> ShellOutcome {
    guard !backgroundEnds.isEmpty else { return ShellOutcome(success: current) }
    current += backgroundEnds
    backgroundEnds = []
    let join = add(.control, at: range)
    builder.update(join) { $0.joinsAll = true }
    return ShellOutcome(success: current)
  }

  mutating func runRead(_ arguments: [ShellArgument], at range: ByteRange) -> ShellOutcome {
    var names: [String] = []
    var index = 1
    while index < arguments.count {
      guard let text = arguments[index].text else { break }
      if text.hasPrefix("-") {
        if ["-p", "-d", "-n", "-N", "-t", "-u", "-i", "-a"].contains(text) {
          index += 1
          if text == "-a", index < arguments.count, let name = arguments[index].text {
            names.append(name)
          }
        }
      } else {
        names.append(text)
      }
      index += 1
    }
    // What nobody names is kept all the same.
    if names.isEmpty { names = ["REPLY"] }
    let value = input ?? .unknown([])
    let words = names.count == 1 ? nil : resolved(value).words(names.count)
    for (index, name) in names.enumerated() {
      let word = words?[index] ?? (names.count == 1 ? value : .converted("read", value))
      assign(variable(name), word, at: range)
    }
    return ShellOutcome(success: current)
  }

  /// `mapfile -t LINES`: an array of the lines of standard input.
  mutating func runReadLines(
    _ arguments: [ShellArgument], at range: ByteRange
  ) -> ShellOutcome {
    var name = "MAPFILE"
    var index = 1
    while index < arguments.count {
      guard let text = arguments[index].text else { break }
      if ["-d", "-n", "-O", "-s", "-u", "-C", "-c"].contains(text) {
        index += 1
      } else if !text.hasPrefix("-") {
        name = text
      }
      index += 1
    }
    let value = input ?? .unknown([])
    let lines = OutputLines.lines(of: [resolved(value)]).map(Self.concatenated)
    // The census counts each `mapfile` twice: no constant comes of it.
    if lines.count > 1, writes[name] == 2 { definitions[variable(name)] = .list(lines) }
    assign(variable(name), value, at: range)
    return ShellOutcome(success: current)
  }
}

extension Value {
  /// The words of a line, where it can be seen where each ends; the last takes what is left.
  fileprivate func words(_ count: Int) -> [Value]? {
    var words: [Value]
    switch self {
    case .text(let inner, _): return inner.words(count)
    case .template(let parts) where parts.count == 1: return parts[0].words(count)
    case .converted("@tsv", .list(let items)), .converted("@csv", .list(let items)):
      words = items.map { .text($0, null: "") }
    case .template(let parts):
      let isBlank = { (part: Value) in part.knownText?.allSatisfy(\.isWhitespace) == true }
      words = parts.split(whereSeparator: isBlank).map { part in
        part.count == 1 ? part[part.startIndex] : .template(Array(part))
      }
    default: return nil
    }
    guard count > 0, words.count >= count else { return nil }
    let last = words[(count - 1)...]
    return Array(words.prefix(count - 1)) + [
      last.count == 1 ? last[count - 1] : .template(Array(last))
    ]
  }
}

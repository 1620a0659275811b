import Expressions
import SourceText

/// `jq` and `grep`: they print a part of the data, and their status is a test of it.
extension ShellLowerer {
  /// Both programs of this name take jq's language; scalars are printed bare unless JSON is asked for.
  mutating func runYq(_ operands: [ShellArgument], at range: ByteRange) -> ShellOutcome {
    var rest: [ShellArgument] = []
    var writesJSON = false
    var index = 0
    while index < operands.count {
      let text = operands[index].text ?? ""
      let next = index + 1 < operands.count ? operands[index + 1].text ?? "" : ""
      switch text {
      case "-o", "--output-format":
        writesJSON = next.hasPrefix("j")
        index += 1
      case "-p", "--input-format", "-I": index += 1
      case "e" where rest.isEmpty, "eval" where rest.isEmpty: break
      default:
        if text.hasPrefix("-o") || text.hasPrefix("--output-format=") {
          writesJSON = text.hasSuffix("json") || text.hasSuffix("j")
        } else if !text.hasPrefix("-p"), !text.hasPrefix("-I") {
          rest.append(operands[index])
        }
      }
      index += 1
    }
    return runJq(rest, isRaw: !writesJSON, at: range)
  }

  static func editsInPlace(_ option: String?) -> Bool {
    option == "-i" || option == "--inplace" || option == "--in-place"
  }

  mutating func runJq(
    _ operands: [ShellArgument], isRaw: Bool = false, at range: ByteRange
  ) -> ShellOutcome {
    var flags: Set<Character> = isRaw ? ["r"] : []
    var variables: [String: Value] = [:]
    var program: ShellArgument?
    var files: [ShellArgument] = []
    var programFile = false
    var index = 0
    func operand(_ offset: Int) -> ShellArgument? {
      index + offset < operands.count ? operands[index + offset] : nil
    }
    while index < operands.count {
      let argument = operands[index]
      let text = argument.value.leadingText
      switch text {
      case "--arg", "--argjson":
        if let name = operand(1)?.text, let value = operand(2) {
          variables[name] =
            text == "--arg" ? value.value : JSONTemplate.parse(value.value) ?? value.value
        }
        index += 2
      case "--slurpfile", "--rawfile":
        if let name = operand(1)?.text, let file = operand(2) {
          let held = fileValue(of: file) ?? .unknown([])
          variables[name] = text == "--rawfile" ? held : .list([held])
        }
        index += 2
      case "--args", "--jsonargs": index = operands.count
      case "--raw-output": flags.insert("r")
      case "--exit-status": flags.insert("e")
      case "--null-input": flags.insert("n")
      case "--raw-input": flags.insert("R")
      case "--slurp": flags.insert("s")
      case "--from-file":
        programFile = true
        index += 1
      case "--indent", "-L": index += 1
      default:
        if text.hasPrefix("--") {
          break
        } else if text.hasPrefix("-"), text.utf8.count > 1, argument.word.literal != nil {
          flags.formUnion(text.dropFirst())
          if text.dropFirst().contains("f") {
            programFile = true
            index += 1
          }
        } else if program == nil, !programFile {
          program = argument
        } else {
          files.append(argument)
        }
      }
      index += 1
    }
    for name in context.environment.keys { variables["ENV." + name] = context.environment[name] }
    var data: Value?
    if !flags.contains("n") {
      let values = files.compactMap { fileValue(of: $0) }
      data =
        values.isEmpty ? input ?? .unknown([]) : values.count == 1 ? values[0] : .either(values)
      if flags.contains("s"), !flags.contains("R"), let one = data { data = .list([one]) }
    }
    guard let program, let source = programText(program, &variables) else {
      emit(.unknown((data ?? .null).references), at: range)
      return flags.contains("e")
        ? decided(by: .unknown((data ?? .null).references), at: range)
        : ShellOutcome(success: current)
    }
    let result = JqProgram(source, input: data, variables: variables, location: location(range))
    if case .record = result.value {
      emit(result.value, line: !flags.contains("j"), at: range)
    } else {
      let isRaw = flags.contains("r") || flags.contains("j")
      emit(
        isRaw ? result.printed : result.printedAsJSON, line: !flags.contains("j"), at: range)
    }
    if flags.contains("e") { return decided(by: result.holds, at: range) }
    if let completes = result.completes { return decided(by: completes, at: range) }
    return ShellOutcome(success: current)
  }

  /// The program's text; what the shell puts into it becomes variables.
  private mutating func programText(
    _ argument: ShellArgument, _ variables: inout [String: Value]
  ) -> String? {
    if let text = argument.text { return text }
    var program = ""
    var isInString = false
    for (index, part) in argument.value.templateParts.enumerated() {
      if case .literal(let text) = part {
        program += text
        var isEscaped = false
        for byte in text.utf8 {
          if isEscaped {
            isEscaped = false
          } else if byte == UInt8(ascii: "\\") {
            isEscaped = isInString
          } else if byte == UInt8(ascii: "\"") {
            isInString.toggle()
          }
        }
      } else {
        let name = "__shell\(index)"
        variables[name] = part
        program += isInString ? "\\($\(name))" : "$\(name)"
      }
    }
    // `.\($field)`: a computed field name.
    return program.hasPrefix("$__shell") && argument.value.templateParts.count == 1 ? nil : program
  }

  // MARK: grep

  mutating func runGrep(
    _ name: String, _ operands: [ShellArgument], at range: ByteRange
  ) -> ShellOutcome {
    var flags = Set<Character>()
    if name == "egrep" || name == "rg" { flags.insert("E") }
    if name == "fgrep" { flags.insert("F") }
    var pattern: ShellArgument?
    var files: [ShellArgument] = []
    var index = 0
    while index < operands.count {
      let argument = operands[index]
      let text = argument.value.leadingText
      switch text {
      case "--": break
      case "-e", "--regexp":
        index += 1
        if index < operands.count { pattern = operands[index] }
      case "-m", "-A", "-B", "-C", "-f", "--max-count", "--include", "--exclude": index += 1
      case "--quiet", "--silent": flags.insert("q")
      case "--ignore-case": flags.insert("i")
      case "--invert-match": flags.insert("v")
      case "--fixed-strings": flags.insert("F")
      case "--extended-regexp": flags.insert("E")
      case "--perl-regexp": flags.insert("P")
      case "--line-regexp": flags.insert("x")
      default:
        if text.hasPrefix("--") {
          break
        } else if text.hasPrefix("-"), text.utf8.count > 1, argument.word.literal != nil {
          flags.formUnion(text.dropFirst())
          // `-m1` and `-A3` carry numbers; `-qe` is followed by the pattern.
          if text.hasSuffix("e") {
            index += 1
            if index < operands.count { pattern = operands[index] }
          }
        } else if pattern == nil {
          pattern = argument
        } else {
          files.append(argument)
        }
      }
      index += 1
    }
    let values = files.compactMap { fileValue(of: $0) }
    let data = values.isEmpty ? input ?? .unknown([]) : Self.concatenated(values)
    let member = pattern.flatMap { self.member($0.value, in: data, flags) }
    if !flags.contains("q") {
      let found = flags.contains("o") ? member?.printed(from: data) : nil
      emit(
        found ?? (data.knownText == nil ? .converted("grep", data) : .unknown([])), at: range)
    }
    if let member {
      let condition = member.condition(of: data) { test($0, $1, $2, at: range) }
      return decided(by: condition, at: range)
    }
    guard let pattern else { return ShellOutcome(success: current) }
    let condition = search(pattern.value, in: data, flags, at: range)
    return decided(by: condition, at: range)
  }

  /// The member of a JSON text that a pattern asks for.
  private func member(
    _ pattern: Value, in data: Value, _ flags: Set<Character>
  ) -> JSONSearch? {
    guard let text = pattern.knownText, flags.isDisjoint(with: ["v", "c", "x", "i", "l", "L"]),
      data.knownText == nil
    else { return nil }
    let isExtended = !flags.isDisjoint(with: ["E", "P", "F"])
    return JSONSearch(isExtended ? text : Self.extendedExpression(text))
  }

  private func search(
    _ pattern: Value, in data: Value, _ flags: Set<Character>, at range: ByteRange
  ) -> Condition {
    // Some line that does not match: says nothing about the ones that matter.
    if flags.contains("v") { return .unknown(data.references + pattern.references) }
    guard let text = pattern.knownText else {
      return test(data, .contains, [pattern], at: range)
    }
    let isFixed = flags.contains("F")
    let isExtended = flags.contains("E") || flags.contains("P")
    var expression = isExtended || isFixed ? text : Self.extendedExpression(text)
    let hasMeta =
      !isFixed && expression.utf8.contains { "\\^$.|?*+()[]{}".utf8.contains($0) }
    let ignoresCase = flags.contains("i")
    let wholeLine = flags.contains("x")
    if !hasMeta {
      return .test(
        Test(
          data, wholeLine ? .equal : .contains, [.literal(text)],
          semantics: ignoresCase ? .gitHub : .shell, at: location(range)))
    }
    if wholeLine { expression = "^(" + expression + ")$" }
    if ignoresCase { expression = "(?i)" + expression }
    return test(data, .matchesRegularExpression, [.literal(expression)], at: range)
  }

  /// A basic regular expression as an extended one: `\|`, `\+`, `\(` trade places with `|`, `+`, `(`.
  static func extendedExpression(_ basic: String) -> String {
    var result = ""
    var characters = basic.makeIterator()
    var isFirst = true
    while let character = characters.next() {
      if character == "\\" {
        guard let next = characters.next() else { break }
        if "|+?(){}".contains(next) {
          result.append(next)
        } else {
          result.append("\\")
          result.append(next)
        }
      } else if "|+?(){}".contains(character) || (character == "*" && isFirst) {
        result.append("\\")
        result.append(character)
      } else {
        result.append(character)
      }
      isFirst = false
    }
    return result
  }
}

import Expressions
import SourceText

/// Programs that only turn text into text.
extension ShellLowerer {
  mutating func runTextTool(
    _ name: String, _ arguments: [ShellArgument], at range: ByteRange
  ) -> ShellOutcome? {
    // Made where a tool asks for them: most commands are none.
    var operands: [ShellArgument] { Array(arguments.dropFirst()) }
    switch name {
    case "echo":
      emit(echoed(operands), at: range)
    case "printf": runPrintf(operands, at: range)
    case "cat", "tac":
      let files = operands.filter(\.isPositional)
      if files.isEmpty {
        if let input { emit(input, at: range) }
      } else {
        for file in files { emit(fileValue(of: file) ?? .unknown([]), at: range) }
      }
    case "tee": runTee(operands, at: range)
    case "jq", "gojq", "jaq": return runJq(operands, at: range)
    case "yq" where !operands.contains { Self.editsInPlace($0.text) }:
      return runYq(operands, at: range)
    case "grep", "egrep", "fgrep", "rg": return runGrep(name, operands, at: range)
    case "cp", "mv", "install": return runCopy(operands, at: range)
    case "envsubst": emit(input ?? .unknown([]), at: range)
    case "tail", "head", "sed":
      let operands = operands
      if let part = statusPart(name, operands) {
        emit(part, at: range)
      } else {
        filter(name, operands, at: range)
      }
    case "wc":
      emit(.length(content(of: operands, skipping: 0)), at: range)
    case "mktemp", "date", "seq", "pwd", "hostname", "whoami", "uname", "id", "nproc", "uuidgen",
      "which", "ls", "type", "find", "du", "df", "stat", "printenv":
      emit(.unknown([]), at: range)
    case "bc":
      let text = content(of: operands, skipping: 0)
      emit(bcComparison(text, at: range) ?? .converted(name, text), at: range)
    case "awk", "gawk", "mawk":
      let operands = operands
      if let outcome = runAwkComparison(operands, at: range) { return outcome }
      filter(name, operands, at: range)
    case "basename", "dirname", "realpath", "readlink", "expr":
      emit(.converted(name, .template(operands.map(\.value))), at: range)
    case "env": emit(.unknown([]), at: range)
    default:
      guard Self.filters.contains(name) else { return nil }
      filter(name, operands, at: range)
    }
    return ShellOutcome(success: current)
  }

  private mutating func filter(
    _ name: String, _ operands: [ShellArgument], at range: ByteRange
  ) {
    let takesProgram = ["sed", "awk", "gawk", "tr", "yq", "openssl"].contains(name)
    let value = content(of: operands, skipping: takesProgram ? 1 : 0)
    if name == "sed", let program = operands.first(where: \.isPositional)?.text,
      let member = JSONSearch(substitution: program)
    {
      emit(member.printed(from: value) ?? .converted(name, value), at: range)
      return
    }
    if name == "sed",
      operands.contains(where: { $0.text == "-i" || $0.text?.hasPrefix("-i") == true })
    {
      // In place: the file holds the new text.
      for operand in operands.filter(\.isPositional).dropFirst() {
        guard let file = fileName(of: operand), let held = fileValue(of: operand) else { continue }
        assign(self.file(file), .converted(name, held), at: range)
      }
      return
    }
    emit(value.knownText == nil ? .converted(name, value) : .unknown([]), at: range)
  }

  /// What the tool reads: the files it is given, or its standard input.
  private func content(of operands: [ShellArgument], skipping count: Int) -> Value {
    let files = operands.filter(\.isPositional).dropFirst(count).filter { operand in
      operand.text == "-" || looksLikeFile(operand)
    }
    let values = files.compactMap { fileValue(of: $0) }
    if !values.isEmpty { return Self.concatenated(values) }
    if let input { return input }
    return .unknown(operands.flatMap(\.value.references))
  }

  private func echoed(_ operands: [ShellArgument]) -> Value {
    var words = operands[...]
    var expands = false
    while let text = words.first?.text, ["-e", "-n", "-E", "-ne", "-en"].contains(text) {
      expands = expands || text.contains("e")
      words = words.dropFirst()
    }
    var parts: [Value] = []
    for (index, word) in words.enumerated() {
      if index > 0 { parts.append(.literal(" ")) }
      parts.append(word.value)
    }
    let whole = Self.concatenated(parts)
    return expands ? whole.expandingEscapes : whole
  }

  private mutating func runPrintf(_ operands: [ShellArgument], at range: ByteRange) {
    var operands = operands[...]
    var target: String?
    if operands.first?.text == "-v", operands.count > 1 {
      target = operands[operands.startIndex + 1].text
      operands = operands.dropFirst(2)
    }
    if operands.first?.text == "--" { operands = operands.dropFirst() }
    guard let format = operands.first else { return }
    let value = formatted(format.value, operands.dropFirst().map(\.value))
    if let target {
      assign(variable(target), value, at: range)
    } else {
      emit(value, line: false, at: range)
    }
  }

  /// `printf`'s format, used again while arguments are left.
  private func formatted(_ format: Value, _ arguments: [Value]) -> Value {
    guard let text = format.knownText else {
      return Self.concatenated([format] + arguments)
    }
    var parts: [Value] = []
    var rest = arguments[...]
    for _ in 0..<max(1, min(arguments.count, 64)) {
      let count = rest.count
      append(text, &rest, to: &parts)
      if rest.isEmpty || rest.count == count { break }
    }
    return Self.concatenated(parts)
  }

  private func append(
    _ format: String, _ arguments: inout ArraySlice<Value>, to parts: inout [Value]
  ) {
    var literal = ""
    var characters = Array(format)[...]
    func flush() {
      if !literal.isEmpty { parts.append(Value.literal(literal).expandingEscapes) }
      literal = ""
    }
    while let character = characters.popFirst() {
      guard character == "%", let next = characters.first else {
        literal.append(character)
        continue
      }
      if next == "%" {
        characters.removeFirst()
        literal.append("%")
        continue
      }
      while let flag = characters.first, !flag.isLetter || flag == "l" {
        _ = flag; characters.removeFirst()
      }
      guard characters.popFirst() != nil else { break }
      flush()
      parts.append(arguments.popFirst() ?? .literal(""))
    }
    flush()
  }

  private mutating func runTee(_ operands: [ShellArgument], at range: ByteRange) {
    let value = input ?? .unknown([])
    let appends = operands.contains { $0.text == "-a" || $0.text == "--append" }
    for operand in operands where operand.isPositional {
      write([value], to: destination(operand.word, appends: appends), at: range)
    }
    emit(value, at: range)
  }

  private mutating func runCopy(_ operands: [ShellArgument], at range: ByteRange) -> ShellOutcome {
    let files = operands.filter(\.isPositional)
    if files.count == 2, let from = fileValue(of: files[0]), let to = fileName(of: files[1]),
      looksLikeFile(files[0]) || looksLikeFile(files[1])
    {
      knownFiles.insert(to)
      assign(file(to), from, at: range)
    }
    return ShellOutcome(success: current)
  }

  /// The body or the status out of a text that `curl -w` ended with a status line.
  private func statusPart(_ name: String, _ operands: [ShellArgument]) -> Value? {
    guard case .reference(let reference)? = input, reference.path.isEmpty,
      let tail = statusTails[reference.variable]
    else { return nil }
    let options = operands.compactMap(\.text).joined(separator: " ")
    switch (name, options) {
    case ("tail", "-n1"), ("tail", "-n 1"), ("tail", "-1"), ("sed", "-n $p"), ("tail", "-c 3"),
      ("tail", "-c 4"), ("tail", "-c4"), ("tail", "-c3"):
      return tail.status
    case ("head", "-n-1"), ("head", "-n -1"), ("sed", "$d"), ("sed", "$ d"), ("head", "-c -4"),
      ("head", "-c -3"), ("head", "-c-4"):
      return tail.body
    default: return nil
    }
  }
}

extension Value {
  /// With `\n` and `\t` in literal parts turned into what they stand for.
  var expandingEscapes: Value {
    switch self {
    case .literal(let text):
      guard text.utf8.contains(UInt8(ascii: "\\")) else { return self }
      var result = ""
      var characters = text.makeIterator()
      while let character = characters.next() {
        guard character == "\\", let next = characters.next() else {
          result.append(character)
          continue
        }
        switch next {
        case "n": result.append("\n")
        case "t": result.append("\t")
        case "r": result.append("\r")
        case "\\": result.append("\\")
        case "\"": result.append("\"")
        default:
          result.append("\\")
          result.append(next)
        }
      }
      return .literal(result)
    case .template(let parts): return .template(parts.map(\.expandingEscapes))
    default: return self
    }
  }
}

extension String {
  /// The pieces between the places where `separator` stands.
  func splitting(at separator: String) -> [String] {
    guard let first = separator.first else { return [self] }
    var pieces: [String] = []
    var piece = ""
    var index = startIndex
    while index < endIndex {
      if self[index] == first, self[index...].hasPrefix(separator) {
        pieces.append(piece)
        piece = ""
        index = self.index(index, offsetBy: separator.count)
      } else {
        piece.append(self[index])
        index = self.index(after: index)
      }
    }
    pieces.append(piece)
    return pieces
  }
}

package import SourceText

/// Parses bash and POSIX shell text; total: what it does not know becomes an unknown command.
package struct ShellParser {
  let bytes: [UInt8]
  var position: Int
  var end: Int
  let holes: ShellHoles
  var hereDocuments: [ShellWord] = []
  var pendingHereDocuments: [PendingHereDocument] = []
  var depth = 0

  struct PendingHereDocument {
    var index: Int
    var delimiter: [UInt8]
    var expands: Bool
    var stripsTabs: Bool
  }

  /// Parses `text`, in which `substitutions` are ranges that the engine fills in before the shell sees them.
  package static func parse(_ text: String, substitutions: [ByteRange] = []) -> ShellScript {
    var parser = ShellParser(bytes: Array(text.utf8), substitutions: substitutions)
    return parser.parseScript()
  }

  /// Parses a part of a script as a script of its own (`bash -c '…'`); ranges stay those of the whole.
  package static func parse(
    _ text: String, in range: ByteRange, substitutions: [ByteRange] = []
  ) -> ShellScript {
    var parser = ShellParser(bytes: Array(text.utf8), substitutions: substitutions)
    parser.position = max(0, min(range.start, parser.bytes.count))
    parser.end = max(parser.position, min(range.end, parser.bytes.count))
    return parser.parseScript()
  }

  init(bytes: [UInt8], substitutions: [ByteRange]) {
    self.bytes = bytes
    self.position = 0
    self.end = bytes.count
    holes = ShellHoles(substitutions, in: bytes.count)
  }

  mutating func parseScript() -> ShellScript {
    var commands: [ShellCommand] = []
    while true {
      commands += parseList()
      guard position < end else { break }
      // A terminator nobody opened (`fi`, `)`): skip it and go on.
      let start = position
      if byte == ShellByte.closeParenthesis || byte == ShellByte.semicolon {
        position += 1
      } else {
        _ = parseWord()
      }
      if position == start { position += 1 }
    }
    readHereDocuments()
    return ShellScript(commands: commands, hereDocuments: hereDocuments)
  }

  // MARK: Lists

  /// Whether the word ends a list of commands.
  private static func endsList(_ word: String) -> Bool {
    switch word {
    case "then", "fi", "elif", "else", "do", "done", "esac", "}": true
    default: false
    }
  }

  /// Commands up to a reserved word that ends a list, `)`, `;;` or the end of the text.
  ///
  /// A word that ends another construct than this one closes this one, too.
  mutating func parseList() -> [ShellCommand] {
    var commands: [ShellCommand] = []
    while true {
      skipSeparators()
      guard position < end, byte != ShellByte.closeParenthesis, !atCaseSeparator else { break }
      if let word = peekBareWord(), Self.endsList(word) { break }
      let start = position
      var command = parseAndOr()
      skipBlanks()
      if byte == ShellByte.ampersand, !follows("&&") {
        position += 1
        command = ShellCommand(
          kind: .background(command), redirections: [], range: command.range)
      }
      commands.append(command)
      if position == start { position += 1 }
    }
    return commands
  }

  mutating func parseAndOr() -> ShellCommand {
    var left = parsePipeline()
    // Each link is one level of the tree; a longer chain than anybody writes is cut.
    for _ in 0..<Self.nesting / 2 {
      skipBlanks()
      let conjunction = follows("&&")
      guard conjunction || follows("||") else { return left }
      position += 2
      skipNewlines()
      let right = parsePipeline()
      let range = ByteRange(left.range.start, max(left.range.start, right.range.end))
      left = ShellCommand(
        kind: conjunction ? .and(left, right) : .or(left, right), redirections: [], range: range)
    }
    return left
  }

  mutating func parsePipeline() -> ShellCommand {
    skipBlanks()
    let start = position
    var negated = false
    while true {
      let word = peekBareWord()
      if word == "!" {
        position += 1
        negated.toggle()
        skipBlanks()
      } else if word == "time" {
        position += 4
        skipBlanks()
        if peekBareWord() == "-p" { position += 2 }
        skipBlanks()
      } else {
        break
      }
    }
    var stages = [parseCommand()]
    while true {
      skipBlanks()
      guard byte == ShellByte.bar, !follows("||") else { break }
      position += follows("|&") ? 2 : 1
      skipNewlines()
      stages.append(parseCommand())
    }
    let range = ByteRange(start, max(start, stages[stages.count - 1].range.end))
    var command =
      stages.count == 1
      ? stages[0] : ShellCommand(kind: .pipeline(stages), redirections: [], range: range)
    if negated { command = ShellCommand(kind: .not(command), redirections: [], range: range) }
    return command
  }

  // MARK: Commands

  mutating func parseCommand() -> ShellCommand {
    skipBlanks()
    let start = position
    guard depth < Self.nesting else { return skipDeepCommand() }
    depth += 1
    defer { depth -= 1 }
    guard let kind = parseCompound() else { return parseSimple() }
    let bodyEnd = position
    var redirections: [ShellRedirection] = []
    while let redirection = parseRedirection() { redirections.append(redirection) }
    let commandEnd = redirections.isEmpty ? bodyEnd : position
    return ShellCommand(kind: kind, redirections: redirections, range: ByteRange(start, commandEnd))
  }

  mutating func parseCompound() -> ShellCommand.Kind? {
    if byte == ShellByte.openParenthesis {
      if follows("((") {
        let start = position
        position += 2
        if let word = parseArithmetic() { return .arithmetic(word) }
        position = start
      }
      position += 1
      let body = parseList()
      skipClosing(ShellByte.closeParenthesis)
      return .subshell(body)
    }
    guard let word = peekBareWord() else { return nil }
    switch word {
    case "{":
      position += 1
      let body = parseList()
      expect("}")
      return .group(body)
    case "if": return parseIf()
    case "while", "until":
      position += word.utf8.count
      let condition = parseList()
      expect("do")
      let body = parseList()
      expect("done")
      return .loop(condition: condition, body: body, until: word == "until")
    case "for", "select": return parseFor(keyword: word)
    case "case": return parseCase()
    case "[[":
      position += 2
      return .test(parseTest())
    case "function":
      position += word.utf8.count
      skipBlanks()
      let name = parseWord()?.literal ?? ""
      skipBlanks()
      if follows("()") { position += 2 }
      skipNewlines()
      return .function(name: name, body: parseCommand())
    default: return parseFunctionDefinition(name: word)
    }
  }

  mutating func parseFunctionDefinition(name: String) -> ShellCommand.Kind? {
    let start = position
    position += name.utf8.count
    skipBlanks()
    guard byte == ShellByte.openParenthesis else {
      position = start
      return nil
    }
    position += 1
    skipBlanks()
    guard byte == ShellByte.closeParenthesis else {
      position = start
      return nil
    }
    position += 1
    skipNewlines()
    return .function(name: name, body: parseCommand())
  }

  mutating func parseIf() -> ShellCommand.Kind {
    var branches: [ShellCommand.Branch] = []
    var otherwise: [ShellCommand]?
    position += 2
    while true {
      let condition = parseList()
      expect("then")
      let body = parseList()
      branches.append(ShellCommand.Branch(condition: condition, body: body))
      guard peekBareWord() == "elif" else { break }
      position += 4
    }
    if peekBareWord() == "else" {
      position += 4
      otherwise = parseList()
    }
    expect("fi")
    return .conditional(branches, otherwise: otherwise)
  }

  mutating func parseFor(keyword: String) -> ShellCommand.Kind {
    position += keyword.utf8.count
    skipBlanks()
    if follows("((") {
      let start = position
      position += 2
      if let head = parseArithmetic() {
        return .forArithmetic(head: head, body: parseLoopBody())
      }
      position = start
    }
    let name = parseWord()?.literal ?? ""
    skipNewlines()
    var words: [ShellWord]?
    if peekBareWord() == "in" {
      position += 2
      words = []
      skipBlanks()
      while let word = parseWord() {
        words?.append(word)
        skipBlanks()
      }
    }
    return .forEach(variable: name, words: words, body: parseLoopBody())
  }

  mutating func parseLoopBody() -> [ShellCommand] {
    skipSeparators()
    if peekBareWord() == "{" {
      position += 1
      let body = parseList()
      expect("}")
      return body
    }
    expect("do")
    let body = parseList()
    expect("done")
    return body
  }

  mutating func parseCase() -> ShellCommand.Kind {
    position += 4
    skipBlanks()
    let subject = parseWord() ?? ShellWord(parts: [], range: ByteRange(position, position))
    skipNewlines()
    expect("in")
    var arms: [ShellCommand.Arm] = []
    while true {
      skipSeparators()
      guard position < end, peekBareWord() != "esac" else { break }
      if byte == ShellByte.openParenthesis { position += 1 }
      var patterns: [ShellWord] = []
      while true {
        skipBlanks()
        guard let pattern = parseWord() else { break }
        patterns.append(pattern)
        skipBlanks()
        guard byte == ShellByte.bar else { break }
        position += 1
      }
      guard byte == ShellByte.closeParenthesis else { break }
      position += 1
      let body = parseList()
      var fallsThrough = false
      if follows(";;&") {
        position += 3
      } else if follows(";&") {
        fallsThrough = true
        position += 2
      } else if follows(";;") {
        position += 2
      }
      arms.append(ShellCommand.Arm(patterns: patterns, body: body, fallsThrough: fallsThrough))
    }
    expect("esac")
    return .selection(of: subject, arms)
  }

  /// The tokens of `[[ … ]]`, whose opening has been read.
  mutating func parseTest() -> [ShellTestToken] {
    var tokens: [ShellTestToken] = []
    var regularExpressionFollows = false
    while true {
      skipBlanks()
      while position < end, byte == ShellByte.newline {
        consumeNewline()
        skipBlanks()
      }
      guard position < end else { break }
      if peekBareWord() == "]]" {
        position += 2
        break
      }
      if regularExpressionFollows {
        regularExpressionFollows = false
        if let word = parseWord(stoppingAt: .blank) { tokens.append(.word(word)) }
        continue
      }
      if follows("&&") {
        tokens.append(.and)
        position += 2
      } else if follows("||") {
        tokens.append(.or)
        position += 2
      } else if peekBareWord() == "!" {
        tokens.append(.not)
        position += 1
      } else if byte == ShellByte.openParenthesis {
        tokens.append(.open)
        position += 1
      } else if byte == ShellByte.closeParenthesis {
        tokens.append(.close)
        position += 1
      } else if byte == ShellByte.less {
        tokens.append(.less)
        position += 1
      } else if byte == ShellByte.greater {
        tokens.append(.greater)
        position += 1
      } else if byte == ShellByte.semicolon {
        break
      } else if let word = parseWord(stoppingAt: .test) {
        regularExpressionFollows = word.bare == "=~"
        tokens.append(.word(word))
      } else {
        position += 1
      }
    }
    return tokens
  }

  mutating func parseSimple() -> ShellCommand {
    let start = position
    var last = start
    var command = ShellSimpleCommand(assignments: [], words: [])
    var redirections: [ShellRedirection] = []
    while true {
      skipBlanks()
      guard position < end else { break }
      if let redirection = parseRedirection() {
        redirections.append(redirection)
      } else if byte == ShellByte.openParenthesis {
        // `name (` where no function is defined: not shell as we know it.
        position += 1
        _ = parseList()
        skipClosing(ShellByte.closeParenthesis)
      } else if command.words.isEmpty || isDeclaration(command.words[0]),
        let assignment = parseAssignment()
      {
        command.assignments.append(assignment)
      } else if let word = parseWord() {
        command.words.append(word)
      } else {
        break
      }
      last = position
    }
    return ShellCommand(
      kind: .simple(command), redirections: redirections, range: ByteRange(start, last))
  }

  private func isDeclaration(_ word: ShellWord) -> Bool {
    switch word.bare {
    case "export", "local", "readonly", "declare", "typeset", "env": true
    default: false
    }
  }

  mutating func parseAssignment() -> ShellAssignment? {
    let start = position
    guard ShellByte.startsName(byte) else { return nil }
    var cursor = position
    while cursor < end, holes[cursor] == nil, ShellByte.continuesName(bytes[cursor]) { cursor += 1 }
    let name = String(decoding: bytes[start..<cursor], as: UTF8.self)
    if cursor < end, bytes[cursor] == ShellByte.openBracket {
      var probe = cursor + 1
      while probe < end, bytes[probe] != ShellByte.closeBracket, !ShellByte.isBlank(bytes[probe]),
        bytes[probe] != ShellByte.newline
      { probe += 1 }
      guard probe < end, bytes[probe] == ShellByte.closeBracket else { return nil }
      cursor = probe + 1
    }
    var appends = false
    if cursor + 1 < end, bytes[cursor] == ShellByte.plus, bytes[cursor + 1] == ShellByte.equals {
      appends = true
      cursor += 1
    }
    guard cursor < end, bytes[cursor] == ShellByte.equals else { return nil }
    position = cursor + 1
    if byte == ShellByte.openParenthesis, holes[position] == nil {
      let open = position
      position += 1
      var elements: [ShellWord] = []
      while true {
        skipNewlines()
        guard position < end, byte != ShellByte.closeParenthesis else { break }
        guard let word = parseWord() else { break }
        elements.append(word)
      }
      skipClosing(ShellByte.closeParenthesis)
      return ShellAssignment(
        name: name, value: ShellWord(parts: [], range: ByteRange(open, position)),
        appends: appends, elements: elements, range: ByteRange(start, position))
    }
    let value = parseWord() ?? ShellWord(parts: [], range: ByteRange(position, position))
    return ShellAssignment(
      name: name, value: value, appends: appends, elements: nil,
      range: ByteRange(start, position))
  }

  /// Too deep to look into: takes the words of one command.
  mutating func skipDeepCommand() -> ShellCommand {
    let start = position
    skipToClosing()
    return ShellCommand(
      kind: .unknown([]), redirections: [], range: ByteRange(start, position))
  }

  /// Up to the `)` of what surrounds this, or the end of the line: what comes behind is read again.
  mutating func skipToClosing() {
    var open = 0
    while position < end {
      switch byte {
      case ShellByte.openParenthesis: open += 1
      case ShellByte.closeParenthesis:
        if open == 0 { return }
        open -= 1
      case ShellByte.newline where open == 0: return
      default: break
      }
      position += 1
    }
  }
}

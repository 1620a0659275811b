import Expressions
import SourceText

/// A word of a command line, evaluated.
struct ShellArgument {
  var word: ShellWord
  var value: Value
  /// The text where it is known before the run.
  var text: String?
  var range: ByteRange { word.range }

  /// A known text that is no option.
  var isPositional: Bool { !value.leadingText.hasPrefix("-") || text == "-" }
}

/// What words expand to.
extension ShellLowerer {
  mutating func evaluate(_ word: ShellWord) -> Value {
    if word.parts.count == 1 { return evaluate(word.parts[0]) }
    return Self.concatenated(word.parts.map { evaluate($0) })
  }

  /// The values as one text, without the line-end rule of `$(…)`.
  static func concatenated(_ values: [Value]) -> Value {
    var merged: [Value] = []
    for value in values { value.join(&merged) }
    if merged.isEmpty { return .literal("") }
    return merged.count == 1 ? merged[0] : .template(merged)
  }

  mutating func argument(_ word: ShellWord) -> ShellArgument {
    let value = evaluate(word)
    return ShellArgument(word: word, value: value, text: value.knownText)
  }

  private mutating func evaluate(_ part: ShellWord.Part) -> Value {
    switch part {
    case .literal(let text, _): return .literal(text)
    case .hole(let index, _):
      return source.substitutions.indices.contains(index)
        ? source.substitutions[index].value : .unknown([])
    case .arithmetic(let word): return .converted("arithmetic", .template(arithmeticValues(word)))
    case .process(let commands): return substitute(commands).value
    case .command(let commands, _):
      let (value, outcome) = substitute(commands)
      lastSubstitution = outcome
      current = outcome.all
      return value
    case .parameter(let parameter, _): return evaluate(parameter)
    }
  }

  /// Runs the commands of `$(…)`.
  private mutating func substitute(_ commands: [ShellCommand]) -> (
    value: Value, outcome: ShellOutcome
  ) {
    let outerLoops = loops
    loops = []
    defer { loops = outerLoops }
    // `$(<file)`
    if commands.count == 1, case .simple(let simple) = commands[0].kind, simple.words.isEmpty,
      simple.assignments.isEmpty, let redirection = commands[0].redirections.first,
      case .input = redirection.kind
    {
      let target = argument(redirection.target)
      return (fileValue(of: target) ?? .unknown([]), ShellOutcome(success: current))
    }
    return capturing { lowerer in
      lowerer.runInSubshell { inner in
        // bash does not hand `-e` down into `$(…)`.
        inner.exitsOnError = false
        return inner.runList(commands)
      }
    }
  }

  private mutating func arithmeticValues(_ word: ShellWord) -> [Value] {
    ShellArithmetic.tokens(of: word).compactMap { token in
      switch token {
      case .name(let name): value(of: name, at: word.range)
      case .part(let index): evaluate(word.parts[index])
      case .number(let text): .literal(text)
      case .symbol: nil
      }
    }
  }

  mutating func evaluate(_ parameter: ShellParameter) -> Value {
    let own =
      element(of: parameter) ?? value(of: parameter.name, at: parameter.range)
    switch parameter.operation {
    case .plain: return own
    case .length: return .length(own)
    case .fallback(let word):
      let other = evaluate(word)
      // A literal that is empty may also stand for a name that was never set.
      if case .literal(let text) = own { return text.isEmpty ? other : own }
      guard parameter.takesEmptyAsUnset else { return .fallback(own, other) }
      return .either(own, orElse: other, .shell, at: location(parameter.range))
    case .alternative(let word):
      guard parameter.takesEmptyAsUnset else {
        return .either([evaluate(word), .literal("")])
      }
      return .conditional(
        Self.negated(
          .test(Test(own, .isEmpty, semantics: .shell, at: location(parameter.range)))),
        evaluate(word), .literal(""))
    case .required:
      if parameter.takesEmptyAsUnset { require(own, at: parameter.range) }
      return own
    case .withoutPrefix, .withoutSuffix, .substring: return part(of: own, parameter.operation)
    case .other: return own.references.isEmpty ? .unknown([]) : .converted("substitution", own)
    }
  }

  /// An element of an array whose elements can be seen where it is written.
  private func element(of parameter: ShellParameter) -> Value? {
    guard let index = parameter.element,
      case .list(let elements)? = definitions[variable(parameter.name)],
      elements.indices.contains(index)
    else { return nil }
    return elements[index]
  }

  /// `${X:?}` ends the script where X is empty.
  private mutating func require(_ value: Value, at range: ByteRange) {
    let place = location(range)
    let settled = settle(
      ShellOutcome(
        success: current,
        condition: .not(.test(Test(value, .isEmpty, semantics: .shell, at: place))),
        location: place))
    abort(settled.failure)
    current = settled.success
  }

  /// A cut of a text; a body with a status line after it falls into its two parts.
  private func part(of value: Value, _ operation: ShellParameter.Operation) -> Value {
    if case .reference(let reference) = value, reference.path.isEmpty,
      let tail = statusTails[reference.variable]
    {
      switch operation {
      case .withoutPrefix: return tail.status
      case .withoutSuffix: return tail.body
      case .substring(let word):
        return (word.literal ?? "").drop { $0 == " " }.hasPrefix("-") ? tail.status : tail.body
      default: break
      }
    }
    return value.references.isEmpty ? .unknown([]) : .converted("cut", value)
  }

  /// What a shell variable reads as.
  func value(of name: String, at range: ByteRange) -> Value {
    let positional = scopes[scopes.count - 1].positional
    if let index = Int(name) {
      if index > 0, index <= positional.count { return positional[index - 1] }
      return .unknown([])
    }
    switch name {
    case "@", "*":
      if positional.isEmpty { return .unknown([]) }
      return positional.count == 1 ? positional[0] : .template(positional)
    case "?", "#", "$", "!", "-", "": return .unknown([])
    default: break
    }
    if let constant = constants[name] { return constant }
    if writes[name] == nil {
      if let value = context.environment[name] { return value }
      if context.specialFiles[name] != nil { return .unknown([]) }
      for case .variables(let prefix) in context.specialFiles.values {
        return .reference(Reference(Variable(prefix + name), at: location(range)))
      }
    }
    return .reference(Reference(variable(name), at: location(range)))
  }

  // MARK: Files

  /// The name under which a word's file is known: its text, or how it is written.
  func fileName(of argument: ShellArgument) -> String? {
    var name: String
    if let text = argument.text {
      name = text
    } else {
      guard
        argument.word.parts.allSatisfy({ part in
          switch part {
          case .literal, .hole: true
          case .parameter(let parameter, _):
            if case .plain = parameter.operation { true } else { false }
          case .command, .process, .arithmetic: false
          }
        })
      else { return nil }
      name = ""
      for part in argument.word.parts {
        switch part {
        case .literal(let text, _): name += text
        case .parameter(let parameter, _):
          name += constants[parameter.name]?.knownText ?? "$" + parameter.name
        case .hole(let index, _):
          let substitution = source.substitutions[index]
          name += substitution.value.knownText ?? source(substitution.range)
        case .command, .process, .arithmetic: break
        }
      }
    }
    while name.hasPrefix("./") { name.removeFirst(2) }
    guard !name.isEmpty, name.utf8.count < 256, !name.holds("\n") else { return nil }
    return name
  }

  /// What the named file holds.
  func fileValue(of argument: ShellArgument) -> Value? {
    if argument.word.parts.count == 1, case .process = argument.word.parts[0] {
      return argument.value
    }
    if let words = words(loopedIn: argument.word) {
      return .either(of: words.compactMap { fileValue(named: $0, at: argument.range) })
    }
    guard let name = fileName(of: argument) else { return nil }
    return fileValue(named: name, at: argument.range)
  }

  /// The words that a loop's variable stands for, where the word is nothing but that.
  private func words(loopedIn word: ShellWord) -> [String]? {
    guard word.parts.count == 1, case .parameter(let parameter, _) = word.parts[0],
      case .plain = parameter.operation
    else { return nil }
    return loopedWords[parameter.name]?.map { $0.hasPrefix("./") ? String($0.dropFirst(2)) : $0 }
  }

  private func fileValue(named name: String, at range: ByteRange) -> Value? {
    switch name {
    case "-", "/dev/stdin": return input
    case "/dev/null": return .literal("")
    default:
      let written = name.utf8.contains(UInt8(ascii: "*")) ? files(matching: name) : []
      let values = (written.isEmpty ? [file(name)] : written).map { variable in
        Value.reference(Reference(variable, at: location(range)))
      }
      return .either(of: values)
    }
  }

  /// The files that some step before has written and a pattern stands for.
  private func files(matching pattern: String) -> [Variable] {
    let wanted = file(pattern).name
    let star = wanted.utf8.firstIndex(of: UInt8(ascii: "*"))
    let start = star.map { String(wanted[..<$0]) } ?? wanted
    var found: [Variable] = []
    var seen: Set<Variable> = []
    // A step is looked at where it stands: to take it in hand would count all its references.
    let steps = builder.steps.span
    for index in steps.indices {
      let assignments = steps[index].assignments.span
      for place in assignments.indices
      where assignments[place].variable.name.begins(with: start) {
        let variable = assignments[place].variable
        guard variable.name.matchesFileGlob(wanted), seen.insert(variable).inserted
        else { continue }
        found.append(variable)
      }
    }
    return Array(found.prefix(32))
  }

  /// Whether the word is written like a file's name.
  func looksLikeFile(_ argument: ShellArgument) -> Bool {
    if let words = words(loopedIn: argument.word) {
      return words.allSatisfy { looksLikeFile(named: $0) }
    }
    return fileName(of: argument).map { looksLikeFile(named: $0) } ?? false
  }

  private func looksLikeFile(named name: String) -> Bool {
    guard !name.hasPrefix("-"), !name.holds(" "),
      !name.holds("://"), !name.holds("=")
    else { return false }
    if knownFiles.contains(name) { return true }
    if name.utf8.contains(UInt8(ascii: "*")), !files(matching: name).isEmpty { return true }
    if name.holds("${{") { return false }
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else {
      return name.hasPrefix("/tmp/")
    }
    let ending = name[name.index(after: dot)...]
    return !ending.isEmpty && ending.utf8.count <= 5
      && ending.utf8.allSatisfy { $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") }
  }
}

extension String {
  /// Whether a name fits a pattern in which `*` stands for anything but a slash.
  fileprivate func matchesFileGlob(_ pattern: String) -> Bool {
    let (name, wanted) = (Array(utf8), Array(pattern.utf8))
    var (index, place) = (0, 0)
    var star: (index: Int, place: Int)?
    while index < name.count {
      if place < wanted.count, wanted[place] == UInt8(ascii: "*") {
        star = (index, place)
        place += 1
      } else if place < wanted.count,
        wanted[place] == name[index]
          || wanted[place] == UInt8(ascii: "?") && name[index] != UInt8(ascii: "/")
      {
        index += 1
        place += 1
      } else if let last = star, name[last.index] != UInt8(ascii: "/") {
        star = (last.index + 1, last.place)
        index = last.index + 1
        place = last.place + 1
      } else {
        return false
      }
    }
    return wanted[place...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}

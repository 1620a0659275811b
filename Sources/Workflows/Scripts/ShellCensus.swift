import Expressions

/// Counts how often each variable is written: one that is written once, with a literal, is a constant.
struct ShellCensus {
  private(set) var writes: [String: Int] = [:]
  private(set) var leaves = false
  /// The libraries that are sourced, as written.
  private(set) var sourced: [ShellWord] = []
  private(set) var counters: Set<String> = []
  /// Variables whose value tells which way the script went: written on some ways only, and tested.
  var marks: Set<String> { writtenOnSomeWays.intersection(tested) }
  /// The variables that are written, and whether only `true` and `false` are.
  var isBoolean: [String: Bool] { texts.mapValues { $0.isSubset(of: ["true", "false"]) } }

  private var writtenOnSomeWays: Set<String> = []
  private var tested: Set<String> = []
  /// The literals that are assigned, `nil` for anything else.
  private var texts: [String: Set<String?>] = [:]
  /// How many branches and passes stand around a command.
  private var depth = 0

  mutating func visit(_ commands: [ShellCommand]) {
    // A command is looked at where it stands: to take it in hand would count all its references.
    let commands = commands.span
    for index in commands.indices { visit(commands[index]) }
  }

  mutating func visit(_ command: ShellCommand) {
    for redirection in command.redirections { visit(redirection.target) }
    switch command.kind {
    case .simple(let simple): visit(simple)
    case .pipeline(let stages): visit(stages)
    case .not(let inner), .background(let inner): visit(inner)
    case .and(let left, let right), .or(let left, let right):
      visit(left)
      visitBranch([right])
    case .group(let body), .subshell(let body): visit(body)
    case .conditional(let branches, let otherwise):
      for branch in branches {
        visit(branch.condition)
        visitBranch(branch.body)
      }
      visitBranch(otherwise ?? [])
    case .loop(let condition, let body, _):
      let outer = leaves
      visit(condition)
      visitBranch(body)
      leaves = outer
    case .forEach(let variable, let words, let body):
      write(variable, weight: 2)
      for word in words ?? [] { visit(word) }
      let outer = leaves
      visitBranch(body)
      leaves = outer
    case .forArithmetic(let head, let body):
      visit(arithmetic: head)
      let outer = leaves
      visitBranch(body)
      leaves = outer
    case .selection(let subject, let arms):
      visit(subject)
      test(subject)
      for arm in arms { visitBranch(arm.body) }
    case .function(_, let body): visit(body)
    case .test(let tokens):
      for case .word(let word) in tokens {
        visit(word)
        test(word)
      }
    case .arithmetic(let word):
      visit(arithmetic: word)
      tested.formUnion(ShellArithmetic.names(in: word))
    case .unknown(let words): for word in words { visit(word) }
    }
  }

  private mutating func visitBranch(_ commands: [ShellCommand]) {
    depth += 1
    visit(commands)
    depth -= 1
  }

  private mutating func test(_ word: ShellWord) {
    for case .parameter(let parameter, _) in word.parts { tested.insert(parameter.name) }
  }

  private mutating func visit(_ simple: ShellSimpleCommand) {
    for assignment in simple.assignments {
      write(assignment.name, weight: assignment.appends ? 2 : 1)
      texts[assignment.name, default: []].insert(
        assignment.appends || assignment.elements != nil ? nil : assignment.value.literal)
      if depth > 0 { writtenOnSomeWays.insert(assignment.name) }
      visit(assignment.value)
      for element in assignment.elements ?? [] { visit(element) }
      for part in assignment.value.parts {
        if case .arithmetic(let word) = part, mentions(word, assignment.name) {
          counters.insert(assignment.name)
        }
      }
    }
    let words = simple.words.span
    for index in words.indices { visit(words[index]) }
    let name = simple.words.first?.literal
    if words.count == 1 || name == "test" || name == "[" {
      for index in words.indices { test(words[index]) }
    }
    switch simple.words.first?.bare {
    case "read", "mapfile", "readarray":
      for word in simple.words.dropFirst() {
        if let name = word.literal, !name.hasPrefix("-") { write(name, weight: 2) }
      }
      if simple.words.first?.bare == "read" { write("REPLY", weight: 2) }
    case "printf":
      if simple.words.count > 2, simple.words[1].literal == "-v",
        let name = simple.words[2].literal
      {
        write(name, weight: 2)
      }
    case "let":
      for word in simple.words.dropFirst() { visit(arithmetic: word) }
    case "unset":
      for word in simple.words.dropFirst() {
        if let name = word.literal { write(name, weight: 2) }
      }
    case "break", "exit", "return": leaves = true
    case "source", ".": if simple.words.count > 1 { sourced.append(simple.words[1]) }
    default: break
    }
  }

  private mutating func visit(_ word: ShellWord) {
    let parts = word.parts.span
    for index in parts.indices {
      switch parts[index] {
      case .command(let commands, _), .process(let commands): visit(commands)
      case .arithmetic(let inner): visit(arithmetic: inner)
      case .parameter(let parameter, _):
        if case .fallback(let inner) = parameter.operation { visit(inner) }
      case .literal, .hole: break
      }
    }
  }

  private func mentions(_ word: ShellWord, _ name: String) -> Bool {
    ShellArithmetic.names(in: word).contains(name)
  }

  private mutating func visit(arithmetic word: ShellWord) {
    visit(word)
    for name in ShellArithmetic.writtenNames(in: word) {
      write(name, weight: 2)
      counters.insert(name)
    }
  }

  private mutating func write(_ name: String, weight: Int) {
    writes[name, default: 0] += weight
    if weight > 1 { texts[name, default: []].insert(nil) }
  }
}

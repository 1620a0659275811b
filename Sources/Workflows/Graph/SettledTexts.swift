import Expressions

/// Puts texts that are made once, in a step before, in the place of the variables that hold them.
///
/// An address, a label or a message is then read where it is used, whatever the workflow called it on the way. A
/// variable counts as settled where the whole workflow writes it at most once.
enum SettledTexts {
  /// Puts addresses in their places, and arguments that are nothing but a fixed text.
  ///
  /// An argument that reads data keeps the variable: what was proven when the text was made holds for the text.
  static func resolveFixed(in workflow: inout Workflow) {
    // Written when all is found: a list that somebody else still holds would be copied.
    for change in fixedTexts(workflow.steps) {
      if let argument = change.argument {
        workflow.steps[change.step].call?.arguments[argument].value = change.value
      } else {
        workflow.steps[change.step].call?.http?.url = change.value
      }
    }
  }

  /// What takes the place of an argument's value, or of an address.
  private struct Change {
    var step: Int
    var argument: Int?
    var value: Value
  }

  private static func fixedTexts(_ all: [Step]) -> [Change] {
    var changes: [Change] = []
    var resolver: Resolver?
    let steps = all.span
    for index in steps.indices {
      guard let call = steps[index].call, call.readsVariables else { continue }
      if resolver == nil { resolver = Resolver(all) }
      for place in call.arguments.indices where call.arguments[place].value.mayBeFixed {
        guard let found = resolver?.resolved(call.arguments[place].value, depth: 0), found.isFixed
        else { continue }
        changes.append(Change(step: index, argument: place, value: found))
      }
      if let url = call.http?.url, let found = resolver?.resolved(url, depth: 0) {
        changes.append(Change(step: index, value: found))
      }
    }
    return changes
  }

  static func resolve(in graph: inout GraphBuilder) {
    guard graph.isWhole else { return }
    var resolver = Resolver(graph.steps)
    for (index, step) in graph.steps.enumerated() {
      guard var call = step.call else { continue }
      // What was proven when a text was made of data holds for the text, and stays with its variable.
      resolver.takesFixedOnly = true
      for place in call.arguments.indices {
        call.arguments[place].value = resolver.resolved(call.arguments[place].value, depth: 0)
      }
      if var http = call.http {
        http.body = http.body.map { resolver.resolved($0, depth: 0) }
        resolver.takesFixedOnly = false
        http.url = resolver.resolved(http.url, depth: 0)
        call.http = http
      }
      graph.update(index) { $0.call = call }
    }
  }

  private struct Resolver {
    private var written: [Variable: Writes] = [:]
    private var known: [Variable: Value?] = [:]
    /// Leaves texts alone that read anything.
    var takesFixedOnly = false
    /// Bounds the work: one text may be made of others.
    private var budget: Int

    /// What is written to one variable.
    private struct Writes {
      /// What it is set to; `nil` where it is written in parts, or more than once.
      var value: Value?
      var isFirst = true
      /// Whether it is written whole somewhere.
      var isWhole = false
      /// What each field is set to that is written by itself; `nil` where more than once.
      var fields: [[PathComponent]: Value?] = [:]

      mutating func note(_ assignment: Step.Assignment) {
        let isAll = assignment.path.isEmpty && !assignment.appends
        // A step that stands twice in the graph writes the same twice.
        let isSettled = isFirst || value == assignment.value
        value = isSettled && isAll ? assignment.value : nil
        isFirst = false
        if assignment.path.isEmpty {
          isWhole = true
        } else {
          let isSame = fields[assignment.path].map { $0 == assignment.value } ?? true
          fields[assignment.path] = .some(
            isSame && !assignment.appends ? assignment.value : nil)
        }
      }
    }

    init(_ steps: [Step]) {
      budget = 20_000 + steps.count * 16
      // A step is looked at where it stands: to take it in hand would count all its references.
      let steps = steps.span
      for index in steps.indices {
        // A name that is only declared holds nothing yet.
        let assignments = steps[index].assignments.span
        for place in assignments.indices where !assignments[place].value.isNull {
          written[assignments[place].variable, default: Writes()].note(assignments[place])
        }
      }
    }

    mutating func resolved(_ value: Value, depth: Int) -> Value {
      budget -= 1
      guard depth < 8, budget > 0 else { return value }
      switch value {
      case .reference(let reference):
        if let held = field(reference) {
          let part = resolved(held, depth: depth + 1)
          return isTaken(part) ? part : value
        }
        guard let made = settled(reference.variable, depth: depth) else { return value }
        let part = made.selecting(reference.path)
        return isTaken(part) ? part : value
      case .text(let inner, let null):
        let part = resolved(inner, depth: depth + 1)
        return part.isText ? part : .text(part, null: null)
      case .template(let parts): return .template(parts.map { resolved($0, depth: depth + 1) })
      case .list(let items): return .list(items.map { resolved($0, depth: depth + 1) })
      case .record(let fields):
        return .record(fields.map { .init($0.name, resolved($0.value, depth: depth + 1)) })
      case .fallback(let first, let second):
        return .fallback(resolved(first, depth: depth + 1), resolved(second, depth: depth + 1))
      case .conditional(let condition, let first, let second):
        return .conditional(
          condition, resolved(first, depth: depth + 1), resolved(second, depth: depth + 1))
      default: return value
      }
    }

    /// What a field holds, where it is written once and nothing above or below it is.
    private func field(_ reference: Reference) -> Value? {
      let path = reference.path
      guard !path.isEmpty, let writes = written[reference.variable], !writes.isWhole,
        let value = writes.fields[path] ?? nil,
        !writes.fields.keys.contains(where: {
          $0 != path && ($0.starts(with: path) || path.starts(with: $0))
        })
      else { return nil }
      return value
    }

    /// What a variable is made of, where it is written once.
    private mutating func settled(_ variable: Variable, depth: Int) -> Value? {
      if let found = known[variable] { return found }
      guard let value = written[variable]?.value else { return nil }
      // A variable that is made of itself is never settled.
      known[variable] = .some(nil)
      let found = resolved(value, depth: depth + 1)
      known[variable] = found
      return found
    }

    /// Whether a text is put in the place of the variable that holds it.
    private func isTaken(_ value: Value) -> Bool {
      takesFixedOnly ? value.isFixed : value.isText && isSettled(value)
    }

    /// Whether the reads in a text would give the same where it is used.
    private func isSettled(_ value: Value) -> Bool {
      // A result is that of the step which wrote it.
      !value.readsResult
        && value.references.allSatisfy { reference in
          written[reference.variable].map { $0.value != nil } ?? true
        }
    }
  }
}

extension Value {
  /// Whether the value is a text with words of its own.
  fileprivate var isText: Bool {
    switch self {
    case .literal: true
    case .template(let parts):
      parts.contains { if case .literal = $0 { true } else { false } }
    // `os.environ.get("URL", "https://…")`: the default says what kind of thing it is.
    case .fallback: standIn?.isText == true
    case .conditional(_, let first, let second):
      standIn?.isText ?? (first.isText && second.isText)
    default: false
    }
  }

  /// Whether a part of it is what a call has given.
  var readsResult: Bool {
    switch self {
    case .result: true
    case .literal, .null, .reference, .unknown: false
    case .record(let fields): fields.contains { $0.value.readsResult }
    case .list(let parts), .template(let parts), .either(let parts):
      parts.contains(where: \.readsResult)
    case .selection(let inner, _), .text(let inner, _), .length(let inner),
      .converted(_, let inner):
      inner.readsResult
    case .fallback(let first, let second), .conditional(_, let first, let second):
      first.readsResult || second.readsResult
    }
  }

  fileprivate var isNull: Bool { if case .null = self { true } else { false } }

  /// Whether the value may turn out to be a text that is known before the run.
  fileprivate var mayBeFixed: Bool {
    switch self {
    case .reference: true
    case .text(let inner, _): inner.mayBeFixed
    case .template(let parts): parts.contains(where: \.mayBeFixed)
    default: false
    }
  }

  /// Whether the text is known before the run.
  fileprivate var isFixed: Bool {
    switch self {
    case .literal: true
    case .text(let inner, _): inner.isFixed
    case .template(let parts): parts.allSatisfy(\.isFixed)
    default: false
    }
  }
}

extension Call {
  /// Whether the call's address or one of its arguments stands in a variable.
  fileprivate var readsVariables: Bool {
    arguments.contains { $0.value.mayBeFixed } || http?.url.references.isEmpty == false
  }
}

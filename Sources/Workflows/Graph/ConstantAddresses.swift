import Expressions

/// Puts constants in the place of the variables that addresses are made of.
///
/// A variable counts as constant where the whole workflow writes it once, with a text that is known before the run.
enum ConstantAddresses {
  static func resolve(in graph: inout GraphBuilder) {
    var written: [Variable: Value?] = [:]
    for assignment in graph.steps.flatMap(\.assignments) {
      let isFirst = written[assignment.variable] == nil
      let isWhole = assignment.path.isEmpty && !assignment.appends
      written[assignment.variable] = .some(isFirst && isWhole ? assignment.value : nil)
    }
    var resolver = Resolver(written: written)
    for (index, step) in graph.steps.enumerated() {
      guard let url = step.call?.http?.url, !url.isConstant else { continue }
      let known = resolver.resolved(url, depth: 0)
      graph.update(index) { $0.call?.http?.url = known }
    }
  }

  private struct Resolver {
    let written: [Variable: Value?]
    private var known: [Variable: Value] = [:]

    init(written: [Variable: Value?]) { self.written = written }

    mutating func resolved(_ value: Value, depth: Int) -> Value {
      guard depth < 8 else { return value }
      switch value {
      case .reference(let reference):
        guard let constant = constant(reference.variable, depth: depth) else { return value }
        let part = constant.selecting(reference.path)
        return part.isConstant ? part : value
      case .text(let inner, let null):
        let part = resolved(inner, depth: depth + 1)
        return part.isConstant ? part : .text(part, null: null)
      case .template(let parts): return .template(parts.map { resolved($0, depth: depth + 1) })
      case .fallback(let first, let second):
        return .fallback(resolved(first, depth: depth + 1), resolved(second, depth: depth + 1))
      default: return value
      }
    }

    private mutating func constant(_ variable: Variable, depth: Int) -> Value? {
      if let found = known[variable] { return found == .null ? nil : found }
      guard let value = written[variable] ?? nil else { return nil }
      // A variable that is made of itself is none.
      known[variable] = .null
      let found: Value
      switch value {
      case .record(let fields):
        found = .record(
          fields.map { .init($0.name, resolved($0.value, depth: depth + 1)) })
      default: found = resolved(value, depth: depth + 1)
      }
      guard found.isConstant || found.isRecord else { return nil }
      known[variable] = found
      return found
    }
  }
}

extension Value {
  fileprivate var isConstant: Bool {
    switch self {
    case .literal: true
    case .template(let parts): parts.allSatisfy(\.isConstant)
    default: false
    }
  }

  fileprivate var isRecord: Bool { if case .record = self { true } else { false } }
}

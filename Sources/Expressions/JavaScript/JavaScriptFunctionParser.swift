import SourceText

/// Functions and the patterns that they and declarations bind.
extension JavaScriptParser {
  /// An arrow function, or `nil` (with nothing consumed) where none starts here.
  mutating func arrow() -> JavaScriptExpression? {
    let saved = index
    let from = start
    if isName("async"), !tokens[index + 1].followsLineEnd {
      switch peek() {
      case .name(let name) where name != "function" && peek(2) == .symbol("=>"): advance()
      case .symbol("(") where closes(at: index + 1, before: "=>"): advance()
      default: break
      }
    }
    var parameters: [JavaScriptPattern] = []
    if case .name(let name) = current, peek() == .symbol("=>"), !Self.keywords.contains(name) {
      parameters = [.name(name, tokens[index].range)]
      advance()
    } else if isSymbol("("), closes(at: index, before: "=>") {
      guard let list = parameterList() else { return nil }
      parameters = list
    } else {
      index = saved
      return nil
    }
    guard expect("=>") else { return nil }
    if isSymbol("{") {
      let body = blockBody()
      return function(.init(name: nil, parameters: parameters, body: .block(body)), from: from)
    }
    guard let body = assignment() else { return nil }
    return function(.init(name: nil, parameters: parameters, body: .expression(body)), from: from)
  }

  /// Whether the parenthesis at `open` closes right before `symbol`.
  private func closes(at open: Int, before symbol: String) -> Bool {
    guard let close = closingParenthesis[open] else { return false }
    return close + 1 < tokens.count && tokens[close + 1].kind == .symbol(symbol)
  }

  private func function(_ function: JavaScriptFunction, from: Int) -> JavaScriptExpression {
    JavaScriptExpression(.function(function), ByteRange(from, lastEnd))
  }

  mutating func functionLiteral() -> JavaScriptExpression? {
    let from = start
    guard takeName("function") else { return nil }
    _ = take("*")
    var name: String?
    if case .name(let text) = current {
      name = text
      advance()
    }
    return functionRest(name: name, from: from)
  }

  mutating func functionRest(name: String?, from: Int) -> JavaScriptExpression? {
    guard let parameters = parameterList(), isSymbol("{") else {
      failed = true
      return nil
    }
    let body = blockBody()
    return function(.init(name: name, parameters: parameters, body: .block(body)), from: from)
  }

  private mutating func parameterList() -> [JavaScriptPattern]? {
    guard expect("(") else { return nil }
    var parameters: [JavaScriptPattern] = []
    while !take(")") {
      if isAtEnd {
        failed = true
        return nil
      }
      let isRest = take("...")
      let pattern = self.pattern()
      parameters.append(isRest ? .unknown : pattern)
      if isSymbol(")") { continue }
      guard expect(",") else { return nil }
    }
    return parameters
  }

  /// What a declaration or a parameter binds, with its default.
  mutating func pattern() -> JavaScriptPattern {
    let bound = nested { $0.bindingPattern() } ?? .unknown
    guard isSymbol("=") else { return bound }
    advance()
    guard let fallback = assignment() else { return bound }
    return .fallback(bound, fallback)
  }

  /// A pattern without a default.
  mutating func bindingPattern() -> JavaScriptPattern? {
    let range = tokens[index].range
    switch current {
    case .name(let name):
      advance()
      return .name(name, range)
    case .symbol("["):
      advance()
      var elements: [JavaScriptPattern?] = []
      while !take("]") {
        if isAtEnd { return fail() }
        if take(",") {
          elements.append(nil)
          continue
        }
        elements.append(take("...") ? rest() : pattern())
        if isSymbol("]") { continue }
        guard expect(",") else { return nil }
      }
      return .array(elements)
    case .symbol("{"):
      advance()
      var fields: [(field: String?, pattern: JavaScriptPattern)] = []
      while !take("}") {
        if isAtEnd { return fail() }
        if take("...") {
          fields.append((nil, pattern()))
        } else {
          guard let field = field() else { return nil }
          fields.append(field)
        }
        if isSymbol("}") { continue }
        guard expect(",") else { return nil }
      }
      return .object(fields)
    default:
      return fail()
    }
  }

  private mutating func rest() -> JavaScriptPattern {
    _ = pattern()
    return .unknown
  }

  private mutating func field() -> (field: String?, pattern: JavaScriptPattern)? {
    let range = tokens[index].range
    let name: String
    switch current {
    case .name(let text), .string(let text): name = text
    default:
      failed = true
      return nil
    }
    advance()
    if take(":") { return (name, pattern()) }
    guard take("=") else { return (name, .name(name, range)) }
    guard let fallback = assignment() else { return nil }
    return (name, .fallback(.name(name, range), fallback))
  }

  private mutating func fail() -> JavaScriptPattern? {
    failed = true
    return nil
  }
}

import SourceText

/// Classes: each method becomes a function whose name begins with the class's.
extension JavaScriptParser {
  mutating func classDefinition() -> JavaScriptStatement? {
    guard takeName("class"), case .name(let name) = current else { return nil }
    advance()
    var builder = JavaScriptClass(name: name, receiver: "this")
    if takeName("extends") {
      guard let base = assignment() else { return nil }
      builder.base = base.dottedName
    }
    guard expect("{") else { return nil }
    while !take("}") {
      if isAtEnd { return nil }
      if take(";") { continue }
      member(into: &builder)
    }
    return .block(builder.statements)
  }

  private mutating func member(into builder: inout JavaScriptClass) {
    let from = index
    let place = start
    while case .name(let word) = current, ["static", "async", "get", "set"].contains(word),
      case .name = peek()
    {
      advance()
    }
    _ = take("*")
    _ = take("#")
    if case .name(let name) = current {
      advance()
      if isSymbol("("), let method = nested({ $0.functionRest(name: name, from: place) }),
        case .function(let function) = method.form
      {
        builder.add(function, named: name, ByteRange(place, lastEnd))
        return
      }
      if take("="), let value = assignment() {
        builder.addField(name, value)
        _ = take(";")
        return
      }
    }
    failed = false
    index = from
    skipMember()
  }

  /// Goes behind what is no method and no field: to a semicolon, or behind a block.
  private mutating func skipMember() {
    var open = 0
    while !isAtEnd {
      switch current {
      case .symbol("("), .symbol("["), .symbol("{"): open += 1
      case .symbol(")"), .symbol("]"): open -= 1
      case .symbol("}"):
        if open <= 0 { return }
        open -= 1
        if open == 0 {
          advance()
          return
        }
      case .symbol(";") where open <= 0:
        advance()
        return
      default: break
      }
      advance()
    }
  }
}

/// A class while it is read.
struct JavaScriptClass {
  let name: String
  let receiver: String
  var base: String?
  private var methods: [JavaScriptStatement] = []
  private var fields: [JavaScriptStatement] = []

  init(name: String, receiver: String) {
    self.name = name
    self.receiver = receiver
  }

  mutating func add(_ function: JavaScriptFunction, named method: String, _ range: ByteRange) {
    var function = function
    function.name = name + "." + method
    function.receiver = function.receiver ?? receiver
    methods.append(.function(function, range))
  }

  /// A field has its value before the constructor runs.
  mutating func addField(_ field: String, _ value: JavaScriptExpression) {
    let object = JavaScriptExpression(.identifier(receiver), value.range)
    let target = JavaScriptExpression(.member(object, field), value.range, over: [object])
    fields.append(
      .expression(
        JavaScriptExpression(.assignment("=", target, value), value.range, over: [value])))
  }

  /// The class as functions; ``JavaScriptFunction/fields`` tells that there is one.
  var statements: [JavaScriptStatement] {
    let range = ByteRange(0, 0)
    var before = fields
    if let base { before.insert(.expression(.init(.string(base), range)), at: 0) }
    let first = JavaScriptFunction(
      name: name + "." + JavaScriptFunction.fields, parameters: [], body: .block(before),
      receiver: receiver)
    return [.function(first, range)] + methods
  }
}

extension JavaScriptFunction {
  /// What every class has: it gives an object's fields their first values, and begins with the base's name as a text.
  package static let fields = "#fields"

  /// The class that this one's class builds on.
  package var baseName: String? {
    guard case .block(let statements) = body, case .expression(let first)? = statements.first,
      case .string(let name) = first.form
    else { return nil }
    return name
  }
}

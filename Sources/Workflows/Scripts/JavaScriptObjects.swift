import Expressions
import SourceText

/// The objects that a script makes of its own classes.
struct JavaScriptObjects {
  /// A field of an object.
  struct Field: Hashable {
    var object: Variable
    var path: [PathComponent]
  }

  /// The class of each object.
  fileprivate(set) var classes: [Variable: String] = [:]
  /// Fields that hold other objects.
  fileprivate(set) var held: [Field: Variable] = [:]
  /// Fields that hold clients, whose methods do something.
  fileprivate(set) var clients: [Field: String] = [:]
}

extension JavaScriptBody {
  /// Deepest line of classes that build on each other.
  private static let mostBases = 8

  /// The class that an expression makes an object of, and what the object is made from.
  func construction(
    _ expression: JavaScriptExpression
  ) -> (name: String, arguments: [JavaScriptExpression])? {
    switch expression.form {
    case .new(let callee, let arguments), .call(let callee, let arguments):
      guard case .identifier(let name) = callee.form, isClass(name) else { return nil }
      return (name, arguments)
    case .await(let inner): return construction(inner)
    default: return nil
    }
  }

  func isClass(_ name: String) -> Bool {
    functions[name + "." + JavaScriptFunction.fields] != nil
  }

  /// The object that an expression names.
  func object(_ expression: JavaScriptExpression) -> Variable? {
    guard !objects.classes.isEmpty, expression.dottedName != nil else { return nil }
    return object(translator.value(expression))
  }

  func object(_ value: Value) -> Variable? {
    guard case .reference(let reference) = value else { return nil }
    if reference.path.isEmpty, objects.classes[reference.variable] != nil {
      return reference.variable
    }
    return objects.held[.init(object: reference.variable, path: reference.path)]
  }

  /// The method that a call on an object of the script means.
  func method(_ callee: JavaScriptExpression) -> (function: JavaScriptFunction, object: Variable)? {
    guard case .member(let owner, let name) = callee.form, let object = object(owner),
      let function = method(name, of: objects.classes[object] ?? "")
    else { return nil }
    return (function, object)
  }

  private func method(_ name: String, of className: String) -> JavaScriptFunction? {
    for line in line(of: className) {
      if let function = functions[line + "." + name] { return function }
    }
    return nil
  }

  /// The class and those that it builds on.
  private func line(of className: String) -> [String] {
    var line: [String] = []
    var next: String? = className
    while let name = next, line.count < Self.mostBases, isClass(name), !line.contains(name) {
      line.append(name)
      next = functions[name + "." + JavaScriptFunction.fields]?.baseName
    }
    return line
  }

  /// Makes an object: its fields, then what its constructor does.
  mutating func construct(
    _ name: String, _ arguments: [Value], at range: ByteRange
  ) -> Value {
    let object = Variable(temporary().name + ":" + name)
    objects.classes[object] = name
    for line in line(of: name).reversed() {
      guard let first = functions[line + "." + JavaScriptFunction.fields] else { continue }
      _ = inline(first, [], range, on: object)
    }
    if let constructor = method("constructor", of: name) {
      _ = inline(constructor, ordered(arguments, for: constructor), range, on: object)
    } else if case .record(let fields)? = arguments.last {
      // A class that only holds what it is given.
      for field in fields {
        assign(
          Step.Assignment(
            object, path: [.field(field.name)], value: field.value, at: locate(range)),
          at: range)
      }
    }
    return .reference(Reference(object, at: locate(range)))
  }

  /// Arguments that are given by name, in the order of the parameters.
  func ordered(_ arguments: [Value], for function: JavaScriptFunction) -> [Value] {
    guard context.language != .javaScript, case .record(let fields)? = arguments.last else {
      return arguments
    }
    let names = function.parameters.map(\.plainName)
    guard fields.allSatisfy({ names.contains($0.name) }) else { return arguments }
    let positional = arguments.dropLast()
    return positional
      + names.dropFirst(positional.count).map { name in
        fields.first { $0.name == name }?.value ?? .null
      }
  }

  /// Keeps what a field now holds.
  mutating func hold(_ value: Value, _ client: String?, in cell: Reference) {
    guard objects.classes[cell.variable] != nil, !cell.path.isEmpty else { return }
    let field = JavaScriptObjects.Field(object: cell.variable, path: cell.path)
    objects.held[field] = object(value)
    objects.clients[field] = client
  }

  /// The part of a dotted name that stands for a client, and what it is.
  func client(in name: String) -> (prefix: String, client: String)? {
    let root = String(name.prefix { $0 != "." })
    if let client = clients[root] { return (root, client) }
    guard !objects.clients.isEmpty,
      case .reference(let cell)? = translator.scope.locals[root]?.value
    else { return nil }
    let parts = name.parts(by: ".").map(String.init)
    guard parts.count > 2 else { return nil }
    let path = cell.path + [.field(parts[1])]
    guard let client = objects.clients[.init(object: cell.variable, path: path)] else { return nil }
    return (root + "." + parts[1], client)
  }
}

package import SourceText

/// What the names in a piece of JavaScript mean to the engine or the script around it.
package struct JavaScriptScope {
  /// What a free name means together with the links that follow it (`$('Get').item.json`), `nil` where unknown.
  package var resolve: (String, [JavaScriptLink], SourceLocation) -> JavaScriptResolution?
  /// The place of a range of the text in the file.
  package var locate: (ByteRange) -> SourceLocation
  /// How loose comparisons and truth work: Python is read as JavaScript, but counts an empty list as false.
  package var semantics = Test.Semantics.javaScript
  /// Names bound by the script itself; they hide the engine's.
  package var locals: [String: Local] = [:]
  /// How null reads in a text that is put together.
  package var nullText = "null"
  /// Texts that the engine replaced before the script is read; in the text each stands as a run of `_`.
  package var substitutions: [(range: ByteRange, value: Value)] = []

  package init(
    resolve: @escaping (String, [JavaScriptLink], SourceLocation) -> JavaScriptResolution?,
    locate: @escaping (ByteRange) -> SourceLocation
  ) {
    self.resolve = resolve
    self.locate = locate
  }

  /// A literal text with what the engine put into it.
  func substituted(_ text: String, in range: ByteRange) -> Value {
    var rest = Substring(text)
    var parts: [Value] = []
    for substitution in substitutions where range.contains(substitution.range) {
      let run = String(repeating: "_", count: substitution.range.count)
      guard let next = rest.after(first: run) else { continue }
      let before = rest.utf8.dropLast(next.utf8.count + run.utf8.count)
      if !before.isEmpty { parts.append(.literal(String(Substring(before)))) }
      parts.append(substitution.value)
      rest = next
    }
    if parts.isEmpty { return .literal(text) }
    if !rest.isEmpty { parts.append(.literal(String(rest))) }
    return Value.joined(parts)
  }

  /// A name that the script binds.
  package struct Local {
    package var value: Value
    /// What the name stands for as a condition, where it was bound to one and never changes.
    package var condition: Condition?
    /// What was selected or counted to give the name its value: how many there are is a predicate over the list.
    package var selection: JavaScriptExpression?
    package init(
      _ value: Value, condition: Condition? = nil, selection: JavaScriptExpression? = nil
    ) {
      self.value = value
      self.condition = condition
      self.selection = selection
    }
  }
}

/// One link of a chain that starts at a name: `.field`, `[0]`, `(…)`.
package struct JavaScriptLink {
  package var form: Form
  /// Where the chain ends with this link.
  package var end: Int

  package init(form: Form, end: Int) {
    self.form = form
    self.end = end
  }

  package enum Form {
    case field(String)
    case index(Int)
    case computed(JavaScriptExpression)
    case call([JavaScriptExpression])
  }

  /// The field's name, where the link is one.
  package var field: String? {
    if case .field(let name) = form { name } else { nil }
  }

  var isCall: Bool {
    if case .call = form { true } else { false }
  }

  /// The arguments, where the link is a call.
  package var arguments: [JavaScriptExpression] {
    if case .call(let arguments) = form { arguments } else { [] }
  }

  /// The first argument, where the link is a call with a text there.
  package var textArgument: String? {
    arguments.first?.text
  }
}

/// What a name with some of its links means.
package struct JavaScriptResolution {
  package var value: Value
  /// How many links are used up.
  package var used: Int
  package init(_ value: Value, used: Int) {
    self.value = value
    self.used = used
  }
}

extension JavaScriptExpression {
  /// What a chain starts at, with its links; the expression itself and no links where it is no chain.
  package var spine: (base: JavaScriptExpression, links: [JavaScriptLink]) {
    // Most expressions are no chain.
    switch form {
    case .member, .index, .call: break
    default: return (self, [])
    }
    var links: [JavaScriptLink] = []
    var expression = self
    while true {
      switch expression.form {
      case .member(let inner, let name):
        links.append(.init(form: .field(name), end: expression.range.end))
        expression = inner
      case .index(let inner, let key):
        links.append(.init(form: key.asLink, end: expression.range.end))
        expression = inner
      case .call(let inner, let arguments):
        links.append(.init(form: .call(arguments), end: expression.range.end))
        expression = inner
      case .await(let inner) where !links.isEmpty:
        expression = inner
      default:
        return (expression, links.reversed())
      }
    }
  }

  private var asLink: JavaScriptLink.Form {
    switch form {
    case .string(let name): .field(name)
    case .template(let texts, let parts) where parts.isEmpty: .field(texts.joined())
    case .number(let text): Int(text).map(JavaScriptLink.Form.index) ?? .field(text)
    default: .computed(self)
    }
  }

  /// The text, where the expression is a literal one.
  package var text: String? {
    switch form {
    case .string(let text): text
    case .template(let texts, let parts) where parts.isEmpty: texts.joined()
    default: nil
    }
  }
}

extension JavaScriptExpression {
  /// A name with plain fields after it, as text: `github.rest.issues`.
  package var dottedName: String? {
    let (base, links) = spine
    guard case .identifier(var name) = base.form else { return nil }
    for link in links {
      guard let field = link.field else { return nil }
      name += "." + field
    }
    return name
  }
}

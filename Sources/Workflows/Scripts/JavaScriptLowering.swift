import Expressions
package import SourceText

/// Lowers a JavaScript body (a Code node, a script of an action) into the graph: calls that do something become steps,
/// `if`, `throw` and `return` become edges.
package enum JavaScriptLowering {
  /// Lowers the script in `script`, a scalar, and connects it to `entry`.
  ///
  /// A script without any statement that matters adds no step: its exits are `entry`.
  package static func lower(
    script: Node, in context: JavaScriptContext, into builder: inout GraphBuilder,
    from entry: [LooseEnd]
  ) -> ScriptExits {
    lower(
      text: script.text ?? "", in: context, into: &builder, from: entry,
      locate: { script.fileRange(ofText: $0) })
  }

  /// Lowers a script whose text stands where `locate` says.
  static func lower(
    text: String, in context: JavaScriptContext, into builder: inout GraphBuilder,
    from entry: [LooseEnd], locate: @escaping (ByteRange) -> ByteRange
  ) -> ScriptExits {
    guard builder.isWhole else { return ScriptExits(success: entry, failure: []) }
    var bytes = Array(text.utf8)
    for substitution in context.substitutions {
      let start = max(0, substitution.range.start)
      for offset in start..<max(start, min(bytes.count, substitution.range.end)) {
        bytes[offset] = UInt8(ascii: "_")
      }
    }
    let whole = ByteRange(0, bytes.count)
    var statements =
      switch context.language {
      case .javaScript: JavaScriptParser.statements(bytes, in: whole)
      case .python: PythonParser.statements(bytes, in: whole)
      case .powerShell: PowerShellParser.statements(bytes, in: whole)
      }
    var context = context
    if let entry = context.entry, let call = entry.call(in: statements) {
      statements.append(call)
      let resolve = context.resolve
      context.resolve = { name, links, location in
        entry.argument(name).map { JavaScriptResolution($0, used: 0) }
          ?? resolve(name, links, location)
      }
    }
    // Handed over and back: with a second owner the whole graph would be copied for every script.
    var graph = GraphBuilder()
    swap(&graph, &builder)
    let path = context.path
    var lowering = JavaScriptBody(
      context: context, builder: consume graph, entry: entry,
      locate: { range in
        SourceLocation(path: path, range: locate(range))
      })
    lowering.run(statements, text: bytes)
    builder = lowering.builder
    return ScriptExits(
      success: lowering.ends + lowering.returned, failure: lowering.failed,
      gaps: lowering.gaps)
  }
}

extension JavaScriptContext.Entry {
  /// No name of a script begins with this.
  private static let mark = "\u{0}"

  /// What the mark's name stands for.
  func argument(_ name: String) -> Value? {
    name.hasPrefix(Self.mark) ? arguments[String(name.dropFirst())] ?? .null : nil
  }

  /// `return main({a: …})`, or `return main(a, …)` where the function names its parameters one by one.
  func call(in statements: [JavaScriptStatement]) -> JavaScriptStatement? {
    for case .function(let function, let range) in statements where function.name == self.function {
      func name(_ name: String) -> JavaScriptExpression {
        JavaScriptExpression(.identifier(Self.mark + name), range)
      }
      var given: [JavaScriptExpression] = []
      for parameter in function.parameters {
        switch parameter {
        case .name(let parameter, _) where arguments[parameter] != nil,
          .fallback(.name(let parameter, _), _) where arguments[parameter] != nil:
          given.append(name(parameter))
        default:
          let properties = arguments.keys.sorted().map {
            JavaScriptExpression.Property(name: $0, value: name($0))
          }
          given.append(
            JavaScriptExpression(.object(properties), range, over: properties.map(\.value)))
        }
      }
      let callee = JavaScriptExpression(.identifier(self.function), range)
      let call = JavaScriptExpression(.call(callee, given), range, over: given)
      return .returning(call, range)
    }
    return nil
  }
}

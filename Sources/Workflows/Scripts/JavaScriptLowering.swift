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
    var bytes = Array((script.text ?? "").utf8)
    for substitution in context.substitutions {
      let start = max(0, substitution.range.start)
      for offset in start..<max(start, min(bytes.count, substitution.range.end)) {
        bytes[offset] = UInt8(ascii: "_")
      }
    }
    // Handed over and back: with a second owner the whole graph would be copied for every script.
    var graph = GraphBuilder()
    swap(&graph, &builder)
    var lowering = JavaScriptBody(
      context: context, builder: consume graph, entry: entry,
      locate: { range in
        SourceLocation(path: context.path, range: script.fileRange(ofText: range))
      })
    let statements = JavaScriptParser.statements(bytes, in: ByteRange(0, bytes.count))
    lowering.run(statements, text: bytes)
    builder = lowering.builder
    return ScriptExits(
      success: lowering.ends + lowering.returned, failure: lowering.failed,
      gaps: lowering.gaps)
  }
}

package import SourceText

/// Lowers a shell script into the graph: each command that matters becomes a step, `if`, `&&` and `exit` become edges.
package enum ShellLowering {
  /// Lowers the script in `script`, a scalar, and connects it to `entry`.
  ///
  /// A script without any command that matters adds no step: its exits are `entry`.
  package static func lower(
    script: Node, in context: ScriptContext, into builder: inout GraphBuilder,
    from entry: [LooseEnd]
  ) -> ScriptExits {
    lower(
      text: script.text ?? "", in: context, into: &builder, from: entry,
      locate: { script.fileRange(ofText: $0) })
  }

  /// Lowers a script that is put together from several places of the definition.
  package static func lower(
    text: String, in context: ScriptContext, into builder: inout GraphBuilder,
    from entry: [LooseEnd], locate: @escaping (ByteRange) -> ByteRange
  ) -> ScriptExits {
    guard builder.isWhole else { return ScriptExits(success: entry, failure: []) }
    // Handed over and back: with a second owner the whole graph would be copied for every script.
    var graph = GraphBuilder()
    swap(&graph, &builder)
    var lowerer = ShellLowerer(
      text: text, context: context, builder: consume graph, entry: entry, locate: locate)
    let exits = lowerer.lower()
    builder = lowerer.builder
    return exits
  }
}

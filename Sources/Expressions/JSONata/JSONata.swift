package import SourceText

/// The JSONata of Step Functions: `{% … %}` strings.
package enum JSONata {
  /// The range between `{%` and `%}`, `nil` where the text is a plain one.
  package static func expressionRange(in text: LocatedText) -> ByteRange? {
    let bytes = text.bytes
    guard bytes.count >= 4, bytes.starts(with: "{%".utf8), bytes.suffix(2).elementsEqual("%}".utf8)
    else { return nil }
    return ByteRange(2, bytes.count - 2)
  }

  /// What a string of the definition computes: the expression's value, or the text itself.
  package static func value(
    of text: LocatedText, in scope: StatesScope
  ) throws(ExpressionProblem) -> Value {
    guard let range = expressionRange(in: text) else { return .literal(text.text(text.whole)) }
    return JSONataLowering(text, scope).value(
      try JSONataParser.parse(text, range), JSONataLowering.Environment())
  }

  /// The decision that a string of the definition makes.
  package static func condition(
    of text: LocatedText, in scope: StatesScope
  ) throws(ExpressionProblem) -> Condition {
    guard let range = expressionRange(in: text) else {
      return text.text(text.whole) == "true" ? .constant(true) : .unknown([])
    }
    return JSONataLowering(text, scope).condition(
      try JSONataParser.parse(text, range), JSONataLowering.Environment())
  }
}

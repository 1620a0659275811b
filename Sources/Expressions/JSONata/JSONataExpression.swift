import SourceText

/// A parsed JSONata expression.
struct JSONataExpression {
  indirect enum Kind {
    case literal(String)
    case null
    case regularExpression(String)
    case name(String)
    case variable(String)
    /// `*`: every field or element.
    case wildcard
    /// `**`: every level below.
    case descendants
    /// `%`: the enclosing object.
    case parent
    case path(JSONataExpression, JSONataExpression)
    case filter(JSONataExpression, JSONataExpression)
    case binary(String, JSONataExpression, JSONataExpression)
    case negated(JSONataExpression)
    case conditional(JSONataExpression, JSONataExpression, JSONataExpression?)
    case block([JSONataExpression])
    case binding(String, JSONataExpression)
    case function(parameters: [String], body: JSONataExpression)
    case call(JSONataExpression, [JSONataExpression])
    case array([JSONataExpression])
    case object([(key: JSONataExpression, value: JSONataExpression)])
    /// `x{key: value}`: grouped.
    case grouped(JSONataExpression, [(key: JSONataExpression, value: JSONataExpression)])
    /// A sort `^(…)`, transform `|…|…|` or binding `@$x`, `#$i`: the same data in another order or shape.
    case rearranged(JSONataExpression, [JSONataExpression])
    /// `?` in an argument list: a function with the rest bound.
    case placeholder
  }
  var kind: Kind
  var range: ByteRange
}

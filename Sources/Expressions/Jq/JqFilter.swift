/// A parsed jq filter.
package indirect enum JqFilter: Sendable {
  case identity
  case field(JqFilter, JqFilter)
  /// `.a[]`
  case iterate(JqFilter)
  case slice(JqFilter)
  case literal(JqLiteral)
  /// A string with interpolations, after `@format` where one is written.
  case text([JqFilter], format: String?)
  case variable(String)
  case call(String, [JqFilter])
  case pipe(JqFilter, JqFilter)
  case comma(JqFilter, JqFilter)
  case alternative(JqFilter, JqFilter)
  case and(JqFilter, JqFilter)
  case or(JqFilter, JqFilter)
  case comparison(String, JqFilter, JqFilter)
  case arithmetic(String, JqFilter, JqFilter)
  /// `.a.b = value`, `|=`, `+=`: the input with one place changed.
  case assignment(String, JqFilter, JqFilter)
  case object([(key: JqFilter, value: JqFilter)])
  case array(JqFilter?)
  case conditional(JqFilter, then: JqFilter, otherwise: JqFilter)
  case attempt(JqFilter, otherwise: JqFilter?)
  case binding(JqFilter, name: String, body: JqFilter)
  /// Not understood: reads all of its input.
  case unknown
}

extension JqFilter {
  /// The names of a plain path `.a.b`; `nil` for any other filter.
  var fieldNames: [String]? {
    switch self {
    case .identity: []
    case .field(let base, .literal(.text(let name))): base.fieldNames.map { $0 + [name] }
    default: nil
    }
  }
}

package enum JqLiteral: Sendable {
  case null
  case bool(Bool)
  case number(String)
  case text(String)
}

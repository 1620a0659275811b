package import SourceText

/// A parsed expression of the infix languages that engines embed: expr-lang, govaluate, CEL, GitLab's `rules`.
package struct InfixExpression: Sendable {
  package var form: Form
  /// Where it stands in the parsed text.
  package var range: ByteRange

  package init(_ form: Form, _ range: ByteRange) {
    self.form = form
    self.range = range
  }

  package indirect enum Form: Sendable {
    /// A text, quoted or (where the language allows it) bare, with the engine's own insertions in it.
    case text([TextPart], isQuoted: Bool)
    case number(String)
    case boolean(Bool)
    case null
    case pattern(String)
    case name(String)
    case member(InfixExpression, String)
    case index(InfixExpression, InfixExpression)
    case call(InfixExpression, [InfixExpression])
    case list([InfixExpression])
    case record([(key: InfixExpression, value: InfixExpression)])
    case not(InfixExpression)
    case negative(InfixExpression)
    /// A chain of one operator: `&&`, `||`, `??`, `|`.
    case chain(String, [InfixExpression])
    case binary(String, InfixExpression, InfixExpression)
    case conditional(InfixExpression, InfixExpression, InfixExpression)
    /// `let name = value; body`
    case binding(String, InfixExpression, InfixExpression)
    /// A predicate in braces; `#` is its element.
    case predicate(InfixExpression)
  }

  package enum TextPart: Sendable {
    case literal(String)
    /// What the engine puts in before the expression is read, by its index.
    case insertion(Int)
  }
}

/// What differs between the languages.
package struct InfixDialect: Sendable {
  /// A name that stands alone is a text (govaluate in Argo's `when`).
  package var bareWords = false
  /// `$NAME` and `${NAME}` are variables.
  package var dollarNames = false
  /// `/…/` is a pattern.
  package var patterns = false
  /// Words that are operators.
  package var wordOperators: Set<String> = []

  package init() {}

  /// expr-lang, as in `{{=…}}` and `valueFrom.expression`.
  package static let expr: InfixDialect = {
    var dialect = InfixDialect()
    dialect.wordOperators = [
      "and", "or", "not", "in", "contains", "startsWith", "endsWith", "matches",
    ]
    return dialect
  }()

  /// govaluate over text in which the engine has filled in values already.
  package static let govaluate: InfixDialect = {
    var dialect = InfixDialect()
    dialect.bareWords = true
    dialect.wordOperators = ["in"]
    return dialect
  }()

  /// The Common Expression Language.
  package static let cel: InfixDialect = {
    var dialect = InfixDialect()
    dialect.wordOperators = ["in"]
    return dialect
  }()

  /// The `if` of GitLab's rules.
  package static let gitLab: InfixDialect = {
    var dialect = InfixDialect()
    dialect.dollarNames = true
    dialect.patterns = true
    return dialect
  }()
}

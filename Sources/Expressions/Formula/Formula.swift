package import SourceText

/// An expression in one of the small languages that look alike: Pebble and Jinja templates, JUEL and FEEL.
package struct Formula: Sendable {
  package var form: Form
  /// Its place in the text that was parsed.
  package var range: ByteRange

  package init(_ form: Form, _ range: ByteRange) {
    self.form = form
    self.range = range
  }

  package indirect enum Form: Sendable {
    case text(String)
    case number(String)
    case boolean(Bool)
    case null
    case name(String)
    case member(Formula, String)
    case index(Formula, Formula)
    /// A function, or a method where the callee is a member.
    case call(Formula, [Formula])
    /// `x | name(arguments)`
    case filter(Formula, String, [Formula])
    case not(Formula)
    case all([Formula])
    case any([Formula])
    /// `==`, `!=`, `<`, `<=`, `>`, `>=`, `contains`, `in`, `matches`
    case comparison(String, Formula, Formula)
    /// `x is null`, `empty x`
    case test(Formula, String)
    /// `+` and `~`
    case sum([Formula])
    /// Any other arithmetic.
    case arithmetic([Formula])
    case fallback(Formula, Formula)
    case conditional(Formula, Formula, Formula)
    case list([Formula])
    case record([(name: String, value: Formula)])
    case quantified(isEvery: Bool, name: String, list: Formula, Formula)
    /// What could not be parsed, with the parts that could.
    case unknown([Formula])
  }
}

/// Which of the languages a formula is written in, where they differ.
package enum FormulaDialect: Sendable {
  /// Kestra's templates: `==`, `~`, `x | filter`, `is null`.
  case pebble
  /// Dify's templates: also `a if c else b` and `is none`.
  case jinja
  /// Java's unified expression language: `${a eq b && !empty c}`.
  case juel
  /// DMN's and Zeebe's language: `=` compares, names may have two words.
  case feel
}

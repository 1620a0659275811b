import SourceText

/// A token of JavaScript source text; offsets are UTF-8 offsets in that text.
struct JavaScriptToken {
  var kind: Kind
  var range: ByteRange
  /// Whether a line ends between the token before and this one: a statement may end there.
  var followsLineEnd: Bool

  enum Kind: Equatable {
    /// Names and keywords; `#private` ones too.
    case name(String)
    case number(String)
    case string(String)
    /// The texts between the substitutions, one more than `substitutions`.
    case template(texts: [String], substitutions: [ByteRange])
    case regularExpression(pattern: String, flags: String)
    case symbol(String)
    case end
  }
}

#if Certificates
  package import SourceText

  /// Why something is not read as what it says to be.
  package struct Refusal: Error, Sendable, Equatable {
    /// A clause without its stop: `the payload is no base64`.
    package var words: String
    /// What to do about it; empty where the words say it.
    package var hint: String
    /// Where, in the file that holds it; `nil` for the whole.
    package var range: ByteRange?

    /// Whether the thing may well be what it says, in a way that is not read here.
    package private(set) var isUnsupported = false

    package init(_ words: String, hint: String = "", at range: ByteRange? = nil) {
      self.words = words
      self.hint = hint
      self.range = range
    }

    /// A refusal that proves nothing against the thing.
    package static func unsupported(_ words: String, hint: String = "") -> Refusal {
      var refusal = Refusal(words, hint: hint)
      refusal.isUnsupported = true
      return refusal
    }
  }
#endif

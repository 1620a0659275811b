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

    package init(_ words: String, hint: String = "", at range: ByteRange? = nil) {
      self.words = words
      self.hint = hint
      self.range = range
    }
  }
#endif

/// A change to the finding's own file after which the finding is gone, and nothing new is there.
///
/// A linter offers a fix only after it has judged the changed text: what does not hold then is never shown.
public struct Fix: Sendable, Hashable {
  /// Whether the change keeps the workflow doing its work.
  public enum Safety: String, Sendable, Hashable {
    /// The proof can be there when the gate is reached.
    case safe
    /// The gate closes for good until somebody adds a wait for the proof.
    case unsafe
  }

  /// One stretch of text that is replaced.
  public struct Edit: Sendable, Hashable {
    /// What is replaced; empty where text is only put in.
    public var location: Location
    /// The text that stands there afterwards.
    public var replacement: String

    /// Makes an edit.
    public init(location: Location, replacement: String) {
      self.location = location
      self.replacement = replacement
    }
  }

  /// What the change does, as an order: `run “Publish” only where the certificate is there`.
  public var message: String
  /// Whether the change keeps the workflow doing its work.
  public var safety: Safety
  /// The changes in file order; they do not overlap.
  public var edits: [Edit]

  /// Makes a fix.
  public init(message: String, safety: Safety = .safe, edits: [Edit]) {
    self.message = message
    self.safety = safety
    self.edits = edits
  }

  /// The text after the change.
  ///
  /// - Parameter bytes: the file's text as UTF-8, without a byte-order mark.
  /// - Returns: every byte outside of the edits as it was; `nil` where an edit lies outside of the text.
  public func applied(to bytes: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 512)
    var place = 0
    for edit in edits {
      let (start, end) = (edit.location.startByte, edit.location.endByte)
      guard place <= start, start <= end, end <= bytes.count else { return nil }
      result += bytes[place..<start]
      result += edit.replacement.utf8
      place = end
    }
    return result + bytes[place...]
  }
}

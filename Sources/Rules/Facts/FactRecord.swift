package import SourceText

/// What an examination found out about one thing: a certificate, a signature, a piece of evidence.
package struct FactRecord: Sendable {
  /// What it is about, in the vocabulary's words: `certificate`, `signature`.
  package var kind: String
  /// By the vocabulary's names; what is not here is absent.
  package var facts: [String: FactValue]
  /// Where the thing stands.
  package var range: ByteRange
  /// Where what a fact speaks of stands, as far as it stands somewhere.
  package var places: [String: ByteRange]
  /// The way to it through its document: `signatures[2]`.
  package var route: String

  package init(
    _ kind: String, facts: [String: FactValue] = [:], range: ByteRange,
    places: [String: ByteRange] = [:], route: String = ""
  ) {
    self.kind = kind
    self.facts = facts
    self.range = range
    self.places = places
    self.route = route
  }

  package subscript(name: String) -> FactValue? {
    get { facts[name] }
    set { facts[name] = newValue }
  }
}

/// One fact: known, or not known for a reason.
package enum FactValue: Sendable, Hashable {
  case null
  case text(String)
  case number(Double)
  case flag(Bool)
  /// Nanoseconds since 1970, and the time as its document writes it.
  case time(Int64, String)
  /// The examination could not find out: why, in words that end a sentence (`no trust file was given`).
  case unknown(String)
}

/// The facts about things that belong together: conditions on one record see the others.
package struct FactCase: Sendable {
  /// In the order of their document.
  package var records: [FactRecord]
  /// How findings name the certificate or attestation.
  package var name: String
  /// The output or artifact that it speaks of, if any.
  package var subject: String?

  package init(records: [FactRecord], name: String, subject: String? = nil) {
    self.records = records
    self.name = name
    self.subject = subject
  }
}

/// The forms in which a missing certificate can appear at one point.
struct Absence: Sendable, Hashable {
  /// As the language's null.
  private(set) var isNull = false
  /// As one of these texts, sorted.
  private(set) var texts: [String] = []

  /// The certificate is there: it came from a call that fails without it.
  static let never = Absence()
  static let null = Absence(isNull: true)
  /// As a text that cannot be told, and is not empty.
  static let someText = Absence("\u{2026}")

  /// More or longer texts than these are one that cannot be told: a loop could go on adding to them.
  private static let (mostTexts, longestText) = (4, 64)

  private init(isNull: Bool = false) { self.isNull = isNull }

  init(_ text: String) {
    texts = [text.utf8.count > Self.longestText ? Self.someText.texts[0] : text]
  }

  /// How an absent certificate reads where `value` stands for it.
  init(readAs value: Probe?) {
    switch value {
    case .null?: self = .null
    case .text?, .number?, .bool?: self = Absence(value?.asText ?? "")
    case nil: self = .someText
    }
  }

  var isEmpty: Bool { !isNull && texts.isEmpty }

  func union(_ other: Absence) -> Absence {
    if other.isEmpty || self == other { return self }
    var result = self
    result.isNull = isNull || other.isNull
    for text in other.texts where !result.texts.contains(text) { result.texts.append(text) }
    result.texts.sort()
    if result.texts.count > Self.mostTexts {
      // An empty one is what most tests ask for.
      let isSometimesEmpty = result.texts[0].isEmpty
      result.texts = (isSometimesEmpty ? [""] : []) + Self.someText.texts
    }
    return result
  }

  /// The forms in which null reads as `other`.
  func replacingNull(by other: Absence) -> Absence {
    guard isNull else { return self }
    var result = self
    result.isNull = false
    return result.union(other)
  }

  /// The forms with text around them.
  func wrapped(in before: String, _ after: String) -> Absence {
    if before.isEmpty, after.isEmpty { return self }
    // Languages differ in what they write for null.
    let written = replacingNull(by: Absence("").union(Absence("null")))
    return written.texts.reduce(.never) { $0.union(Absence(before + $1 + after)) }
  }

  /// The forms as JSON shows them.
  var writtenAsJSON: Absence {
    let quoted = texts.reduce(Absence.never) { $0.union(Absence("\"\($1)\"")) }
    return isNull ? quoted.union(Absence("null")) : quoted
  }

  /// The forms for which `isKept` says so.
  func filtered(_ isKept: (Probe) -> Bool) -> Absence {
    var result = self
    result.isNull = isNull && isKept(.null)
    result.texts = texts.filter { isKept(.text($0)) }
    return result
  }

  /// What a test of the value, or of its length, would meet.
  func probes(asLength: Bool) -> [Probe] {
    var probes: [Probe] = isNull ? [asLength ? .number(0) : .null] : []
    for text in texts {
      probes.append(asLength ? .number(Double(text.count)) : .text(text))
    }
    return probes
  }

  /// An order for lists without repetition.
  func precedes(_ other: Absence) -> Bool {
    texts.lexicographicallyPrecedes(other.texts)
  }
}

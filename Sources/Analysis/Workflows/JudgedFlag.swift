import Expressions

/// What a test of a flag says: with each result, the ways remain on which the flag holds a value that gives it.
struct JudgedFlag {
  /// Where the flag stands; `nil` where the tested value was put together from several.
  var place: FlagPlace?
  /// The proofs on the ways of each result; `nil` where no known value gives it.
  var whenTrue: [Int: Proof]?
  var whenFalse: [Int: Proof]?
  /// What the test says of the outputs whose content stands in the flag.
  var content: JudgedTest?
  /// Every way is known on which it was written: a result that none of them gives is impossible.
  var isComplete = false
  /// Where the tested value stands if a word may stand there in place of what the test asks for, `unknown` for a
  /// certificate: the content's proof then counts on the other ways only.
  var placeholders: FlagPlace?
  private let test: Test

  init(_ test: Test, of partition: FlagPartition, at place: FlagPlace?) {
    self.test = test
    self.place = place
    for (value, proofs) in partition {
      let outcome = Self.outcome(of: test, for: value)
      if outcome != false { whenTrue = whenTrue.map { $0.merged(with: proofs) } ?? proofs }
      if outcome != true { whenFalse = whenFalse.map { $0.merged(with: proofs) } ?? proofs }
    }
  }

  func apply(_ holds: Bool, to proof: Proof, of output: Int) -> Proof {
    // A result that no value gives: something wrote the flag that was not understood.
    guard let proofs = holds ? whenTrue : whenFalse, output >= 0 else {
      return isComplete ? .proven(at: nil) : proof
    }
    // Where the output did not exist yet, there was nothing to use.
    return proofs[output].map { proof.joined(with: $0) } ?? .proven(at: nil)
  }

  /// Whether one result leaves ways that the other does not.
  var isTelling: Bool { whenTrue != nil && whenFalse != nil && whenTrue != whenFalse }

  func mayBe(_ holds: Bool, for value: FlagValue) -> Bool {
    Self.outcome(of: test, for: value) != !holds
  }

  /// What the test says where a word stands in for what it asks for.
  fileprivate func settled(for value: FlagValue) -> JudgedCondition? {
    Self.outcome(of: test, for: value).map { .settled($0, content?.withoutProof) }
  }

  /// `nil` where it is not known.
  private static func outcome(of test: Test, for value: FlagValue) -> Bool? {
    guard case .known(let probe) = value else { return nil }
    if case .text(let text) = probe, text == "true" || text == "false" {
      switch test.semantics {
      // Where values have types, the word was a boolean when it was written.
      case .strict, .javaScript, .python: return test.outcome(for: .bool(text == "true"))
      case .gitHub, .shell: break
      }
    }
    return test.outcome(for: probe)
  }
}

extension JudgedCondition {
  /// Whether the condition can have this result where a flag holds this value.
  fileprivate func mayBe(_ holds: Bool, for value: FlagValue, at place: FlagPlace) -> Bool {
    switch self {
    case .flag(let flag): flag.place == place ? flag.mayBe(holds, for: value) : true
    case .not(let inner): inner.mayBe(!holds, for: value, at: place)
    case .all(let parts):
      holds
        ? parts.allSatisfy { $0.mayBe(true, for: value, at: place) }
        : parts.contains { $0.mayBe(false, for: value, at: place) }
    case .any(let parts):
      holds
        ? parts.contains { $0.mayBe(true, for: value, at: place) }
        : parts.allSatisfy { $0.mayBe(false, for: value, at: place) }
    case .constant(let constant): constant == holds
    case .settled(let constant, _): constant == holds
    case .every, .some, .test, .unknown: true
    }
  }

  /// The places that its tests look at and where a word may stand in for the proof.
  var placeholders: Set<FlagPlace> {
    switch self {
    case .flag(let flag): flag.placeholders.map { [$0] } ?? []
    case .not(let inner): inner.placeholders
    case .all(let parts), .any(let parts):
      parts.reduce(into: []) { $0.formUnion($1.placeholders) }
    case .constant, .settled, .every, .some, .test, .unknown: []
    }
  }

  /// The same where such a place holds this value.
  fileprivate func settling(_ place: FlagPlace, as value: FlagValue) -> JudgedCondition {
    switch self {
    case .flag(let flag):
      flag.placeholders == place ? flag.settled(for: value) ?? self : self
    case .not(let inner): .not(inner.settling(place, as: value))
    case .all(let parts): .all(parts.map { $0.settling(place, as: value) })
    case .any(let parts): .any(parts.map { $0.settling(place, as: value) })
    case .constant, .settled, .every, .some, .test, .unknown: self
    }
  }
}

extension FlagValue {
  /// A text that is not empty, and so may be taken for something.
  var isWord: Bool {
    if case .known(.text(let text)) = self { !text.isEmpty } else { false }
  }
}

extension [FlagValue: [Int: Proof]] {
  /// The values that remain, with what is proven, where a condition has this result.
  func following(
    _ condition: JudgedCondition, _ holds: Bool, of place: FlagPlace
  ) -> FlagPartition {
    let hasPlaceholders = condition.placeholders.contains(place)
    var result: FlagPartition = [:]
    for (value, proofs) in self where condition.mayBe(holds, for: value, at: place) {
      let known =
        hasPlaceholders && value.isWord ? condition.settling(place, as: value) : condition
      if let next = known.apply(holds, to: proofs) { result[value] = next }
    }
    return result.isEmpty ? self : result
  }

  /// What is proven on all ways together.
  var proofs: [Int: Proof] { values.reduce([:]) { $0.merged(with: $1) } }
}

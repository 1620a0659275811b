import Rules

/// Decides tests over the facts of one record, as tests of events are decided.
struct FactTester {
  /// The protocol's threshold.
  let threshold: Double
  let claims: ClaimReader
  /// Values by what they mean, as the protocols list them.
  let meanings: [String: [VerificationProtocol.Literal]]

  enum Answer: Equatable {
    case yes, no
    /// A number or a time that is not there decides nothing.
    case undecided
    /// The fact is not known, for this reason.
    case unknown(String)
  }

  func passes(_ test: EventTest, _ record: FactRecord, judged: FactRecord) -> Answer {
    switch test {
    case .all(let parts): return decided(parts, record, judged, by: .no, else: .yes)
    case .any(let parts): return decided(parts, record, judged, by: .yes, else: .no)
    case .not(let part):
      switch passes(part, record, judged: judged) {
      case .yes: return .no
      case .no: return .yes
      case .undecided: return .undecided
      case .unknown(let reason): return .unknown(reason)
      }
    case .isOne(let name, let literals):
      return answer(record[name]) { value in literals.contains { Self.is(value, $0) } }
    case .means(let name, let words):
      let literals = words.flatMap { meanings[$0] ?? [] }
      return answer(record[name]) { value in literals.contains { Self.is(value, $0) } }
    case .present(let name):
      // What is not known is there all the same.
      return record[name].map { $0 == .null ? .no : .yes } ?? .no
    case .null(let name):
      return answer(record[name]) { $0 == .null || $0 == .text("") }
    case .claims(let name):
      return answer(record[name]) { value in
        if case .text(let text) = value { claims.claims(text) } else { false }
      }
    case .contains(let name, let others):
      return answer(record[name]) { value in
        let text = value.words
        return others.contains { other in
          record[other].map { !$0.words.isEmpty && text.contains($0.words) } ?? false
        }
      }
    case .number(let name, let comparison, let operand):
      let right: FactValue?
      switch operand {
      case .literal(let number): right = .number(number)
      case .threshold: right = .number(threshold)
      case .own(let other): right = record[other]
      case .event(let other), .eventCount(let other): right = judged[other]
      }
      return compared(record[name], right) { left, right in
        guard case .number(let left) = left, case .number(let right) = right else { return nil }
        return comparison.holds(left, right)
      }
    case .time(let name, let comparison, let operand):
      let right: FactValue?
      switch operand {
      case .ownField(let other): right = record[other]
      case .eventField(let other): right = judged[other]
      case .own, .event: right = nil
      }
      return compared(record[name], right) { left, right in
        guard case .time(let left, _) = left, case .time(let right, _) = right else { return nil }
        return comparison == .before ? left < right : left > right
      }
    case .same(let name): return compared(record[name], judged[name]) { $0 == $1 }
    case .different(let name): return compared(record[name], judged[name]) { $0 != $1 }
    case .alike(let name):
      if record[name] == nil || judged[name] == nil {
        return record[name] == judged[name] ? .yes : .no
      }
      return compared(record[name], judged[name]) { $0 == $1 }
    }
  }

  private func decided(
    _ parts: [EventTest], _ record: FactRecord, _ judged: FactRecord, by answer: Answer,
    else other: Answer
  ) -> Answer {
    var open: Answer?
    for part in parts {
      let found = passes(part, record, judged: judged)
      if found == answer { return answer }
      if case .unknown = found { open = open.map { $0 == .undecided ? found : $0 } ?? found }
      if found == .undecided, open == nil { open = .undecided }
    }
    return open ?? other
  }

  private func answer(_ value: FactValue?, _ decide: (FactValue) -> Bool) -> Answer {
    switch value {
    case nil: .no
    case .unknown(let reason)?: .unknown(reason)
    case let value?: decide(value) ? .yes : .no
    }
  }

  private func compared(
    _ left: FactValue?, _ right: FactValue?, _ decide: (FactValue, FactValue) -> Bool?
  ) -> Answer {
    guard let left, let right else { return .undecided }
    if case .unknown(let reason) = left { return .unknown(reason) }
    if case .unknown(let reason) = right { return .unknown(reason) }
    return decide(left, right).map { $0 ? .yes : .no } ?? .undecided
  }

  private static func `is`(_ value: FactValue, _ literal: VerificationProtocol.Literal) -> Bool {
    switch (value, literal) {
    case (.null, .null): true
    case (.flag(let flag), .bool(let other)): flag == other
    case (.number(let number), .number(let other)): number == other
    case (.text(let text), .text(let other)): KeyName.same(text, other)
    case (.text(let text), .number(let other)): Double(text) == other
    case (.time(_, let text), .text(let other)): text == other
    default: false
    }
  }
}

extension FactValue {
  /// The value as messages say it.
  package var words: String {
    switch self {
    case .null: "null"
    case .text(let text): text
    case .flag(let flag): flag ? "true" : "false"
    case .time(_, let text): text
    case .unknown(let reason): "unknown: \(reason)"
    case .number(let number):
      if let whole = Int(exactly: number) {
        String(whole)
      } else {
        // Three places tell 0.666 from two thirds.
        String((number * 1000).rounded() / 1000)
      }
    }
  }
}

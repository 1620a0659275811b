import EventLogs
import Rules

/// Decides tests of a line's numbers, and of what kind its values are, without making a text of anything.
struct LineFields {
  let event: LineEvent
  /// The policy's.
  let threshold: Double

  /// As `TestEvaluator.passes`; the outer `nil` where more than numbers and kinds decides.
  func passes(_ test: PlannedTest, _ scanner: inout LineScanner) -> Bool?? {
    switch test {
    case .all(let parts):
      var result: Bool? = true
      for part in parts {
        guard case .some(let passes) = passes(part, &scanner) else { return nil }
        if passes == false {
          result = false
        } else if passes == nil && result == true {
          result = nil
        }
      }
      return .some(result)
    case .any(let parts):
      var result: Bool? = false
      for part in parts {
        guard case .some(let passes) = passes(part, &scanner) else { return nil }
        if passes == true {
          result = true
        } else if passes == nil && result == false {
          result = nil
        }
      }
      return .some(result)
    case .not(let part):
      guard case .some(let passes) = passes(part, &scanner) else { return nil }
      return .some(passes.map { !$0 })
    case .present(.slot(let slot)): return .some(field(slot).map { $0.kind != .null } ?? false)
    case .null(.slot(let slot)): return .some(field(slot)?.kind == .null)
    case .number(let field, let comparison, let operand, let isShare):
      guard case .some(let left) = number(field, &scanner) else { return nil }
      let right: Weight?
      switch operand {
      case .literal(let number): right = Weight(number)
      case .threshold: right = Weight(fraction: threshold)
      case .own(let other):
        guard case .some(let number) = number(other, &scanner) else { return nil }
        right = number
      case .event, .eventCount: return nil
      }
      return .some(comparison.holds(left, right, isShare: isShare))
    default: return nil
    }
  }

  private func field(_ slot: UInt8) -> LineField? {
    for index in 0..<event.count where event[index].slot == slot { return event[index] }
    return nil
  }

  /// The outer `nil` for what is no plain number.
  private func number(_ field: PlannedField, _ scanner: inout LineScanner) -> Weight?? {
    guard case .slot(let slot) = field else { return nil }
    guard let value = self.field(slot) else { return .some(nil) }
    switch value.kind {
    case .number: return .some(Weight(scanner.number(of: value)))
    case .text, .list: return nil
    case .null, .yes, .no, .object: return .some(nil)
    }
  }
}

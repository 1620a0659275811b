/// The rules that may have something to say of a case: a bit for each of the first, one for all others.
struct LoudRules: Sendable, Equatable {
  private var bits: UInt64

  static let none = LoudRules(bits: 0)
  static let all = LoudRules(bits: .max)

  var isEmpty: Bool { bits == 0 }

  mutating func insert(_ rule: Int) { bits |= LoudRules.bit(rule) }

  func contains(_ rule: Int) -> Bool { bits & LoudRules.bit(rule) != 0 }

  private static func bit(_ rule: Int) -> UInt64 { 1 << UInt64(min(rule, 63)) }
}

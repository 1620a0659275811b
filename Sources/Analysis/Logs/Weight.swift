/// A number on one of three scales: at most 1 is a fraction, at most 100 a percentage, above that units, which are
/// compared only with units.
struct Weight: Sendable {
  /// As written.
  var raw: Double
  /// As a fraction, or in units.
  var value: Double
  var isUnits: Bool

  init?(_ raw: Double) {
    if !raw.isFinite { return nil }
    self.raw = raw
    isUnits = raw > 100
    value = raw <= 1 || raw > 100 ? raw : raw / 100
  }

  init(fraction: Double) {
    raw = fraction
    value = fraction
    isUnits = false
  }

  /// A number of things.
  init(count: Double) {
    raw = count
    value = count
    isUnits = true
  }

  /// `0.66`, `66 %`, `66.0`, `1,234.5`.
  init?(text: String) {
    var digits = text.filter { $0 != " " && $0 != "," && $0 != "_" }
    let isPercentage = digits.hasSuffix("%")
    if isPercentage { digits.removeLast() }
    guard let number = Double(digits), number.isFinite else { return nil }
    if isPercentage {
      raw = number
      value = number / 100
      isUnits = false
    } else if let weight = Weight(number) {
      self = weight
    } else {
      return nil
    }
  }
}

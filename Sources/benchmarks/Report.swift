#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Prints measurements as they come, and remembers which bounds were broken.
struct Report {
  private(set) var broken: [String] = []

  func title(_ text: String) { line("\n" + text) }

  func line(_ text: String) {
    print(text)
    // Measurements take a while; whoever waits wants to see each.
    fflush(nil)
  }

  /// A measurement with what it must not exceed.
  mutating func bound(_ name: String, _ value: Double, atMost limit: Double, unit: String) {
    let holds = value <= limit
    line(
      "  \(name): \(value.rounded2) \(unit), at most \(limit.rounded2): \(holds ? "ok" : "BROKEN")")
    if !holds { broken.append(name) }
  }

  mutating func fail(_ name: String) {
    line("  \(name): could not be measured")
    broken.append(name)
  }
}

extension Double {
  /// With two decimals.
  var rounded2: String {
    let hundredths = Int((self * 100).rounded())
    let rest = String(abs(hundredths % 100))
    return "\(hundredths / 100).\(rest.count < 2 ? "0" + rest : rest)"
  }
}

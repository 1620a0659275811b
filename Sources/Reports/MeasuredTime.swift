/// Lengths of time as finely as they were measured, and no finer.
enum MeasuredTime {
  /// A length with what is unsure about it: `1842 ms`, `2 s (±1 s)`, `3 min 19 s`.
  ///
  /// - Parameters:
  ///   - milliseconds: the length.
  ///   - precision: how finely it is known, in milliseconds.
  /// - Returns: the words.
  static func words(_ milliseconds: Double, precision: Double) -> String {
    if precision <= 1 { return fine(milliseconds) }
    return "\(coarse(milliseconds, precision)) (±\(unit(precision)))"
  }

  /// The length for a table: without what is unsure.
  static func short(_ milliseconds: Double, precision: Double) -> String {
    precision <= 1 ? fine(milliseconds) : coarse(milliseconds, precision)
  }

  private static func fine(_ milliseconds: Double) -> String {
    if abs(milliseconds) >= 120_000 { return clock(Int(milliseconds / 1000)) }
    if milliseconds == milliseconds.rounded() { return String(Int(milliseconds)) + " ms" }
    // Nanoseconds are as fine as any clock here.
    let rounded = (milliseconds * 1e6).rounded() / 1e6
    return "\(rounded) ms"
  }

  private static func coarse(_ milliseconds: Double, _ precision: Double) -> String {
    if abs(milliseconds) >= 120_000 { return clock(Int(milliseconds / 1000)) }
    if precision >= 1000 { return "\(Int((milliseconds / 1000).rounded())) s" }
    let steps = (milliseconds / precision).rounded()
    return "\((steps * precision).rounded() / 1000) s"
  }

  /// What is unsure about a length.
  static func unit(_ precision: Double) -> String {
    precision >= 1000 ? "\(Int(precision / 1000)) s" : "\(precision / 1000) s"
  }

  private static func clock(_ seconds: Int) -> String {
    let sign = seconds < 0 ? "-" : ""
    let seconds = abs(seconds)
    if seconds < 7200 { return "\(sign)\(seconds / 60) min \(seconds % 60) s" }
    if seconds < 172_800 { return "\(sign)\(seconds / 3600) h \(seconds / 60 % 60) min" }
    return "\(sign)\(seconds / 86_400) d \(seconds / 3600 % 24) h"
  }
}

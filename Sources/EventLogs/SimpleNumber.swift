/// Numbers as nearly all are written: a few digits, and a point.
enum SimpleNumber {
  /// A number of a few digits: exactly what the general way makes of it.
  static func of(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Double? {
    if end - start > 16 || start == end { return nil }
    var digits: Int64 = 0
    var scale = 1.0
    var hasPoint = false
    var count = 0
    for index in start..<end {
      let digit = bytes[index] &- 0x30
      if digit < 10 {
        digits = digits * 10 + Int64(digit)
        count += 1
        if hasPoint { scale *= 10 }
      } else if bytes[index] == 0x2E && !hasPoint && count > 0 {
        hasPoint = true
      } else {
        return nil
      }
    }
    // Both are exact, so that the quotient is rounded once. `1.` is no number.
    return count == 0 || count > 15 || (hasPoint && scale == 1) ? nil : Double(digits) / scale
  }
}

/// Times in a house's own order, by a pattern as of `strptime`.
struct TimePattern {
  private let pattern: [UInt8]

  init(_ pattern: [UInt8]) { self.pattern = pattern }

  /// The time; missing where the text does not fit.
  func parse(_ text: Span<UInt8>) -> Timestamp {
    var parts = Parts()
    var at = 0
    var index = 0
    while index < pattern.count {
      let byte = pattern[index]
      index += 1
      if byte == 0x25, index < pattern.count {
        guard read(pattern[index], text, &at, &parts) else { return .missing }
        index += 1
      } else if byte == 0x20 {
        // As many blanks as there are: days are padded in many logs.
        while at < text.count, text[at] == 0x20 { at += 1 }
      } else {
        guard at < text.count, text[at] == byte else { return .missing }
        at += 1
      }
    }
    while at < text.count, text[at] == 0x20 { at += 1 }
    return at == text.count ? parts.timestamp : .missing
  }

  private func read(
    _ conversion: UInt8, _ text: Span<UInt8>, _ at: inout Int, _ parts: inout Parts
  ) -> Bool {
    switch conversion {
    case 0x59: return number(text, &at, 4, &parts.year)
    case 0x79:
      guard number(text, &at, 2, &parts.year) else { return false }
      parts.year += parts.year < 69 ? 2000 : 1900
    case 0x6D: return number(text, &at, 2, &parts.month)
    case 0x64, 0x65:
      while at < text.count, text[at] == 0x20 { at += 1 }
      return number(text, &at, 2, &parts.day)
    case 0x48, 0x49: return number(text, &at, 2, &parts.hour)
    case 0x4D: return number(text, &at, 2, &parts.minute)
    case 0x53: return number(text, &at, 2, &parts.second)
    case 0x6A:
      parts.month = 1
      return number(text, &at, 3, &parts.day)
    case 0x54:
      guard number(text, &at, 2, &parts.hour), literal(0x3A, text, &at),
        number(text, &at, 2, &parts.minute), literal(0x3A, text, &at)
      else { return false }
      return number(text, &at, 2, &parts.second)
    case 0x66:
      let start = at
      while at < text.count, text[at] &- 0x30 < 10 {
        if parts.digits < 9 {
          parts.fraction = parts.fraction * 10 + Int64(text[at] - 0x30)
          parts.digits += 1
        }
        at += 1
      }
      return at > start
    case 0x70:
      guard at + 2 <= text.count else { return false }
      let letter = text[at] | 0x20
      at += 2
      parts.isAfternoon = letter == 0x70
      return letter == 0x61 || letter == 0x70
    case 0x62, 0x42: return month(text, &at, &parts)
    case 0x7A: return zone(text, &at, &parts)
    case 0x73:
      var seconds = 0
      guard number(text, &at, 18, &seconds) else { return false }
      parts.unixSeconds = Int64(seconds)
    case 0x25: return literal(0x25, text, &at)
    default: return false
    }
    return true
  }

  private func literal(_ byte: UInt8, _ text: Span<UInt8>, _ at: inout Int) -> Bool {
    guard at < text.count, text[at] == byte else { return false }
    at += 1
    return true
  }

  private func number(
    _ text: Span<UInt8>, _ at: inout Int, _ longest: Int, _ value: inout Int
  ) -> Bool {
    let start = at
    value = 0
    while at < text.count, at - start < longest, text[at] &- 0x30 < 10 {
      value = value * 10 + Int(text[at] - 0x30)
      at += 1
    }
    return at > start
  }

  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ].map { Array($0.utf8) }

  private func month(_ text: Span<UInt8>, _ at: inout Int, _ parts: inout Parts) -> Bool {
    guard at + 3 <= text.count else { return false }
    let name = [text[at] | 0x20, text[at + 1] | 0x20, text[at + 2] | 0x20]
    guard let index = Self.months.firstIndex(of: name) else { return false }
    parts.month = index + 1
    while at < text.count, (0x61...0x7A).contains(text[at] | 0x20) { at += 1 }
    return true
  }

  private func zone(_ text: Span<UInt8>, _ at: inout Int, _ parts: inout Parts) -> Bool {
    guard at < text.count else { return false }
    if text[at] | 0x20 == 0x7A {
      at += 1
      return true
    }
    guard text[at] == 0x2B || text[at] == 0x2D else { return false }
    let sign = text[at] == 0x2B ? 1 : -1
    at += 1
    var hours = 0
    var minutes = 0
    guard number(text, &at, 2, &hours) else { return false }
    if at < text.count, text[at] == 0x3A { at += 1 }
    if at < text.count, text[at] &- 0x30 < 10 { _ = number(text, &at, 2, &minutes) }
    parts.offset = sign * (hours * 60 + minutes) * 60
    return hours < 24 && minutes < 60
  }

  private struct Parts {
    var year = 1970
    var month = 1
    var day = 1
    var hour = 0
    var minute = 0
    var second = 0
    var fraction: Int64 = 0
    var digits = 0
    var isAfternoon: Bool?
    var offset = 0
    var unixSeconds: Int64?

    var timestamp: Timestamp {
      var hour = hour
      if let isAfternoon { hour = hour % 12 + (isAfternoon ? 12 : 0) }
      guard (1...12).contains(month), (1...366).contains(day), hour < 24, minute < 60, second <= 60
      else { return .missing }
      let first = CivilDate(year: year, month: month, day: 1).daysSince1970
      let days = first + day - 1
      // A day of the year may lie in a later month; a day of the month must not.
      if month != 1, CivilDate(daysSince1970: days).month != month { return .missing }
      var seconds = Int64(days) * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset)
      if let unixSeconds { seconds = unixSeconds }
      var fraction = fraction
      for _ in digits..<9 { fraction *= 10 }
      let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
      let (sum, carry) = product.addingReportingOverflow(fraction)
      if overflow || carry || sum == 0 || sum == .min { return .missing }
      return Timestamp(nanoseconds: sum, fractionDigits: UInt8(digits))
    }
  }
}

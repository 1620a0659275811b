/// Reads times as logs write them: RFC 3339 with any offset, and Unix seconds to nanoseconds, told apart by
/// magnitude.
package struct TimestampParser: Sendable {
  /// The last date met and its first second: consecutive lines share it.
  private var cachedDate: UInt64 = 0
  private var cachedDateTail: UInt16 = 0
  private var cachedSecond: Int64 = 0
  /// Likewise the last minute in UTC, by its first sixteen letters.
  private var cachedMinute: (UInt64, UInt64) = (0, 0)
  private var cachedNanoseconds: Int64 = 0

  private let style: TimeStyle
  private let isAutomatic: Bool

  package init(style: TimeStyle = .automatic) {
    self.style = style
    isAutomatic = if case .automatic = style { true } else { false }
  }

  /// A time in RFC 3339, or a Unix time in digits; missing where it is neither, zero, or out of range.
  @inline(__always)
  package mutating func parse(text: Span<UInt8>) -> Timestamp {
    if isAutomatic && text.count == 24, let time = sameMinute(text) { return time }
    return parseAnew(text)
  }

  private mutating func parseAnew(_ text: Span<UInt8>) -> Timestamp {
    switch style {
    case .automatic: break
    case .unix: return parse(number: text)
    case .pattern(let pattern): return TimePattern(pattern).parse(text)
    }
    let count = text.count
    if count < 19 || text[4] != 0x2D { return basic(text) ?? parse(number: text) }
    guard let midnight = date(text) else { return .missing }
    guard text[10] == 0x54 || text[10] == 0x74 || text[10] == 0x20, text[13] == 0x3A,
      text[16] == 0x3A, let hour = pair(text, 11), let minute = pair(text, 14),
      let second = pair(text, 17), hour < 24, minute < 60, second <= 60
    else { return .missing }
    var offset = 19
    var fraction: Int64 = 0
    var digits = 0
    if offset < count && (text[offset] == 0x2E || text[offset] == 0x2C) {
      offset += 1
      while offset < count, case let digit = text[offset] &- 0x30, digit < 10 {
        if digits < 9 {
          fraction = fraction * 10 + Int64(digit)
          digits += 1
        }
        offset += 1
      }
      if digits == 0 { return .missing }
    }
    guard let shift = zone(text, offset) else { return .missing }
    var scale = digits
    while scale < 9 {
      fraction *= 10
      scale += 1
    }
    let seconds = midnight + Int64(hour * 3600 + minute * 60 + second) - Int64(shift)
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = product.addingReportingOverflow(fraction)
    if overflow || carry || sum == 0 || sum == .min { return .missing }
    if shift == 0 { remember(text, sum - fraction - Int64(second) * 1_000_000_000) }
    return Timestamp(nanoseconds: sum, fractionDigits: UInt8(digits))
  }

  /// A time in ISO 8601's basic form, `20260101T235959.25Z`; `nil` where it is none.
  private mutating func basic(_ text: Span<UInt8>) -> Timestamp? {
    guard text.count >= 15, text[8] == 0x54 else { return nil }
    var extended: [UInt8] = []
    for index in text.indices {
      switch index {
      case 4, 6: extended += [0x2D, text[index]]
      case 11, 13: extended += [0x3A, text[index]]
      default: extended.append(text[index])
      }
    }
    return parse(text: extended.span)
  }

  /// A time of the last minute that ends in `:SS.mmmZ`, as nearly all times of a log do.
  @inline(__always)
  private func sameMinute(_ text: Span<UInt8>) -> Timestamp? {
    // Unaligned loads of integers inside the 24 bytes.
    let bytes = unsafe text.bytes
    let head = unsafe bytes.unsafeLoadUnaligned(as: UInt64.self)
    let tail = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 8, as: UInt64.self)
    if head != cachedMinute.0 || tail != cachedMinute.1 { return nil }
    let rest = unsafe UInt64(
      littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: 16, as: UInt64.self))
    // Digits become their values, `:`, `.` and `Z` become 0: `:00.000Z`, the first letter lowest.
    let digits = rest ^ 0x5A30_3030_2E30_303A
    let isTooLarge = (digits &+ 0x7676_7676_7676_7676) | digits
    if digits & 0xFF00_0000_FF00_00FF != 0 || isTooLarge & 0x8080_8080_8080_8080 != 0 {
      return nil
    }
    func digit(_ place: UInt64) -> Int64 { Int64(digits >> (place * 8) & 15) }
    let second = digit(1) * 10 + digit(2)
    if second > 60 { return nil }
    let milliseconds = digit(4) * 100 + digit(5) * 10 + digit(6)
    let (time, overflow) = cachedNanoseconds.addingReportingOverflow(
      second * 1_000_000_000 + milliseconds * 1_000_000)
    if overflow || time == 0 || time == .min { return nil }
    return Timestamp(nanoseconds: time, fractionDigits: 3)
  }

  /// Remembers the minute of a time in UTC.
  private mutating func remember(_ text: Span<UInt8>, _ nanoseconds: Int64) {
    let bytes = unsafe text.bytes
    cachedMinute.0 = unsafe bytes.unsafeLoadUnaligned(as: UInt64.self)
    cachedMinute.1 = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 8, as: UInt64.self)
    cachedNanoseconds = nanoseconds
  }

  /// A Unix time; seconds below 10^11, then milliseconds, microseconds and nanoseconds by thousands.
  package func parse(number: Span<UInt8>) -> Timestamp {
    guard let decimal = Decimal(number) else { return .missing }
    let size = decimal.whole.magnitude
    var power: Int =
      size < 100_000_000_000
      ? 9
      : size < 100_000_000_000_000 ? 6 : size < 100_000_000_000_000_000 ? 3 : 0
    if case .unix(let perSecond) = style {
      power = perSecond >= 1_000_000_000 ? 0 : perSecond >= 1_000_000 ? 3 : perSecond > 1 ? 6 : 9
    }
    var unit: Int64 = 1
    for _ in 0..<power { unit *= 10 }
    let (whole, overflow) = decimal.whole.multipliedReportingOverflow(by: unit)
    if overflow { return .missing }
    var fraction: Int64 = 0
    var weight = unit
    for digit in decimal.fraction {
      weight /= 10
      fraction += Int64(digit) * weight
    }
    let (sum, carry) =
      decimal.isNegative
      ? whole.subtractingReportingOverflow(fraction) : whole.addingReportingOverflow(fraction)
    if carry || sum == 0 || sum == .min { return .missing }
    let digits = min(9, 9 - power + decimal.fraction.count)
    return Timestamp(nanoseconds: sum, fractionDigits: UInt8(digits))
  }

  /// Seconds from 1970 to the date's midnight in UTC.
  private mutating func date(_ text: Span<UInt8>) -> Int64? {
    // Unaligned loads of integers inside the first ten bytes.
    let head = unsafe text.bytes.unsafeLoadUnaligned(as: UInt64.self)
    let tail = unsafe text.bytes.unsafeLoadUnaligned(fromByteOffset: 8, as: UInt16.self)
    if head == cachedDate && tail == cachedDateTail { return cachedSecond }
    guard let century = pair(text, 0), let year = pair(text, 2), text[7] == 0x2D,
      let month = pair(text, 5), let day = pair(text, 8), (1...12).contains(month), day >= 1
    else { return nil }
    let date = CivilDate(year: century * 100 + year, month: month, day: day)
    let days = date.daysSince1970
    if CivilDate(daysSince1970: days) != date { return nil }
    cachedDate = head
    cachedDateTail = tail
    cachedSecond = Int64(days) * 86_400
    return cachedSecond
  }

  /// The zone's offset from UTC in seconds; none written is UTC.
  private func zone(_ text: Span<UInt8>, _ start: Int) -> Int? {
    var offset = start
    while offset < text.count && text[offset] == 0x20 { offset += 1 }
    if offset == text.count { return 0 }
    let sign = text[offset]
    if sign == 0x5A || sign == 0x7A { return offset + 1 == text.count ? 0 : nil }
    if offset + 3 == text.count {
      // `UTC` and `GMT`, as databases write them.
      switch (sign, text[offset + 1], text[offset + 2]) {
      case (0x55, 0x54, 0x43), (0x47, 0x4D, 0x54): return 0
      default: break
      }
    }
    guard sign == 0x2B || sign == 0x2D, offset + 3 <= text.count,
      let hours = pair(text, offset + 1)
    else { return nil }
    var minutes = 0
    var rest = offset + 3
    if rest < text.count {
      if text[rest] == 0x3A { rest += 1 }
      guard rest + 2 == text.count, let value = pair(text, rest) else { return nil }
      minutes = value
    }
    if hours > 23 || minutes > 59 { return nil }
    return (hours * 60 + minutes) * (sign == 0x2D ? -60 : 60)
  }

  private func pair(_ text: Span<UInt8>, _ at: Int) -> Int? {
    if at + 2 > text.count { return nil }
    let high = text[at] &- 0x30
    let low = text[at + 1] &- 0x30
    return high < 10 && low < 10 ? Int(high) * 10 + Int(low) : nil
  }

  /// A decimal number in its digits, as exact as nanoseconds need.
  private struct Decimal {
    var isNegative = false
    var whole: Int64 = 0
    /// At most nine digits.
    var fraction: [UInt8] = []

    init?(_ text: Span<UInt8>) {
      var digits: [UInt8] = []
      var point: Int?
      var exponent = 0
      var index = 0
      if index < text.count && text[index] == 0x2D {
        isNegative = true
        index += 1
      }
      while index < text.count {
        let byte = text[index]
        if byte &- 0x30 < 10 {
          digits.append(byte &- 0x30)
        } else if byte == 0x2E && point == nil {
          point = digits.count
        } else if (byte == 0x65 || byte == 0x45) && !digits.isEmpty {
          var isNegativeExponent = false
          index += 1
          if index < text.count && (text[index] == 0x2B || text[index] == 0x2D) {
            isNegativeExponent = text[index] == 0x2D
            index += 1
          }
          if index == text.count { return nil }
          while index < text.count {
            let digit = text[index] &- 0x30
            if digit > 9 || exponent > 99 { return nil }
            exponent = exponent * 10 + Int(digit)
            index += 1
          }
          if isNegativeExponent { exponent = -exponent }
          break
        } else {
          return nil
        }
        if digits.count > 64 { return nil }
        index += 1
      }
      if digits.isEmpty { return nil }
      let place = (point ?? digits.count) + exponent
      if place > 19 || place < -9 { return nil }
      var value: Int64 = 0
      for position in 0..<max(0, place) {
        let digit = position < digits.count ? Int64(digits[position]) : 0
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(digit)
        if overflow || carry { return nil }
        value = sum
      }
      whole = isNegative ? -value : value
      var position = place
      while position < digits.count && fraction.count < 9 {
        fraction.append(position < 0 ? 0 : digits[position])
        position += 1
      }
    }
  }
}

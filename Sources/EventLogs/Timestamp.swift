/// When a producer says that something happened: nanoseconds since 1970, and how finely it said so.
package struct Timestamp: Sendable, Hashable {
  /// `missingNanoseconds` where the time is absent, zero or unreadable.
  package var nanoseconds: Int64
  /// Decimal digits after the second as written: 0 for whole seconds, 3 for milliseconds.
  package var fractionDigits: UInt8

  package static var missing: Timestamp {
    Timestamp(nanoseconds: .min, fractionDigits: 0)
  }
  package var isMissing: Bool { nanoseconds == .min }

  package init(nanoseconds: Int64, fractionDigits: UInt8) {
    self.nanoseconds = nanoseconds
    self.fractionDigits = fractionDigits
  }

  /// In UTC as RFC 3339, with the digits it was written with.
  package var text: String {
    if isMissing { return "" }
    var seconds = nanoseconds / 1_000_000_000
    var rest = nanoseconds % 1_000_000_000
    if rest < 0 {
      rest += 1_000_000_000
      seconds -= 1
    }
    var days = seconds / 86_400
    var second = seconds % 86_400
    if second < 0 {
      second += 86_400
      days -= 1
    }
    let date = CivilDate(daysSince1970: Int(days))
    let digits = min(9, Int(fractionDigits))
    var fraction = Int(rest)
    for _ in digits..<9 { fraction /= 10 }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    Timestamp.put(date.year, 4, &bytes)
    bytes.append(0x2D)
    Timestamp.put(date.month, 2, &bytes)
    bytes.append(0x2D)
    Timestamp.put(date.day, 2, &bytes)
    bytes.append(0x54)
    Timestamp.put(Int(second / 3600), 2, &bytes)
    bytes.append(0x3A)
    Timestamp.put(Int(second / 60 % 60), 2, &bytes)
    bytes.append(0x3A)
    Timestamp.put(Int(second % 60), 2, &bytes)
    if digits > 0 {
      bytes.append(0x2E)
      Timestamp.put(fraction, digits, &bytes)
    }
    bytes.append(0x5A)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A number of so many digits at least.
  private static func put(_ number: Int, _ width: Int, _ bytes: inout [UInt8]) {
    var unit = 1
    for _ in 1..<width { unit *= 10 }
    while number / unit >= 10 { unit *= 10 }
    while unit > 0 {
      bytes.append(UInt8(truncatingIfNeeded: 0x30 + number / unit % 10))
      unit /= 10
    }
  }
}

/// A day of the Gregorian calendar.
package struct CivilDate: Sendable, Hashable {
  package var year: Int
  package var month: Int
  package var day: Int

  package init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// Counts in eras of 400 years that start on the first of March, so that the leap day comes last.
  package init(daysSince1970 days: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  package var daysSince1970: Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let shiftedMonth = month > 2 ? month - 3 : month + 9
    let dayOfYear = (153 * shiftedMonth + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}

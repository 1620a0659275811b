#if Certificates
  /// A moment in UTC, as RFC 3339 and X.509 write it.
  package struct Instant: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970.
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package init(seconds: Int64) { milliseconds = seconds.multipliedReportingOverflow(by: 1000).0 }

    package static func < (left: Instant, right: Instant) -> Bool {
      left.milliseconds < right.milliseconds
    }

    /// `2026-05-01T12:00:00.5+02:00`; `nil` for anything else, and for times without an offset.
    package init?(rfc3339 text: String) {
      let bytes = Array(text.utf8)
      guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
        bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == UInt8(ascii: ":"),
        bytes[16] == UInt8(ascii: ":"),
        let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
        let day = Self.number(bytes[8..<10]), let hour = Self.number(bytes[11..<13]),
        let minute = Self.number(bytes[14..<16]), let second = Self.number(bytes[17..<19])
      else { return nil }
      var index = 19
      var fraction: Int64 = 0
      if bytes[index] == UInt8(ascii: ".") {
        index += 1
        let start = index
        while index < bytes.count, let digit = Self.number(bytes[index...index]) {
          if index - start < 3 { fraction = fraction * 10 + Int64(digit) }
          index += 1
        }
        guard index > start, index < bytes.count else { return nil }
        for _ in min(3, index - start)..<3 { fraction *= 10 }
      }
      var offset = 0
      if bytes[index] | 0x20 == UInt8(ascii: "z") {
        guard index + 1 == bytes.count else { return nil }
      } else {
        let sign =
          bytes[index] == UInt8(ascii: "+") ? 1 : bytes[index] == UInt8(ascii: "-") ? -1 : 0
        guard sign != 0, bytes.count == index + 6, bytes[index + 3] == UInt8(ascii: ":"),
          let hours = Self.number(bytes[(index + 1)..<(index + 3)]), hours < 24,
          let minutes = Self.number(bytes[(index + 4)..<(index + 6)]), minutes < 60
        else { return nil }
        offset = sign * (hours * 60 + minutes)
      }
      self.init(year, month, day, hour, minute, second)
      milliseconds += fraction - Int64(offset) * 60_000
    }

    /// A time of a certificate: `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`.
    init?(certificateTime text: ArraySlice<UInt8>, hasLongYear: Bool) {
      let digits = hasLongYear ? 14 : 12
      let bytes = Array(text)
      guard bytes.count == digits + 1, bytes[digits] == UInt8(ascii: "Z"),
        let year = Self.number(bytes[0..<(digits - 10)])
      else { return nil }
      let fields = (0..<5).map {
        Self.number(bytes[(digits - 10 + 2 * $0)..<(digits - 8 + 2 * $0)])
      }
      guard let month = fields[0], let day = fields[1], let hour = fields[2],
        let minute = fields[3],
        let second = fields[4]
      else { return nil }
      self.init(
        hasLongYear ? year : year + (year < 50 ? 2000 : 1900), month, day, hour, minute, second)
    }

    /// A time of a timestamp: `YYYYMMDDHHMMSSZ`, with a fraction of the second that does not end in a zero.
    init?(timestampTime text: ArraySlice<UInt8>) {
      guard let point = text.firstIndex(of: UInt8(ascii: ".")) else {
        self.init(certificateTime: text, hasLongYear: true)
        return
      }
      let digits = text[text.index(after: point)...].dropLast()
      guard !digits.isEmpty, digits.last != UInt8(ascii: "0"), digits.allSatisfy(Self.isDigit),
        text.last == UInt8(ascii: "Z"),
        let whole = Instant(
          certificateTime: text[..<point] + [UInt8(ascii: "Z")], hasLongYear: true)
      else { return nil }
      let thousandths = Array(digits.prefix(3)) + [0x30, 0x30, 0x30]
      self.init(milliseconds: whole.milliseconds + Int64(Self.number(thousandths[..<3]) ?? 0))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private init?(
      _ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int
    ) {
      guard (1...12).contains(month), hour < 24, minute < 60, second <= 60 else { return nil }
      let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      guard day >= 1, day <= lengths[month - 1] else { return nil }
      let before = year - 1
      var days = before * 365 + before / 4 - before / 100 + before / 400 - 719_162
      days += lengths[..<(month - 1)].reduce(0, +) + day - 1
      milliseconds = (Int64(days) * 86_400 + Int64(hour * 3600 + minute * 60 + second)) * 1000
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
      var value = 0
      for byte in digits {
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      return value
    }

    /// `2026-05-01 12:00:00 UTC`.
    package var text: String {
      var days = milliseconds / 86_400_000
      var rest = milliseconds % 86_400_000
      if rest < 0 {
        rest += 86_400_000
        days -= 1
      }
      // Eras of 400 years that start on the first of March, so that the leap day comes last.
      let shifted = days + 719_468
      let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
      let dayOfEra = shifted - era * 146_097
      let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
      let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
      let shiftedMonth = (5 * dayOfYear + 2) / 153
      let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
      let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
      let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
      let seconds = rest / 1000
      func two(_ number: Int64) -> String { (number < 10 ? "0" : "") + String(number) }
      return "\(year)-\(two(month))-\(two(day)) \(two(seconds / 3600)):\(two(seconds / 60 % 60)):"
        + "\(two(seconds % 60)) UTC"
    }
  }
#endif

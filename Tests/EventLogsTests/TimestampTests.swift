import EventLogs
import Testing

@Suite struct TimestampTests {
  @Test(arguments: [
    ("2026-01-01T00:00:00.199Z", 1_767_225_600_199_000_000, 3),
    ("2026-01-01T00:00:00Z", 1_767_225_600_000_000_000, 0),
    ("2026-01-01T02:30:00.5+02:30", 1_767_225_600_500_000_000, 1),
    ("2025-12-31t19:00:00.000000001-0500", 1_767_225_600_000_000_001, 9),
    ("2026-01-01 00:00:00,250", 1_767_225_600_250_000_000, 3),
    ("2024-02-29T23:59:60Z", 1_709_251_200_000_000_000, 0),
    ("2026-01-01 00:00:00.25 UTC", 1_767_225_600_250_000_000, 2),
    ("2026-01-01 00:00:00 GMT", 1_767_225_600_000_000_000, 0),
    ("20260101T000000Z", 1_767_225_600_000_000_000, 0),
    ("20260101T013000.123+0130", 1_767_225_600_123_000_000, 3),
    ("1767225600", 1_767_225_600_000_000_000, 0),
  ]) func `a time in text is read to the nanosecond`(text: String, expected: Int, digits: Int) {
    var parser = TimestampParser()
    let time = parser.parse(text: Array(text.utf8).span)
    #expect(time.nanoseconds == Int64(expected))
    #expect(Int(time.fractionDigits) == digits)
  }

  @Test(arguments: [
    ("1767225600", 1_767_225_600_000_000_000), ("1767225600.25", 1_767_225_600_250_000_000),
    ("1767225600250", 1_767_225_600_250_000_000), ("1.76722560025e12", 1_767_225_600_250_000_000),
    ("1767225600250001", 1_767_225_600_250_001_000),
    ("1767225600250001002", 1_767_225_600_250_001_002),
  ]) func `a unix time is told by its magnitude`(text: String, expected: Int) {
    let parser = TimestampParser()
    #expect(parser.parse(number: Array(text.utf8).span).nanoseconds == Int64(expected))
  }

  @Test(arguments: [
    "", "0", "null", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "2026-02-30T00:00:00Z",
    "2026-01-01T25:00:00Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+99:00", "soon", "1e99",
    "99999999999999999999", "2026-01-01T00:00:00Zjunk",
    "2026-01-01 00:00:00 CET", "20260101T000000ZZ", "20261301T000000Z",
  ]) func `a zero or unreadable time is missing`(text: String) {
    var parser = TimestampParser()
    #expect(parser.parse(text: Array(text.utf8).span).isMissing)
  }

  @Test func `a time is written as it was read`() {
    var parser = TimestampParser()
    for text in ["2026-01-01T00:00:00.199Z", "1969-12-31T23:59:59.5Z", "2000-02-29T12:00:00Z"] {
      #expect(parser.parse(text: Array(text.utf8).span).text == text)
    }
  }
}

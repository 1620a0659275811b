#if Certificates
  import EventLogs

  /// A time as its document writes it.
  package struct Moment: Sendable, Hashable {
    /// Since 1970.
    package let nanoseconds: Int64
    package let text: String
    /// Whether it tells whole seconds only.
    package let isWhole: Bool

    /// RFC 3339, a date alone (its first second in UTC), or a Unix time; `nil` for anything else.
    package init?(_ text: String) {
      let plain = text.utf8.filter { $0 != 0x20 }
      let isDate = plain.count == 10 && plain.dropFirst(4).first == UInt8(ascii: "-")
      let bytes = isDate ? Array((text + "T00:00:00Z").utf8) : Array(text.utf8)
      var parser = TimestampParser()
      let time = parser.parse(text: bytes.span)
      guard !time.isMissing else { return nil }
      nanoseconds = time.nanoseconds
      self.text = text
      isWhole = time.fractionDigits == 0
    }
  }
#endif

#if Certificates
  /// Numbers as ECMAScript's `Number::toString` writes them: the shortest digits that give the same double.
  package enum ECMAScriptNumber {
    /// The canonical text of a JSON number; `nil` for what is none, or is too large for a double.
    package static func text(of number: some StringProtocol) -> String? {
      guard isOfJSON(Array(number.utf8)), let value = Double(number), value.isFinite else {
        return nil
      }
      return text(of: value)
    }

    /// The grammar of RFC 8259.
    private static func isOfJSON(_ bytes: [UInt8]) -> Bool {
      var rest = bytes[...]
      func digits() -> Bool {
        let count = rest.prefix { 0x30...0x39 ~= $0 }.count
        rest = rest.dropFirst(count)
        return count > 0
      }
      if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
      if rest.first == UInt8(ascii: "0") {
        rest = rest.dropFirst()
      } else if !digits() {
        return false
      }
      if rest.first == UInt8(ascii: ".") {
        rest = rest.dropFirst()
        if !digits() { return false }
      }
      if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
        rest = rest.dropFirst()
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
          rest = rest.dropFirst()
        }
        if !digits() { return false }
      }
      return rest.isEmpty
    }

    /// The canonical text of a finite double.
    package static func text(of value: Double) -> String {
      if value == 0 { return "0" }
      let sign = value < 0 ? "-" : ""
      let (digits, point) = decimal(value.magnitude)
      let count = digits.utf8.count
      // The value is 0.DIGITS times ten to the power of `point`.
      if count <= point, point <= 21 {
        return sign + digits + String(repeating: "0", count: point - count)
      }
      if 0 < point, point <= 21 {
        return sign + digits.prefix(point) + "." + digits.dropFirst(point)
      }
      if -6 < point, point <= 0 {
        return sign + "0." + String(repeating: "0", count: -point) + digits
      }
      let exponent = point - 1
      let power = (exponent < 0 ? "e-" : "e+") + String(exponent.magnitude)
      if count == 1 { return sign + digits + power }
      return sign + digits.prefix(1) + "." + digits.dropFirst() + power
    }

    /// The shortest digits without leading or trailing zeros, and where the point stands before them.
    private static func decimal(_ value: Double) -> (digits: String, point: Int) {
      let parts = value.description.split(separator: "e")
      let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
      let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
      let whole = mantissa[0]
      let fraction = mantissa.count > 1 ? mantissa[1] : ""
      var digits = Substring(whole + fraction)
      var point = whole.utf8.count + exponent
      while digits.first == "0" {
        digits.removeFirst()
        point -= 1
      }
      while digits.last == "0" { digits.removeLast() }
      return (String(digits), point)
    }
  }
#endif

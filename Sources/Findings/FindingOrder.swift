/// The order of findings in every report: by path, line, column and rule.
public enum FindingOrder {
  /// Whether `left` is reported before `right`; a total order over findings that differ in any reported word.
  public static func precedes(_ left: Finding, _ right: Finding) -> Bool {
    if left.location.path != right.location.path {
      return bytesPrecede(left.location.path, right.location.path)
    }
    let leftPlace = (left.location.line, left.location.column)
    let rightPlace = (right.location.line, right.location.column)
    if leftPlace != rightPlace { return leftPlace < rightPlace }
    if left.rule != right.rule { return bytesPrecede(left.rule, right.rule) }
    let leftEnd = (left.location.endLine, left.location.endColumn)
    let rightEnd = (right.location.endLine, right.location.endColumn)
    if leftEnd != rightEnd { return leftEnd < rightEnd }
    for (leftText, rightText) in zip(words(of: left), words(of: right)) where leftText != rightText
    {
      return bytesPrecede(leftText, rightText)
    }
    return false
  }

  private static func words(of finding: Finding) -> [String] {
    [
      finding.cause ?? "", finding.route, finding.subject, finding.evidence?.output ?? "",
      finding.message,
    ]
  }

  /// Names are compared as bytes: NFC and NFD differ, and no locale changes the order.
  public static func bytesPrecede(_ left: String, _ right: String) -> Bool {
    // Paths begin alike for long: an iterator would be asked for each byte. The spans end with the calls.
    let answer: Bool?? = unsafe left.utf8.withContiguousStorageIfAvailable { one in
      unsafe right.utf8.withContiguousStorageIfAvailable { other in
        unsafe isBefore(one.span, other.span)
      }
    }
    return (answer ?? nil) ?? left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  private static func isBefore(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    for index in 0..<min(left.count, right.count) where left[index] != right[index] {
      return left[index] < right[index]
    }
    return left.count < right.count
  }
}

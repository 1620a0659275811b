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
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}

import Findings
import Reports
import TestSupport
import Testing

@Suite("Reports")
struct ReportTests {
  @Test(arguments: ReportFormat.allCases)
  func `every format writes the same findings`(_ format: ReportFormat) {
    let bytes = format.render(SyntheticFindings.outcome, in: SyntheticFindings.context)
    GoldenFile.expect(
      String(decoding: bytes, as: UTF8.self), equals: "reports/findings.\(format.rawValue)")
  }

  @Test(arguments: [48, 72])
  func `text fits a narrow terminal`(_ width: Int) {
    var context = SyntheticFindings.context
    context.width = width
    let bytes = ReportFormat.text.render(SyntheticFindings.outcome, in: context)
    GoldenFile.expect(
      String(decoding: bytes, as: UTF8.self), equals: "reports/findings-\(width).text")
  }

  @Test func `colour and suppressed findings are shown when asked for`() {
    var context = SyntheticFindings.context
    context.usesColor = true
    context.includesSuppressed = true
    let bytes = ReportFormat.text.render(SyntheticFindings.outcome, in: context)
    GoldenFile.expect(
      String(decoding: bytes, as: UTF8.self), equals: "reports/findings-color.text")
  }

  @Test func `nothing found is nothing said`() {
    let bytes = ReportFormat.text.render(.init(), in: SyntheticFindings.context)
    #expect(bytes.isEmpty)
  }
}

import Findings
import Rules

/// The `html` format: one file for reviewers that needs nothing else, neither a network nor a server.
///
/// Its content policy allows its own style sheet and script, known by their hashes, and nothing more.
enum HTMLReport {
  static func render(_ outcome: CheckOutcome, in context: ReportContext) -> [UInt8] {
    let page = HTMLPage(outcome, in: context)
    var text = head(context)
    text += page.header()
    text += page.overview()
    text += page.filters()
    text += page.findings()
    text += page.attestations()
    text += page.quorums(outcome.quorums)
    text += page.accepted()
    text += page.rules()
    text += "</main>\n<footer><p>\(HTMLText.line(context.tool.name)) "
    text +=
      "\(HTMLText.line(context.tool.version)) <span class=\"keys\">· keys: <kbd>j</kbd> next finding, "
    text += "<kbd>k</kbd> previous, <kbd>/</kbd> search</span></p></footer>\n"
    text += "<script>\(HTMLScript.text)</script>\n</body>\n</html>\n"
    return Array(text.utf8)
  }

  /// Where a finding stands on the page: the same after lines move.
  static func anchor(_ finding: Finding) -> String {
    "f-" + HTMLText.identifier(finding.fingerprint)
  }

  private static func head(_ context: ReportContext) -> String {
    let policy = [
      "default-src 'none'", "style-src 'sha256-\(ContentHash.base64(HTMLStyle.text))'",
      "script-src 'sha256-\(ContentHash.base64(HTMLScript.text))'", "base-uri 'none'",
      "form-action 'none'",
    ].joined(separator: "; ")
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="referrer" content="no-referrer">
      <meta name="color-scheme" content="light dark">
      <title>\(HTMLText.line(context.tool.name)) report</title>
      <style>\(HTMLStyle.text)</style>
      </head>
      <body>

      """
  }
}

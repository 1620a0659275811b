import Findings
import Foundation
import TestSupport
import Testing

@testable import Reports

@Suite("The HTML report")
struct HTMLReportTests {
  private func page(_ outcome: CheckOutcome) -> String {
    String(
      decoding: ReportFormat.html.render(outcome, in: SyntheticFindings.context), as: UTF8.self)
  }

  /// The page without its own style sheet and script.
  private func body(_ outcome: CheckOutcome) -> String {
    page(outcome).replacing(HTMLStyle.text, with: "").replacing(HTMLScript.text, with: "")
  }

  @Test func `the page needs nothing from outside, and allows nothing`() {
    let text = page(SyntheticFindings.outcome)
    #expect(text.contains("default-src 'none'"))
    #expect(!text.contains("unsafe-inline"))
    let body = body(SyntheticFindings.outcome)
    for word in [
      " src=", "<link", "@import", "url(", " style=", " onclick", "javascript:", "<iframe",
    ] {
      #expect(!body.contains(word), "\(word)")
    }
  }

  @Test(.enabled(if: Python.has("hashlib"), "needs Python"))
  func `the content policy knows script and style by their hashes`() throws {
    let script = """
      import base64, hashlib, re, sys
      page = open(sys.argv[1], encoding="utf-8").read()
      for name in ("style", "script"):
          text = re.search(f"<{name}>(.*?)</{name}>", page, re.S).group(1).encode()
          hash = base64.b64encode(hashlib.sha256(text).digest()).decode()
          print(f"{name}-src 'sha256-{hash}'" in page)
      """
    let report = Array(page(SyntheticFindings.outcome).utf8)
    #expect(try Python.output(of: script, reading: report) == "True\nTrue\n")
  }

  @Test(arguments: [
    ("", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
    ("abc", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "JI1qYdIGOLjlwCaTDD5gOaM85Flk/yFn9uzt1BnbBsE="
    ),
  ])
  func `SHA-256 gives the standard's own examples`(_ text: String, _ expected: String) {
    #expect(ContentHash.base64(text) == expected)
  }

  @Test(arguments: HostileNames.all)
  func `names stay text`(_ name: String) {
    let text = body(HostileNames.outcome(name))
    #expect(text.unicodeScalars.filter(HostileNames.isHiding).isEmpty)
    let tags = text.matches(of: /<\/?([a-zA-Z!][a-zA-Z0-9-]*)/).map { String($0.1) }
    #expect(Set(tags).isSubset(of: Self.elements), "\(Set(tags).subtracting(Self.elements))")
    #expect(text.count { $0 == "<" } == text.count { $0 == ">" })
    // Quotes and angles are escaped everywhere else, so that this finds every attribute.
    for tag in text.matches(of: /<[^>]*>/) {
      let names = text[tag.range].matches(of: /\ ([^ =">\/]+)="[^"]*"/).map { String($0.1) }
      #expect(Set(names).isSubset(of: Self.attributes), "\(text[tag.range])")
    }
  }

  private static let attributes: Set<String> = [
    "lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "title", "hidden",
    "role", "type", "value", "scope", "tabindex", "width", "height", "viewBox", "d", "x", "y", "rx",
    "x1", "x2", "y1", "y2", "cx", "cy", "r", "transform", "text-anchor", "autocomplete",
    "spellcheck", "aria-label",
    "aria-labelledby", "aria-hidden", "aria-live", "aria-pressed", "data-rule", "data-file",
    "data-severity", "data-n", "data-f", "rel",
  ]

  private static let elements: Set<String> = [
    "!doctype", "html", "head", "meta", "title", "style", "body", "a", "header", "p", "h1", "main",
    "section", "h2", "ul", "li", "b", "span", "div", "table", "caption", "thead", "tr", "th",
    "tbody", "td", "wbr", "form", "button", "label", "select", "option", "input", "output", "kbd",
    "figure", "figcaption", "svg", "g", "path", "line", "text", "rect", "circle", "details",
    "summary",
    "ol", "code", "br", "article", "h3", "h4", "pre", "mark", "i", "footer", "script",
  ]

  @Test func `nothing found is a page that says so`() {
    let text = body(CheckOutcome())
    #expect(text.contains("<h1>No findings</h1>"))
    #expect(!text.contains("<form"))
  }

  @Test func `thousands of findings stay a file that opens`() {
    var findings: [Finding] = []
    for number in 1...2_000 {
      findings.append(
        Finding(
          rule: "X101", name: "early-handoff", cause: "no-gate", severity: .error,
          message: "`Step \(number)` posts the answer of `Ask`",
          location: SyntheticFindings.place("flow \(number / 20).yml", number, 3..<9),
          remedy: "wait for `cert`"))
    }
    Fingerprint.assign(to: &findings) { $0 }
    var outcome = CheckOutcome(
      findings: findings, summary: Summary(of: findings, suppressed: 0, definitions: 9, logs: 0))
    for path in Set(findings.map(\.location.path)) {
      let lines = (1...2_000).map { ($0, "      run: something --with $ANSWER # \($0)") }
      outcome.excerpts[path] = Excerpt(
        repositoryPath: path, lines: Dictionary(uniqueKeysWithValues: lines))
    }
    let text = page(outcome)
    #expect(text.utf8.count < 6_000_000)
    #expect(text.matches(of: /<article/).count == 2_000)
  }
}

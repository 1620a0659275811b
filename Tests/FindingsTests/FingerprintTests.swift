import Testing

@testable import Findings

@Suite("Fingerprints")
struct FingerprintTests {
  /// Published values of FNV-1a with 128 bits.
  @Test(arguments: [
    ("", "6c62272e07bb014262b821756295c58d"),
    ("a", "d228cb696f1a8caf78912b704e4a8964"),
    ("ab", "08809544bbab1be95aa0733055b69a62"),
    ("abc", "a68d622cec8b5822836dbc7977af7f3b"),
    ("foobar", "343e1662793c64bf6f0d3597ba446f18"),
  ])
  func `the hash is FNV-1a`(_ text: String, _ expected: String) {
    var hash = FNV128()
    for byte in text.utf8 { hash.add(byte) }
    #expect(hash.hexadecimal == expected)
  }

  @Test func `lines and columns do not count, the rest does`() {
    let first = fingerprint(finding(line: 3))
    #expect(first == fingerprint(finding(line: 300)))
    #expect(first == fingerprint(finding(subject: "  a\n   b ")))
    #expect(first != fingerprint(finding(subject: "a c")))
    #expect(first != fingerprint(finding(rule: "X2")))
    #expect(first != fingerprint(finding(path: "b.yml")))
    #expect(first != fingerprint(finding(route: "jobs.b")))
  }

  @Test func `parts do not run together`() {
    #expect(
      fingerprint(finding(rule: "X", path: "1a.yml"))
        != fingerprint(finding(rule: "X1", path: "a.yml")))
  }

  @Test func `equal findings are counted in order`() {
    var findings = [finding(line: 1), finding(line: 2), finding(rule: "X2", line: 3)]
    Fingerprint.assign(to: &findings) { $0 }
    #expect(findings.map { $0.fingerprint.split(separator: ":")[1] } == ["1", "2", "1"])
  }

  private func fingerprint(_ finding: Finding) -> String {
    var findings = [finding]
    Fingerprint.assign(to: &findings) { $0 }
    return findings[0].fingerprint
  }

  private func finding(
    rule: String = "X1", path: String = "a.yml", line: Int = 1, route: String = "jobs.a",
    subject: String = "a b"
  ) -> Finding {
    Finding(
      rule: rule, name: "", severity: .error, message: "",
      location: Location(
        path: path, line: line, column: 1, endLine: line, endColumn: 2, startByte: 0, endByte: 1),
      route: route, subject: subject)
  }
}

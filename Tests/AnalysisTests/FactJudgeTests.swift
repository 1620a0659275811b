import Analysis
import Findings
import Rules
import SourceText
import Testing

@Suite struct FactJudgeTests {
  private static let head = """
    id: HOUSE301
    name: house-quorum
    severity: error
    summary: A rule of facts.
    message: "{certificate}: {cause}"
    why: Because.
    facts:

    """

  private func book(_ check: String) -> RuleBook {
    let text = Self.head + check.split(separator: "\n").map { "  \($0)\n" }.joined()
    return RuleBook(builtIn: [SourceFile(path: "r.yml", bytes: Array(text.utf8))])
  }

  private func findings(_ check: String, _ records: [FactRecord]) throws -> [Finding] {
    let book = book(check)
    #expect(book.problems.map(\.description) == [])
    let judge = FactJudge(rules: book.rules, claims: .init())
    return judge.judge(FactCase(records: records, name: "cert-1")) { range in
      Location(
        path: "c.json", line: range.start + 1, column: 1, endLine: range.end + 1, endColumn: 1,
        startByte: range.start, endByte: range.end)
    }
  }

  private func certificate(_ facts: [String: FactValue]) -> FactRecord {
    FactRecord(
      "certificate", facts: facts, range: ByteRange(0, 9), places: ["hash": ByteRange(4, 5)])
  }

  private func signature(_ number: Int, _ facts: [String: FactValue]) -> FactRecord {
    FactRecord(
      "signature", facts: facts, range: ByteRange(10 * number, 10 * number + 1),
      route: "signatures[\(number)]")
  }

  private static let hashCheck = """
    on: certificate
    given: { test: { hash_matches: { present: true } } }
    requires:
      - that: { test: { hash_matches: true } }
        otherwise: { cause: differs, says: "`{field.hash}` is not `{field.recomputed}`" }
        unknown: { cause: open, says: "{reason}" }
        mark: hash
    """

  @Test func `a fact that says the opposite is a violation at its place`() throws {
    let facts: [String: FactValue] = [
      "hash_matches": .flag(false), "hash": .text("aa"), "recomputed": .text("bb"),
    ]
    let findings = try findings(Self.hashCheck, [certificate(facts)])
    #expect(findings.map(\.message) == ["cert-1: `aa` is not `bb`"])
    #expect(findings.map(\.location.line) == [5])
    #expect(findings.map(\.severity) == [.error])
    #expect(findings.map(\.evidence?.verdict) == [.violated])
  }

  @Test func `a fact that is not known is inconclusive, with its reason`() throws {
    let findings = try findings(
      Self.hashCheck, [certificate(["hash_matches": .unknown("nobody looked")])])
    #expect(findings.map(\.message) == ["cert-1: nobody looked"])
    #expect(findings.map(\.severity) == [.warning])
    #expect(findings.map(\.evidence?.verdict) == [.inconclusive])
  }

  @Test(arguments: [FactValue.flag(true), nil])
  func `a fact that holds or is absent is silent`(value: FactValue?) throws {
    var record = certificate([:])
    record["hash_matches"] = value
    #expect(try findings(Self.hashCheck, [record]).isEmpty)
  }

  @Test(arguments: [
    (["a", "b"], 0, Evidence.Verdict?.none), (["a", "a"], 0, .violated), (["a"], 1, .inconclusive),
    (["a"], 0, .violated), ([], 2, .inconclusive), ([], 0, .violated),
  ])
  func `records of the case are counted by their facts`(
    families: [String], open: Int, verdict: Evidence.Verdict?
  ) throws {
    let check = """
      on: certificate
      requires:
        that: { count: { of: { events: signature, where: { status: valid } }, distinct: family, at-least: 2 } }
        otherwise: { cause: one-family, says: "{actual} of {expected}" }
        unknown: { cause: open, says: "{reason}" }
      """
    var records = [certificate([:])]
    for family in families {
      records.append(
        signature(records.count, ["status": .text("valid"), "family": .text(family)]))
    }
    for index in 0..<open {
      records.append(
        signature(
          records.count, ["status": .unknown("no key"), "family": .text("open-\(index)")]))
    }
    records.append(signature(9, ["status": .text("invalid"), "family": .text("z")]))
    #expect(
      try findings(check, records).map { $0.evidence?.verdict } == [verdict].compactMap(\.self))
  }

  @Test(arguments: [
    (
      "on: certificat\nrequires: { that: { test: { hash: x } }, otherwise: { cause: c } }",
      "certificate"
    ),
    (
      "on: signature\nrequires: { that: { test: { statuss: valid } }, otherwise: { cause: c } }",
      "status"
    ),
    (
      "on: signature\nrequires: { that: { test: { weight: { less: { own: wieght } } } }, otherwise: { cause: c } }",
      "weight"
    ),
    (
      "on: signature\nrequires: { that: { earlier: certificate }, otherwise: { cause: c } }",
      "no order"
    ),
    (
      "on: signature\nrequires: { that: { exists: { events: certificate, where: { hsh: { present: true } } } }, otherwise: { cause: c } }",
      "hash"
    ),
  ])
  func `a name that is no fact is explained`(check: String, word: String) {
    let problems = book(check).problems
    #expect(
      problems.contains { $0.severity == .error && $0.description.contains(word) }, "\(problems)")
  }
}

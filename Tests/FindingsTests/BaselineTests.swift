import Findings
import Testing

@Suite("Baselines")
struct BaselineTests {
  private func entry(
    _ fingerprint: Character, path: String = "a.yml", step: String = "steps[0]", count: Int = 1
  ) -> Baseline.Entry {
    Baseline.Entry(
      rule: "R1", path: path, step: step, message: "found \(step)",
      fingerprint: String(repeating: fingerprint, count: 32), count: count)
  }

  @Test
  func `the same finding twice in one file is counted, and the order of findings is of no account`()
  {
    let entries = [entry("b", path: "b.yml"), entry("a"), entry("a"), entry("c")]
    for order in [entries, entries.reversed()] {
      let baseline = Baseline(order)
      #expect(baseline.entries.map(\.count) == [2, 1, 1])
      #expect(baseline.entries.map(\.path) == ["a.yml", "a.yml", "b.yml"])
      #expect(baseline.findings == 4)
    }
  }

  @Test func `a comparison tells what is new, gone, kept and moved`() {
    let old = Baseline([
      entry("a", count: 3), entry("b", step: "steps[1]"), entry("c", path: "old.yml"),
    ])
    let new = Baseline([
      entry("a", count: 2), entry("d", step: "steps[2]"), entry("e", path: "new.yml"),
    ])
    let comparison = BaselineComparison(from: old, to: new)
    #expect(comparison.new.map(\.fingerprint.first) == ["d"])
    #expect(comparison.gone.map(\.fingerprint.first) == ["a", "b"])
    #expect(comparison.gone.map(\.count) == [1, 1])
    #expect(comparison.moved.map(\.from.path) == ["old.yml"])
    #expect(comparison.moved.map(\.to.path) == ["new.yml"])
    #expect(comparison.kept == 3)
  }

  @Test func `a step that only got another number is the same`() {
    let old = Baseline([entry("a", step: "jobs.a.steps[1]", count: 2)])
    let moved = Baseline.Entry(
      rule: "R1", path: "a.yml", step: "jobs.a.steps[12]", message: "found jobs.a.steps[1]",
      fingerprint: String(repeating: "b", count: 32), count: 3)
    let comparison = BaselineComparison(from: old, to: Baseline([moved]))
    #expect(comparison.kept == 2)
    #expect(comparison.gone.isEmpty)
    #expect(comparison.new.map(\.count) == [1])
  }

  @Test func `a finding in another file is new as long as the old file has findings`() {
    let old = Baseline([entry("a", path: "old.yml"), entry("b", path: "old.yml", step: "x")])
    let new = Baseline([entry("b", path: "old.yml", step: "x"), entry("c", path: "new.yml")])
    let comparison = BaselineComparison(from: old, to: new)
    #expect(comparison.moved.isEmpty)
    #expect(comparison.new.count == 1)
    #expect(comparison.gone.count == 1)
  }
}

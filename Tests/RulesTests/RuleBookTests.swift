import BuiltinRules
import Rules
import SourceText
import Testing

struct RuleBookTests {
  @Test func `every built-in document loads without a problem`() {
    let book = RuleBook(builtIn: Sample.builtIn)
    #expect(book.problems.map(\.description) == [])
    let expected = (1...3).map { "MIRA00\($0)" } + (101...113).map { "MIRA\($0)" }
    #expect(book.rules.map(\.id).filter { $0 < "MIRA2" } == expected)
    #expect(book.protocols.map(\.name).contains("mira-certificate"))
  }

  @Test func `an embedded integration is what its document says, whenever it is decoded`() {
    let waiting = RuleBook(embedded: Sample.embedded).integrations
    let decoded = RuleBook(builtIn: Sample.builtIn).integrations
    #expect(waiting.engines == decoded.engines)
    for engine in decoded.engines {
      #expect(waiting.integrations(for: engine) == decoded.integrations(for: engine))
    }
  }

  @Test func `an embedded rule is what its document says, whatever is asked of it first`() {
    let waiting = RuleBook(embedded: Sample.embedded).rules
    let decoded = RuleBook(builtIn: Sample.builtIn).rules
    #expect(waiting.map(\.id) == decoded.map(\.id))
    for (one, other) in zip(waiting, decoded) {
      #expect(one.name == other.name)
      #expect(one.severity == other.severity)
      #expect(one.isOptIn == other.isOptIn)
      #expect((one.workflowCheck == nil) == (other.workflowCheck == nil))
      #expect((one.eventChecks == nil) == (other.eventChecks == nil))
      #expect(one.linterCheck == other.linterCheck)
      #expect("\(one.check)" == "\(other.check)")
      #expect([one.summary, one.message, one.why] == [other.summary, other.message, other.why])
      #expect(one.remedies == other.remedies)
    }
  }

  @Test func `an embedded protocol is what its document says, its events among it`() throws {
    let names: Set = ["llm", "settlement"]
    let waiting = RuleBook(embedded: Sample.embedded, optedIn: names).protocols
    let decoded = RuleBook(builtIn: Sample.builtIn, optedIn: names).protocols
    #expect(waiting.map(\.name) == decoded.map(\.name))
    for (one, other) in zip(waiting, decoded) {
      #expect(one.generates == other.generates)
      #expect(one.mentions == other.mentions)
      #expect(one.awaits == other.awaits)
      #expect(one.secrets == other.secrets)
      #expect(one.threshold == other.threshold)
      #expect(one.facets.mapValues(\.fields) == other.facets.mapValues(\.fields))
      #expect(one.events.names == other.events.names)
      #expect(one.events.fields == other.events.fields)
      #expect(Set(one.events.sets.keys) == Set(other.events.sets.keys))
      #expect(one.events.describes == other.events.describes)
    }
  }

  @Test func `every built-in rule has a page and names the user's own step`() {
    for rule in RuleBook(embedded: Sample.embedded).rules {
      #expect(rule.origin == "built-in")
      #expect(rule.why.count > 150, "\(rule.id) hardly says why")
      #expect(!rule.remedies.isEmpty, "\(rule.id) says nothing about what to write instead")
      #expect(rule.summary.hasSuffix("."), "\(rule.id)")
    }
  }

  @Test func `a user's document replaces the built-in one of the same id`() throws {
    let builtIn = [Sample.file(Sample.rule(), at: "rules/a.yml")]
    let own = Sample.file(Sample.rule("severity: note"), at: "house/a.yml")
    let book = RuleBook(builtIn: builtIn, users: [[own]])
    #expect(book.problems.isEmpty)
    let rule = try #require(book.rules.first)
    #expect(book.rules.count == 1)
    #expect(rule.severity == .note)
    #expect(rule.origin == "house/a.yml")
  }

  @Test func `a built-in rule under a new id is the same rule`() throws {
    let document = try #require(BuiltinRules.documents.first { $0.path == "mira/MIRA112.yml" })
    let copy = document.text.replacing("MIRA112", with: "HOUSE7")
      .replacing("weak-threshold", with: "house-threshold")
    let book = RuleBook(
      embedded: Sample.embedded, users: [[Sample.file(copy, at: "house/7.yml")]])
    #expect(book.problems.isEmpty)
    let original = try #require(book.rules.first { $0.id == "MIRA112" })
    let copied = try #require(book.rules.first { $0.id == "HOUSE7" })
    #expect("\(original.check)" == "\(copied.check)")
    #expect(original.remedies == copied.remedies)
  }

  @Test func `a user's integration speaks before the built-in ones`() {
    let own = Sample.file(
      """
      integration: n8n
      steps:
        - match: { node: house.mail }
          role: handoff
          does: mails
      """, at: "house.yml")
    let book = RuleBook(embedded: Sample.embedded, users: [[own]])
    let integrations = book.integrations.integrations(for: "n8n")
    #expect(integrations.first?.steps.first?.does == "mails")
    #expect(integrations.count == 2)
  }

  @Test func `a broken document loses nothing else`() {
    let files = [
      Sample.file("id: [", at: "a.yml"), Sample.file(Sample.rule(), at: "b.yml"),
      Sample.file("protocol: 7", at: "c.yml"),
    ]
    let book = RuleBook(builtIn: files)
    #expect(book.rules.map(\.id) == ["ACME1"])
    #expect(Set(book.problems.map(\.path)) == ["a.yml", "c.yml"])
  }

  @Test func `two rules of one layer cannot share an id`() {
    let files = [Sample.file(Sample.rule(), at: "a.yml"), Sample.file(Sample.rule(), at: "b.yml")]
    let book = RuleBook(builtIn: files)
    #expect(book.rules.count == 1)
    #expect(
      book.problems.map(\.description) == [
        "b.yml:1:5: error: the rule `ACME1` stands in a.yml:1 already; one of the two needs another name"
      ])
  }

  @Test func `one file may hold several documents`() {
    let second = Sample.rule("id: ACME2", insteadOf: "id").replacing("early-mail", with: "late")
    let book = RuleBook(builtIn: [Sample.file(Sample.rule() + "---\n" + second)])
    #expect(book.problems.isEmpty)
    #expect(book.rules.map(\.id) == ["ACME1", "ACME2"])
  }

  @Test func `a command of several words is a name with arguments`() throws {
    let book = RuleBook(
      builtIn: [
        Sample.file(
          """
          integration: any
          steps:
            - match: { command: [gh pr comment, gh api -f] }
              role: handoff
              does: posts
          """)
      ])
    let patterns = try #require(book.integrations.integrations(for: "any").first).steps.map(\.match)
    #expect(patterns.map(\.names) == [["gh pr comment"], ["gh api"]])
    #expect(patterns.map(\.arguments) == [[:], ["-f": ["*"]]])
  }
}

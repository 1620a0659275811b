import Rules
import SourceText
import Testing

struct DocumentProblemTests {
  @Test(arguments: [
    (
      Sample.rule("severty: error"),
      [
        "r.yml:1:1: error: a rule needs the key `severity`. How bad a finding is.",
        "r.yml:3:1: error: `severty` is not a key of a rule; did you mean `severity`?",
      ]
    ),
    (
      Sample.rule("severity: eror"),
      ["r.yml:3:11: error: severity: `eror` is not a severity; did you mean `error`?"]
    ),
    (
      Sample.rule("severity: fatal"),
      [
        "r.yml:3:11: error: severity: `fatal` is not a severity; it is one of `note`, `warning`, `error`, `off`"
      ]
    ),
    (
      Sample.rule("severity: [error]"),
      [
        "r.yml:3:11: error: severity: expected a severity (`note`, `warning`, `error`, `off`), found a list"
      ]
    ),
    (
      Sample.rule("name: Early Mail", insteadOf: "name"),
      [
        "r.yml:2:7: error: name: `Early Mail` is not a name: lower-case words joined by `-` make one; write `early-mail`"
      ]
    ),
    (
      Sample.rule("id: ACME 1", insteadOf: "id"),
      [
        "r.yml:1:5: error: id: `ACME 1` is not an ID: letters, digits, `-` and `_` make one"
      ]
    ),
    (
      Sample.rule("summary:", insteadOf: "summary"),
      ["r.yml:4:9: error: summary: expected text, found nothing"]
    ),
    (
      Sample.rule("message: \"{snk} {cause}\"", insteadOf: "message"),
      [
        "r.yml:6:10: error: message: `{snk}` is not a placeholder; did you mean `{sink}`?"
      ]
    ),
    (
      Sample.rule(
        "workflow: { consumption: { by: handof, of: [content, confidense], while: unproven } }",
        insteadOf: "workflow"),
      [
        "r.yml:5:32: error: workflow.consumption.by: `handof` is not a role; did you mean `handoff`?",
        "r.yml:5:54: error: workflow.consumption.of[1]: `confidense` is not a facet; did you mean `confidence`?",
      ]
    ),
    (
      Sample.rule("workflow: { step: { role: revoke }, secret: true }", insteadOf: "workflow"),
      [
        "r.yml:5:21: error: workflow.step: a step check needs the key `where`. What is wrong with the step.",
        "r.yml:5:37: error: workflow: a workflow check has one key, and `step` stands here already",
      ]
    ),
    (
      Sample.rule("workflow: { order: {} }", insteadOf: "workflow"),
      ["r.yml:5:20: error: workflow.order: an order check that looks for nothing"]
    ),
    (
      Sample.rule(
        "workflow: { step: { role: generate, where: { present: true } } }", insteadOf: "workflow"),
      [
        "r.yml:5:44: error: workflow.step.where: `computed`, `present` and comparisons with numbers need the key `argument`; name the argument they speak of"
      ]
    ),
    (
      Sample.rule(
        "workflow: { step: { role: generate, where: { argument: n, below: few } } }",
        insteadOf: "workflow"),
      [
        "r.yml:5:66: error: workflow.step.where.below: expected a number or `threshold`, found `few`"
      ]
    ),
    (
      Sample.rule("linter: unused-supression", insteadOf: "workflow")
        .replacing("`{source}` {cause}", with: "{problem}"),
      [
        "r.yml:5:9: error: linter: `unused-supression` is not something the linter notices; did you mean `unused-suppression`?"
      ]
    ),
    (
      Sample.rule() + "linter: unmodelled-step\n",
      [
        "r.yml:1:1: error: a rule has one check, and here are `workflow`, `linter`; write a rule for each"
      ]
    ),
    (
      Sample.rule() + "severity-by-cause: { nogate: warning, late: note }\n",
      [
        "r.yml:8:22: error: severity-by-cause: `nogate` is not a cause; did you mean `no-gate`?",
        "r.yml:8:39: error: severity-by-cause: `late` is not a cause; the causes are "
          + Rule.workflowCauses.map { "`\($0)`" }.joined(separator: ", "),
      ]
    ),
    (
      Sample.rule() + "opt-in: yes\n",
      [
        "r.yml:8:9: error: opt-in: expected `true` or `false`, found `yes`; write it as one of them"
      ]
    ),
  ])
  func `a mistake in a rule is located and explained`(_ text: String, _ expected: [String]) {
    let errors = Sample.problems(text)
    #expect(errors == expected)
  }

  @Test(arguments: [
    (
      "",
      "r.yml:1:1: error: the file is empty; "
        + "a rule has the key `id`, a protocol `protocol`, an integration `integration`, a mapping `mapping`"
    ),
    (
      "[a]",
      "r.yml:1:1: error: expected a rule, a protocol, an integration or a mapping, found a list; "
        + "a rule has the key `id`, a protocol `protocol`, an integration `integration`, a mapping `mapping`"
    ),
    (
      "protocl: x",
      "r.yml:1:1: error: neither a rule nor a protocol, an integration or a mapping; did you mean `protocol`?"
    ),
    (
      "integration: any\nsteps:\n  - match: { node: a, uses: b }\n    role: badge\n    does: shows",
      "r.yml:3:12: error: steps[0].match: a call is recognised by one of `node`, `uses`, not by several; "
        + "write one call for each"
    ),
    (
      "integration: any\nsteps:\n  - match: { uses: b }\n    does: shows",
      "r.yml:3:5: error: steps[0]: a step needs one of the keys `role`, `transform`, `transport`; "
        + "they say what it does to an output"
    ),
    (
      "integration: any\nsteps:\n  - match: { http: { method: FETCH, url: '*' } }\n    role: badge\n    does: shows",
      "r.yml:3:30: error: steps[0].match.http.method: `FETCH` is not an HTTP method; "
        + "it is one of `GET`, `POST`, `PUT`, `PATCH`, `DELETE`, `HEAD`"
    ),
    (
      "protocol: p\nsummary: s\nproof: certificate\nfacets: {}",
      "r.yml:1:1: error: a protocol needs one of the keys `generates`, `verifies`, `publishes`, `events`, `certificate`; "
        + "without them it recognises nothing"
    ),
    (
      "protocol: p\nsummary: s\nproof: certificate\ngenerates: [{ uses: a }]\nthreshold: 3/2\nfacets: {}",
      "r.yml:5:12: error: threshold: expected a share such as `2/3`, `0.67` or `67%`, found `3/2`"
    ),
    (
      "protocol: p\nsummary: s\nproof: certificate\ngenerates: [{ uses: a }]\nround-budget: soon\nfacets: {}",
      "r.yml:5:15: error: round-budget: expected a length of time such as `500ms`, `3s` or `2m`, found `soon`"
    ),
    (
      "protocol: p\nsummary: s\nproof: certificate\nverifies: [{ uses: a }]\nfacets: {}",
      "r.yml:1:1: error: a protocol with `verifies` needs the key `subject`; "
        + "it names the argument that is verified"
    ),
    (
      "protocol: p\nsummary: s\nproof: certificate\ngenerates: [{ uses: a }]\n"
        + "facets: { state: { fields: [status] }, verdict: { fields: [Sta-tus] } }",
      "r.yml:5:60: error: facets.verdict.fields: `Sta-tus` is a field of the facet `state` already"
    ),
    (
      "protocol: p\nsummary: s\nproof: certificate\nfacets: {}\nmentions: [acme]\n"
        + "generates: [{ uses: [acme/ask*, '*/ask'] }]",
      "r.yml:5:11: error: calls that `*/ask` matches need show none of `mentions`; "
        + "add a word that it has outside of its wildcards, or leave `mentions` away"
    ),
    (
      "protocol: p\nsummary: s\nproof: certificate\nfacets: {}\nmentions: [hf upload]\n"
        + "generates: [{ command: [hf upload, \"*hf upload\"] }]",
      "r.yml:5:11: error: calls that `*hf upload` matches need show none of `mentions`; "
        + "add a word that it has outside of its wildcards, or leave `mentions` away"
    ),
    (
      "protocol: p\nsummary: s\nproof: certificate\nfacets: {}\nmentions: [ac me]\n"
        + "generates: [{ uses: ac/me }]",
      "r.yml:5:11: error: `mentions` needs a word of at least 4 letters in each of its groups; "
        + "shorter ones stand in every file"
    ),
  ])
  func `a mistake in a document is located and explained`(_ text: String, _ expected: String) {
    #expect(Sample.problems(text) == [expected])
  }

  @Test func `an integration for an unknown engine is a warning`() {
    let book = RuleBook(
      embedded: EmbeddedLibrary { [("n8n.yml", "integration: n8n\nsteps: []\n")] },
      users: [[Sample.file("integration: house\nsteps: []\n")]])
    #expect(
      book.problems.map(\.description) == [
        "r.yml:1:14: warning: integration: there is no engine `house`, so that nothing here is ever met; "
          + "name the engine it speaks of (`any`, `n8n`); `any` is for every one"
      ])
  }

  @Test func `a remedy for an unknown engine is a warning`() {
    let text = Sample.rule() + "remedy: { n8m: wait }\n"
    let engine = Sample.file("integration: n8n\nsteps: []\n", at: "n8n.yml")
    let book = RuleBook(builtIn: [engine, Sample.file(text)])
    #expect(book.rules.count == 1)
    #expect(
      book.problems.map(\.description) == [
        "r.yml:8:11: warning: remedy: no integration speaks of the engine `n8m`; did you mean `n8n`?"
      ])
  }

  @Test func `an event that no protocol knows is reported when all documents are read`() {
    let rule = Sample.rule(
      "events: { on: [actoin.executed, use], requires: [{ that: { earlier: certificate }, otherwise: { cause: late } }] }",
      insteadOf: "workflow")
    let verification = """
      protocol: acme
      summary: Something is verified.
      facets: {}
      proof: certificate
      events: { names: { act: action.executed } }
      """
    let book = RuleBook(
      builtIn: [
        Sample.file(rule.replacing("the answer of `{source}` ", with: "it ")),
        Sample.file(verification, at: "z.yml"),
      ])
    #expect(
      book.problems.map(\.description).filter { $0.contains("event") } == [
        "r.yml:5:16: warning: events.on[0]: no protocol knows the event `actoin.executed`; did you mean `action.executed`?"
      ])
  }

  @Test func `a rule that takes the place of none is reported`() {
    let rule = Sample.rule(
      "events: { on: use, requires: { that: { exists: use }, otherwise: { cause: late } } }\nreplaces: [ACME1, ACME7]",
      insteadOf: "workflow"
    ).replacing("the answer of `{source}` ", with: "it ")
    let book = RuleBook(builtIn: [Sample.file(rule)])
    #expect(
      book.problems.map(\.description).filter { $0.contains("replaces") } == [
        "r.yml:6:19: warning: replaces: there is no rule `ACME7` to take the place of; did you mean `ACME1`?"
      ])
  }
}

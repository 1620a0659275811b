import Foundation
import SourceText
import Testing

@testable import LanguageServer

private let workflow = """
  on: push
  jobs:
    answer:
      runs-on: ubuntu-latest
      steps:
        - id: mira
          run: curl -sf -X POST https://api.mira.network/v1/verified/generate -d @question.json -o answer.json
        - name: Keep 😀 the answer
          uses: actions/cache/save@v4
          with:
            path: answer.json
            key: answers-${{ hashFiles('question.json') }}

  """

private let uri = "file:///house/.github/workflows/answer.yml"

@Suite("Sessions of the language server")
struct SessionTests {
  @Test func `a text that is not on disk is checked`() async throws {
    let client = TestClient()
    client.initialize()
    client.open(uri, workflow, version: 7)
    let messages = await client.messages()
    let published = try #require(messages.diagnostics(of: uri).last)
    #expect(published["version"]?.integer == 7)
    #expect(published.codes == ["MIRA103", "MIRA102"])
  }

  @Test(arguments: [
    (#"{}"#, "utf-16", 21), (#"{"general":{"positionEncodings":["utf-16","utf-8"]}}"#, "utf-8", 24),
  ])
  func `positions are counted as agreed`(
    capabilities: String, encoding: String, character: Int
  ) async throws {
    let client = TestClient()
    client.initialize(capabilities)
    client.open(
      uri,
      workflow.replacing("path: ", with: "'é😀': 1, path: ").replacing("with:\n", with: "with: {\n")
        .replacing("key: answers-${{ hashFiles('question.json') }}", with: ", key: answers-1}"))
    let messages = await client.messages()
    #expect(
      messages.answer("i")?.at("result", "capabilities", "positionEncoding")?.string == encoding)
    let diagnostics = messages.diagnostics(of: uri).last?["diagnostics"]?.items ?? []
    let cache = try #require(diagnostics.first { $0["code"]?.string == "MIRA102" })
    #expect(cache.at("range", "start", "character")?.integer == character + 5)
  }

  @Test func `what is typed is checked, and the last text counts`() async throws {
    let client = TestClient()
    client.initialize()
    client.open(uri, workflow)
    // The cache goes, line by line and by a range behind an emoji.
    client.change(
      uri, version: 2,
      #"{"range":{"start":{"line":7,"character":14},"end":{"line":12,"character":0}},"text":"Done\n        run: \"true\"\n"}"#
    )
    let messages = await client.messages()
    let published = try #require(messages.diagnostics(of: uri).last)
    #expect(published["version"]?.integer == 2)
    #expect(published.codes == [])
  }

  @Test func `closing a document takes its diagnostics back`() async throws {
    let client = TestClient()
    client.initialize()
    client.open(uri, workflow)
    await client.settle()
    client.send(
      #"{"jsonrpc":"2.0","method":"textDocument/didClose","params":{"textDocument":{"uri":"\#(uri)"}}}"#
    )
    let messages = await client.messages()
    #expect(messages.diagnostics(of: uri).map(\.codes.count) == [2, 0])
  }

  @Test func `resting on a finding shows the rule's page`() async throws {
    let client = TestClient()
    client.initialize()
    client.open(uri, workflow)
    client.request(
      1, "textDocument/hover",
      #"{"textDocument":{"uri":"\#(uri)"},"position":{"line":10,"character":18}}"#)
    let result = try #require(await client.messages().answer("1")?["result"])
    #expect(result.at("contents", "kind")?.string == "markdown")
    let text = try #require(result.at("contents", "value")?.string)
    #expect(text.contains("## MIRA102: provisional-cache"))
    #expect(text.hasPrefix("**Here:** "))
    #expect(result.at("range", "start", "line")?.integer == 10)
  }

  @Test func `accepting a finding writes a comment that silences it`() async throws {
    let client = TestClient()
    client.initialize()
    client.open(uri, workflow)
    client.request(
      1, "textDocument/codeAction",
      #"{"textDocument":{"uri":"\#(uri)"},"range":{"start":{"line":10,"character":16},"end":{"line":10,"character":20}},"context":{"diagnostics":[]}}"#
    )
    client.request(
      2, "textDocument/codeAction",
      #"{"textDocument":{"uri":"\#(uri)"},"range":{"start":{"line":0,"character":0},"end":{"line":99,"character":0}},"context":{"diagnostics":[],"only":["refactor"]}}"#
    )
    let messages = await client.messages()
    #expect(messages.answer("2")?["result"]?.items.count == 0)
    let actions = try #require(messages.answer("1")?["result"]?.items)
    let acceptance = try #require(actions.last)
    #expect(acceptance["title"]?.string == "Accept MIRA102 here, with a reason")
    #expect(acceptance["diagnostics"]?.items.first?["code"]?.string == "MIRA102")
    let edit = try #require(acceptance.at("edit", "changes")?[uri]?.items.first)
    #expect(edit["newText"]?.string == "          # mira-lint: ignore MIRA102 -- TODO: say why\n")
    let line = try #require(edit.at("range", "start", "line")?.integer)

    var lines = workflow.components(separatedBy: "\n")
    lines.insert("          # mira-lint: ignore MIRA102 -- agreed", at: line)
    let second = TestClient()
    second.initialize()
    second.open(uri, lines.joined(separator: "\n"))
    #expect(await second.messages().diagnostics(of: uri).last?.codes == ["MIRA103"])
  }

  @Test func `a change that ends the finding is offered first`() async throws {
    let told = workflow.replacing(
      "run: curl -sf -X POST https://api.mira.network/v1/verified/generate -d @question.json -o answer.json",
      with: """
        run: |
                  curl -sf -X POST https://api.mira.network/v1/verified/generate -d @question.json -o answer.json
                  echo "cert=$(jq -r .cert_hash answer.json)" >> "$GITHUB_OUTPUT"
        """)
    let client = TestClient()
    client.initialize(#"{"workspace":{"workspaceEdit":{"documentChanges":true}}}"#)
    client.open(uri, told, version: 4)
    client.request(
      1, "textDocument/codeAction",
      #"{"textDocument":{"uri":"\#(uri)"},"range":{"start":{"line":12,"character":16},"end":{"line":12,"character":20}},"context":{"diagnostics":[]}}"#
    )
    let actions = try #require(await client.messages().answer("1")?["result"]?.items)
    let fix = try #require(actions.first)
    #expect(fix["title"]?.string?.hasPrefix("Let `Keep 😀 the answer` run only where") == true)
    let change = try #require(fix.at("edit", "documentChanges")?.items.first)
    #expect(change.at("textDocument", "version")?.integer == 4)

    let second = TestClient()
    second.initialize()
    second.open(uri, told, version: 1)
    for edit in change["edits"]?.items ?? [] {
      let range = try #require(PositionRange(edit["range"]))
      let text = try #require(edit["newText"]?.string)
      second.change(
        uri, version: 2,
        #"{"range":{"start":{"line":\#(range.start.line),"character":\#(range.start.character)},"end":{"line":\#(range.end.line),"character":\#(range.end.character)}},"text":\#(second.quoted(text))}"#
      )
    }
    #expect(await second.messages().diagnostics(of: uri).last?.codes.contains("MIRA102") == false)
  }

  @Test func `a definition in JSON has no comment to accept with`() async throws {
    let client = TestClient()
    client.initialize()
    let flow =
      #"{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Parameters":{"ApiEndpoint":"https://api.mira.network/v1/verified/generate","Method":"POST"},"Next":"Keep"},"Keep":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:putItem","Parameters":{"TableName":"answers","Item":{"text":{"S.$":"$.ResponseBody.output"}}},"End":true}}}"#
    client.open("file:///house/flow.asl.json", flow, language: "json")
    client.request(
      1, "textDocument/codeAction",
      #"{"textDocument":{"uri":"file:///house/flow.asl.json"},"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":9999}},"context":{"diagnostics":[]}}"#
    )
    let messages = await client.messages()
    #expect(messages.diagnostics(of: "file:///house/flow.asl.json").last?.codes.isEmpty == false)
    let titles = messages.answer("1")?["result"]?.items.compactMap { $0["title"]?.string } ?? []
    #expect(titles.allSatisfy { !$0.hasPrefix("Accept") })
  }

  @Test func `texts without a name are known by their language`() async throws {
    let client = TestClient()
    client.initialize()
    client.open("untitled:Untitled-1", workflow)
    client.open("untitled:Untitled-2", "what: ever\n")
    let messages = await client.messages()
    #expect(messages.diagnostics(of: "untitled:Untitled-1").last?.codes == ["MIRA103", "MIRA102"])
    #expect(messages.diagnostics(of: "untitled:Untitled-2").last?.codes == [])
  }

  @Test func `a log is judged as it is typed`() async throws {
    let client = TestClient()
    client.initialize()
    let log = """
      {"ts":"2026-03-02T21:14:07.532Z","event":"generate.responded","request_id":"req_4c","service":"mira-api","data":{"status":"provisional","output_hash":"sha256:e009aa"}}
      {"ts":"2026-03-02T21:14:07.540Z","event":"cache.written","request_id":"req_4c","service":"desk","data":{"key":"k","output_hash":"sha256:e009aa","cert_hash":null}}
      {"ts":"2026-03-02T21:14:09.382Z","event":"cert.issued","request_id":"req_4c","service":"mira-consensus","data":{"cert_hash":"mira1c55e","output_hash":"sha256:e009aa","quorum_weight":0.76}}

      """
    client.open("file:///house/run.ndjson", log, language: "jsonl")
    let published = try #require(
      await client.messages().diagnostics(of: "file:///house/run.ndjson").last)
    #expect(published.codes.contains("MIRA202"))
  }

  @Test func `a called workflow is read from the editor and not from disk`() async throws {
    let caller = """
      on: push
      jobs:
        ask:
          uses: ./.github/workflows/ask.yml
        publish:
          needs: ask
          runs-on: ubuntu-latest
          steps:
            - run: curl -sf -X POST https://hooks.example.com/publish -d "${{ needs.ask.outputs.answer }}"

      """
    let empty =
      "on: workflow_call\njobs:\n  ask:\n    runs-on: ubuntu-latest\n    steps:\n      - run: \"true\"\n"
    let asks = """
      on:
        workflow_call:
          outputs:
            answer: { value: "${{ jobs.ask.outputs.answer }}" }
      jobs:
        ask:
          runs-on: ubuntu-latest
          outputs: { answer: "${{ steps.mira.outputs.answer }}" }
          steps:
            - id: mira
              run: |
                curl -sf -X POST https://api.mira.network/v1/verified/generate -d @question.json -o answer.json
                echo "answer=$(jq -r .output answer.json)" >> "$GITHUB_OUTPUT"

      """
    let files = [".git/HEAD": "", ".github/workflows/ask.yml": empty]
    try await withFolder(files) { folder in
      let first = DocumentAddress.uri(of: folder + "/.github/workflows/main.yml")
      let second = DocumentAddress.uri(of: folder + "/.github/workflows/ask.yml")
      let client = TestClient()
      client.initialize(folder: folder)
      client.open(first, caller)
      await client.settle()
      client.open(second, asks)
      let published = await client.messages().diagnostics(of: first)
      let before = try #require(published.first?.codes)
      let after = try #require(published.last?.codes)
      #expect(!before.contains("MIRA106"))
      #expect(after.contains("MIRA106"))
    }
  }

  @Test func `the configuration of a folder counts, and is read again`() async throws {
    try await withFolder([".git/HEAD": "", ".mira-lint.yml": "ignore: MIRA102\n"]) { folder in
      let uri = DocumentAddress.uri(of: folder + "/.github/workflows/answer.yml")
      let client = TestClient()
      client.initialize(folder: folder)
      client.open(uri, workflow)
      client.request(
        1, "textDocument/hover",
        #"{"textDocument":{"uri":"\#(uri)"},"position":{"line":10,"character":18}}"#)
      // Asked for, so that the first check has been made before the file changes.
      await client.settle()
      try Data("ignore: MIRA103\n".utf8).write(to: URL(filePath: folder + "/.mira-lint.yml"))
      client.send(
        #"{"jsonrpc":"2.0","method":"workspace/didChangeWatchedFiles","params":{"changes":[]}}"#)
      await client.settle()
      try Data("ignroe: MIRA103\n".utf8).write(to: URL(filePath: folder + "/.mira-lint.yml"))
      client.send(
        #"{"jsonrpc":"2.0","method":"textDocument/didSave","params":{"textDocument":{"uri":"\#(uri)"}}}"#
      )
      let messages = await client.messages()
      #expect(
        messages.diagnostics(of: uri).map(\.codes) == [["MIRA103"], ["MIRA102"], ["MIRA102"]])
      let broken = messages.diagnostics(of: DocumentAddress.uri(of: folder + "/.mira-lint.yml"))
      let words = broken.last?["diagnostics"]?.items.first?["message"]?.string
      #expect(words == "`ignroe` is not a key of the configuration; did you mean `ignore`?")
      #expect(messages.contains { $0["method"]?.string == "window/showMessage" })
    }
  }

  @Test func `each folder of the workspace has its own configuration`() async throws {
    let files = [
      "one/.mira-lint.yml": "ignore: MIRA102\n", "two/.mira-lint.yml": "exclude: .github/\n",
    ]
    try await withFolder(files) { folder in
      let names = ["one", "two", "three"]
      let uris = names.map { DocumentAddress.uri(of: "\(folder)/\($0)/.github/workflows/a.yml") }
      let roots = names.map { DocumentAddress.uri(of: "\(folder)/\($0)") }
      let client = TestClient()
      client.send(
        #"{"jsonrpc":"2.0","id":"i","method":"initialize","params":{"capabilities":{},"workspaceFolders":[{"uri":"\#(roots[0])","name":"a"},{"uri":"\#(roots[1])","name":"b"}]}}"#
      )
      client.send(
        #"{"jsonrpc":"2.0","method":"workspace/didChangeWorkspaceFolders","params":{"event":{"added":[{"uri":"\#(roots[2])","name":"c"}],"removed":[]}}}"#
      )
      for uri in uris { client.open(uri, workflow) }
      let messages = await client.messages()
      let codes = uris.map { messages.diagnostics(of: $0).last?.codes }
      #expect(codes == [["MIRA103"], [], ["MIRA103", "MIRA102"]])
    }
  }

  @Test func `a cancelled request is answered as such`() async throws {
    let gate = Gate()
    let client = TestClient(gate: gate)
    client.initialize()
    client.open(uri, workflow)
    let place = #"{"textDocument":{"uri":"\#(uri)"},"position":{"line":10,"character":18}}"#
    client.request(1, "textDocument/hover", place)
    client.request(2, "textDocument/hover", place)
    client.send(#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}}"#)
    client.send(#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":99}}"#)
    gate.open()
    let messages = await client.messages()
    #expect(messages.answer("1")?.at("error", "code")?.integer == -32800)
    #expect(messages.answer("2")?.at("result", "contents", "kind")?.string == "markdown")
  }

  @Test(arguments: [
    (#"{"jsonrpc":"2.0","id":5,"method":"textDocument/rename","params":{}}"#, "5", -32601),
    (#"{"jsonrpc":"2.0","id":5,"method":"textDocument/hover","params":{}}"#, "5", -32602),
    (
      #"{"jsonrpc":"2.0","id":5,"method":"textDocument/hover","params":{"textDocument":{"uri":"file:///x.yml"},"position":{"line":-1,"character":0}}}"#,
      "5", -32602
    ),
    (#"{"jsonrpc":"2.0","id":"five","method":"initialize","params":{}}"#, "five", -32600),
    (#"{"jsonrpc":"2.0","id":5}"#, "5", -32600),
    (#"{"jsonrpc":"2.0","id":5,"method":7}"#, "5", -32600),
    (#"[{"jsonrpc":"2.0","id":5,"method":"shutdown"}]"#, "null", -32600),
    (#"{"jsonrpc":"2.0","id":5,"method":"shutdown""#, "null", -32700),
    (#"{"jsonrpc":"2.0","id":{},"method":"shutdown"}"#, "null", -32600),
    ("nonsense", "null", -32700),
  ])
  func `what cannot be done is said, and the session goes on`(
    message: String, id: String, code: Int
  ) async throws {
    let client = TestClient()
    client.initialize()
    client.send(message)
    client.request(77, "shutdown", "null")
    let messages = await client.messages()
    #expect(messages.answer(id)?.at("error", "code")?.integer == code)
    #expect(messages.answer("77")?["result"]?.isNull == true)
  }

  @Test func `nothing is done before the beginning and after the end`() async throws {
    let client = TestClient()
    client.request(1, "textDocument/hover", "{}")
    client.open(uri, workflow)
    client.initialize()
    client.request(2, "shutdown", "null")
    client.request(3, "textDocument/hover", "{}")
    #expect(client.send(#"{"jsonrpc":"2.0","method":"exit"}"#) == .asAgreed)
    let messages = await client.messages()
    #expect(messages.answer("1")?.at("error", "code")?.integer == -32002)
    #expect(messages.answer("3")?.at("error", "code")?.integer == -32600)
    #expect(messages.diagnostics(of: uri).isEmpty)
    #expect(TestClient().send(#"{"jsonrpc":"2.0","method":"exit"}"#) == .abrupt)
  }

  @Test func `the path of a finding and its tags are told to clients that show them`() async throws
  {
    let client = TestClient()
    client.initialize(
      #"{"textDocument":{"publishDiagnostics":{"relatedInformation":true,"codeDescriptionSupport":true,"tagSupport":{"valueSet":[1,2]}}}}"#
    )
    client.open(uri, workflow + "# mira-lint: ignore MIRA104 -- once upon a time\n")
    let published = try #require(await client.messages().diagnostics(of: uri).last)
    let diagnostics = published["diagnostics"]?.items ?? []
    #expect(diagnostics.last?["tags"]?.items.map(\.integer) == [1])
    let related = diagnostics.first?["relatedInformation"]?.items ?? []
    #expect(related.first?.at("location", "range", "start", "line")?.integer == 6)
    #expect(
      related.first?["message"]?.string == "`mira` generates the output; it is provisional here")
    #expect(diagnostics.first?.at("codeDescription", "href")?.string?.hasPrefix("https://") == true)
  }
}

import Analysis
import Findings
import Foundation
import SourceText
import TestSupport
import Testing

@testable import MiraLint

@Suite("Fixes")
struct FixTests {
  /// How a file may be written without meaning anything else.
  enum Form: CaseIterable, Sendable {
    case asWritten, carriageReturns, byteOrderMark

    func applied(to bytes: [UInt8]) -> [UInt8] {
      switch self {
      case .asWritten: bytes
      case .carriageReturns: bytes.flatMap { $0 == 0x0a ? [0x0d, 0x0a] : [$0] }
      case .byteOrderMark: FixFinder.byteOrderMark + bytes
      }
    }
  }

  /// The bad examples of the engines in which gates can be written.
  static let examples: [String] = {
    let root = Checkout.root + "testdata/rules/"
    let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    return names.filter { name in
      let parts = name.split(separator: "/")
      return parts.count == 2 && parts[1].hasPrefix("bad")
        && ["yml", "yaml", "json"].contains(FilePath.fileExtension(name))
        && ["github-actions", "argo-workflows", "n8n", "asl"].contains { name.contains(".\($0).") }
    }.sorted().map { "testdata/rules/" + $0 }
  }()

  private static let linter = try? Linter(Settings(workingDirectory: Checkout.root))

  private func mender(_ path: String, _ offered: OfferedFixes = .all) throws -> FileMender {
    let linter = try #require(Self.linter)
    let neighbours = NeighbourFiles(workingDirectory: Checkout.root)
    let input = InputFile(
      absolutePath: Checkout.root + path, path: path, repositoryPath: path, root: Checkout.root,
      isExplicit: true)
    return FileMender(
      inspector: linter.inspector(LinterRules(linter.rules), neighbours), input: input,
      offered: offered)
  }

  private func mended(_ text: String, as path: String, _ offered: OfferedFixes = .safe) throws
    -> String?
  {
    let change = try mender(path, offered).change(Array(text.utf8)) { _ in true }
    return change.map { String(decoding: $0.after, as: UTF8.self) }
  }

  @Test(arguments: examples)
  func `a change ends its findings, adds none, and is made once`(_ path: String) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: Checkout.root + path)))
    let mender = try mender(path)
    var counts: Set<Int> = []
    for form in Form.allCases {
      let raw = form.applied(to: bytes)
      guard let change = mender.change(raw, wanted: { _ in true }) else {
        counts.insert(0)
        continue
      }
      counts.insert(change.mended.count)
      let before = mender.inspector.inspectDefinition(raw, of: mender.input).findings
      let after = mender.inspector.inspectDefinition(change.after, of: mender.input).findings
      let known = FindingKey.counts(before)
      let ofProven = mender.inspector.workflowJudge.rulesOfProven
      let left = FindingKey.counts(after.filter { !ofProven.contains($0.rule) })
      #expect(left.allSatisfy { $1 <= known[$0, default: 0] }, "\(path): \(form)")
      #expect(
        left.values.reduce(0, +) <= before.count - change.mended.count, "\(path): \(form)")
      #expect(mender.change(change.after, wanted: { _ in true }) == nil, "\(path): \(form)")
      #expect(change.after.starts(with: FixFinder.byteOrderMark) == (form == .byteOrderMark))
      if form == .carriageReturns {
        let ends = zip(change.after, change.after.dropFirst())
        #expect(ends.allSatisfy { $0.1 != 0x0a || $0.0 == 0x0d }, "\(path)")
      }
    }
    #expect(counts.count == 1, "\(path): line ends and marks change nothing")
  }

  @Test(arguments: examples)
  func `nothing outside of the edits changes`(_ path: String) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: Checkout.root + path)))
    var mender = try mender(path)
    mender.inspector.offeredFixes = .all
    let findings = mender.inspector.inspectDefinition(bytes, of: mender.input).findings
    for fix in findings.compactMap(\.fix) {
      let text = try #require(fix.applied(to: bytes))
      // Taking the edits back gives every byte of the file.
      var restored: [UInt8] = []
      var (old, new) = (0, 0)
      for edit in fix.edits {
        let kept = edit.location.startByte - old
        restored +=
          text[new..<(new + kept)] + bytes[edit.location.startByte..<edit.location.endByte]
        new += kept + edit.replacement.utf8.count
        old = edit.location.endByte
      }
      #expect(restored + text[new...] == bytes)
      let lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
      let changed = text.split(separator: 0x0a, omittingEmptySubsequences: false)
      #expect(changed.difference(from: lines).removals.count <= fix.edits.count)
    }
  }

  @Test func `most kinds of gates are written somewhere`() throws {
    var engines: Set<String> = []
    for path in Self.examples {
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: Checkout.root + path)))
      guard try mender(path).change(bytes, wanted: { _ in true }) != nil else { continue }
      let engine = path.split(separator: ".").dropLast().last.map(String.init) ?? ""
      engines.insert(engine)
    }
    #expect(engines.isSuperset(of: ["github-actions", "n8n", "asl", "argo-workflows"]))
  }

  /// How a step asks already, and how it asks afterwards.
  private static let conditions: KeyValuePairs = [
    "if: success()": "if: steps.mira.outputs.cert_hash != '' && success()",
    "if: github.ref == 'x' || inputs.y":
      "if: steps.mira.outputs.cert_hash != '' && (github.ref == 'x' || inputs.y)",
    "if: (github.ref == 'x' || inputs.y)":
      "if: steps.mira.outputs.cert_hash != '' && (github.ref == 'x' || inputs.y)",
    "if: (inputs.x) || (inputs.y)":
      "if: steps.mira.outputs.cert_hash != '' && ((inputs.x) || (inputs.y))",
    "if: ${{ always() }}  # even then":
      "if: ${{ steps.mira.outputs.cert_hash != '' && always() }}  # even then",
    "if: \"${{ inputs.x || inputs.y }}\"":
      "if: \"${{ steps.mira.outputs.cert_hash != '' && (inputs.x || inputs.y) }}\"",
    "if: 'inputs.x == ''a'''":
      "if: 'steps.mira.outputs.cert_hash != '''' && inputs.x == ''a'''",
    "if: \"!cancelled()\"": "if: \"steps.mira.outputs.cert_hash != '' && !cancelled()\"",
    "if: |\n          inputs.x ||\n          inputs.y\n":
      "if: |\n          steps.mira.outputs.cert_hash != '' && (inputs.x ||\n          inputs.y)\n",
    "if: >-\n          ${{\n            inputs.x\n          }}":
      "if: >-\n          ${{\n            steps.mira.outputs.cert_hash != '' && inputs.x\n          }}",
  ]

  @Test(arguments: conditions.map { ($0.key, $0.value) })
  func `a gate joins the condition that is there`(_ before: String, _ after: String) throws {
    func workflow(_ condition: String) -> String {
      """
      on: push
      jobs:
        answer:
          runs-on: ubuntu-latest
          steps:
            - id: mira
              uses: mira-network/verified-generate@v1
            - name: Send
              \(condition)
              uses: slackapi/slack-github-action@v2
              with: { payload: "${{ steps.mira.outputs.output }} ${{ steps.mira.outputs.cert_hash }}" }

      """
    }
    #expect(try mended(workflow(before), as: ".github/workflows/a.yml") == workflow(after))
  }

  /// Workflows in which no gate may be written.
  private static let untouched = [
    // Whoever handles a failure is not waiting for a proof.
    "    - id: mira\n      uses: mira-network/verified-generate@v1\n    - if: failure()\n      uses: slackapi/slack-github-action@v2\n      with: { payload: '${{ steps.mira.outputs.output }}' }",
    // An alias is text of another step, too.
    "    - id: mira\n      uses: mira-network/verified-generate@v1\n    - &send\n      uses: slackapi/slack-github-action@v2\n      with: { payload: '${{ steps.mira.outputs.output }}' }\n    - *send",
    // The request itself, and nothing that waits: the gate would stay closed.
    "    - id: mira\n      run: |\n        curl -sf https://api.mira.network/v1/verified/generate -d @q > a.json\n        echo \"text=$(jq -r .output a.json)\" >> $GITHUB_OUTPUT\n    - run: gh issue comment 1 --body '${{ steps.mira.outputs.text }}'",
    // A file that is damaged.
    "    - id: mira\n      uses: mira-network/verified-generate@v1\n    - run: gh issue comment 1 --body '${{ steps.mira.outputs.output }}'\n    - run: \"open",
  ]

  @Test(arguments: untouched)
  func `no gate is written where it would do harm`(_ steps: String) throws {
    let text = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n\(steps)\n"
    #expect(try mended(text, as: ".github/workflows/a.yml") == nil)
  }

  /// A workflow in which an answer is sent on by so many steps.
  private static func workflow(sending count: Int) -> String {
    let steps = (1...count).map { number in
      """
            - name: Send \(number)
              run: gh issue comment \(number) --body "${{ steps.mira.outputs.output }} ${{ steps.mira.outputs.cert_hash }}"

      """
    }
    return """
      on: push
      jobs:
        answer:
          runs-on: ubuntu-latest
          steps:
            - id: mira
              uses: mira-network/verified-generate@v1

      """ + steps.joined()
  }

  @Test func `many findings are mended in few trials`() throws {
    let text = Self.workflow(sending: 40)
    let mender = try mender(".github/workflows/a.yml", .safe)
    let raw = Array(text.utf8)
    var plain = mender.inspector
    plain.fixBudgetBytes = 1 << 22
    let findings = plain.inspectDefinition(raw, of: mender.input).findings
    #expect(findings.count == 40)
    var finder = try #require(
      FixFinder(findings, raw: raw, of: mender.input, inspector: plain, offered: .safe))
    #expect(finder.changes(ending: findings).count == 40)
    #expect(finder.trialCount <= 5)
    let change = try #require(mender.change(raw) { _ in true })
    #expect(change.mended.count == 40)
  }

  @Test func `one gate that does not hold leaves the others`() throws {
    // What handles a failure is not gated; everything else is.
    let text =
      Self.workflow(sending: 5) + """
              - if: failure()
                run: gh issue comment 9 --body "${{ steps.mira.outputs.output }}"
              - if: always()
                run: gh issue comment 8 --body "${{ steps.mira.outputs.output }} ${{ steps.mira.outputs.cert_hash }}"

        """
    let changed = try #require(try mended(text, as: ".github/workflows/a.yml"))
    #expect(changed.matches(of: /if: steps\.mira\.outputs\.cert_hash != ''/).count == 6)
    #expect(changed.contains("- if: failure()\n"))
    #expect(changed.contains("cert_hash != '' && always()"))
  }

  @Test func `what one gate covers gets no gate of its own`() throws {
    let text = """
      StartAt: Ask
      States:
        Ask:
          Type: Task
          Resource: arn:aws:states:::http:invoke
          Parameters:
            ApiEndpoint: https://api.mira.network/v1/verified/generate
            Method: POST
          ResultPath: $.mira
          Next: Keep
        Keep:
          Type: Task
          Resource: arn:aws:states:::dynamodb:putItem
          Parameters:
            TableName: answers
            Item: { text: { S.$: $.mira.ResponseBody.output }, proof: { S.$: $.mira.ResponseBody.cert_hash } }
          ResultPath: null
          Next: Tell
        Tell:
          Type: Task
          Resource: arn:aws:states:::sns:publish
          Parameters:
            TopicArn: arn:aws:sns:eu-west-1:1:answers
            Message.$: $.mira.ResponseBody.output
          End: true

      """
    let mender = try mender("a.asl.yaml", .all)
    let change = try #require(mender.change(Array(text.utf8)) { _ in true })
    #expect(change.mended.count == 2)
    let after = String(decoding: change.after, as: UTF8.self)
    #expect(after.matches(of: /Type: Choice/).count == 1)
  }

  /// How a job hands on the answer, and how it hands on the certificate afterwards.
  private static let handedOn: KeyValuePairs = [
    "outputs:\n      text: ${{ steps.mira.outputs.output }}\n    ":
      "outputs:\n      cert_hash: ${{ steps.mira.outputs.cert_hash }}\n      text: ${{ steps.mira.outputs.output }}\n    ",
    "outputs: { text: \"${{ steps.mira.outputs.output }}\" }\n    ":
      "outputs: { cert_hash: \"${{ steps.mira.outputs.cert_hash }}\", text: \"${{ steps.mira.outputs.output }}\" }\n    ",
    // The name is taken by something else.
    "outputs:\n      text: ${{ steps.mira.outputs.output }}\n      CERT_HASH: none\n    ":
      "outputs:\n      mira-cert_hash: ${{ steps.mira.outputs.cert_hash }}\n      text: ${{ steps.mira.outputs.output }}\n      CERT_HASH: none\n    ",
  ]

  @Test func `a job that hands on nothing gets its first output`() throws {
    func workflow(_ outputs: String, _ condition: String) -> String {
      """
      on: push
      jobs:
        ask:
          runs-on: ubuntu-latest
          \(outputs)steps:
            - id: mira
              uses: mira-network/verified-generate@v1
            - run: echo "${{ steps.mira.outputs.output }}" > answer.txt
            - uses: actions/upload-artifact@v4
              with: { name: answer, path: answer.txt }
        publish:
          needs: ask
          runs-on: ubuntu-latest
          steps:
            - uses: actions/download-artifact@v4
              with: { name: answer }
            - \(condition)run: gh issue comment 1 --body-file answer.txt

      """
    }
    #expect(
      try mended(workflow("", ""), as: ".github/workflows/a.yml")
        == workflow(
          "outputs: { cert_hash: \"${{ steps.mira.outputs.cert_hash }}\" }\n    ",
          "if: needs.ask.outputs.cert_hash != ''\n        "))
  }

  @Test(arguments: handedOn.map { ($0.key, $0.value) })
  func `a job hands the certificate on where another one needs it`(
    _ before: String, _ after: String
  ) throws {
    func workflow(_ outputs: String, _ condition: String) -> String {
      """
      on: push
      jobs:
        ask:
          runs-on: ubuntu-latest
          \(outputs)steps:
            - id: mira
              uses: mira-network/verified-generate@v1
        publish:
          needs: [ask]
          runs-on: ubuntu-latest
          steps:
            - \(condition)uses: softprops/action-gh-release@v2
              with: { body: "${{ needs.ask.outputs.text }}" }

      """
    }
    let name = after.contains("mira-cert_hash") ? "mira-cert_hash" : "cert_hash"
    #expect(
      try mended(workflow(before, ""), as: ".github/workflows/a.yml")
        == workflow(after, "if: needs.ask.outputs.\(name) != ''\n        "))
    // The legs of a matrix overwrite what the others hand on.
    let matrix = workflow(before, "").replacingOccurrences(
      of: "  ask:\n", with: "  ask:\n    strategy: { matrix: { of: [a, b] } }\n")
    #expect(try mended(matrix, as: ".github/workflows/a.yml") == nil)
  }
}

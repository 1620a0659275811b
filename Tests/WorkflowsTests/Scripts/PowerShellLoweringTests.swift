import Expressions
import SourceText
import TestSupport
import Testing

@testable import Workflows

@Suite struct PowerShellLoweringTests {
  /// The script as a step of a job whose shell is PowerShell.
  private func lowered(_ script: String) -> ScriptDump {
    var builder = GraphBuilder()
    let start = builder.add(
      Step(
        name: "", route: "", kind: .control,
        location: Expressions.SourceLocation(path: "", range: ByteRange(0, 0)))
    )
    let scalar = Scalar(style: .plain, text: script)
    let node = Node(.scalar(scalar), range: ByteRange(0, script.utf8.count))
    let context = ScriptContext(
      path: "flow.yml", stepName: "s", route: "s", variableScope: "", fileScope: "")
    let exits = ProgramLowering.lower(
      .powerShell, script: node, in: context, into: &builder, from: [LooseEnd(start)])
    return ScriptDump(builder: builder, exits: exits)
  }

  @Test func `a request, a check and what follows are steps`() {
    let script = """
      $reply = Invoke-RestMethod -Uri "https://x/y" -Method Post -Body (@{ a = 1 } | ConvertTo-Json)
      if ($null -ne $reply.ok) {
        irm https://x/z -Method PUT
      }
      gh issue comment 1 --body "$($reply.text)"
      """
    let dump = lowered(script)
    #expect(dump.exits.gaps.isEmpty)
    #expect(dump.text.contains("POST 'https://x/y'"))
    #expect(dump.text.contains("PUT 'https://x/z'"))
    #expect(dump.text.contains("branch"))
    #expect(dump.text.contains("gh 0='issue' 1='comment'"))
  }

  @Test(arguments: [
    "$a = @{\n  b = 1; 'c' = @('x', \"$d\")\n}\nSend-Thing @a",
    "if ($a -eq 1) { send 1 } elseif ($a -like '*x*') { send 2 }\nelse { send 3 }",
    "function Get-It([string]$A, [int]$B = 3) { Send-Thing $A }\nGet-It -A 1 -B 2",
    "function Get-It {\n  [CmdletBinding()]\n  param(\n    [Parameter(Mandatory = $true)]\n    [string]$A\n  )\n  Send-Thing $A\n}\nGet-It x",
    "try {\n  send 1\n} catch [System.Net.WebException] {\n  throw\n} finally {\n  send 2\n}",
    "$t = @\"\n  a \"b\" $($c.d)\n\"@\nsend $t", "$x = @'\n$none\n'@\nsend $x",
    "foreach ($i in 1..3) { send $i }\nfor ($i = 0; $i -lt 3; $i++) { send $i }",
    "do { send 1 } while ($a -and -not $b)\nwhile ($true) { send 2; break }",
    "$a | Where-Object { $_.ok -eq $true } | ForEach-Object { Send-Thing $_.text }",
    "send `\n  --body \"$a b\" # done\n<# all\nof it #>",
    "$a = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($b))\nsend $a",
    "\"a=$($b.c)\" >> $env:GITHUB_OUTPUT\nsend ($a.b[0].c.Trim() -replace 'x', 'y')",
    "[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12\nsend 1",
    "& $tool 'a' $b/c.json 2>&1 | Out-Null\nsend 1\nexit $LASTEXITCODE",
  ])
  func `a script of the language is read without a gap`(script: String) {
    let dump = lowered(script)
    #expect(dump.exits.gaps.isEmpty, "\(script)")
    #expect(dump.builder.steps.count > 1, "\(script)")
  }

  @Test func `what cannot be read is told, and what stands around it is followed`() {
    let dump = lowered("send 1\n$x = = 2\nsend 3")
    #expect(dump.exits.gaps.count == 1)
    #expect(dump.text.contains("0='3'"))
  }

  @Test func `mutated scripts neither crash nor hang`() {
    var random = SeededGenerator(seed: 11)
    for round in 0..<200 {
      var bytes = Array(Self.seeds[round % Self.seeds.count].utf8)
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(Self.alphabet.randomElement(using: &random) ?? 32, at: place)
        case 2: bytes[place] = Self.alphabet.randomElement(using: &random) ?? 32
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 20)], at: place)
        }
        if bytes.isEmpty { bytes = [32] }
      }
      _ = lowered(String(decoding: bytes, as: UTF8.self))
    }
  }

  private static let alphabet = Array("(){}[]'\"f:,;=#\\\n\t .+-*@!x0".utf8)

  private static let seeds = [
    "$r = irm \"https://x/$($i.a)\" -Method Post -Body (@{ a = 1 } | ConvertTo-Json)\nif (-not $r.c) {\n  Write-Error 'no'\n  exit 1\n}\n\"a=$($r.b)\" >> $env:GITHUB_OUTPUT\n",
    "function Get-It {\n  param([string]$A = 'x', $B)\n  foreach ($i in @(1, 2)) { $A += \"$i `\"q`\"\" }\n  return $A.Trim()\n}\ntry { Get-It -A 1 } catch { throw }\n",
    "$t = @\"\n{ \"a\": \"$x\" }\n\"@\ndo { $n++ } until ($n -gt 3 -or $t -match '^a')\n$t | Out-File -FilePath a.json -Append\n& gh pr comment 1 --body-file a.json\n",
  ]

  @Test(.timeLimit(.minutes(1)), arguments: [5, 10, 40])
  func `blocks that stand too deep end`(depth: Int) {
    let nested = (0..<depth).reduce("$x") { inner, _ in "(& { \(inner) })" }
    _ = lowered("if (\(nested)) { echo 1 }")
  }

  @Test func `time grows with the length of the script`() {
    func time(_ lines: Int, _ line: String) -> Duration {
      let script = String(repeating: line + "\n", count: lines)
      return CPUTime.measure { _ = lowered(script) }
    }
    for line in [
      "$x = send $x", "if ($a) {", "(", "\"$(", "@{ a =", "$x = $x + $x", "function f($a, ",
      "$a.b(",
      "-not -not", "@\"", "foreach ($a in $b) { c $a }", "{", "$x += $x", "try {", "a | ", "$a,",
      "param(", "[a", "`", "<#", "& a -b:", "$(", "@(", "& {", "if ((& { (& {",
    ] {
      let short = time(200, line)
      let long = time(2_000, line)
      #expect(long < short * 30 + .milliseconds(500), "\(line): \(short), \(long)")
    }
  }
}

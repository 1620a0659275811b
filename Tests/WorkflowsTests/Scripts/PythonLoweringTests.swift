import Expressions
import SourceText
import TestSupport
import Testing

@testable import Workflows

@Suite struct PythonLoweringTests {
  /// The script as a step of a job whose shell is Python.
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
      .python, script: node, in: context, into: &builder, from: [LooseEnd(start)])
    return ScriptDump(builder: builder, exits: exits)
  }

  @Test func `a request, a check and what follows are steps`() {
    let script = """
      import requests
      reply = requests.post("https://x/y", json={"a": 1})
      if reply.json()["ok"]:
          requests.put("https://x/z")
      """
    let text = lowered(script).text
    #expect(text.contains("POST 'https://x/y'"))
    #expect(text.contains("PUT 'https://x/z'"))
    #expect(text.contains("branch"))
  }

  @Test(arguments: [
    "x = (1,\n  2)\nsend(x)", "if a: send(1)\nelse: send(2)",
    "@f\ndef g(x, *y, z=1, **k):\n  send(x)\ng(1)",
    "try:\n  send(1)\nexcept (A, B) as e:\n  pass\nexcept:\n  raise\nelse:\n  pass\nfinally:\n  done()",
    "with open('a') as f, open('b') as g:\n  send(f.read())", "send(f'{a!r:>{b}} {{}} {c[\"d\"]}')",
    "send([x for y in z for x in y if x], {**a, 'b': 1}, {k: v for k, v in d.items()})",
    "while not done():\n\tsend(1); break\nelse:\n\tsend(2)",
    "async def main():\n  await send(1)\nasyncio.run(main())",
    "x: int = 1 if a else 2\nsend(a[1:2], *b, lambda y: y, x := 3)",
  ])
  func `a script of the language is read without a gap`(script: String) {
    let dump = lowered(script)
    #expect(dump.exits.gaps.isEmpty, "\(script)")
    #expect(dump.builder.steps.count > 1, "\(script)")
  }

  @Test func `what cannot be read is told, and what stands around it is followed`() {
    let dump = lowered("send(1)\nx = = 2\nsend(3)")
    #expect(dump.exits.gaps.count == 1)
    #expect(dump.text.contains("send 0='3'"))
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
    "import requests as r, time\nfor i in range(20):\n    s = r.get(f\"https://x/{i['a']}\").json()\n    if s.get('c') is not None: break\n    time.sleep(5)\nelse:\n    raise SystemExit('no')\n",
    "def ask(q: str, *, n=1) -> str:\n    \"\"\"text\"\"\"\n    with open(os.environ['GITHUB_OUTPUT'], 'a') as out:\n        out.write(f\"a={q!r:>10}\\n\")\n    return [x for x in q if x] or {'a': [1, 2], **b}\n",
    "try:\n\tv = all(c['a'] == 'TRUE' for c in d) and len(d) > 0\nexcept (A, B) as e:\n\tsys.exit(1)\nfinally:\n\tsubprocess.run(['gh', 'pr', 'comment', '--body', v])\n",
  ]

  @Test func `time grows with the length of the script`() {
    func time(_ lines: Int, _ line: String) -> Duration {
      let script = String(repeating: line + "\n", count: lines)
      return CPUTime.measure { _ = lowered(script) }
    }
    for line in [
      "x = send(x)", "if a:", "(", "f'{", "[x for", "x = x + x", "def f(a=f(", "a.b(", "not not -",
      "'''", "for a in b: c(a)", "lambda x: (", "x = [*x, x]", "with a as b:", "try:",
    ] {
      let short = time(200, line)
      let long = time(2_000, line)
      #expect(long < short * 30 + .milliseconds(500), "\(line): \(short), \(long)")
    }
  }
}

import Expressions
import Foundation
import SourceText
import TestSupport
import Testing

@testable import Workflows

@Suite struct ShellCorpusTests {
  private static let scripts: [String] = {
    let folder = Checkout.shared + "corpus/github-actions"
    guard let names = FileManager.default.enumerator(atPath: folder) else { return [] }
    var found: [String] = []
    for case let name as String in names where name.hasSuffix(".yml") || name.hasSuffix(".yaml") {
      guard let data = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
      let file = SourceDecoder.decode(path: name, raw: Array(data)).file
      for document in YAMLReader.read(file).documents { collect(document, depth: 0, into: &found) }
    }
    return found
  }()

  private static func collect(_ node: Node, depth: Int, into scripts: inout [String]) {
    guard depth < 20 else { return }
    if let script = node["run"]?.text { scripts.append(script) }
    for entry in node.entries { collect(entry.value, depth: depth + 1, into: &scripts) }
    for item in node.items { collect(item, depth: depth + 1, into: &scripts) }
  }

  @Test(.enabled(if: !scripts.isEmpty, "no public workflows beside the checkout"))
  func `every public script can be lowered`() {
    var longest = (Duration.zero, "")
    let total = CPUTime.measure {
      for script in Self.scripts {
        let time = CPUTime.measure { _ = LoweredScript(script, reading: .directly) }
        if time > longest.0 { longest = (time, script) }
      }
    }
    print(Self.scripts.count, total, longest.0, longest.1.utf8.count)
    #expect(Self.scripts.count > 100)
    #expect(longest.0 < .seconds(1))
  }

  @Test func `mutated scripts neither crash nor hang`() {
    var random = SeededGenerator(seed: 7)
    let seeds = Self.mutationSeeds
    for round in 0..<200 {
      var bytes = Array(seeds[round % seeds.count].utf8)
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(Self.alphabet.randomElement(using: &random) ?? 36, at: place)
        case 2: bytes[place] = Self.alphabet.randomElement(using: &random) ?? 36
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 20)], at: place)
        }
        if bytes.isEmpty { bytes = [36] }
      }
      _ = LoweredScript(String(decoding: bytes, as: UTF8.self), reading: .directly)
    }
  }

  private static let alphabet = Array("$(){}[]'\"`;|&<>\\\n =!#%~*?x0".utf8)

  private static let mutationSeeds = [
    "R=$(curl -sf -d \"{\\\"a\\\": \\\"$X\\\"}\" https://x/y | jq -er '.a // empty')\n[ -n \"$R\" ] || exit 1\n",
    "cat <<EOF >> \"$GITHUB_OUTPUT\"\na=${X:-$(date)}\nb<<END\n`ls`\nEND\nEOF\nfor ((i=0; i<3; i++)); do ((i==2)) && break; done\n",
    "f() { local a=$1; case \"$a\" in x|y*) return 1;; *) echo ${a%%.*};; esac; }\nif f b && [[ $a =~ ^(x|y)$ && -n ${b:?no} ]]; then exit 0; fi\n",
    "while read -r line; do jq -e 'all(.claims[]; .v == \"T\") and (.n|length > 0)' <<<\"$line\" | tee out; done < <(cat f)\ntimeout 5 bash -c 'until curl -f u; do sleep 1; done'\n",
  ]

  @Test func `time grows with the length of the script`() {
    func time(_ lines: Int, _ line: String) -> Duration {
      let script = String(repeating: line + "\n", count: lines)
      return CPUTime.measure { _ = LoweredScript(script, reading: .directly) }
    }
    for line in [
      "X=$(curl -s https://x | jq -r .a) && [ -n \"$X\" ] || exit 1", "if [ -n \"$A\" ]; then",
      "((",
      "cat <<EOF", "echo \"$(echo $(echo", "a=${b:-${c:-", "f() { f; f; }; f", "case x in",
      "curl a &",
      "for i in a b; do", "{ ( [[ (", "x && y ||", "`", "jq '.a | (",
    ] {
      let short = time(200, line)
      let long = time(2_000, line)
      #expect(long < short * 30 + .milliseconds(300), "\(line): \(short), \(long)")
    }
  }
}

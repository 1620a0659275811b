import SourceText
import Testing

@testable import LanguageServer

@Suite("Mutated streams of the language server")
struct MutatedStreamTests {
  private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
      return mixed ^ (mixed >> 31)
    }
  }

  private static let messages = [
    #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"rootUri":"file:///house","capabilities":{"general":{"positionEncodings":["utf-8"]}}}}"#,
    #"{"jsonrpc":"2.0","method":"initialized","params":{}}"#,
    #"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///house/.github/workflows/a.yml","languageId":"yaml","version":1,"text":"on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - id: m\n        run: curl -d @q https://api.mira.network/v1/verified/generate -o a.json\n      - uses: actions/cache/save@v4\n        with: {path: a.json, key: k}\n"}}}"#,
    #"{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///house/.github/workflows/a.yml","version":2},"contentChanges":[{"range":{"start":{"line":7,"character":0},"end":{"line":8,"character":3}},"text":"é😀"}]}}"#,
    #"{"jsonrpc":"2.0","id":2,"method":"textDocument/hover","params":{"textDocument":{"uri":"file:///house/.github/workflows/a.yml"},"position":{"line":8,"character":20}}}"#,
    #"{"jsonrpc":"2.0","id":3,"method":"textDocument/codeAction","params":{"textDocument":{"uri":"file:///house/.github/workflows/a.yml"},"range":{"start":{"line":0,"character":0},"end":{"line":9,"character":0}},"context":{"diagnostics":[]}}}"#,
    #"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":3}}"#,
    #"{"jsonrpc":"2.0","method":"textDocument/didClose","params":{"textDocument":{"uri":"file:///house/.github/workflows/a.yml"}}}"#,
  ]

  @Test(.timeLimit(.minutes(10)))
  func `no stream brings the server down`() async {
    for seed in 0..<200 {
      var dice = Dice(state: UInt64(seed))
      var stream = Self.messages.flatMap(TestClient.framed)
      for _ in 0..<Int.random(in: 1...6, using: &dice) {
        let place = Int.random(in: 0..<stream.count, using: &dice)
        switch Int.random(in: 0..<5, using: &dice) {
        case 0: stream[place] = UInt8.random(in: 0...255, using: &dice)
        case 1: stream.remove(at: place)
        case 2: stream.insert(UInt8.random(in: 0...255, using: &dice), at: place)
        case 3:
          let end = min(stream.count, place + Int.random(in: 1...200, using: &dice))
          stream.insert(
            contentsOf: stream[place..<end], at: Int.random(in: 0...place, using: &dice))
        default:
          stream.removeSubrange(
            place..<min(stream.count, place + Int.random(in: 1...60, using: &dice)))
        }
        if stream.isEmpty { stream = [0x20] }
      }
      let client = TestClient()
      client.send(raw: stream)
      // Whatever is left open by a wrong length ends here at the latest.
      let messages = await client.messages()
      for message in messages {
        #expect(message["jsonrpc"]?.string == "2.0", "seed \(seed)")
      }
    }
  }
}

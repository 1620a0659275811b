import BuiltinRules
import Rules
import SourceText
import Testing

struct MutationTests {
  @Test(
    .timeLimit(.minutes(10)),
    arguments: ["mira/MIRA109.yml", "protocols/mira-certificate.yml", "integrations/n8n.yml"])
  func `a damaged document gives a value or located problems`(_ path: String) throws {
    let document = try #require(BuiltinRules.documents.first { $0.path == path })
    var generator = SplitMix(state: 7)
    for _ in 0..<200 {
      let bytes = mutated(Array(document.text.utf8), &generator)
      let file = SourceFile(path: path, bytes: Array(String(decoding: bytes, as: UTF8.self).utf8))
      let book = RuleBook(builtIn: [file])
      let count = book.rules.count + book.protocols.count + book.integrations.engines.count
      #expect(count > 0 || !book.problems.isEmpty)
      for problem in book.problems {
        #expect(problem.range.start <= file.bytes.count)
        #expect(problem.position.line >= 1)
      }
    }
  }

  private func mutated(_ original: [UInt8], _ generator: inout SplitMix) -> [UInt8] {
    var bytes = original
    for _ in 0...Int.random(in: 0..<4, using: &generator) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      let end = min(bytes.count, place + Int.random(in: 1..<40, using: &generator))
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: bytes.removeSubrange(place..<end)
      case 1: bytes.insert(contentsOf: bytes[place..<end], at: 0)
      case 2: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 3: bytes.insert(contentsOf: Array("\n- {[&a *a: '".utf8), at: place)
      default: bytes.removeSubrange(place...)
      }
    }
    return bytes
  }
}

/// A seeded source of numbers, so that a failure comes again.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

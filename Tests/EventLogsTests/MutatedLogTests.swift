import EventLogs
import Testing

/// A small generator with a seed, so that a failure can be repeated.
struct Dice: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

@Suite struct MutatedLogTests {
  private static let samples = [
    """
    {"ts":"2026-01-01T00:00:00.1Z","event":"use","data":{"output_hash":"h\\u00e9","n":[1,{"a":2}]}}
    {"ts":1767225600123,"event":"cert.issued","output_hash":"h","x":{"y":{"z":null}}}
    """,
    """
    [{"event":"use","data":{"output_hash":"h"}},
     {"event":"use", "n": -1.5e3}]
    """,
    """
    {"specversion":"1.0","id":"2","source":"/a","type":"use","data_base64":"eyJvdXRwdXRfaGFzaCI6ImgyIn0="}
    """,
  ]

  @Test(arguments: 0..<3) func `200 mutants of each format end, and never crash`(
    sample: Int
  ) throws {
    var dice = Dice(state: UInt64(sample) + 41)
    let alphabet = Array("{}[]\",:\\nul0-9e.\0\n\r".utf8) + [0xFF]
    for _ in 0..<200 {
      var bytes = Array(Self.samples[sample].utf8)
      for _ in 0..<Int.random(in: 1...6, using: &dice) where !bytes.isEmpty {
        let at = Int.random(in: 0..<bytes.count, using: &dice)
        switch Int.random(in: 0..<4, using: &dice) {
        case 0: bytes[at] = alphabet.randomElement(using: &dice) ?? 0
        case 1: bytes.remove(at: at)
        case 2: bytes.insert(alphabet.randomElement(using: &dice) ?? 0, at: at)
        default: bytes = Array(bytes[..<at])
        }
      }
      let log = try ReadLog(bytes: bytes)
      #expect(log.problems.allSatisfy { $0.bytes.upperBound <= bytes.count })
    }
  }
}

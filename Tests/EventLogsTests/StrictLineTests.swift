import Testing

@testable import EventLogs

/// What `--strict` finds on a line.
@Suite struct StrictLineTests {
  private static func fault(_ bytes: [UInt8]) -> StrictLine.Fault? {
    StrictLine.fault(in: bytes.span, from: 0, to: bytes.count)
  }

  @Test(arguments: [
    "", "  ", "{}",
    #" {"a":[1,-0,0.5,1e9,-1.25E-7,true,false,null,"é\u00e9\ud83d\ude00",{"b":[]}]} "#,
    #"{"a":"\"\\\/\b\f\n\r\t"}"#,
  ])
  func `what is JSON to the letter has no fault`(line: String) {
    #expect(Self.fault(Array(line.utf8)) == nil)
  }

  @Test(arguments: [
    ("[1]", 0), (#"{"a":01}"#, 6), (#"{"a":1.}"#, 7), (#"{"a":.5}"#, 5), (#"{"a":1e}"#, 7),
    (#"{"a":NaN}"#, 5), (#"{"a":tru}"#, 5), (#"{"a":"\x"}"#, 6), (#"{"a":"\u12"}"#, 6),
    (#"{"a":"\ud800"}"#, 6), (#"{"a":1,}"#, 7), (#"{"a" 1}"#, 5), (#"{a:1}"#, 1),
    (#"{"a":[1 2]}"#, 8),
    (#"{"a":1"#, 6), (#"{"a":"b"#, 7), (#"{} {}"#, 3), ("{\"a\":\"\t\"}", 6), (#"{"a":-}"#, 6),
  ])
  func `a fault is told where it stands`(line: String, offset: Int) {
    #expect(Self.fault(Array(line.utf8))?.offset == offset, "\(line)")
  }

  @Test(arguments: [
    [0xFF], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3],
    [0xE2, 0x82],
  ])
  func `what is not UTF-8 is told`(text: [UInt8]) {
    let line = Array(#"{"a":""#.utf8) + text + Array(#""}"#.utf8)
    #expect(Self.fault(line)?.offset == 6)
  }

  @Test func `a line of brackets ends the look, not the program`() {
    let line = Array(String(repeating: #"{"a":["#, count: 100_000).utf8)
    #expect(Self.fault(line) != nil)
  }

  @Test func `any damage is survived`() {
    var state: UInt64 = 7
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    let whole = Array(#"{"ts":"2026","a":[1.5e3,"x\u00e9",{"b":null}],"c":true}"#.utf8)
    for _ in 0..<2000 {
      var line = whole
      for _ in 0..<(1 + next(3)) { line[next(line.count)] = UInt8(next(256)) }
      if next(3) == 0 { line.removeLast(next(line.count)) }
      _ = Self.fault(line)
    }
  }
}

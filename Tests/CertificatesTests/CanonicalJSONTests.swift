#if Certificates
  import Certificates
  import SourceText
  import Testing

  @Suite struct CanonicalJSONTests {
    // RFC 8785, appendix B.
    @Test(arguments: [
      (0x0000_0000_0000_0000 as UInt64, "0"), (0x8000_0000_0000_0000, "0"),
      (0x0000_0000_0000_0001, "5e-324"), (0x8000_0000_0000_0001, "-5e-324"),
      (0x7FEF_FFFF_FFFF_FFFF, "1.7976931348623157e+308"),
      (0xFFEF_FFFF_FFFF_FFFF, "-1.7976931348623157e+308"),
      (0x4340_0000_0000_0000, "9007199254740992"), (0xC340_0000_0000_0000, "-9007199254740992"),
      (0x4430_0000_0000_0000, "295147905179352830000"),
      (0x44B5_2D02_C7E1_4AF5, "9.999999999999997e+22"),
      (0x44B5_2D02_C7E1_4AF6, "1e+23"), (0x44B5_2D02_C7E1_4AF7, "1.0000000000000001e+23"),
      (0x444B_1AE4_D6E2_EF4E, "999999999999999700000"),
      (0x444B_1AE4_D6E2_EF4F, "999999999999999900000"), (0x444B_1AE4_D6E2_EF50, "1e+21"),
      (0x3EB0_C6F7_A0B5_ED8C, "9.999999999999997e-7"), (0x3EB0_C6F7_A0B5_ED8D, "0.000001"),
      (0x41B3_DE43_5555_5553, "333333333.3333332"), (0x41B3_DE43_5555_5554, "333333333.33333325"),
      (0x41B3_DE43_5555_5555, "333333333.3333333"), (0x41B3_DE43_5555_5556, "333333333.3333334"),
      (0x41B3_DE43_5555_5557, "333333333.33333343"),
      (0xBECB_F647_612F_3696, "-0.0000033333333333333333"),
      (0x4314_3FF3_C1CB_0959, "1424953923781206.2"),
    ])
    func `numbers are written as ECMAScript writes them`(bits: UInt64, text: String) {
      #expect(ECMAScriptNumber.text(of: Double(bitPattern: bits)) == text)
    }

    private func canonical(_ json: String, omitting paths: [[String]] = []) throws -> String {
      let file = SourceFile(path: "a.json", bytes: Array(json.utf8))
      let tree = JSONReader.read(file)
      let node = try #require(tree.documents.first)
      try CanonicalJSON.requireStrict(node, in: file, of: tree)
      return String(
        decoding: try CanonicalJSON.bytes(of: node, omitting: paths), as: UTF8.self)
    }

    // RFC 8785, section 3.2.2 and 3.2.3.
    @Test(arguments: [
      (
        #"{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001], "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"#,
        #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
      ),
      (
        #"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#,
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\u{FB33}\":\"Hebrew Letter Dalet With Dagesh\"}"
      ),
      ("[ ]", "[]"), ("{ }", "{}"), ("-0.0", "0"), (#""<<""#, #""<<""#),
      (#"{"<<":{"a":1},"a":2}"#, #"{"<<":{"a":1},"a":2}"#),
    ])
    func `values have one form`(json: String, expected: String) throws {
      #expect(try canonical(json) == expected)
    }

    @Test func `members are left out by their paths`() throws {
      let json = #"{"b":1,"a":{"x":1,"y":2},"sig":[1],"c":[{"sig":1}]}"#
      #expect(
        try canonical(json, omitting: [["sig"], ["a", "x"]])
          == #"{"a":{"y":2},"b":1,"c":[{"sig":1}]}"#
      )
    }

    @Test(arguments: [
      #"{"a":1,"a":1}"#, #"{"a":1,"\u0061":2}"#, #"["\ud800"]"#, #"["\udc00\ud800"]"#, "[1,]",
      "[01]", "[1.]", "[+1]", "[.5]", "[NaN]", "[1e999]", "{a:1}", "['a']",
      "[/* no */1]", "[0x10]", "[\"a\nb\"]", "[1 2]", "{\"a\":1",
      String(repeating: "[", count: 2000) + String(repeating: "]", count: 2000),
    ])
    func `what readers take for different values is refused`(json: String) {
      #expect(throws: (any Error).self) { try canonical(json) }
    }
  }
#endif

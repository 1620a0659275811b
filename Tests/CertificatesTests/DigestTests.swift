#if Certificates
  import Certificates
  import Testing

  @Suite struct DigestTests {
    @Test(arguments: [
      (
        Digest.Algorithm.sha256,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
      ),
      (
        .sha384,
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"
      ),
      (
        .sha512,
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
      ),
    ])
    func `bytes hash the same in one piece and in many`(
      algorithm: Digest.Algorithm, hexadecimal: String
    ) throws {
      var stream = DigestStream(algorithm)
      for byte in "abc".utf8 { stream.update([byte]) }
      #expect(stream.digest.hex == hexadecimal)
      #expect(stream.digest == Digest(of: Array("abc".utf8), algorithm))
      let digest = stream.digest
      let base64 = Base64Text.encode(digest.bytes)
      let name = algorithm.rawValue
      for text in [
        hexadecimal, hexadecimal.uppercased(), "\(name):\(hexadecimal)", "\(name)-\(base64)",
        base64, "0x\(hexadecimal)", "SHA-\(name.dropFirst(3)):\(hexadecimal)",
      ] {
        #expect(Digest(text: text) == digest, "\(text)")
      }
      #expect(Digest(text: hexadecimal.dropLast(2)) != digest)
      #expect(Digest(text: "md5:\(hexadecimal)") == nil)
      #expect(Digest(text: "") == nil)
    }

    @Test(arguments: ["Zg", "Zg==", "Zm8", "Zm8=", "Zm9v", "Zm9vYg==", "-_-_", "+/+/"])
    func `Base64 is read in both alphabets`(text: String) {
      #expect(Base64Text.decode(text) != nil)
    }

    @Test(arguments: [
      "Z", "Zh==", "Zm9", "Zg=", "Zm9v=", "Z g=", "Zm9v====", "=Zg", "", "Zg=\u{e9}",
    ])
    func `Base64 with bits or padding too many is refused`(text: String) {
      #expect(Base64Text.decode(text) == nil)
    }
  }
#endif

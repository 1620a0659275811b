#if Certificates
  import Certificates
  import Testing

  @Suite struct PublicKeyTests {
    private func bytes(_ hexadecimal: String) throws -> [UInt8] {
      hexadecimal.isEmpty ? [] : try #require(Hexadecimal.decode(hexadecimal))
    }

    // RFC 8032, section 7.1: tests 1 to 3, 1024 and SHA(abc).
    static let ed25519: [(key: String, message: String, signature: String)] = [
      (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
      ),
      (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
      ),
      (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
      ),
      (
        "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e", longMessage,
        "0aab4c900501b3e24d7cdf4663326a3a87df5e4843b2cbdb67cbf6e460fec350aa5371b1508f9f4528ecea23c436d94b5e8fcd4f681e30a6ac00a9704a188a03"
      ),
      (
        abcKey,
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
      ),
    ]
    /// The 1023 bytes of test 1024.
    private static let longMessage = """
      08b8b2b733424243760fe426a4b54908632110a66c2f6591eabd3345e3e4eb98\
      fa6e264bf09efe12ee50f8f54e9f77b1e355f6c50544e23fb1433ddf73be84d8\
      79de7c0046dc4996d9e773f4bc9efe5738829adb26c81b37c93a1b270b20329d\
      658675fc6ea534e0810a4432826bf58c941efb65d57a338bbd2e26640f89ffbc\
      1a858efcb8550ee3a5e1998bd177e93a7363c344fe6b199ee5d02e82d522c4fe\
      ba15452f80288a821a579116ec6dad2b3b310da903401aa62100ab5d1a36553e\
      06203b33890cc9b832f79ef80560ccb9a39ce767967ed628c6ad573cb116dbef\
      efd75499da96bd68a8a97b928a8bbc103b6621fcde2beca1231d206be6cd9ec7\
      aff6f6c94fcd7204ed3455c68c83f4a41da4af2b74ef5c53f1d8ac70bdcb7ed1\
      85ce81bd84359d44254d95629e9855a94a7c1958d1f8ada5d0532ed8a5aa3fb2\
      d17ba70eb6248e594e1a2297acbbb39d502f1a8c6eb6f1ce22b3de1a1f40cc24\
      554119a831a9aad6079cad88425de6bde1a9187ebb6092cf67bf2b13fd65f270\
      88d78b7e883c8759d2c4f5c65adb7553878ad575f9fad878e80a0c9ba63bcbcc\
      2732e69485bbc9c90bfbd62481d9089beccf80cfe2df16a2cf65bd92dd597b07\
      07e0917af48bbb75fed413d238f5555a7a569d80c3414a8d0859dc65a46128ba\
      b27af87a71314f318c782b23ebfe808b82b0ce26401d2e22f04d83d1255dc51a\
      ddd3b75a2b1ae0784504df543af8969be3ea7082ff7fc9888c144da2af58429e\
      c96031dbcad3dad9af0dcbaaaf268cb8fcffead94f3c7ca495e056a9b47acdb7\
      51fb73e666c6c655ade8297297d07ad1ba5e43f1bca32301651339e22904cc8c\
      42f58c30c04aafdb038dda0847dd988dcda6f3bfd15c4b4c4525004aa06eeff8\
      ca61783aacec57fb3d1f92b0fe2fd1a85f6724517b65e614ad6808d6f6ee34df\
      f7310fdc82aebfd904b01e1dc54b2927094b2db68d6f903b68401adebf5a7e08\
      d78ff4ef5d63653a65040cf9bfd4aca7984a74d37145986780fc0b16ac451649\
      de6188a7dbdf191f64b5fc5e2ab47b57f7f7276cd419c17a3ca8e1b939ae49e4\
      88acba6b965610b5480109c8b17b80e1b7b750dfc7598d5d5011fd2dcc5600a3\
      2ef5b52a1ecc820e308aa342721aac0943bf6686b64b2579376504ccc493d97e\
      6aed3fb0f9cd71a43dd497f01f17c0e2cb3797aa2a2f256656168e6c496afc5f\
      b93246f6b1116398a346f1a641f3b041e989f7914f90cc2c7fff357876e506b5\
      0d334ba77c225bc307ba537152f3f1610e4eafe595f6d9d90d11faa933a15ef1\
      369546868a7f3a45a96768d40fd9d03412c091c6315cf4fde7cb68606937380d\
      b2eaaa707b4c4185c32eddcdd306705e4dc1ffc872eeee475a64dfac86aba41c\
      0618983f8741c5ef68d3a101e8a3b8cac60c905c15fc910840b94c00a0b9d0
      """

    static let abcKey = "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf"

    // Where implementations disagree: what only some take as valid is not valid here.
    @Test(arguments: [
      // The key, or R, has a part of small order: valid only where the cofactor is multiplied in.
      (
        "bdf26049b356307af43854f6a3b3312804088dd0a623d389a79f646128895aeb", "6d31",
        "811067ca6686e8bd5d30c9aa328103c63f5567a6d10f5d3102c3e89ca95135b36156ade58144090f250ef225fc03977eb1235d33cd8d8dc07f2d532f7c9f8c00",
        false
      ),
      (
        abcKey, "72",
        "4c09ae0bb152ce1900464b0c9307316e1f761f80aaf20226936f0aa6a0bd49e48f082fd43c74525b4fd0d67c5e096d8379fd6ea8a985bf18f849b6a8fbdf1e0a",
        false
      ),
      // R is the neutral element, as it is written and as it must not be.
      (
        abcKey, "7a65726f",
        "01000000000000000000000000000000000000000000000000000000000000002f44c86d8041765bbdcaf3046f1f6658f01f1430f623fe2ce15e7d280f328f03",
        true
      ),
      (
        abcKey, "7a65726f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7fd81a9ccac08052fa9a6695cfc41dc026de6128419347aaf97fcd2dfe5068d200",
        false
      ),
    ])
    func `a signature that not all take as valid is not valid`(
      key: String, message: String, signature: String, isValid: Bool
    ) throws {
      let key = try PublicKey(bytes: bytes(key))
      #expect((try key.check(bytes(signature), of: bytes(message)) == .valid) == isValid)
    }

    @Test(arguments: ed25519)
    func `the vectors of RFC 8032 verify and their bits matter`(
      vector: (key: String, message: String, signature: String)
    ) throws {
      let key = try PublicKey(bytes: bytes(vector.key))
      let message = try bytes(vector.message)
      let signature = try bytes(vector.signature)
      #expect(key.check(signature, of: message) == .valid)
      #expect(key.check(signature, of: message + [0]) == .invalid)
      for bit in stride(from: 0, to: 512, by: 7) {
        var flipped = signature
        flipped[bit / 8] ^= 1 << UInt8(bit % 8)
        #expect(key.check(flipped, of: message) != .valid)
      }
      #expect(key.check(Array(signature.dropLast()), of: message) != .valid)
      #expect(key.check(signature + [0], of: message) != .valid)
    }

    @Test func `an S that is not below the order is refused`() throws {
      let vector = try #require(Self.ed25519.first)
      var signature = try bytes(vector.signature)
      // S + L is the same scalar, written another way.
      let order = try bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
      var carry = 0
      for index in 0..<32 {
        let sum = Int(signature[32 + index]) + Int(order[index]) + carry
        signature[32 + index] = UInt8(sum & 255)
        carry = sum >> 8
      }
      let key = try PublicKey(bytes: bytes(vector.key))
      #expect(
        key.check(signature, of: []) == .malformed("its S is not below the order of the group"))
    }

    @Test(arguments: [
      "0000000000000000000000000000000000000000000000000000000000000080",
      "0100000000000000000000000000000000000000000000000000000000000000",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ])
    func `a key that anybody can sign for is refused`(hexadecimal: String) throws {
      let key = try bytes(hexadecimal)
      #expect(throws: PublicKey.Problem.self) { try PublicKey(bytes: key) }
    }

    // RFC 6979, appendix A.2.5: P-256 with SHA-256, message "sample".
    private static let p256 =
      "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"
    private static let r = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
    private static let s = "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
    private static let lowS = "0834e36ad29a83bf2bc9385e491d6099c8fdf9d1ed67aa7ea5f51f93782857a9"

    private static let n = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
    private static let zero = String(repeating: "0", count: 64)
    static let accepted: [String] = [
      "\(r)\(s)", "\(r)\(lowS)", "3046022100\(r)022100\(s)", "3045022100\(r)0220\(lowS)",
    ]
    static let refused: [String] = [
      // A byte after the two integers, inside and outside the sequence.
      "3047022100\(r)022100\(s)00", "3046022100\(r)022100\(s)00",
      // A length in the long form, an indefinite length.
      "308146022100\(r)022100\(s)", "3080022100\(r)022100\(s)0000",
      // Negative integers, needless zeros.
      "30440220\(r)0220\(s)", "304702220000\(r)022100\(s)", "3046022100\(r)022100\(lowS)",
      // r or s is 0, n, or above it.
      "\(zero)\(s)", "\(r)\(zero)", "\(n)\(s)", "\(r)\(n)",
      "\(r)\(String(repeating: "f", count: 64))",
      "3006020101020101", "3006020100020100", "", "30", r,
    ]

    @Test(arguments: accepted.map { ($0, true) } + refused.map { ($0, false) })
    func `a P-256 signature is DER to the letter, or 64 bytes`(
      hexadecimal: String, isValid: Bool
    ) throws {
      let key = try PublicKey(bytes: bytes(Self.p256))
      let signature = try bytes(hexadecimal)
      #expect((key.check(signature, of: Array("sample".utf8)) == .valid) == isValid)
      #expect(key.check(signature, of: Array("Sample".utf8)) != .valid)
      let hash = Digest(of: Array("sample".utf8))
      #expect((key.check(signature, ofHash: hash) == .valid) == isValid)
    }

    @Test func `keys are read from PEM, Base64 and hexadecimal`() throws {
      let raw = try bytes(Self.ed25519[0].key)
      let der = try bytes("302a300506032b6570032100") + raw
      let base64 = Base64Text.encode(der)
      let pem = "-----BEGIN PUBLIC KEY-----\n\(base64)\n-----END PUBLIC KEY-----\n"
      for text in [pem, base64, Base64Text.encode(raw), Hexadecimal.encode(raw)] {
        #expect(try PublicKey(text: text).bytes == raw)
      }
      let point = try bytes(Self.p256)
      let compressed = [3] + point[1...32]
      #expect(try PublicKey(bytes: Array(compressed)).bytes == point)
    }

    @Test func `a private key is refused without a word of it`() {
      let pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----"
      #expect(throws: PublicKey.Problem.privateKey) { try PublicKey(text: pem) }
    }

    @Test func `keys of other schemes are named`() {
      let rsa = "30819f300d06092a864886f70d010101050003818d0030818902818100"
      #expect(
        throws: PublicKey.Problem.unsupported(
          "RSA is not supported: keys are Ed25519 or ECDSA P-256")
      ) { try PublicKey(text: rsa) }
    }
  }
#endif

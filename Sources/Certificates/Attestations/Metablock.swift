#if Certificates
  import SourceText

  /// Links and layouts of the older in-toto, signed as the canonical form of what stands under `signed`.
  ///
  /// https://github.com/in-toto/specification, 4.1, and the canonical JSON of OLPC.
  enum Metablock {
    /// Whether an object says to be one.
    static func recognises(_ node: Node) -> Bool {
      guard let type = node["signed"]?["_type"]?.quotedText else { return false }
      return (type == "link" || type == "layout") && node["signatures"] != nil
    }

    /// The bytes that are signed.
    static func canonicalBytes(of signed: Node) throws(Refusal) -> [UInt8] {
      var bytes: [UInt8] = []
      try write(signed, to: &bytes)
      return bytes
    }

    private static func write(_ node: Node, to bytes: inout [UInt8]) throws(Refusal) {
      if node.isObject {
        // Code points in order are their UTF-8 in order.
        let members = node.entries.map { (Array(($0.key.text ?? "").utf8), $0.value) }
          .sorted { $0.0.lexicographicallyPrecedes($1.0) }
        bytes.append(UInt8(ascii: "{"))
        for (index, member) in members.enumerated() {
          if index > 0 { bytes.append(UInt8(ascii: ",")) }
          quote(member.0, to: &bytes)
          bytes.append(UInt8(ascii: ":"))
          try write(member.1, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
      } else if node.isList {
        bytes.append(UInt8(ascii: "["))
        for (index, item) in node.items.enumerated() {
          if index > 0 { bytes.append(UInt8(ascii: ",")) }
          try write(item, to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
      } else if let text = node.quotedText {
        quote(Array(text.utf8), to: &bytes)
      } else {
        bytes += try literal(node).utf8
      }
    }

    private static func literal(_ node: Node) throws(Refusal) -> String {
      let text = node.text ?? "null"
      if ["true", "false", "null"].contains(text) { return text }
      let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
      guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
        throw Refusal(
          "`\(text.prefix(40))` has no canonical form: links hold whole numbers only",
          at: node.range)
      }
      return digits == "0" ? "0" : text
    }

    /// Nothing else is escaped, not even a line break.
    private static func quote(_ text: [UInt8], to bytes: inout [UInt8]) {
      bytes.append(UInt8(ascii: "\""))
      for byte in text {
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
          bytes.append(UInt8(ascii: "\\"))
        }
        bytes.append(byte)
      }
      bytes.append(UInt8(ascii: "\""))
    }
  }

  extension Envelope {
    /// Reads a link or layout of the older in-toto; its JSON is known to be strict.
    init(metablock node: Node) throws(Refusal) {
      guard let signed = node["signed"], signed.isObject else {
        throw Refusal("`signed` is no object", at: node.range)
      }
      payloadType = signed["_type"]?.quotedText ?? ""
      payload = try Metablock.canonicalBytes(of: signed)
      payloadRange = signed.range
      range = node.range
      isMetablock = true
      signatures = []
      for item in try Self.signatureList(of: node) {
        // GPG signs a packet of its own around the bytes.
        if item["other_headers"] != nil, item["sig"] == nil {
          signatures.append(
            Signature(
              keyID: item["keyid"]?.quotedText, bytes: [], range: item.range,
              unsupported: "signatures by GPG are not supported"))
          continue
        }
        guard let bytes = item["sig"]?.quotedText.flatMap({ Hexadecimal.decode($0) }) else {
          throw Refusal(
            "a signature's `sig` is not hexadecimal", at: item["sig"]?.range ?? item.range)
        }
        signatures.append(
          Signature(
            keyID: item["keyid"]?.quotedText, bytes: bytes,
            range: item["sig"]?.range ?? item.range))
      }
    }
  }
#endif

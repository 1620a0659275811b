#if Certificates
  package import SourceText

  /// A DSSE envelope: a payload, what kind it is, and signatures over both; also what the older in-toto has for it.
  ///
  /// https://github.com/secure-systems-lab/dsse
  package struct Envelope: Sendable {
    package var payloadType: String
    package var payload: [UInt8]
    package var signatures: [Signature]
    /// The payload's value in the file.
    package var payloadRange: ByteRange
    package var range: ByteRange

    /// One signature of an envelope.
    package struct Signature: Sendable {
      /// A hint only: whoever signs writes it.
      package var keyID: String?
      package var bytes: [UInt8]
      package var range: ByteRange
      /// Why it cannot be checked, if so.
      package var unsupported: String?
    }

    /// Whether it is a link or layout of the older in-toto, whose payload stands in the file as it is.
    package var isMetablock = false

    /// The payload type of in-toto statements.
    package static let statementType = "application/vnd.in-toto+json"

    /// Whether an object says to be an envelope.
    package static func recognises(_ node: Node) -> Bool {
      if node["payloadType"] != nil, node["payload"] != nil, node["signatures"] != nil {
        return true
      }
      // Cut short, or without one of its parts: what it holds says what it was.
      guard let text = node["payload"]?.quotedText else { return false }
      let head = String(decoding: text.utf8.prefix(headCharacters), as: UTF8.self)
      let whole = head.prefix(head.utf8.count & ~3)
      return Base64Text.decode(whole).map { statementMark.isFound(in: $0) } ?? false
    }

    private static let statementMark = BytePattern(Array("in-toto.io/Statement/".utf8))
    private static let headCharacters = 1024

    /// Reads an object whose JSON is known to be strict.
    package init(_ node: Node) throws(Refusal) {
      guard let type = node["payloadType"]?.quotedText, !type.isEmpty else {
        throw Refusal("`payloadType` is no text", at: node["payloadType"]?.range)
      }
      guard let payload = node["payload"], let text = payload.quotedText else {
        throw Refusal("`payload` is no text", at: node["payload"]?.range)
      }
      guard let bytes = text.isEmpty ? [] : Base64Text.decode(text) else {
        throw Refusal(
          "`payload` is no base64",
          hint: "either alphabet of RFC 4648 is read, but not both at once",
          at: payload.range)
      }
      payloadType = type
      self.payload = bytes
      payloadRange = payload.range
      range = node.range
      signatures = []
      for item in try Self.signatureList(of: node) { signatures.append(try Self.signature(item)) }
    }

    static func signatureList(of node: Node) throws(Refusal) -> [Node] {
      guard let list = node["signatures"], list.isList else {
        throw Refusal("`signatures` is no list", at: node["signatures"]?.range)
      }
      guard !list.items.isEmpty else {
        throw Refusal("nobody has signed it: `signatures` is empty", at: list.range)
      }
      guard list.items.count <= mostSignatures else {
        throw Refusal("it has more than \(mostSignatures) signatures", at: list.range)
      }
      return list.items
    }

    private static let mostSignatures = 64

    private static func signature(_ item: Node) throws(Refusal) -> Signature {
      guard let text = item["sig"]?.quotedText, let bytes = Base64Text.decode(text), !bytes.isEmpty
      else {
        throw Refusal("a signature's `sig` is no base64", at: item["sig"]?.range ?? item.range)
      }
      let keyID = item["keyid"].flatMap { $0.isNull ? nil : $0.quotedText }
      return Signature(
        keyID: keyID?.isEmpty == true ? nil : keyID, bytes: bytes,
        range: item["sig"]?.range ?? item.range)
    }

    /// What is signed: type and payload with their lengths, so that neither can pass for the other; of a link of the
    /// older in-toto its canonical form alone.
    package var preAuthenticationEncoding: [UInt8] {
      if isMetablock { return payload }
      let type = Array(payloadType.utf8)
      return Array("DSSEv1 \(type.count) ".utf8) + type + Array(" \(payload.count) ".utf8) + payload
    }
  }
#endif

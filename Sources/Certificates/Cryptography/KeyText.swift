#if Certificates
  /// Keys as texts: PEM, Base64, hexadecimal.
  enum KeyText {
    /// The DER inside `-----BEGIN PUBLIC KEY-----`; `nil` where the text is no PEM.
    static func pem(_ text: some StringProtocol) throws(PublicKey.Problem) -> [UInt8]? {
      let lines = text.split(whereSeparator: \.isNewline).map { line in
        line.drop(while: \.isWhitespace)
      }.filter { !$0.isEmpty }
      guard let begin = lines.firstIndex(where: { $0.hasPrefix("-----BEGIN ") }) else {
        return nil
      }
      let label = lines[begin].dropFirst(11).prefix { $0 != "-" }
      if label.hasSuffix("PRIVATE KEY") { throw .privateKey }
      guard label == "PUBLIC KEY" else {
        throw .unsupported("PEM of a `\(label)` is not supported: a key is a `PUBLIC KEY`")
      }
      guard let end = lines[begin...].firstIndex(where: { $0.hasPrefix("-----END PUBLIC KEY") })
      else { throw .malformed("the PEM has no `-----END PUBLIC KEY-----`") }
      let body = String(lines[(begin + 1)..<end].joined().filter { !$0.isWhitespace })
      guard let der = Base64Text.decode(body) else {
        throw .malformed("what the PEM holds is no Base64")
      }
      return der
    }

    /// The bytes of a key or a signature in hexadecimal or Base64.
    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
      let plain = String(text.filter { !$0.isWhitespace })
      // Hexadecimal first: what is pairs of digits throughout is Base64 only by chance.
      return Hexadecimal.decode(plain) ?? Base64Text.decode(plain)
    }
  }
#endif

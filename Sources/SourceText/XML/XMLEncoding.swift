/// The encoding that an XML declaration names, where it is one of a byte a character.
enum XMLEncoding {
  case latin1
  case windows1252
  /// Another one, by its name.
  case unknown(String, ByteRange)

  /// How far into the file the declaration is looked for.
  private static let declarationBytes = 200

  /// What the declaration says; `nil` for UTF-8, for none, and for files that are no XML.
  init?(_ raw: [UInt8]) {
    guard raw.starts(with: Array("<?xml".utf8)) else { return nil }
    let head = Array(raw.prefix(Self.declarationBytes))
    guard let end = head.firstIndex(of: Byte.greater) else { return nil }
    let key = Array("encoding".utf8)
    guard
      let place = (5..<end).first(where: { $0 + key.count <= end && head[$0...].starts(with: key) }
      ),
      let open = head[place..<end].firstIndex(where: { $0 == Byte.quote || $0 == Byte.apostrophe }),
      let close = head[(open + 1)..<end].firstIndex(of: head[open])
    else { return nil }
    let name = String(decoding: head[(open + 1)..<close], as: UTF8.self).lowercased()
    switch name {
    case "iso-8859-1", "iso8859-1", "latin1", "latin-1", "iso_8859-1": self = .latin1
    case "windows-1252", "cp1252": self = .windows1252
    case "utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be": return nil
    default: self = .unknown(name, ByteRange(open + 1, close))
    }
  }

  /// The character of a byte; what Windows-1252 leaves open reads as Latin-1 does.
  func scalar(_ byte: UInt8) -> Unicode.Scalar {
    guard case .windows1252 = self, (0x80...0x9F).contains(byte) else {
      return Unicode.Scalar(byte)
    }
    return Unicode.Scalar(Self.windows1252Controls[Int(byte) - 0x80]) ?? Unicode.Scalar(byte)
  }

  /// 0x80 to 0x9F, after the Encoding Standard's index.
  private static let windows1252Controls: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
  ]
}

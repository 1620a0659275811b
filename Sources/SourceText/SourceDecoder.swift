/// Turns a file's raw bytes into UTF-8 text, whatever they are.
public enum SourceDecoder {
  /// Decodes UTF-8, UTF-16 and what an XML declaration names, drops the byte-order mark and repairs what is broken with U+FFFD.
  ///
  /// UTF-16 is recognised by its mark, or without one where the zero bytes of ASCII text leave no doubt.
  ///
  /// - Parameters:
  ///   - path: The path as reports show it.
  ///   - raw: The bytes as they lie on the disk.
  /// - Returns: The text, and for each kind of damage a problem at its first place, in file order.
  public static func decode(
    path: String, raw: [UInt8]
  ) -> (file: SourceFile, problems: [SourceProblem]) {
    var text = DecodedText()
    if let order = UTF16Order(raw) {
      text.decode(utf16: raw, order)
    } else if raw.starts(with: [0xEF, 0xBB, 0xBF]) {
      text.decode(utf8: Array(raw.dropFirst(3)))
    } else if let encoding = XMLEncoding(raw) {
      text.decode(xml: raw, encoding)
    } else {
      text.decode(utf8: raw)
    }
    let problems = text.problems
    return (SourceFile(path: path, bytes: text.bytes), problems)
  }
}

/// The byte order of UTF-16, and whether a mark says it.
private struct UTF16Order {
  var isBigEndian: Bool
  var markLength: Int

  /// Tells UTF-16 from everything else; `nil` for what is to be read as UTF-8.
  init?(_ raw: [UInt8]) {
    if raw.starts(with: [0xFF, 0xFE]) {
      self.init(isBigEndian: false, markLength: 2)
    } else if raw.starts(with: [0xFE, 0xFF]) {
      self.init(isBigEndian: true, markLength: 2)
    } else {
      // Without a mark: ASCII at the start (JSON and YAML begin with it) makes every other byte zero.
      guard ByteSearch.first(0, in: raw, from: 0, upTo: 512) != nil else { return nil }
      let sample = raw.prefix(min(raw.count, 512) & ~1)
      guard sample.count >= 4, raw.count.isMultiple(of: 2) else { return nil }
      var zeros = (even: 0, odd: 0)
      for (index, byte) in sample.enumerated() where byte == 0 {
        if index.isMultiple(of: 2) { zeros.even += 1 } else { zeros.odd += 1 }
      }
      let units = sample.count / 2
      if zeros.even == 0, zeros.odd * 4 >= units * 3, sample[1] == 0 {
        self.init(isBigEndian: false, markLength: 0)
      } else if zeros.odd == 0, zeros.even * 4 >= units * 3, sample[0] == 0 {
        self.init(isBigEndian: true, markLength: 0)
      } else {
        return nil
      }
    }
  }

  private init(isBigEndian: Bool, markLength: Int) {
    self.isBigEndian = isBigEndian
    self.markLength = markLength
  }
}

/// Text being decoded, and the damage met on the way.
private struct DecodedText {
  private(set) var bytes: [UInt8] = []
  private var damages: [Damage: (first: ByteRange, count: Int)] = [:]

  /// An encoding that is not read, where it would have made a difference.
  private var unreadEncoding: (name: String, place: ByteRange)?

  private enum Damage {
    case utf8, utf16, null
  }

  mutating func decode(utf8 raw: [UInt8]) {
    // The common case: ASCII is seen many bytes at once, and the standard library validates the rest.
    if Self.isASCII(raw.span) || String(validating: raw, as: UTF8.self) != nil {
      bytes = raw
    } else {
      repair(raw)
    }
    noteNulls()
  }

  private static func isASCII(_ bytes: Span<UInt8>) -> Bool {
    var all: UInt8 = 0
    for index in bytes.indices { all |= bytes[index] }
    return all < 0x80
  }

  /// Decodes XML that says to be in another encoding than UTF-8.
  mutating func decode(xml raw: [UInt8], _ encoding: XMLEncoding) {
    if case .unknown(let name, let range) = encoding {
      decode(utf8: raw)
      if bytes.contains(where: { $0 >= 0x80 }) { unreadEncoding = (name, range) }
      return
    }
    bytes.reserveCapacity(raw.count + raw.count / 16)
    for byte in raw {
      if byte < 0x80 {
        bytes.append(byte)
      } else {
        bytes.append(contentsOf: UTF8.encode(encoding.scalar(byte)) ?? replacement)
      }
    }
    noteNulls()
  }

  /// Copies well-formed sequences and puts U+FFFD for each maximal piece of a broken one.
  private mutating func repair(_ raw: [UInt8]) {
    bytes.reserveCapacity(raw.count + raw.count / 16)
    var decoder = UTF8.ForwardParser()
    var source = raw.makeIterator()
    while true {
      switch decoder.parseScalar(from: &source) {
      case .valid(let scalar): bytes.append(contentsOf: scalar)
      case .error: replace(.utf8)
      case .emptyInput: return
      }
    }
  }

  mutating func decode(utf16 raw: [UInt8], _ order: UTF16Order) {
    bytes.reserveCapacity(raw.count / 2)
    var units: [UInt16] = []
    units.reserveCapacity(raw.count / 2)
    var index = order.markLength
    while index + 1 < raw.count {
      let pair = (UInt16(raw[index]), UInt16(raw[index + 1]))
      units.append(order.isBigEndian ? pair.0 << 8 | pair.1 : pair.1 << 8 | pair.0)
      index += 2
    }
    var decoder = UTF16.ForwardParser()
    var source = units.makeIterator()
    decoding: while true {
      switch decoder.parseScalar(from: &source) {
      case .valid(let encoded):
        bytes.append(contentsOf: UTF8.encode(UTF16.decode(encoded)) ?? replacement)
      case .error: replace(.utf16)
      case .emptyInput: break decoding
      }
    }
    if index < raw.count { replace(.utf16) }
    noteNulls()
  }

  private var replacement: UTF8.EncodedScalar { UTF8.encodedReplacementCharacter }

  private mutating func replace(_ damage: Damage) {
    let start = bytes.count
    bytes.append(contentsOf: replacement)
    note(damage, at: ByteRange(start, bytes.count))
  }

  private mutating func noteNulls() {
    guard let first = ByteSearch.first(0, in: bytes, from: 0) else { return }
    damages[.null] = (ByteRange(first, first + 1), bytes[first...].count { $0 == 0 })
  }

  private mutating func note(_ damage: Damage, at range: ByteRange) {
    damages[damage, default: (range, 0)].count += 1
  }

  /// One problem for each kind of damage, at its first place.
  var problems: [SourceProblem] {
    let unread = unreadEncoding.map { name, place in
      SourceProblem(
        severity: .error, message: "The encoding `\(name)` is not read.",
        hint: "Save the file as UTF-8.", range: place)
    }
    return ([unread].compactMap(\.self) + damaged).sorted { $0.range.start < $1.range.start }
  }

  private var damaged: [SourceProblem] {
    damages.map { damage, places in
      let number = places.count == 1 ? "" : " (\(places.count) places; this is the first)"
      switch damage {
      case .utf8:
        return SourceProblem(
          severity: .error, message: "These bytes are not UTF-8\(number).",
          hint: "Save the file as UTF-8.", range: places.first)
      case .utf16:
        return SourceProblem(
          severity: .error, message: "Half a character of UTF-16 stands here\(number).",
          hint: "Save the file as UTF-8.", range: places.first)
      case .null:
        return SourceProblem(
          severity: .error, message: "The file contains a NUL byte\(number).",
          hint: "Remove it; text files have none.", range: places.first)
      }
    }
  }
}

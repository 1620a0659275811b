#if Certificates
  /// One value of DER: a tag and its content.
  struct DERValue {
    var tag: UInt8
    var content: ArraySlice<UInt8>
    /// Tag, length and content: what a signature is over.
    var encoded: ArraySlice<UInt8>

    static let boolean: UInt8 = 0x01
    static let integer: UInt8 = 0x02
    static let bitString: UInt8 = 0x03
    static let octetString: UInt8 = 0x04
    static let null: UInt8 = 0x05
    static let objectIdentifier: UInt8 = 0x06
    static let text: UInt8 = 0x0C
    static let sequence: UInt8 = 0x30
    static let set: UInt8 = 0x31
    static let utcTime: UInt8 = 0x17
    static let generalizedTime: UInt8 = 0x18

    /// The object identifier in dots; `nil` for something else.
    var identifier: String? {
      guard tag == Self.objectIdentifier, !content.isEmpty else { return nil }
      var arcs: [UInt64] = []
      var value: UInt64 = 0
      var isStart = true
      for byte in content {
        // Leading zeros would give one identifier several encodings.
        if isStart, byte == 0x80 { return nil }
        guard value < 1 << 56 else { return nil }
        value = value << 7 | UInt64(byte & 0x7F)
        isStart = byte & 0x80 == 0
        if isStart {
          if arcs.isEmpty {
            arcs = value < 40 ? [0, value] : value < 80 ? [1, value - 40] : [2, value - 80]
          } else {
            arcs.append(value)
          }
          value = 0
        }
      }
      guard isStart else { return nil }
      return arcs.map(String.init).joined(separator: ".")
    }

    /// A bit string of whole bytes.
    var wholeBits: ArraySlice<UInt8>? {
      guard tag == Self.bitString, content.first == 0 else { return nil }
      return content.dropFirst()
    }

    /// The bytes of a whole number in their shortest form; `nil` for something else.
    var integer: ArraySlice<UInt8>? {
      guard tag == Self.integer, let first = content.first else { return nil }
      guard let second = content.dropFirst().first else { return content }
      // A byte of mere signs in front would give one number several encodings.
      return first == 0 && second < 0x80 || first == 0xFF && second >= 0x80 ? nil : content
    }

    /// A whole number of one byte.
    var smallInteger: Int? {
      guard let bytes = integer, bytes.count == 1, let byte = bytes.first, byte < 0x80 else {
        return nil
      }
      return Int(byte)
    }

    /// A truth value, of which DER has two encodings; `nil` for something else.
    var flag: Bool? {
      guard tag == Self.boolean, content.count == 1, let byte = content.first else { return nil }
      return byte == 0xFF ? true : byte == 0 ? false : nil
    }

    /// The values of a SEQUENCE.
    func sequence() throws(Refusal) -> [DERValue] {
      guard tag == Self.sequence else { throw Refusal("it is no DER sequence") }
      return try values()
    }

    /// The only value inside.
    func only() throws(Refusal) -> DERValue {
      let values = try values()
      guard values.count == 1 else { throw Refusal("it holds another number of values than one") }
      return values[0]
    }

    /// The values inside.
    func values() throws(Refusal) -> [DERValue] {
      guard tag & 0x20 != 0 else { throw Refusal("it is no DER of several values") }
      var reader = DERReader(content)
      var values: [DERValue] = []
      while let value = try reader.next() { values.append(value) }
      return values
    }
  }

  /// Reads DER and nothing looser: definite lengths in their shortest form, single-byte tags.
  struct DERReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The only value of these bytes.
    static func single(_ bytes: [UInt8], _ what: String) throws(Refusal) -> DERValue {
      var reader = DERReader(bytes[...])
      guard let value = try reader.next() else { throw Refusal("\(what) is empty") }
      guard reader.rest.isEmpty else { throw Refusal("\(what) has bytes behind its end") }
      return value
    }

    mutating func next() throws(Refusal) -> DERValue? {
      guard let tag = rest.first else { return nil }
      guard tag & 0x1F != 0x1F, rest.count >= 2 else { throw Self.malformed }
      let start = rest.startIndex
      var position = start + 1
      let first = rest[position]
      position += 1
      var length = Int(first)
      if first >= 0x80 {
        let count = Int(first & 0x7F)
        guard (1...4).contains(count), rest.endIndex - position >= count, rest[position] != 0 else {
          throw Self.malformed
        }
        length = 0
        for _ in 0..<count {
          length = length << 8 | Int(rest[position])
          position += 1
        }
        // The short form must be used where it fits.
        guard length >= 0x80 else { throw Self.malformed }
      }
      guard rest.endIndex - position >= length else { throw Self.malformed }
      let end = position + length
      let value = DERValue(tag: tag, content: rest[position..<end], encoded: rest[start..<end])
      rest = rest[end...]
      return value
    }

    private static var malformed: Refusal { Refusal("it is no DER") }
  }

  extension [UInt8] {
    /// The bytes as the content of one value of DER.
    func encoded(asDER tag: UInt8) -> [UInt8] {
      guard count >= 0x80 else { return [tag, UInt8(count)] + self }
      var length: [UInt8] = []
      var rest = count
      while rest > 0 {
        length.insert(UInt8(truncatingIfNeeded: rest), at: 0)
        rest >>= 8
      }
      return [tag, 0x80 | UInt8(length.count)] + length + self
    }
  }
#endif

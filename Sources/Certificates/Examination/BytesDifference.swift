#if Certificates
  import SourceText

  /// Looks for the small change that explains why bytes do not hash to what was bound.
  struct BytesDifference {
    private let bytes: [UInt8]
    /// Larger texts are not tried: each change costs another hash of all of them.
    private static let most = 4 << 20
    /// Two changes at once only for texts that are soon hashed.
    private static let mostForTwo = 1 << 16

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// What was done to the bytes, in words after "the bytes differ: "; `nil` where no change that is tried explains it.
    func explanation(for digest: Digest) -> String? {
      guard bytes.count <= Self.most else { return nil }
      let singles = Self.changes(of: bytes)
      for (words, changed) in singles where Digest(of: changed, digest.algorithm) == digest {
        return words
      }
      guard bytes.count <= Self.mostForTwo else { return nil }
      for (first, changed) in singles {
        for (second, twice) in Self.changes(of: changed)
        where second != first && Digest(of: twice, digest.algorithm) == digest {
          return "\(first), and \(second)"
        }
      }
      return nil
    }

    private static func changes(of bytes: [UInt8]) -> [(words: String, bytes: [UInt8])] {
      var changes: [(words: String, bytes: [UInt8])] = []
      func add(_ words: String, _ changed: [UInt8]?) {
        if let changed, changed != bytes { changes.append((words, changed)) }
      }
      add("a line break was added at the end", withoutLineBreak(bytes))
      add("the line break at the end is missing", bytes + [0x0A])
      add("the line break at the end (CRLF) is missing", bytes + [0x0D, 0x0A])
      add("white space was added around it", trimmed(bytes))
      add("line ends were turned from LF into CRLF", replacingCRLF(bytes))
      add("line ends were turned from CRLF into LF", insertingCR(bytes))
      let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
      if bytes.starts(with: mark) {
        add("a byte-order mark was added", Array(bytes.dropFirst(3)))
      } else {
        add("the byte-order mark is missing", mark + bytes)
      }
      changes += encodings(of: bytes)
      guard let text = String(validating: bytes, as: UTF8.self) else { return changes }
      if bytes.contains(where: { $0 >= 0x80 }) {
        add(
          "it was normalised to NFD, and the certified text is NFC",
          Array(CanonicalText.composed(text).utf8))
        add(
          "it was normalised to NFC, and the certified text is NFD",
          Array(CanonicalText.decomposed(text).utf8))
      }
      changes += serialisations(of: bytes)
      return changes
    }

    private static func withoutLineBreak(_ bytes: [UInt8]) -> [UInt8]? {
      guard bytes.last == 0x0A else { return nil }
      let rest = bytes.dropLast()
      return Array(rest.last == 0x0D ? rest.dropLast() : rest)
    }

    private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
      let white: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
      let start = bytes.firstIndex { !white.contains($0) } ?? bytes.endIndex
      let end = bytes.lastIndex { !white.contains($0) }.map { $0 + 1 } ?? start
      return Array(bytes[start..<end])
    }

    private static func replacingCRLF(_ bytes: [UInt8]) -> [UInt8] {
      var result: [UInt8] = []
      for (index, byte) in bytes.enumerated() {
        if byte == 0x0D, index + 1 < bytes.count, bytes[index + 1] == 0x0A { continue }
        result.append(byte)
      }
      return result
    }

    private static func insertingCR(_ bytes: [UInt8]) -> [UInt8] {
      var result: [UInt8] = []
      for byte in bytes {
        if byte == 0x0A, result.last != 0x0D { result.append(0x0D) }
        result.append(byte)
      }
      return result
    }

    /// The text in other encodings: as it may have been before somebody saved it, or after.
    private static func encodings(of bytes: [UInt8]) -> [(words: String, bytes: [UInt8])] {
      var changes: [(words: String, bytes: [UInt8])] = []
      if let text = String(validating: bytes, as: UTF8.self) {
        let units = Array(text.utf16)
        let little = units.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        for (name, form) in [("UTF-16LE", little), ("UTF-16BE", big)] {
          changes.append(("it is UTF-8, and the certified text is \(name)", form))
        }
        changes.append(
          ("it is UTF-8, and the certified text is UTF-16LE with its mark", [0xFF, 0xFE] + little))
        changes.append(
          ("it is UTF-8, and the certified text is UTF-16BE with its mark", [0xFE, 0xFF] + big))
        if bytes.contains(where: { $0 >= 0x80 }), text.unicodeScalars.allSatisfy({ $0.value < 256 })
        {
          let latin = text.unicodeScalars.map { UInt8($0.value) }
          changes.append(("it is UTF-8, and the certified text is Latin-1", latin))
        }
      } else {
        let latin = String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        changes.append(
          ("it was saved as Latin-1, and the certified text is UTF-8", Array(latin.utf8)))
      }
      guard bytes.count % 2 == 0, bytes.count > 1 else { return changes }
      let pairs = stride(from: 0, to: bytes.count, by: 2)
      let little = pairs.map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
      let big = little.map(\.byteSwapped)
      for (name, units) in [("UTF-16LE", little), ("UTF-16BE", big)] {
        let rest = units.first == 0xFEFF ? units.dropFirst() : units[...]
        guard let text = String(validating: rest, as: UTF16.self) else { continue }
        changes.append(
          ("it was saved as \(name), and the certified text is UTF-8", Array(text.utf8)))
      }
      return changes
    }

    /// JSON written by other writers: the same value, other bytes.
    private static func serialisations(of bytes: [UInt8]) -> [(words: String, bytes: [UInt8])] {
      guard let first = bytes.first(where: { $0 > 0x20 }), "{[\"".utf8.contains(first) else {
        return []
      }
      let file = SourceFile(path: "", bytes: bytes)
      let tree = JSONReader.read(file)
      guard tree.documents.count == 1, let value = tree.documents.first, tree.problems.isEmpty
      else {
        return []
      }
      var changes: [(words: String, bytes: [UInt8])] = []
      if let canonical = try? CanonicalJSON.bytes(of: value) {
        changes.append(
          ("the JSON was written anew, and the certified bytes are its canonical form", canonical))
      }
      if case .scalar(let scalar) = value.content, scalar.style == .doubleQuoted {
        changes.append(("it was written as a JSON string", Array(scalar.text.utf8)))
      }
      let forms: [(String, JSONLayout)] = [
        ("without white space", JSONLayout(separator: ",", colon: ":")),
        ("with a space after `,` and `:`", JSONLayout(separator: ", ", colon: ": ")),
        ("indented by 2", JSONLayout(separator: ",", colon: ": ", indent: 2)),
        ("indented by 4", JSONLayout(separator: ",", colon: ": ", indent: 4)),
      ]
      for (name, layout) in forms {
        for escapes in [false, true] {
          var layout = layout
          layout.escapesNonASCII = escapes
          changes.append(
            (
              "the JSON was written anew, and the certified bytes are \(name)",
              layout.bytes(of: value)
            ))
        }
      }
      return changes
    }
  }
#endif

#if Certificates
  package import SourceText

  /// JSON that is signed: every reader must see the same, so nothing is tolerated.
  ///
  /// RFC 8259 without duplicate names. A signature over a text that two readers read differently proves nothing.
  package enum StrictJSON {
    /// Reads exactly one value.
    package static func read(_ bytes: [UInt8], path: String) throws(Refusal) -> Node {
      guard String(validating: bytes, as: UTF8.self) != nil else {
        throw Refusal("it is not UTF-8")
      }
      let tree = JSONReader.read(SourceFile(path: path, bytes: bytes))
      if let problem = tree.problems.first {
        throw Refusal(clause(problem.message), at: problem.range)
      }
      if let comment = tree.comments.first {
        throw Refusal("it holds a comment, which JSON does not have", at: comment.range)
      }
      guard let root = tree.documents.first, tree.documents.count == 1 else {
        throw Refusal("it holds no value, or more than one")
      }
      if let comma = trailingComma(in: bytes) {
        throw Refusal("a comma stands before a bracket that closes", at: comma)
      }
      return root
    }

    private static func clause(_ sentence: String) -> String {
      var text = Substring(sentence)
      if text.hasSuffix(".") { text.removeLast() }
      return text.prefix(1).lowercased() + text.dropFirst()
    }

    /// The reader for people's own files takes these silently.
    private static func trailingComma(in bytes: [UInt8]) -> ByteRange? {
      var comma: Int?
      var isInString = false
      var isEscaped = false
      for (index, byte) in bytes.enumerated() {
        if isInString {
          if isEscaped {
            isEscaped = false
          } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
          } else if byte == UInt8(ascii: "\"") {
            isInString = false
          }
          continue
        }
        switch byte {
        case UInt8(ascii: "\""):
          isInString = true
          comma = nil
        case UInt8(ascii: ","): comma = index
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
          if let comma { return ByteRange(comma, comma + 1) }
        case 0x20, 0x09, 0x0A, 0x0D: break
        default: comma = nil
        }
      }
      return nil
    }
  }

  extension Node {
    /// A quoted text; `nil` for numbers, `true`, `null` and collections.
    package var quotedText: String? {
      guard case .scalar(let scalar) = resolved.content, scalar.style == .doubleQuoted else {
        return nil
      }
      return scalar.text
    }

    /// Whether it is an object.
    package var isObject: Bool {
      if case .mapping = resolved.content { true } else { false }
    }

    /// Whether it is an array.
    package var isList: Bool {
      if case .sequence = resolved.content { true } else { false }
    }
  }
#endif

#if Certificates
  package import SourceText

  /// The canonical form of RFC 8785: one sequence of bytes for one JSON value.
  ///
  /// What two readers could take for two values is refused: duplicate keys, halves of surrogate pairs, and whatever is
  /// no JSON though lenient readers take it.
  package enum CanonicalJSON {
    /// Why a value has no canonical form, and where.
    package struct Refusal: Error, Sendable {
      package var message: String
      package var range: ByteRange
    }

    /// The canonical bytes of a value.
    ///
    /// - Parameters:
    ///   - node: the value, read as JSON.
    ///   - paths: the ways to members that are left out, each by its keys.
    /// - Returns: UTF-8.
    /// - Throws: a refusal where two readers could take the value for two different ones.
    package static func bytes(
      of node: Node, omitting paths: [[String]] = []
    ) throws(Refusal) -> [UInt8] {
      var writer = Writer()
      try writer.write(node, omitting: paths[...])
      return writer.bytes
    }

    /// Refuses what the tree took although it is no JSON of RFC 8259.
    package static func requireStrict(
      _ node: Node, in file: SourceFile, of tree: SourceTree
    ) throws(Refusal) {
      let inside = { (range: ByteRange) in
        range.start >= node.range.start && range.start < node.range.end
      }
      // That another value stands before this one is no fault of it.
      let isOwn = { (problem: SourceProblem) in
        inside(problem.range)
          && (problem.range.start > node.range.start || problem.severity == .error)
      }
      if let problem = tree.problems.first(where: isOwn) {
        throw Refusal(message: problem.message, range: problem.range)
      }
      if let comment = tree.comments.first(where: { inside($0.range) }) {
        throw Refusal(message: "JSON has no comments.", range: comment.range)
      }
      var scanner = StrictScanner(bytes: file.bytes, range: node.range)
      if let refusal = scanner.firstRefusal() { throw refusal }
    }
  }

  extension CanonicalJSON {
    private struct Writer {
      var bytes: [UInt8] = []

      mutating func write(_ node: Node, omitting paths: ArraySlice<[String]>) throws(Refusal) {
        switch node.content {
        case .scalar(let scalar): try write(scalar, at: node.range)
        case .sequence(let items):
          bytes.append(UInt8(ascii: "["))
          for (index, item) in items.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            try write(item, omitting: [])
          }
          bytes.append(UInt8(ascii: "]"))
        case .mapping(let entries): try write(entries, omitting: paths)
        case .alias: throw Refusal(message: "JSON has no aliases.", range: node.range)
        }
      }

      private mutating func write(
        _ entries: [Node.Entry], omitting paths: ArraySlice<[String]>
      ) throws(Refusal) {
        var members: [(key: String, units: [UInt16], entry: Node.Entry)] = []
        members.reserveCapacity(entries.count)
        for entry in entries {
          guard case .scalar(let key) = entry.key.content, key.style == .doubleQuoted else {
            throw Refusal(message: "A key must be a quoted string.", range: entry.key.range)
          }
          members.append((key.text, Array(key.text.utf16), entry))
        }
        members.sort { $0.units.lexicographicallyPrecedes($1.units) }
        bytes.append(UInt8(ascii: "{"))
        var isFirst = true
        for index in members.indices {
          let (key, units, entry) = members[index]
          if index > 0, members[index - 1].units == units {
            throw Refusal(
              message: "The key `\(key.prefix(60))` stands twice.", range: entry.key.range)
          }
          let matching = paths.filter {
            $0.first.map { Array($0.utf8) == Array(key.utf8) } ?? false
          }
          if matching.contains(where: { $0.count == 1 }) { continue }
          if !isFirst { bytes.append(UInt8(ascii: ",")) }
          isFirst = false
          quote(key)
          bytes.append(UInt8(ascii: ":"))
          try write(entry.value, omitting: matching.map { Array($0.dropFirst()) }[...])
        }
        bytes.append(UInt8(ascii: "}"))
      }

      private mutating func write(_ scalar: Scalar, at range: ByteRange) throws(Refusal) {
        switch scalar.style {
        case .doubleQuoted: quote(scalar.text)
        case .plain where ["true", "false", "null"].contains(scalar.text):
          bytes += scalar.text.utf8
        case .plain:
          guard let text = ECMAScriptNumber.text(of: scalar.text) else {
            throw Refusal(
              message: "`\(scalar.text.prefix(40))` is no number that JSON's readers agree on.",
              range: range)
          }
          bytes += text.utf8
        case .singleQuoted, .literal, .folded:
          throw Refusal(message: "A string must stand in double quotes.", range: range)
        }
      }

      private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
          switch byte {
          case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
          case 0x08: bytes += "\\b".utf8
          case 0x09: bytes += "\\t".utf8
          case 0x0A: bytes += "\\n".utf8
          case 0x0C: bytes += "\\f".utf8
          case 0x0D: bytes += "\\r".utf8
          case 0..<0x20: bytes += "\\u00\(Hexadecimal.encode([byte]))".utf8
          default: bytes.append(byte)
          }
        }
        bytes.append(UInt8(ascii: "\""))
      }
    }
  }
#endif

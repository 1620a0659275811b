#if Certificates
  import SourceText

  /// How a JSON writer lays a value out; numbers and the order of members stay.
  struct JSONLayout {
    var separator: String
    var colon: String
    var indent: Int?
    var escapesNonASCII = false

    init(separator: String, colon: String, indent: Int? = nil) {
      self.separator = separator
      self.colon = colon
      self.indent = indent
    }

    func bytes(of node: Node) -> [UInt8] {
      var text: [UInt8] = []
      write(node, 0, to: &text)
      return text
    }

    private func write(_ node: Node, _ depth: Int, to text: inout [UInt8]) {
      switch node.content {
      case .scalar(let scalar):
        if scalar.style == .doubleQuoted {
          quote(scalar.text, to: &text)
        } else {
          text += scalar.text.utf8
        }
      case .sequence(let items):
        list(items, depth, brackets: ("[", "]"), to: &text) { write($0, depth + 1, to: &$1) }
      case .mapping(let entries):
        list(entries, depth, brackets: ("{", "}"), to: &text) { entry, text in
          quote(entry.key.text ?? "", to: &text)
          text += colon.utf8
          write(entry.value, depth + 1, to: &text)
        }
      case .alias: break
      }
    }

    private func list<Item>(
      _ items: [Item], _ depth: Int, brackets: (String, String), to text: inout [UInt8],
      _ write: (Item, inout [UInt8]) -> Void
    ) {
      text += brackets.0.utf8
      for (index, item) in items.enumerated() {
        if index > 0 { text += separator.utf8 }
        breakLine(depth + 1, to: &text)
        write(item, &text)
      }
      if !items.isEmpty { breakLine(depth, to: &text) }
      text += brackets.1.utf8
    }

    private func breakLine(_ depth: Int, to text: inout [UInt8]) {
      guard let indent else { return }
      text.append(0x0A)
      text += repeatElement(0x20, count: indent * depth)
    }

    private func quote(_ string: String, to text: inout [UInt8]) {
      text.append(0x22)
      for scalar in string.unicodeScalars {
        switch scalar {
        case "\"": text += "\\\"".utf8
        case "\\": text += "\\\\".utf8
        case "\u{8}": text += "\\b".utf8
        case "\u{9}": text += "\\t".utf8
        case "\u{A}": text += "\\n".utf8
        case "\u{C}": text += "\\f".utf8
        case "\u{D}": text += "\\r".utf8
        case _ where scalar.value < 0x20 || (escapesNonASCII && scalar.value > 0x7E):
          for unit in String(scalar).utf16 {
            text += "\\u".utf8
            text += Hexadecimal.encode([UInt8(unit >> 8), UInt8(unit & 255)]).utf8
          }
        default: text += String(scalar).utf8
        }
      }
      text.append(0x22)
    }
  }
#endif

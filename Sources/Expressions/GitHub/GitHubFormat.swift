/// The pattern of `format('Hello {0}', name)`.
struct GitHubFormat {
  enum Part: Hashable {
    case literal(String)
    case argument(Int)
  }

  private(set) var parts: [Part] = []

  init(_ pattern: String) {
    var literal = ""
    var rest = Substring(pattern)
    while let character = rest.popFirst() {
      if character == "{" || character == "}", rest.first == character {
        literal.append(character)
        rest.removeFirst()
      } else if character == "{", let close = rest.firstIndex(of: "}"),
        let index = Int(rest[..<close])
      {
        if !literal.isEmpty { parts.append(.literal(literal)) }
        literal = ""
        parts.append(.argument(index))
        rest = rest[rest.index(after: close)...]
      } else {
        literal.append(character)
      }
    }
    if !literal.isEmpty { parts.append(.literal(literal)) }
  }
}

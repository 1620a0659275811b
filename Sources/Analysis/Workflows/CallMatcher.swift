import Expressions
import Rules
import SourceText
import Workflows

/// Compares a call with the patterns of protocols and integrations.
struct CallMatcher {
  let call: Call

  let url: FoldedText?
  let name: FoldedText
  let image: FoldedText?
  /// Of a command: its name and its first positional arguments, as far as they are literal.
  private let words: [FoldedText]

  init(_ call: Call) {
    self.call = call
    url = call.http.map { FoldedText(Self.rendered($0.url)) }
    name = FoldedText(call.name)
    image = call.image.map { FoldedText($0) }
    words = call.kind == "command" ? Self.words(of: call).map(FoldedText.init) : []
  }

  /// What a command line begins with, `nil` where that is not literal.
  static func firstWord(of call: Call) -> String? {
    // Mostly the name, which takes no list of words to be found.
    let word = call.name.utf8.prefix { $0 != UInt8(ascii: " ") }
    return word.isEmpty ? words(of: call).first : String(Substring(word))
  }

  /// Stands for whatever cannot be known before the run; matches any `*`, and a literal part of a glob.
  static let unknown = "\u{FFFC}"

  func matches(_ pattern: CompiledPattern) -> Bool {
    guard pattern.isPostPhase == (call.phase == .post), pattern.kind == nil || isNamed(pattern),
      pattern.kind != nil || isRequest(pattern)
    else { return false }
    return pattern.arguments.allSatisfy(hasArgument)
      && pattern.without.allSatisfy { arguments(named: $0).isEmpty }
      && !pattern.unless.contains(where: hasArgument)
  }

  private func isNamed(_ pattern: CompiledPattern) -> Bool {
    if pattern.isOfImage, let image { return pattern.names.anyMatches(image) }
    guard pattern.kind == call.kind else { return false }
    if pattern.names.anyMatches(name) { return true }
    // `gh pr comment` matches every command line that begins with these words.
    return pattern.commands.contains { globs in
      words.count >= globs.count && zip(globs, words).allSatisfy { $0.matches($1) }
    }
  }

  private func isRequest(_ pattern: CompiledPattern) -> Bool {
    guard let http = call.http, let url, !(pattern.urls.isEmpty && pattern.methods.isEmpty),
      pattern.methods.isEmpty || http.method == Self.unknown
        || pattern.methods.contains(http.method)
    else { return false }
    return (pattern.urls.isEmpty || pattern.urls.anyMatches(url))
      && !pattern.exceptURLs.anyMatches(url)
  }

  /// Whether an argument of the name is known to have one of the values.
  private func hasArgument(_ wanted: CompiledPattern.Argument) -> Bool {
    arguments(named: wanted.name).contains { argument in
      if wanted.acceptsAnything { return true }
      let text = Self.rendered(argument.value)
      if text.holds(Self.unknown) { return false }
      let folded = FoldedText(text)
      return wanted.values.contains { $0.matches(folded) }
    }
  }

  private static func words(of call: Call) -> [String] {
    let arguments = call.arguments.span
    // Where the argument of each position stands, the first of several.
    var places = [Int?](repeating: nil, count: arguments.count)
    for index in arguments.indices {
      guard let position = arguments[index].name.position, position < places.count else { continue }
      places[position] = places[position] ?? index
    }
    var words = call.name.parts(by: " ").map(String.init)
    for place in places {
      guard let place else { break }
      let text = rendered(arguments[place].value)
      guard !text.holds(unknown) else { break }
      words.append(text)
    }
    return words
  }

  private static let longestHeaderName = 128

  /// The arguments a document means by a name: a path as the engine writes it (globs allowed), or, where the name has
  /// no dot, the last part of a path, a field of the request's body or a header.
  func arguments(named name: String) -> [Call.Argument] {
    var found = call.arguments.filter { $0.name == name }
    if found.isEmpty, name.holds("*") {
      let glob = Glob(name)
      found = call.arguments.filter { glob.matches($0.name) }
    }
    if !found.isEmpty || name.holds(".") { return found + bodyFields(under: name) }
    found = call.arguments.filter { argument in
      KeyName.same(argument.name.after(last: ".") ?? argument.name[...], name)
    }
    if found.isEmpty {
      found = call.arguments.filter { argument in
        guard case .literal(let text) = argument.value.firstPart else { return false }
        // A header, `Name: value`; anything longer is a text.
        let head = text.utf8.prefix(Self.longestHeaderName)
        guard let colon = head.firstIndex(of: UInt8(ascii: ":")) else { return false }
        return KeyName.same(String(text[..<colon]), name)
      }
    }
    return found + bodyFields(under: "body." + name)
  }

  private func bodyFields(under name: String) -> [Call.Argument] {
    guard let body = call.http?.body, name.hasPrefix("body") else { return [] }
    if name == "body" || name == "body.*" {
      return [Call.Argument("body", body, at: call.location)]
    }
    guard case .record(let fields) = body else { return [] }
    let wanted = String(name.dropFirst("body.".count))
    return fields.filter { KeyName.same($0.name, wanted) }
      .map { Call.Argument("body." + $0.name, $0.value, at: call.location) }
  }

  /// A value as far as its text is known before the run.
  static func rendered(_ value: Value) -> String {
    switch value {
    case .literal(let text): text
    case .null: ""
    case .template(let parts): parts.map(rendered).joined()
    case .text(let inner, _), .converted(_, let inner): rendered(inner)
    case .fallback, .conditional:
      // `${MIRA_URL:-https://…}`: the default says what kind of thing it is.
      value.standIn.flatMap { $0 == .null ? nil : rendered($0) } ?? unknown
    // A document's texts, each on a line of its own.
    case .record(let fields): fields.map { rendered($0.value) }.joined(separator: "\n")
    case .list(let items): items.map(rendered).joined(separator: "\n")
    case .reference, .result, .selection, .either, .length, .unknown:
      unknown
    }
  }
}

extension [Glob] {
  /// Whether one of them matches; it takes none of them in hand, which would count references.
  fileprivate func anyMatches(_ text: FoldedText) -> Bool {
    let globs = span
    for index in globs.indices where globs[index].matches(text) { return true }
    return false
  }
}

extension String {
  /// The number that a positional argument has for its name.
  fileprivate var position: Int? {
    guard let first = utf8.first, first >= UInt8(ascii: "0"), first <= UInt8(ascii: "9"),
      utf8.count == 1 || first != UInt8(ascii: "0")
    else { return nil }
    return Int(self)
  }
}

extension Value {
  fileprivate var firstPart: Value {
    if case .template(let parts) = self, let first = parts.first { return first }
    return self
  }
}

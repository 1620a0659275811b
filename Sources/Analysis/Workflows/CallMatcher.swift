import Expressions
import Rules
import Workflows

/// Compares a call with the patterns of protocols and integrations.
struct CallMatcher {
  let call: Call

  private let url: String?

  init(_ call: Call) {
    self.call = call
    url = call.http.map { Self.rendered($0.url) }
  }

  /// Stands for whatever cannot be known before the run; matches any `*`, and a literal part of a glob.
  static let unknown = "\u{FFFC}"

  func matches(_ pattern: CallPattern) -> Bool {
    if pattern.phase == "post" || call.phase == .post {
      guard pattern.phase == "post", call.phase == .post else { return false }
    }
    if let kind = pattern.kind {
      guard kind == call.kind, pattern.names.contains(where: matchesName) else { return false }
    } else if !pattern.urls.isEmpty || !pattern.methods.isEmpty {
      guard let http = call.http, let url else { return false }
      guard
        pattern.methods.isEmpty || http.method == Self.unknown
          || pattern.methods.contains(where: { $0.uppercased() == http.method })
      else { return false }
      func matches(_ globs: [String]) -> Bool {
        globs.contains { Glob($0, ignoringCase: true).matches(url) }
      }
      guard pattern.urls.isEmpty || matches(pattern.urls), !matches(pattern.exceptURLs) else {
        return false
      }
    } else {
      return false
    }
    return pattern.arguments.allSatisfy { hasArgument($0, $1) }
      && pattern.without.allSatisfy { arguments(named: $0).isEmpty }
      && !pattern.unless.contains { hasArgument($0, $1) }
  }

  /// Whether an argument of the name is known to have one of the values; `*` asks only for the argument.
  private func hasArgument(_ name: String, _ values: [String]) -> Bool {
    arguments(named: name).contains { argument in
      if values.contains("*") { return true }
      let text = Self.rendered(argument.value)
      return !text.contains(Self.unknown)
        && values.contains { Glob($0, ignoringCase: true).matches(text) }
    }
  }

  private func matchesName(_ pattern: String) -> Bool {
    if call.kind == "command" {
      // `gh pr comment` matches every command line that begins with these words.
      let wanted = pattern.split(separator: " ")
      let words = commandWords(wanted.count)
      return words.count >= wanted.count
        && zip(words, wanted).allSatisfy { Glob($1).matches($0) }
    }
    return Glob(pattern, ignoringCase: true).matches(call.name)
  }

  /// The command's name and its first positional arguments, as far as they are literal.
  private func commandWords(_ count: Int) -> [String] {
    var words = call.name.split(separator: " ").map(String.init)
    var position = 0
    while words.count < count,
      let argument = call.arguments.first(where: { $0.name == "\(position)" })
    {
      let text = Self.rendered(argument.value)
      guard !text.contains(Self.unknown) else { break }
      words.append(text)
      position += 1
    }
    return words
  }

  /// The arguments a document means by a name: a path as the engine writes it (globs allowed), or, where the name has
  /// no dot, the last part of a path, a field of the request's body or a header.
  func arguments(named name: String) -> [Call.Argument] {
    var found = call.arguments.filter { $0.name == name }
    if found.isEmpty, name.contains("*") {
      let glob = Glob(name)
      found = call.arguments.filter { glob.matches($0.name) }
    }
    if !found.isEmpty || name.contains(".") { return found + bodyFields(under: name) }
    found = call.arguments.filter { argument in
      let last = argument.name.split(separator: ".").last.map(String.init) ?? argument.name
      return KeyName.same(last, name)
    }
    if found.isEmpty {
      found = call.arguments.filter { argument in
        guard case .literal(let text) = argument.value.firstPart else { return false }
        guard let colon = text.firstIndex(of: ":") else { return false }
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
    case .fallback(_, let second):
      // `${MIRA_URL:-https://…}`: the default says what kind of thing it is.
      second == .null ? unknown : rendered(second)
    // A document's texts, each on a line of its own.
    case .record(let fields): fields.map { rendered($0.value) }.joined(separator: "\n")
    case .list(let items): items.map(rendered).joined(separator: "\n")
    case .reference, .result, .selection, .conditional, .either, .length, .unknown:
      unknown
    }
  }
}

extension Value {
  fileprivate var firstPart: Value {
    if case .template(let parts) = self, let first = parts.first { return first }
    return self
  }
}

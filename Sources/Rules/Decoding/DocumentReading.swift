package import SourceText

/// The reading of one document: which key is being read, and what was wrong so far.
package struct DocumentReading: Sendable {
  package let file: SourceFile
  package private(set) var problems: [DocumentProblem] = []
  /// Names of events that the document speaks of, for the check when all protocols are known.
  package private(set) var eventNames: [Mention] = []
  /// Likewise names of lists of values.
  package private(set) var meaningNames: [Mention] = []
  private var route: [Part] = []

  /// One part of the way from the document's root.
  package enum Part: Sendable {
    case key(String)
    case element(Int)
  }

  /// A name, where it stands, and the way to it.
  package struct Mention: Sendable {
    package var name: String
    package var node: Node
    package var route: [Part]
  }

  /// Whether the document is known to be sound, so that checks which only report may be left out: nothing is reported.
  let isTrusted: Bool

  package init(file: SourceFile, isTrusted: Bool = false) {
    self.file = file
    self.isTrusted = isTrusted
  }

  /// Whether something was wrong that makes the document unusable.
  package var failed: Bool { problems.contains { $0.severity == .error } }

  /// Reads a part under its key, so that problems name the way to it.
  package mutating func under<Result>(
    _ key: String, _ body: (inout DocumentReading) -> Result
  ) -> Result {
    under(.key(key), body)
  }

  /// Reads an element of a list.
  package mutating func under<Result>(
    _ index: Int, _ body: (inout DocumentReading) -> Result
  ) -> Result {
    under(.element(index), body)
  }

  private mutating func under<Result>(
    _ part: Part, _ body: (inout DocumentReading) -> Result
  ) -> Result {
    // Nothing is reported of a document that is known to be sound, so nothing asks for the way.
    if isTrusted { return body(&self) }
    route.append(part)
    defer { route.removeLast() }
    return body(&self)
  }

  /// Reads something under the keys that lead to it.
  mutating func along<Result>(
    _ route: [Part], _ body: (inout DocumentReading) -> Result
  ) -> Result {
    self.route += route
    defer { self.route.removeLast(route.count) }
    return body(&self)
  }

  /// Notes that an event is spoken of here.
  mutating func mention(event name: String, at node: Node) {
    guard !isTrusted else { return }
    eventNames.append(Mention(name: name, node: node, route: route))
  }

  /// Notes that a list of values is spoken of here.
  mutating func mention(meaning name: String, at node: Node) {
    guard !isTrusted else { return }
    meaningNames.append(Mention(name: name, node: node, route: route))
  }

  /// Notes a problem at a node.
  package mutating func report(
    _ message: String, hint: String = "", at node: Node,
    severity: DocumentProblem.Severity = .error
  ) {
    report(message, hint: hint, at: node.range, severity: severity)
  }

  /// Notes a problem at a range of the file.
  package mutating func report(
    _ message: String, hint: String = "", at range: ByteRange,
    severity: DocumentProblem.Severity = .error
  ) {
    guard !isTrusted else { return }
    problems.append(
      DocumentProblem(
        severity: severity, path: file.path, position: file.position(at: range.start),
        range: range, route: routeText, message: message, hint: hint))
  }

  /// Notes that a node is not what was expected.
  package mutating func expected(_ what: String, hint: String = "", at node: Node) {
    report("expected \(what), found \(node.kindInWords)", hint: hint, at: node)
  }

  private var routeText: String {
    var text = ""
    for part in route {
      switch part {
      case .key(let key): text += text.isEmpty ? key : "." + key
      case .element(let index): text += "[\(index)]"
      }
    }
    return text
  }
}

extension Node {
  /// What stands here, as an error message calls it.
  package var kindInWords: String {
    switch resolved.content {
    case .mapping: return "a mapping"
    case .sequence: return "a list"
    case .alias(let name, _): return "the alias `*\(name)`, which names nothing"
    case .scalar(let scalar):
      if isNull { return "nothing" }
      let text = scalar.text.split(separator: "\n", omittingEmptySubsequences: false)
      let first = String((text.first ?? "").prefix(40))
      return first.count < scalar.text.count ? "`\(first)…`" : "`\(first)`"
    }
  }
}

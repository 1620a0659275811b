import Expressions
import SourceText

/// A file of a configuration, with what it is given where it is included.
final class GitLabSource: Sendable {
  let file: SourceFile
  /// The texts that stand for `$[[ inputs.… ]]`.
  let inputs: [String: String]

  init(file: SourceFile, inputs: [String: String]) {
    self.file = file
    self.inputs = inputs
  }

  func location(_ range: ByteRange) -> SourceLocation {
    SourceLocation(path: file.path, range: range)
  }

  /// A text with the inputs put in.
  func filled(_ text: String) -> String {
    guard text.holds("$[[") else { return text }
    let bytes = Array(text.utf8)
    var filled: [UInt8] = []
    var offset = 0
    for insertion in Self.interpolations(in: bytes) {
      filled += bytes[offset..<insertion.range.start]
      filled += Array((inputs[insertion.name] ?? "").utf8)
      offset = insertion.range.end
    }
    filled += bytes[offset...]
    return String(decoding: filled, as: UTF8.self)
  }

  /// Every `$[[ inputs.name | … ]]` of a text.
  static func interpolations(in bytes: [UInt8]) -> [(name: String, range: ByteRange)] {
    var found: [(String, ByteRange)] = []
    var offset = 0
    while offset + 2 < bytes.count {
      guard bytes[offset] == UInt8(ascii: "$"), bytes[offset + 1] == UInt8(ascii: "["),
        bytes[offset + 2] == UInt8(ascii: "[")
      else {
        offset += 1
        continue
      }
      var end = offset + 3
      while end + 1 < bytes.count,
        !(bytes[end] == UInt8(ascii: "]") && bytes[end + 1] == UInt8(ascii: "]"))
      {
        end += 1
      }
      guard end + 1 < bytes.count else { break }
      let inner = String(decoding: bytes[offset + 3..<end], as: UTF8.self)
      let word = inner.parts(by: "|").first ?? ""
      let name = word.filter { !$0.isWhitespace }
      found.append(
        (
          name.hasPrefix("inputs.") ? String(name.dropFirst(7)) : name,
          ByteRange(offset, end + 2)
        ))
      offset = end + 2
    }
    return found
  }
}

/// A configuration, or a part of it, after includes and inheritance: each scalar still knows its file.
indirect enum GitLabTree: Sendable {
  case scalar(Node, GitLabSource)
  case list([GitLabTree], Node, GitLabSource)
  case map([Entry], Node, GitLabSource)
  /// `!reference [job, key]`
  case reference([String], Node, GitLabSource)

  struct Entry: Sendable {
    var name: String
    var key: Node
    var value: GitLabTree
  }

  init(_ node: Node, in source: GitLabSource, depth: Int = 0) {
    let resolved = node.resolved
    guard depth < Limits.nesting else {
      self = .scalar(resolved, source)
      return
    }
    switch resolved.content {
    case .scalar, .alias: self = .scalar(resolved, source)
    case .sequence(let items):
      if resolved.tag == "!reference" {
        self = .reference(items.compactMap(\.text), resolved, source)
      } else {
        self = .list(
          items.map { GitLabTree($0, in: source, depth: depth + 1) }, resolved, source)
      }
    case .mapping:
      var entries: [Entry] = []
      var places: [String: Int] = [:]
      for entry in resolved.entries {
        guard let key = entry.key.text else { continue }
        let name = source.filled(key)
        let value = GitLabTree(entry.value, in: source, depth: depth + 1)
        if let place = places[name] {
          // The last of two equal keys counts.
          entries[place] = Entry(name: name, key: entry.key, value: value)
        } else {
          places[name] = entries.count
          entries.append(Entry(name: name, key: entry.key, value: value))
        }
      }
      self = .map(entries, resolved, source)
    }
  }

  var node: Node {
    switch self {
    case .scalar(let node, _), .list(_, let node, _), .map(_, let node, _),
      .reference(_, let node, _):
      node
    }
  }

  var source: GitLabSource {
    switch self {
    case .scalar(_, let source), .list(_, _, let source), .map(_, _, let source),
      .reference(_, _, let source):
      source
    }
  }

  var location: SourceLocation { source.location(node.range) }

  var entries: [Entry] {
    if case .map(let entries, _, _) = self { entries } else { [] }
  }

  var items: [GitLabTree] {
    if case .list(let items, _, _) = self { items } else { [] }
  }

  /// A scalar's text, inputs filled in.
  var text: String? {
    guard case .scalar(let node, let source) = self, !node.isNull else { return nil }
    return node.text.map(source.filled)
  }

  /// The texts of a scalar or a list of scalars, lists in it flattened.
  var texts: [String] {
    if let text { return [text] }
    return items.flatMap(\.texts)
  }

  subscript(key: String) -> GitLabTree? {
    guard let found = entries.last(where: { $0.name == key })?.value else { return nil }
    if case .scalar(let node, _) = found, node.isNull { return nil }
    return found
  }

  /// This with another laid over it: maps are merged, everything else is replaced.
  func overlaid(with other: GitLabTree, depth: Int = 0) -> GitLabTree {
    guard case .map(var entries, _, _) = self, case .map(let others, let node, let source) = other,
      depth < Limits.nesting
    else { return other }
    var places: [String: Int] = [:]
    for (index, entry) in entries.enumerated() { places[entry.name] = index }
    for entry in others {
      if let place = places[entry.name] {
        entries[place] = Entry(
          name: entry.name, key: entry.key,
          value: entries[place].value.overlaid(with: entry.value, depth: depth + 1))
      } else {
        places[entry.name] = entries.count
        entries.append(entry)
      }
    }
    return .map(entries, node, source)
  }
}

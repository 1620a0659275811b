import Expressions
import SourceText

/// The files that a job has written, as the inputs of actions name them.
struct GitHubFiles {
  private let files: Set<String>

  init(_ files: Set<String>) { self.files = files }

  /// The files that a `path` input takes: a path, a directory, a pattern, or several of them a line each.
  func matching(_ text: String) -> [String] {
    var found: Set<String> = []
    for line in text.split(whereSeparator: \.isNewline) {
      let path = Self.normalised(line)
      if path.isEmpty || path.hasPrefix("!") { continue }
      if files.contains(path) {
        found.insert(path)
      } else if path == "." {
        found.formUnion(files)
      } else {
        let pattern = Array(path.utf8)
        found.formUnion(
          files.filter { file in
            file.hasPrefix(path + "/")
              || (path.contains("*") && Self.matches(Array(file.utf8)[...], pattern[...]))
          })
      }
    }
    return found.sorted()
  }

  /// What the files hold that an input names, `nil` where it names none that the job wrote.
  func content(
    named value: Value, as argument: String, at node: Node, in scope: GitHubScope
  ) -> Value? {
    guard !files.isEmpty, case .literal(let text) = value else { return nil }
    let key = argument.lowercased()
    if key.hasSuffix(".name") || key.hasSuffix(".key") || key.hasSuffix(".id") { return nil }
    let takesPaths = Self.pathWords.contains { key.holds($0) }
    let matches = takesPaths ? matching(text) : files.contains(Self.normalised(text)) ? [text] : []
    let location = scope.location(node.range)
    let contents = matches.map { file in
      Value.reference(Reference(scope.file(Self.normalised(file)), at: location))
    }
    switch contents.count {
    case 0: return nil
    case 1: return contents[0]
    default: return .list(contents)
    }
  }

  private static let pathWords = [
    "path", "file", "dir", "folder", "asset", "artifact", "source", "src",
  ]

  /// A path without the ways to say "here" in front.
  static func normalised(_ path: some StringProtocol) -> String {
    // Most paths have none, as the bytes at their ends show.
    let whole = String(path)
    if let first = whole.utf8.first, let last = whole.utf8.last, isInside(first), isInside(last),
      first != UInt8(ascii: "."), last != UInt8(ascii: "/")
    {
      return whole
    }
    var rest = whole.drop(while: \.isWhitespace)
    while let last = rest.last, last.isWhitespace || last == "/" { rest.removeLast() }
    while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
    return String(rest)
  }

  /// Whether a byte is an ASCII character that is seen.
  private static func isInside(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }

  /// Whether a path matches a pattern in which `*` stands for any text.
  private static func matches(_ text: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
    var text = text
    var pattern = pattern
    var retry: (text: ArraySlice<UInt8>, pattern: ArraySlice<UInt8>)?
    while !text.isEmpty || !pattern.isEmpty {
      if pattern.first == UInt8(ascii: "*") {
        pattern = pattern.dropFirst()
        retry = (text, pattern)
      } else if let first = text.first, first == pattern.first {
        text = text.dropFirst()
        pattern = pattern.dropFirst()
      } else if let last = retry, !last.text.isEmpty {
        text = last.text.dropFirst()
        pattern = last.pattern
        retry = (text, pattern)
      } else {
        return false
      }
    }
    return true
  }
}

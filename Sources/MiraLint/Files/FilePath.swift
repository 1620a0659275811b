import SourceText

/// Paths as text: with `/`, taken apart without asking the file system.
package enum FilePath {
  /// The path from `base` where it is relative, without `.`, `..` and doubled slashes.
  package static func absolute(_ path: String, from base: String) -> String {
    let full = path.utf8.first == UInt8(ascii: "/") ? path : base + "/" + path
    if isPlain(full) { return full }
    var parts: [Substring] = []
    for part in full.parts(by: "/") where part != "." {
      if part == ".." {
        if !parts.isEmpty { parts.removeLast() }
      } else {
        parts.append(part)
      }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// Whether no part of an absolute path is empty or dots alone.
  private static func isPlain(_ path: String) -> Bool {
    var isOnlyDots = true
    for byte in path.utf8.dropFirst() {
      if byte == UInt8(ascii: "/") {
        if isOnlyDots { return false }
        isOnlyDots = true
      } else if byte != UInt8(ascii: ".") {
        isOnlyDots = false
      }
    }
    return !isOnlyDots
  }

  /// The path as seen from a directory that it lies in; empty for the directory itself, `nil` outside.
  package static func relative(_ path: String, to directory: String) -> String? {
    if path == directory { return "" }
    guard path.begins(with: directory) else { return nil }
    var rest = path[path.utf8.index(path.startIndex, offsetBy: directory.utf8.count)...]
    if directory != "/" {
      guard rest.utf8.first == UInt8(ascii: "/") else { return nil }
      rest = rest[rest.utf8.index(after: rest.startIndex)...]
    }
    return String(rest)
  }

  /// `a/b` for `a/b/c`, and `/` for `/a`.
  package static func parent(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  package static func join(_ directory: String, _ name: String) -> String {
    if directory.isEmpty { return name }
    return directory.utf8.last == UInt8(ascii: "/") ? directory + name : directory + "/" + name
  }

  /// The last component.
  package static func name(_ path: String) -> Substring {
    path.lastPart(by: "/")
  }

  /// What follows the name's last dot, in lower case; empty for none, and for a name that only begins with one.
  package static func fileExtension(_ path: String) -> String {
    let name = name(path)
    guard let kind = name.after(last: "."), kind.utf8.count + 1 < name.utf8.count else { return "" }
    return kind.lowercased()
  }

  /// The directory and those above it, nearest first.
  package static func ancestors(of directory: String) -> [String] {
    var result = [directory]
    var current = directory
    while current != "/", !current.isEmpty {
      current = parent(current)
      result.append(current)
    }
    return result
  }
}

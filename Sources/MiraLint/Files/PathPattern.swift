/// A pattern over paths as gitignore(5) defines it: `*.log`, `/build`, `docs/**/x.yml`, `!keep.yml`.
package struct PathPattern: Sendable, Hashable {
  /// The pattern takes back what earlier ones ignore.
  package let isNegated: Bool
  private let onlyDirectories: Bool
  /// Components; `nil` stands for `**`.
  private let components: [[UInt8]?]

  /// Reads one line; `nil` for an empty one and for a comment.
  package init?(_ line: some StringProtocol) {
    var text = Array(line.utf8)
    if text.last == UInt8(ascii: "\r") { text.removeLast() }
    // Spaces at the end count only behind a backslash.
    while text.last == UInt8(ascii: " "), text.dropLast().last != backslash { text.removeLast() }
    guard let first = text.first, first != UInt8(ascii: "#") else { return nil }
    isNegated = first == UInt8(ascii: "!")
    if isNegated { text.removeFirst() }
    onlyDirectories = text.last == slash
    if onlyDirectories { text.removeLast() }
    guard !text.isEmpty else { return nil }
    let isAnchored = text.contains(slash)
    let parts = text.split(separator: slash).map(Array.init)
    let components = parts.map { $0 == [star, star] ? nil : $0 }
    self.components = isAnchored ? components : [nil] + components
  }

  /// Whether a path relative to the pattern's directory is meant.
  package func matches(_ path: String, isDirectory: Bool) -> Bool {
    if onlyDirectories && !isDirectory { return false }
    let names = path.utf8.split(separator: slash).map(Array.init)
    return Self.match(components[...], names[...])
  }

  /// Whether the path, or a directory that it lies in, is meant.
  package func covers(_ path: String) -> Bool {
    let names = path.split(separator: "/")
    return names.indices.contains { index in
      matches(names[...index].joined(separator: "/"), isDirectory: index < names.count - 1)
    }
  }

  private static func match(
    _ components: ArraySlice<[UInt8]?>, _ names: ArraySlice<[UInt8]>
  ) -> Bool {
    guard let first = components.first else { return names.isEmpty }
    guard let pattern = first else {
      // `**` at the end means everything inside, in the middle also nothing at all.
      if components.count == 1 { return !names.isEmpty }
      return (names.startIndex..<names.endIndex).contains {
        match(components.dropFirst(), names[$0...])
      }
    }
    guard let name = names.first, matchName(pattern, name) else { return false }
    return match(components.dropFirst(), names.dropFirst())
  }

  /// Remembers only the last star, so that time is at most the product of both lengths.
  private static func matchName(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
    var place = 0
    var read = 0
    var lastStar: (after: Int, taken: Int)?
    while read < name.count {
      if place < pattern.count, pattern[place] == star {
        place += 1
        lastStar = (place, read)
      } else if let next = matchByte(pattern, place, name[read]) {
        place = next
        read += 1
      } else if let star = lastStar {
        lastStar = (star.after, star.taken + 1)
        place = star.after
        read = star.taken + 1
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == star }
  }

  /// The place after the pattern's element when it takes the byte.
  private static func matchByte(_ pattern: [UInt8], _ place: Int, _ byte: UInt8) -> Int? {
    guard place < pattern.count else { return nil }
    switch pattern[place] {
    case UInt8(ascii: "?"): return place + 1
    case backslash where place + 1 < pattern.count:
      return pattern[place + 1] == byte ? place + 2 : nil
    case UInt8(ascii: "["):
      guard let (isIn, after) = matchClass(pattern, place + 1, byte) else {
        return byte == UInt8(ascii: "[") ? place + 1 : nil
      }
      return isIn ? after : nil
    default: return pattern[place] == byte ? place + 1 : nil
    }
  }

  /// Whether a bracket expression holds the byte, and where it ends; `nil` where it never does.
  private static func matchClass(
    _ pattern: [UInt8], _ start: Int, _ byte: UInt8
  ) -> (isIn: Bool, after: Int)? {
    var place = start
    guard place < pattern.count else { return nil }
    let isNegated = pattern[place] == UInt8(ascii: "!") || pattern[place] == UInt8(ascii: "^")
    if isNegated { place += 1 }
    var isIn = false
    let first = place
    while place < pattern.count {
      if pattern[place] == UInt8(ascii: "]"), place > first {
        return (isIn != isNegated, place + 1)
      }
      if pattern[place] == backslash, place + 1 < pattern.count { place += 1 }
      let low = pattern[place]
      var high = low
      if place + 2 < pattern.count, pattern[place + 1] == UInt8(ascii: "-"),
        pattern[place + 2] != UInt8(ascii: "]")
      {
        high = pattern[place + 2]
        place += 2
      }
      if low <= byte && byte <= high { isIn = true }
      place += 1
    }
    return nil
  }
}

private let slash = UInt8(ascii: "/")
private let star = UInt8(ascii: "*")
private let backslash = UInt8(ascii: "\\")

/// The patterns of one ignore file, with the directory they speak of.
struct IgnoreFile: Sendable {
  let directory: String
  let patterns: [PathPattern]

  init?(text: [UInt8], directory: String) {
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
    patterns = lines.compactMap { PathPattern($0) }
    self.directory = directory
    if patterns.isEmpty { return nil }
  }

  /// Whether the file decides about the path: ignored, taken back, or `nil` for neither.
  func decides(_ path: String, isDirectory: Bool) -> Bool? {
    guard let relative = FilePath.relative(path, to: directory), !relative.isEmpty else {
      return nil
    }
    return patterns.last { $0.matches(relative, isDirectory: isDirectory) }.map { !$0.isNegated }
  }
}

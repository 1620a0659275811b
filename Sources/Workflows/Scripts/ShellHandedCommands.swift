import Expressions
import SourceText

/// Commands that run another one with what they read or find: `xargs`, `find -exec`.
extension ShellLowerer {
  /// `xargs command`: its input becomes arguments of the command.
  mutating func runXargs(_ words: [ShellWord], at range: ByteRange) -> ShellOutcome {
    var rest = words.dropFirst()
    var marker: String?
    var value = input ?? .unknown([])
    while let option = rest.first?.literal, option.hasPrefix("-"), option != "-" {
      rest = rest.dropFirst()
      let name = option.prefix { $0 != "=" }
      switch name {
      case "-I", "-J":
        marker = rest.popFirst()?.literal
      case "--replace", "-i":
        marker = option.count > name.count ? String(option.dropFirst(name.count + 1)) : "{}"
      case "-a", "--arg-file":
        guard name == option, let file = rest.popFirst() else { break }
        value = fileValue(of: argument(file)) ?? .unknown([])
      case "-n", "-P", "-L", "-d", "-s", "-E", "--max-args", "--max-procs", "--delimiter",
        "--max-chars":
        if name == option { rest = rest.dropFirst() }
      default:
        if option.hasPrefix("-I") { marker = String(option.dropFirst(2)) }
      }
    }
    guard !rest.isEmpty else {
      emit(value, at: range)
      return ShellOutcome(success: current)
    }
    input = nil
    inputDocument = nil
    var command = Array(rest)
    if let marker, !marker.isEmpty {
      return run(command, with: value, inPlaceOf: marker, at: range)
    }
    command.append(ShellWord(parts: [handed(value, at: range)], range: range))
    return dispatch(command, prefix: [], at: range)
  }

  /// `find … -exec command {} \;`; `nil` where it runs nothing.
  mutating func runFind(_ words: [ShellWord], at range: ByteRange) -> ShellOutcome? {
    var roots: [String] = []
    var pattern: String?
    var commands: [[ShellWord]] = []
    var index = 1
    while index < words.count {
      let text = words[index].literal ?? ""
      index += 1
      switch text {
      case "-name", "-iname":
        if index < words.count { pattern = words[index].literal }
        index += 1
      case "-exec", "-execdir", "-ok", "-okdir":
        let end = words[index...].firstIndex { [";", "+"].contains($0.literal) } ?? words.count
        if end > index { commands.append(Array(words[index..<end])) }
        index = end + 1
      default:
        if pattern == nil, commands.isEmpty, !text.hasPrefix("-"), !["!", "(", ""].contains(text) {
          roots.append(text)
        }
      }
    }
    guard !commands.isEmpty else { return nil }
    for command in commands {
      let found = files(under: roots, named: pattern)
      for name in found.isEmpty ? [nil] : found.prefix(4).map(Optional.some) {
        let value = name.map(Value.literal) ?? .unknown([])
        let outcome = settle(run(command, with: value, inPlaceOf: "{}", at: range))
        // That the command failed ends nothing.
        current = outcome.all
      }
    }
    return ShellOutcome(success: current)
  }

  /// The files that the script writes below a directory, by the pattern of their names.
  private func files(under roots: [String], named pattern: String?) -> [String] {
    knownFiles.sorted().filter { name in
      let isBelow = roots.contains { root in
        var root = root
        while root.hasPrefix("./") { root.removeFirst(2) }
        if root == "." || root.isEmpty { return !name.hasPrefix("/") }
        return name == root || name.hasPrefix(root.hasSuffix("/") ? root : root + "/")
      }
      guard isBelow || roots.isEmpty else { return false }
      guard let pattern else { return true }
      return GlobText.matches(String(name.lastPart(by: "/")), pattern)
    }
  }

  /// Runs a command with a value where a marker stands in its words.
  private mutating func run(
    _ command: [ShellWord], with value: Value, inPlaceOf marker: String, at range: ByteRange
  ) -> ShellOutcome {
    let part: ShellWord.Part =
      value.knownText.map { .literal($0, quoted: true) } ?? handed(value, at: range)
    let words = command.map { word in
      var word = word
      word.parts = word.parts.flatMap { piece -> [ShellWord.Part] in
        guard case .literal(let text, let quoted) = piece, text.contains(marker) else {
          return [piece]
        }
        var parts: [ShellWord.Part] = []
        for (offset, text) in text.splitting(at: marker).enumerated() {
          if offset > 0 { parts.append(part) }
          if !text.isEmpty { parts.append(.literal(text, quoted: quoted)) }
        }
        return parts
      }
      return word
    }
    let outer = handedMarker
    handedMarker = (marker, value)
    defer { handedMarker = outer }
    return dispatch(words, prefix: [], at: range)
  }

  /// A part of a word that reads a value at once.
  private mutating func handed(_ value: Value, at range: ByteRange) -> ShellWord.Part {
    let name = "#handed\(constants.count)"
    constants[name] = value
    return .parameter(
      ShellParameter(name: name, operation: .plain, range: range), quoted: true)
  }
}

/// Patterns of file names: `*` and `?`.
private enum GlobText {
  static func matches(_ name: String, _ pattern: String) -> Bool {
    matches(Array(name.utf8)[...], Array(pattern.utf8)[...])
  }

  private static func matches(_ name: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
    var name = name
    var pattern = pattern
    /// Where to go on when what follows the last star does not fit.
    var resume: (name: ArraySlice<UInt8>, pattern: ArraySlice<UInt8>)?
    while let byte = name.first {
      if pattern.first == UInt8(ascii: "*") {
        pattern = pattern.dropFirst()
        resume = (name, pattern)
      } else if let wanted = pattern.first, wanted == byte || wanted == UInt8(ascii: "?") {
        name = name.dropFirst()
        pattern = pattern.dropFirst()
      } else if let last = resume {
        name = last.name.dropFirst()
        pattern = last.pattern
        resume = (name, pattern)
      } else {
        return false
      }
    }
    return pattern.allSatisfy { $0 == UInt8(ascii: "*") }
  }
}

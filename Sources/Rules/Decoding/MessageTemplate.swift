package import SourceText

/// A sentence with `{placeholders}`, as messages and remedies are written.
///
/// A placeholder is a name of lower-case words (letters, digits, `_`) joined by dots in braces. Every other brace stands for itself, and so does
/// one after `$`: `${{ steps.{source.id}.outputs.x }}` has one placeholder.
package struct MessageTemplate: Sendable {
  package enum Part: Sendable, Hashable {
    case text(String)
    case placeholder(String)
  }
  package let parts: [Part]

  package init(_ template: String) {
    let bytes = Array(template.utf8)
    var parts: [Part] = []
    // Where the text begins that stands before the next placeholder.
    var start = 0
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "{"),
        index == start || bytes[index - 1] != UInt8(ascii: "$"),
        let end = Self.end(ofNameIn: bytes, from: index + 1)
      else {
        index += 1
        continue
      }
      if index > start {
        parts.append(.text(String(decoding: bytes[start..<index], as: UTF8.self)))
      }
      parts.append(.placeholder(String(decoding: bytes[(index + 1)..<end], as: UTF8.self)))
      index = end + 1
      start = index
    }
    if start < bytes.count {
      parts.append(.text(String(decoding: bytes[start...], as: UTF8.self)))
    }
    self.parts = parts
  }

  package var placeholders: [String] {
    parts.compactMap { part in
      if case .placeholder(let name) = part { name } else { nil }
    }
  }

  /// The sentence with each placeholder replaced; one without a value is left out with the space before it.
  package func filled(_ value: (String) -> String?) -> String {
    var sentence = ""
    for part in parts {
      switch part {
      case .text(let text): sentence += text
      case .placeholder(let name):
        if let value = value(name), !value.isEmpty {
          sentence += value
        } else if sentence.last == " " {
          sentence.removeLast()
        }
      }
    }
    return sentence
  }

  /// Where the name ends that a placeholder's inside starts with, when the brace closes right after it.
  private static func end(ofNameIn bytes: [UInt8], from start: Int) -> Int? {
    var end = start
    scan: while end < bytes.count {
      switch bytes[end] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "_"), UInt8(ascii: "."):
        end += 1
      default: break scan
      }
    }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "}"), end > start,
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(bytes[start]),
      bytes[end - 1] != UInt8(ascii: ".")
    else { return nil }
    return end
  }
}

/// A placeholder that messages and remedies may use.
package struct Placeholder: Sendable {
  package var name: String
  package var meaning: String

  /// Those of rules over workflow definitions.
  package static let workflow: [Placeholder] = [
    Placeholder(
      name: "sink", meaning: "the name of the step that consumes, as its author wrote it"),
    Placeholder(
      name: "sink.id", meaning: "that step's name as an expression of the engine writes it"),
    Placeholder(
      name: "sink.does", meaning: "what it does, in the integration's words: `posts a comment`"),
    Placeholder(
      name: "sink.takes",
      meaning: "what it takes in: an image, a call with the words that it is given; else its name"),
    Placeholder(name: "source", meaning: "the name of the step that generates the output"),
    Placeholder(
      name: "source.id", meaning: "that step's name as an expression of the engine writes it"),
    Placeholder(name: "cause", meaning: "why the proof does not hold, as a phrase"),
    Placeholder(name: "gate", meaning: "the weak or bypassed check, as its author wrote it"),
    Placeholder(name: "field", meaning: "the field that is read or missing"),
    Placeholder(name: "output", meaning: "the output as the workflow refers to it"),
    Placeholder(
      name: "proof", meaning: "how an expression of the engine reads the certificate at the step"),
    Placeholder(
      name: "proof.gate", meaning: "the gate that asks for it, to be pasted, with its note"),
    Placeholder(
      name: "proof.note", meaning: "what must be there first, after a comma; often nothing"),
    Placeholder(name: "certificate", meaning: "the protocol's certificate field"),
    Placeholder(name: "threshold", meaning: "the protocol's threshold"),
    Placeholder(name: "count", meaning: "how many of them"),
    Placeholder(name: "protocol", meaning: "the protocol's name"),
  ]

  /// Those of rules that the linter raises by itself.
  package static let linter: [Placeholder] = [
    Placeholder(name: "problem", meaning: "what is wrong, and where"),
    Placeholder(name: "sink", meaning: "the step or file it concerns"),
    Placeholder(name: "rule", meaning: "the rule that was named"),
    Placeholder(name: "reason", meaning: "the reason that was given"),
  ]
}

extension DocumentReading {
  /// Notes every placeholder of a sentence that is not one of the given ones.
  package mutating func checkTemplate(
    _ template: String, at node: Node, uses placeholders: [Placeholder]
  ) {
    let names = placeholders.map(\.name)
    // `field.*` stands for every name that begins so.
    let families = names.filter { $0.hasSuffix(".*") }.map { $0.dropLast() }
    for used in MessageTemplate(template).placeholders where !names.contains(used) {
      if families.contains(where: { used.hasPrefix($0) && used.count > $0.count }) { continue }
      let listed = names.map { "`{\($0)}`" }.joined(separator: ", ")
      let hint = Closeness.nearest(to: used, among: names).map { "did you mean `{\($0)}`?" }
      report("`{\(used)}` is not a placeholder", hint: hint ?? "there are \(listed)", at: node)
    }
  }
}

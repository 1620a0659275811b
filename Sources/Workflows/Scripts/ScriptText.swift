import Expressions
package import SourceText

/// A script that is put together from several scalars of a definition, each part of it with its place.
package struct ScriptText: Sendable {
  package private(set) var text = ""
  package private(set) var substitutions: [ScriptContext.Substitution] = []
  private var pieces: [Piece] = []
  private var length = 0

  /// A run of text that comes from one scalar, as it stands or quoted for the shell.
  private struct Piece: Sendable {
    var start: Int
    var node: Node
    var nodeStart: Int
    /// The placeholder of the scalar that all of the run was put in for.
    var placeholder: ByteRange?
  }

  private static let longest = 1 << 18

  package init() {}

  package var isEmpty: Bool { length == 0 }

  /// Adds text that stands nowhere: a line feed between two commands.
  package mutating func append(_ literal: String) {
    text += literal
    length += literal.utf8.count
  }

  /// Adds a scalar's text as it is; `insertions` are what the engine fills in there.
  package mutating func append(
    _ node: Node, _ insertions: [ScriptContext.Substitution] = []
  ) {
    guard let own = node.text else { return }
    let bytes = Array(own.utf8)
    var done = 0
    for insertion in insertions.sorted(by: { $0.range.start < $1.range.start })
    where insertion.range.start >= done && insertion.range.end <= bytes.count {
      // A parameter that names others twice doubles with each level.
      guard length < Self.longest, let commands = Self.commands(of: insertion, in: bytes)
      else { continue }
      append(run: bytes, done, insertion.range.start, of: node, insertions)
      done = insertion.range.end
      if let source = insertion.source {
        append(source.node, source.substitutions)
        continue
      }
      pieces.append(
        Piece(
          start: length, node: node, nodeStart: insertion.range.start,
          placeholder: insertion.range))
      for part in commands {
        if case .literal(let text) = part {
          append(text)
        } else {
          let start = length
          append("\u{FFFC}")
          substitutions.append(
            ScriptContext.Substitution(range: ByteRange(start, length), value: part))
        }
      }
    }
    append(run: bytes, done, bytes.count, of: node, insertions)
  }

  /// Adds a part of a scalar's text as it is, with what is put in there.
  private mutating func append(
    run bytes: [UInt8], _ start: Int, _ end: Int, of node: Node,
    _ insertions: [ScriptContext.Substitution]
  ) {
    guard start < end || bytes.isEmpty else { return }
    pieces.append(Piece(start: length, node: node, nodeStart: start))
    for insertion in insertions
    where insertion.range.start >= start && insertion.range.end <= end {
      substitutions.append(
        ScriptContext.Substitution(
          range: ByteRange(
            length + insertion.range.start - start, length + insertion.range.end - start),
          value: insertion.value))
    }
    append(String(decoding: bytes[start..<end], as: UTF8.self))
  }

  /// The parts of a text that is put in alone on a line and has several words: whoever wrote it wrote commands.
  private static func commands(
    of insertion: ScriptContext.Substitution, in bytes: [UInt8]
  ) -> [Value]? {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D }
    let before = bytes[..<insertion.range.start].reversed().first { !isSpace($0) }
    let after = bytes[insertion.range.end...].first { !isSpace($0) }
    guard before ?? 0x0A == 0x0A, after ?? 0x0A == 0x0A else { return nil }
    let parts = insertion.source?.node.text.map { [.literal($0)] } ?? insertion.value.textParts
    let hasWords = parts.contains { part in
      if case .literal(let text) = part {
        text.utf8.drop(while: { $0 <= 0x20 }).contains { $0 == 0x20 || $0 == 0x0A }
      } else {
        false
      }
    }
    return hasWords ? parts : nil
  }

  /// Whether something that is put into a script is a script itself.
  static func splices(
    _ insertions: [ScriptContext.Substitution], in text: String
  ) -> Bool {
    if insertions.isEmpty { return false }
    let bytes = Array(text.utf8)
    return insertions.contains {
      $0.range.end <= bytes.count && commands(of: $0, in: bytes) != nil
    }
  }

  /// Adds a scalar's text as one word of a command line.
  package mutating func append(
    word node: Node, _ insertions: [ScriptContext.Substitution] = []
  ) {
    guard let own = node.text else { return }
    if insertions.isEmpty, !own.isEmpty, own.utf8.allSatisfy(Self.isPlain) {
      append(node)
      return
    }
    // The quote in front stands where the text begins.
    pieces.append(Piece(start: length, node: node, nodeStart: 0))
    append("'")
    var waiting = insertions[...]
    var offset = 0
    var runStart = 0
    let bytes = Array(own.utf8)
    func run(to end: Int, _ text: inout ScriptText) {
      guard runStart < end else { return }
      text.pieces.append(Piece(start: text.length, node: node, nodeStart: runStart))
      text.append(String(decoding: bytes[runStart..<end], as: UTF8.self))
    }
    while offset < bytes.count {
      if let next = waiting.first, next.range.start == offset {
        run(to: offset, &self)
        pieces.append(Piece(start: length, node: node, nodeStart: offset))
        let end = min(next.range.end, bytes.count)
        substitutions.append(
          ScriptContext.Substitution(
            range: ByteRange(length, length + end - offset), value: next.value))
        append(String(decoding: bytes[offset..<end], as: UTF8.self))
        offset = max(end, offset + 1)
        runStart = offset
        waiting = waiting.dropFirst()
      } else if bytes[offset] == UInt8(ascii: "'") {
        run(to: offset, &self)
        append("'\\''")
        offset += 1
        runStart = offset
      } else {
        offset += 1
      }
    }
    run(to: offset, &self)
    append("'")
  }

  /// Where a part of the text stands in the file.
  package func fileRange(_ range: ByteRange) -> ByteRange {
    guard let first = piece(at: range.start, isEnd: false),
      let last = piece(at: max(range.start, range.end), isEnd: true)
    else { return pieces.first?.node.range ?? ByteRange(0, 0) }
    let start = place(range.start, in: first).start
    let end = place(range.end, in: last).end
    if end > start { return ByteRange(start, end) }
    return first.node.range
  }

  private func place(_ offset: Int, in piece: Piece) -> ByteRange {
    if let placeholder = piece.placeholder { return piece.node.fileRange(ofText: placeholder) }
    let inner = max(0, offset - piece.start) + piece.nodeStart
    return ByteRange(
      piece.node.fileRange(ofText: ByteRange(inner, inner)).start,
      piece.node.fileRange(ofText: ByteRange(max(0, inner - 1), inner)).end)
  }

  /// The piece that holds the offset, or stands before it.
  private func piece(at offset: Int, isEnd: Bool) -> Piece? {
    var low = 0
    var high = pieces.count
    while high - low > 1 {
      let middle = (low + high) / 2
      let isBefore = isEnd ? pieces[middle].start < offset : pieces[middle].start <= offset
      if isBefore { low = middle } else { high = middle }
    }
    return pieces.indices.contains(low) ? pieces[low] : nil
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"),
      UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "@"), UInt8(ascii: "="):
      true
    default: false
    }
  }
}

extension Value {
  /// The parts of a text, one after the other.
  fileprivate var textParts: [Value] {
    switch self {
    case .template(let parts): parts.flatMap(\.textParts)
    case .text(let inner, _):
      switch inner {
      case .literal, .template: inner.textParts
      default: [self]
      }
    default: [self]
    }
  }
}

extension ShellLowering {
  /// Lowers a script that is put together from several scalars.
  package static func lower(
    _ script: ScriptText, in context: ScriptContext, into builder: inout GraphBuilder,
    from entry: [LooseEnd]
  ) -> ScriptExits {
    var context = context
    context.substitutions = script.substitutions
    return lower(
      text: script.text, in: context, into: &builder, from: entry,
      locate: { script.fileRange($0) })
  }
}

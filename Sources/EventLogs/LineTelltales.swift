/// Names of members that make a line worth another look, by somebody who reads more than events.
package struct LineTelltales: Sendable {
  private let patterns: [TelltalePattern]

  package init(_ names: [String] = []) {
    patterns = names.map { TelltalePattern(Array("\"\($0)\"".utf8)) }
  }

  package var isEmpty: Bool { patterns.isEmpty }

  /// Whether one of the names stands in the bytes.
  func areFound(in bytes: Span<UInt8>, from start: Int, to end: Int) -> Bool {
    patterns.contains { $0.first(in: bytes, from: start, to: end) != nil }
  }
}

/// A line that has one of the names.
package struct TelltaleLine: Sendable {
  /// Counted from 1.
  package var line: Int
  /// In the log, unpacked.
  package var start: Int
  package var length: Int
  /// The line itself, where it cannot be read again.
  package var bytes: [UInt8]?

  package init(line: Int, start: Int, length: Int, bytes: [UInt8]? = nil) {
    self.line = line
    self.start = start
    self.length = length
    self.bytes = bytes
  }
}

extension TelltaleLine {
  /// Takes its own bytes out of the whole log's, where it has none.
  package mutating func fill(from log: [UInt8]) {
    if bytes == nil, start + length <= log.count { bytes = Array(log[start..<start + length]) }
  }
}

/// Watches the bytes of a log that can be read only once, and keeps the lines that have a telltale.
struct TelltaleWatch: Sendable {
  private let telltales: LineTelltales
  private(set) var found: [TelltaleLine] = []
  /// Lines that were found and not kept, for want of room.
  private(set) var passed = 0
  private var kept = 0
  private var line = 1
  private var offset = 0
  /// The beginning of a line that goes on.
  private var pending: [UInt8] = []
  private var isTooLong = false

  /// Longer lines are passed over.
  static let longestLine = 16 << 20
  private static let mostBytes = 32 << 20

  init(_ telltales: LineTelltales) { self.telltales = telltales }

  /// Takes the bytes that follow.
  mutating func take(_ bytes: Span<UInt8>) {
    var position = 0
    while true {
      let newline = ByteSearch.first(0x0A, in: bytes, from: position, to: bytes.count)
      if !pending.isEmpty || isTooLong || newline == bytes.count {
        hold(bytes, position, newline)
        if newline == bytes.count { return }
        let whole = pending
        end(whole.span, 0, whole.count)
        position = newline + 1
        continue
      }
      // Whole lines at once, as most have nothing.
      let last = ByteSearch.last(0x0A, in: bytes, from: newline, to: bytes.count)
      if !telltales.areFound(in: bytes, from: position, to: last) {
        line += ByteSearch.count(0x0A, in: bytes, from: position, to: last + 1)
        offset += last + 1 - position
        position = last + 1
        continue
      }
      while position <= last {
        let next = ByteSearch.first(0x0A, in: bytes, from: position, to: last + 1)
        end(bytes, position, next)
        position = next + 1
      }
    }
  }

  /// There is nothing more.
  mutating func finish() {
    let whole = pending
    if !whole.isEmpty { end(whole.span, 0, whole.count) }
  }

  private mutating func hold(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
    if isTooLong || pending.count + end - start > TelltaleWatch.longestLine {
      isTooLong = true
      offset += pending.count + end - start
      pending = []
      return
    }
    for index in start..<end { pending.append(bytes[index]) }
  }

  private mutating func end(_ bytes: Span<UInt8>, _ start: Int, _ lineEnd: Int) {
    let end = lineEnd > start && bytes[lineEnd - 1] == 0x0D ? lineEnd - 1 : lineEnd
    if telltales.areFound(in: bytes, from: start, to: end) {
      if kept + end - start > TelltaleWatch.mostBytes {
        passed += 1
      } else {
        kept += end - start
        var copy: [UInt8] = []
        copy.reserveCapacity(end - start)
        for index in start..<end { copy.append(bytes[index]) }
        found.append(
          TelltaleLine(line: line, start: offset, length: end - start, bytes: copy))
      }
    }
    line += 1
    offset += lineEnd - start + 1
    pending.removeAll(keepingCapacity: true)
    isTooLong = false
  }
}

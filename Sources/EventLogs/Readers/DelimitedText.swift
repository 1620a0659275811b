/// Tables with a header: CSV as of RFC 4180, also with semicolons or tabs; an event on each row.
package enum DelimitedText: LogReader {
  package static let format = "csv"

  /// Names that process-mining tools give their columns.
  package static let envelope = {
    var envelope = EventSchema.Envelope()
    envelope.aliases = [
      LogVocabulary.Envelope.name: [
        "event_type", "event_name", "ocel:activity", "concept:name", "activity",
      ],
      LogVocabulary.Envelope.time: ["event_time", "ocel:timestamp", "time:timestamp"],
      LogVocabulary.Envelope.delivery: ["event_id", "ocel:eid"],
      LogVocabulary.Envelope.producer: ["org:resource"],
      LogVocabulary.Envelope.request: ["case:concept:name", "case_id"],
    ]
    return envelope
  }()

  package static func recognizes(_ head: Span<UInt8>) -> Bool {
    var row = Row()
    var position = 0
    LogHead.skipMark(head, &position, head.count)
    guard let delimiter = delimiter(head, position),
      row.read(head, &position, head.count, delimiter, isAtEnd: false), row.cells.count > 1
    else { return false }
    let count = row.cells.count
    guard row.cells.allSatisfy({ isColumnName($0.bytes) }),
      row.cells.count(where: { !$0.bytes.isEmpty }) > 1
    else { return false }
    repeat {
      guard row.read(head, &position, head.count, delimiter, isAtEnd: true) else { return false }
    } while row.isBlank
    return row.cells.count == count
  }

  package static func read(_ input: inout LogInput, into feed: inout LogFeed) {
    var delimiter: UInt8 = 0x2C
    var columns: [String] = []
    var row = Row()
    var isFirst = true
    while true {
      if input.start == input.end, !input.fill() { break }
      var position = input.start
      if isFirst {
        LogHead.skipMark(input.buffer.span, &position, input.end)
        delimiter = Self.delimiter(input.buffer.span, position) ?? delimiter
      }
      let isRead = row.read(
        input.buffer.span, &position, input.end, delimiter, isAtEnd: input.isAtEnd)
      if !isRead {
        if row.isTooLong {
          skipLine(&input, &feed)
        } else if !input.fill(), !input.isAtEnd {
          skipLine(&input, &feed)
        }
        continue
      }
      let line = feed.lines + 1
      feed.lines += row.lines
      let bytes = input.offset + input.start..<input.offset + position
      input.start = position
      if row.isBlank { continue }
      if isFirst {
        columns = row.cells.map(\.text)
        isFirst = false
        continue
      }
      if row.isUnclosed || row.cells.count != columns.count {
        let isLast = input.isAtEnd && position == input.end
        feed.damage(
          row.isUnclosed
            ? "a quoted cell is not closed; the rows before were judged"
            : "this row has \(row.cells.count) cells and the header \(columns.count); it was skipped",
          line: line, bytes: bytes, severity: isLast && !row.isUnclosed ? .note : .error)
        continue
      }
      feed.take(
        object(row.cells, columns),
        at: RecordPlace(line: line, start: bytes.lowerBound, length: row.length))
    }
  }

  private static func skipLine(_ input: inout LogInput, _ feed: inout LogFeed) {
    let end = ByteSearch.first(0x0A, in: input.buffer.span, from: input.start, to: input.end)
    feed.lines += 1
    feed.damage(
      "a quoted cell is longer than \(Row.longest >> 20) MiB or not closed; the row was skipped",
      line: feed.lines, bytes: input.offset + input.start..<input.offset + end)
    input.start = min(end + 1, input.end)
  }

  /// An empty cell says nothing, an empty text in quotes says that there is none.
  private static func object(_ cells: [Cell], _ columns: [String]) -> CanonicalObject {
    var object = CanonicalObject()
    for (cell, column) in zip(cells, columns) {
      let text = cell.text
      if text.isEmpty && !cell.isQuoted { continue }
      switch text {
      case "": object.add(dotted: column, json: Array("null".utf8))
      case "null", "NULL", "None", "nil": object.add(dotted: column, json: Array("null".utf8))
      case "true", "TRUE", "True": object.add(dotted: column, json: Array("true".utf8))
      case "false", "FALSE", "False": object.add(dotted: column, json: Array("false".utf8))
      default:
        if text.utf8.first == 0x7B || text.utf8.first == 0x5B,
          let inner = JSONDocument(cell.bytes), !inner.isCut, inner.damage.isEmpty
        {
          object.add(dotted: column, json: inner.root.source)
        } else {
          object.add(dotted: column, json: CanonicalObject.quoted(text))
        }
      }
    }
    return object
  }

  /// The one of comma, semicolon and tab that the first line has most of.
  private static func delimiter(_ bytes: Span<UInt8>, _ start: Int) -> UInt8? {
    let end = ByteSearch.first(0x0A, in: bytes, from: start, to: bytes.count)
    let counts = [0x2C, 0x3B, 0x09].map { (delimiter: UInt8) in
      (delimiter, ByteSearch.count(delimiter, in: bytes, from: start, to: end))
    }
    return counts.max { $0.1 < $1.1 }.flatMap { $0.1 > 0 ? $0.0 : nil }
  }

  /// A table's index has no name; what units and other languages put into one may stand there, what makes code does not.
  private static func isColumnName(_ text: [UInt8]) -> Bool {
    text.count <= 64
      && text.allSatisfy { byte in
        switch byte {
        case 0x22, 0x3C, 0x3D, 0x3E, 0x5B, 0x5C, 0x5D, 0x7B, 0x7C, 0x7D, 0x7F: false
        default: byte >= 0x20
        }
      }
  }

  private struct Cell {
    var bytes: [UInt8] = []
    var isQuoted = false
    var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  /// One row's cells; quoted ones may hold line breaks.
  private struct Row {
    var cells: [Cell] = []
    /// How many lines it takes.
    var lines = 1
    /// Without its line end.
    var length = 0
    var isUnclosed = false
    var isTooLong = false
    /// A cell that is not closed swallows what follows; beyond this it is no cell.
    static let longest = 1 << 20

    var isBlank: Bool { cells.count == 1 && cells[0].bytes.isEmpty && !cells[0].isQuoted }

    /// Reads on behind the row; `false` where the window ends first.
    mutating func read(
      _ bytes: Span<UInt8>, _ position: inout Int, _ end: Int, _ delimiter: UInt8, isAtEnd: Bool
    ) -> Bool {
      cells.removeAll(keepingCapacity: true)
      lines = 1
      isUnclosed = false
      isTooLong = false
      var index = position
      var cell = Cell()
      if index >= end { return false }
      while index < end {
        let byte = bytes[index]
        if byte == 0x22, cell.bytes.isEmpty, !cell.isQuoted {
          cell.isQuoted = true
          index += 1
          while true {
            guard index < end else {
              if index - position > Self.longest {
                isTooLong = true
                return false
              }
              if !isAtEnd { return false }
              isUnclosed = true
              break
            }
            if bytes[index] == 0x22 {
              if index + 1 < end, bytes[index + 1] == 0x22 {
                cell.bytes.append(0x22)
                index += 2
                continue
              }
              if index + 1 == end, !isAtEnd { return false }
              index += 1
              break
            }
            if bytes[index] == 0x0A { lines += 1 }
            cell.bytes.append(bytes[index])
            index += 1
            if index - position > Self.longest {
              isTooLong = true
              return false
            }
          }
        } else if byte == delimiter {
          cells.append(cell)
          cell = Cell()
          index += 1
        } else if byte == 0x0A {
          finish(cell, index - position)
          position = index + 1
          return true
        } else {
          cell.bytes.append(byte)
          index += 1
        }
      }
      if !isAtEnd { return false }
      finish(cell, index - position)
      position = index
      return true
    }

    private mutating func finish(_ cell: Cell, _ length: Int) {
      var cell = cell
      self.length = length
      if cell.bytes.last == 0x0D {
        cell.bytes.removeLast()
        self.length -= 1
      }
      cells.append(cell)
    }
  }
}

/// Rows in columns that are as wide as they must be.
struct TextTable {
  /// The texts of all cells, one behind the other; what is added to it belongs to the present cell.
  var text = TextPage()
  private var cells: [Cell] = []
  /// By row: the cell after its last one.
  private var rowEnds: [Int] = []
  private var widths: [Int] = []
  /// Rows that are one text, beside the columns: there are few.
  private var notes: [Int] = []
  private let rightAligned: Set<Int>

  private struct Cell {
    var start: Int
    var end: Int
    var width: Int
  }

  init(rightAligned: Set<Int> = []) { self.rightAligned = rightAligned }

  static func text(_ rows: [[String]], rightAligned: Set<Int> = []) -> String {
    var table = TextTable(rightAligned: rightAligned)
    for row in rows {
      for cell in row {
        table.text.add(cell)
        table.endCell()
      }
      table.endRow()
    }
    var page = TextPage()
    for row in 0..<table.count {
      table.write(row, to: &page)
      page.endLine()
    }
    return String(decoding: page.bytes, as: UTF8.self)
  }

  /// Makes room for so many rows of a few cells each.
  mutating func reserve(_ rows: Int) {
    text.reserve(rows * 64)
    cells.reserveCapacity(rows * 6)
    rowEnds.reserveCapacity(rows)
  }

  /// How many rows there are.
  var count: Int { rowEnds.count }

  /// Ends the present cell.
  mutating func endCell() {
    let cell = presentCell
    let column = cells.count - (rowEnds.last ?? 0)
    cells.append(cell)
    if column == widths.count { widths.append(0) }
    widths[column] = max(widths[column], cell.width)
  }

  private var presentCell: Cell {
    let start = cells.last?.end ?? 0
    let end = text.bytes.count
    return Cell(start: start, end: end, width: DisplayText.width(text.bytes[start..<end]))
  }

  /// Ends the present row.
  mutating func endRow() { rowEnds.append(cells.count) }

  /// Ends a row of one text, which makes no column wider.
  mutating func endNote() {
    cells.append(presentCell)
    notes.append(count)
    endRow()
  }

  /// How wide the widest row is.
  var width: Int { (0..<count).reduce(0) { max($0, width(ofRow: $1)) } }

  private func width(ofRow row: Int) -> Int {
    let cells = self.cells(of: row)
    guard let last = cells.lastIndex(where: { $0.width > 0 }) else { return 0 }
    if notes.contains(row) { return 1 + cells[last].width }
    let column = last - cells.startIndex
    let before = widths[..<column].reduce(0) { $0 + $1 + 2 }
    return before + (rightAligned.contains(column) ? widths[column] : cells[last].width)
  }

  /// Writes a row in its columns.
  func write(_ row: Int, to page: inout TextPage) {
    let cells = self.cells(of: row)
    if notes.contains(row), let note = cells.first {
      page.add(1)
      return page.add(text.bytes[note.start..<note.end])
    }
    for (column, cell) in zip(0..., cells) {
      let padding = widths[column] - cell.width
      let isRight = rightAligned.contains(column)
      page.add((column > 0 ? 2 : 0) + (isRight ? padding : 0))
      page.add(text.bytes[cell.start..<cell.end])
      if !isRight { page.add(padding) }
    }
  }

  /// Writes a row with two spaces between its cells; what does not fit goes below its first one.
  ///
  /// - Parameters:
  ///   - row: which row.
  ///   - page: where to.
  ///   - room: how many columns there are.
  ///   - endLine: what ends a line, and begins the next one.
  func writeSqueezed(
    _ row: Int, to page: inout TextPage, room: Int, endLine: (inout TextPage) -> Void
  ) {
    var taken = 0
    for cell in cells(of: row) where cell.width > 0 {
      if taken > 0, taken + 2 + cell.width > room {
        endLine(&page)
        page.add(4)
        taken = 4
      } else if taken > 0 {
        page.add(2)
        taken += 2
      }
      page.add(text.bytes[cell.start..<cell.end])
      taken += cell.width
    }
  }

  private func cells(of row: Int) -> ArraySlice<Cell> {
    cells[(row == 0 ? 0 : rowEnds[row - 1])..<rowEnds[row]]
  }
}

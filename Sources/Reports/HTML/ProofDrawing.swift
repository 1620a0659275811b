/// A picture of boxes in columns with arrows between them: how proofs are drawn.
struct ProofDrawing {
  /// What a box says, and whether it holds: `holds`, `fails` or `open`.
  struct Box {
    var kind: String
    var name: String
    var words: String
    var state: String
  }

  private static let width = 170.0
  private static let height = 78.0
  private static let gap = 34.0
  private static let rowGap = 14.0
  private static let inset = 12.0

  /// Boxes that stand above each other in one column.
  let columns: [[Box]]
  /// What the picture shows, for those who do not see it; the words stand beside it as well.
  let title: String

  func svg() -> String {
    let rows = columns.map(\.count).max() ?? 0
    guard rows > 0 else { return "" }
    let total = Double(columns.count) * (Self.width + Self.gap) - Self.gap
    let high = Double(rows) * (Self.height + Self.rowGap) - Self.rowGap
    var text = "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Chain\">"
    text += "<svg class=\"proof\" role=\"img\" aria-label=\"\(HTMLText.line(title))\" "
    text += "width=\"\(SVGNumber.text(total + 4))\" height=\"\(SVGNumber.text(high + 4))\" "
    text += "viewBox=\"-2 -2 \(SVGNumber.text(total + 4)) \(SVGNumber.text(high + 4))\">"
    for (column, boxes) in columns.enumerated() {
      let x = Double(column) * (Self.width + Self.gap)
      for (row, box) in boxes.enumerated() {
        text += svg(box, x: x, y: top(of: row, among: boxes.count, high))
        guard column + 1 < columns.count else { continue }
        for next in columns[column + 1].indices
        where columns[column + 1].count == 1 || boxes.count == 1 || next == row {
          text += arrow(
            from: (x + Self.width, top(of: row, among: boxes.count, high) + Self.height / 2),
            to: (
              x + Self.width + Self.gap,
              top(of: next, among: columns[column + 1].count, high) + Self.height / 2
            ), state: box.state)
        }
      }
    }
    return text + "</svg></div>\n"
  }

  /// Columns are centred beside the highest one.
  private func top(of row: Int, among count: Int, _ high: Double) -> Double {
    let own = Double(count) * (Self.height + Self.rowGap) - Self.rowGap
    return (high - own) / 2 + Double(row) * (Self.height + Self.rowGap)
  }

  private func svg(_ box: Box, x: Double, y: Double) -> String {
    let room = Self.width - 2 * Self.inset
    var text = "<g class=\"\(box.state)\" "
    text += "transform=\"translate(\(SVGNumber.text(x)) \(SVGNumber.text(y)))\">"
    text += "<rect class=\"box\" width=\"\(SVGNumber.text(Self.width))\" "
    text += "height=\"\(SVGNumber.text(Self.height))\" rx=\"8\"/>"
    text += "<text class=\"kind\" x=\"12\" y=\"18\">\(HTMLText.line(box.kind)) \(mark(box.state))"
    text += "</text>"
    let name = TextMeasure.cut(VisibleText.line(box.name), to: room) {
      TextMeasure.width($0, size: 13) * 1.08
    }
    text += "<text class=\"name\" x=\"12\" y=\"36\">\(HTMLText.line(name))</text>"
    let lines = TextMeasure.wrapped(VisibleText.line(box.words), to: room, lines: 2) {
      TextMeasure.width($0, size: 11)
    }
    for (index, line) in lines.enumerated() {
      text +=
        "<text class=\"words\" x=\"12\" y=\"\(53 + 14 * index)\">\(HTMLText.line(line))</text>"
    }
    return text + "</g>"
  }

  /// A state is told by a sign as well as by its colour.
  private func mark(_ state: String) -> String {
    switch state {
    case "holds": "\u{2713}"
    case "fails": "\u{2717}"
    default: "?"
    }
  }

  private func arrow(
    from start: (x: Double, y: Double), to end: (x: Double, y: Double), state: String
  ) -> String {
    let middle = (start.x + end.x) / 2
    let number = SVGNumber.text
    return "<path class=\"link \(state)\" d=\"M\(number(start.x)) \(number(start.y))"
      + "C\(number(middle)) \(number(start.y)) \(number(middle)) \(number(end.y)) "
      + "\(number(end.x - 5)) \(number(end.y))\"/>"
      + "<path class=\"head \(state)\" d=\"M\(number(end.x)) \(number(end.y))"
      + "l-7 -4v8z\"/>"
  }
}

import Findings

/// A step as a box in a diagram: its name, what it calls, what it is.
struct StepBox {
  let size: LayeredLayout.Size
  private let step: DrawnWorkflow.Step
  private let name: [String]
  private let detail: String?
  private let roles: [String]

  private static let width = 216.0
  private static let inset = 14.0
  private static let nameSize = 13.0
  private static let nameLine = 17.0
  private static let detailSize = 10.5
  private static let roleSize = 10.0

  init(_ step: DrawnWorkflow.Step) {
    self.step = step
    let room = Self.width - 2 * Self.inset
    name = TextMeasure.wrapped(VisibleText.line(step.name), to: room, lines: 2) {
      TextMeasure.width($0, size: Self.nameSize) * 1.06
    }
    detail = step.detail.map { detail in
      Self.cut(VisibleText.line(detail), to: room, isName: step.kind != .branch)
    }
    // That it decides is told by its shape.
    roles = step.roles.filter { $0 != "branch" }
    var height = 18 + Double(name.count) * Self.nameLine
    if detail != nil { height += 15 }
    if !roles.isEmpty { height += 20 }
    size = LayeredLayout.Size(width: Self.width, height: height)
  }

  /// The detail cut to the room there is; of long names and addresses the end says most.
  private static func cut(_ detail: String, to room: Double, isName: Bool) -> String {
    func width(_ text: Substring) -> Double { TextMeasure.monospaced(text, size: detailSize) }
    let words = detail.split(separator: " ")
    guard isName, words.count <= 2, let name = words.last, width(detail[...]) > room else {
      return TextMeasure.cut(detail, to: room, measured: width)
    }
    let lead = words.count == 2 ? words[0] + " " : ""
    var rest = name.hasPrefix("https://") ? name.dropFirst("https://".count) : name
    if width(Substring(lead + rest)) <= room { return lead + rest }
    while rest.count > 8, width(Substring("\(lead)…\(rest)")) > room { rest = rest.dropFirst() }
    return TextMeasure.cut("\(lead)…\(rest)", to: room, measured: width)
  }

  func svg(
    at centre: LayeredLayout.Point, classes: [String], numbers: [Int], isWeakGate: Bool
  ) -> String {
    let left = centre.x - size.width / 2
    let top = centre.y - size.height / 2
    var text = "<g class=\"\(classes.joined(separator: " "))\" "
    text += "transform=\"translate(\(SVGNumber.text(left)) \(SVGNumber.text(top)))\">"
    text += "<title>\(title)</title>"
    text += outline
    text += "<rect class=\"stripe\" x=\"0\" y=\"6\" width=\"4\" "
    text += "height=\"\(SVGNumber.text(size.height - 12))\" rx=\"2\"/>"
    var y = 9 + Self.nameSize
    for line in name {
      text += "<text class=\"name\" x=\"\(SVGNumber.text(Self.inset))\" y=\"\(SVGNumber.text(y))\">"
      text += "\(HTMLText.line(line))</text>"
      y += Self.nameLine
    }
    if let detail {
      text += "<text class=\"call\" x=\"\(SVGNumber.text(Self.inset))\" "
      text += "y=\"\(SVGNumber.text(y - 2))\">\(HTMLText.line(detail))</text>"
      y += 15
    }
    text += pills(y: y - 9)
    let shown = numbers.prefix(6)
    for (place, number) in shown.enumerated() {
      let x = size.width - 4 - Double(shown.count - 1 - place) * 20
      text +=
        "<g class=\"badge\" data-f=\"\(number)\"><circle cx=\"\(SVGNumber.text(x))\" cy=\"0\" "
      text += "r=\"9.5\"/><text x=\"\(SVGNumber.text(x))\" y=\"3.5\" text-anchor=\"middle\">"
      text += "\(number)</text></g>"
    }
    return text + "</g>"
  }

  private func pills(y: Double) -> String {
    var text = ""
    var x = Self.inset
    for role in roles {
      let words = HTMLText.line(role)
      let width = TextMeasure.width(role, size: Self.roleSize) * 1.08 + 12
      guard x + width <= size.width - 6 else { break }
      text += "<g class=\"pill\"><rect x=\"\(SVGNumber.text(x))\" y=\"\(SVGNumber.text(y))\" "
      text += "width=\"\(SVGNumber.text(width))\" height=\"15\" rx=\"7.5\"/>"
      text += "<text x=\"\(SVGNumber.text(x + width / 2))\" y=\"\(SVGNumber.text(y + 11))\" "
      text += "text-anchor=\"middle\">\(words)</text></g>"
      x += width + 5
    }
    return text
  }

  /// What decides has pointed sides.
  private var outline: String {
    let (width, height) = (size.width, size.height)
    guard step.kind == .branch else {
      return "<rect class=\"frame\" width=\"\(SVGNumber.text(width))\" "
        + "height=\"\(SVGNumber.text(height))\" rx=\"\(step.kind == .delay ? 18 : 7)\"/>"
    }
    let middle = SVGNumber.text(height / 2)
    return "<path class=\"frame\" d=\"M9 0H\(SVGNumber.text(width - 9))"
      + "L\(SVGNumber.text(width + 5)) \(middle)L\(SVGNumber.text(width - 9)) "
      + "\(SVGNumber.text(height))H9L-5 \(middle)z\"/>"
  }

  private var title: String {
    var words = step.name
    if let detail = step.detail { words += ": \(detail)" }
    if !step.roles.isEmpty { words += " (\(step.roles.joined(separator: ", ")))" }
    return HTMLText.line(words)
  }
}

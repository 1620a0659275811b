import Findings

/// A workflow as inline SVG: its steps in layers, and the ways of its findings in the colours of their severities.
struct WorkflowDiagram {
  /// A finding with its number on the page.
  struct Marked {
    var number: Int
    var finding: Finding
    var path: DrawnPath
  }

  private let drawing: DrawnWorkflow
  private let findings: [Marked]
  private let layout: LayeredLayout
  private let boxes: [StepBox]
  /// Makes identifiers unique on the page.
  private let prefix: String

  private static let margin = 14.0

  init(_ drawing: DrawnWorkflow, findings: [Marked], prefix: String) {
    self.drawing = drawing
    self.findings = findings
    self.prefix = prefix
    let boxes = drawing.steps.map(StepBox.init)
    self.boxes = boxes
    layout = LayeredLayout(
      nodes: boxes.map(\.size),
      edges: drawing.ways.map { way in
        let words = Self.words(way)
        let label = words.map {
          LayeredLayout.Size(width: TextMeasure.width($0, size: 11) + 12, height: 16)
        }
        return LayeredLayout.Edge(from: way.from, to: way.to, label: label)
      })
  }

  /// The figure with its text alternative.
  func html(links: (Location) -> String) -> String {
    let name = HTMLText.line(drawing.name)
    let caption = "\(prefix)-c"
    var text = "<figure class=\"flow\" aria-labelledby=\"\(caption)\">\n"
    // Some definitions have no name but their path, which stands above.
    let shown = drawing.name == drawing.path ? "Workflow" : name
    text += "<figcaption id=\"\(caption)\"><b>\(shown)</b> "
    text += "<span class=\"tag\">\(HTMLText.line(drawing.engine))</span></figcaption>\n"
    text += "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Graph of \(name)\">"
    text += svg() + "</div>\n" + legend()
    text += list(links: links)
    return text + "</figure>\n"
  }

  // MARK: Picture

  private func svg() -> String {
    // A loop at a step's side needs some room.
    let side = drawing.ways.contains { $0.from == $0.to } ? 30.0 : 0
    let width = layout.size.width + Self.margin * 2 + side
    let height = layout.size.height + Self.margin * 2
    var text = "<svg class=\"graph\" role=\"img\" aria-label=\"\(summary)\" "
    text += "width=\"\(number(width))\" height=\"\(number(height))\" "
    text += "viewBox=\"0 0 \(number(width)) \(number(height))\">"
    text += "<g transform=\"translate(\(number(Self.margin)) \(number(Self.margin)))\">"
    let severities = self.severities()
    // What matters is drawn last, and so on top.
    let order = drawing.ways.indices.sorted { first, second in
      (severities[first]?.rank ?? 0, first) < (severities[second]?.rank ?? 0, second)
    }
    for index in order { text += way(index, severities[index]) }
    for index in boxes.indices { text += box(index) }
    return text + "</g></svg>"
  }

  /// The worst severity of the findings that take each way.
  private func severities() -> [Int: Severity] {
    var severities: [Int: Severity] = [:]
    for marked in findings {
      for way in marked.path.ways {
        severities[way] = max(severities[way] ?? .note, marked.finding.severity)
      }
    }
    return severities
  }

  private func way(_ index: Int, _ severity: Severity?) -> String {
    let way = drawing.ways[index]
    let route = layout.routes[index]
    let classes = ["way", way.outcome.rawValue, severity?.rawValue].compactMap(\.self)
    let owners = findings.filter { $0.path.ways.contains(index) }.map { "f\($0.number)" }
    var text = "<g class=\"\((classes + owners).joined(separator: " "))\">"
    if route.points.isEmpty {
      text += loop(at: way.from)
    } else {
      text += "<path d=\"\(curve(route.points))\"/>"
      text += arrow(at: route.points[route.points.count - 1], up: route.isBack)
    }
    if let words = Self.words(way), let place = route.label ?? loopLabel(way) {
      let words = TextMeasure.cut(words, to: 180) { TextMeasure.width($0, size: 11) }
      text += "<text x=\"\(number(place.x))\" y=\"\(number(place.y + 4))\" "
      text += "text-anchor=\"middle\">\(HTMLText.line(words))</text>"
    }
    return text + "</g>"
  }

  private static func words(_ way: DrawnWorkflow.Way) -> String? {
    let outcome: String? =
      switch way.outcome {
      case .success: nil
      case .failure: "fails"
      case .timeout: "gives up"
      }
    // How a step ended says more than what was decided to end it.
    let isPlain = outcome != nil && (way.condition == "yes" || way.condition == "no")
    let words = [outcome, isPlain ? nil : way.condition].compactMap(\.self)
    guard !words.isEmpty else { return nil }
    return TextMeasure.cut(words.joined(separator: ", "), to: 180) {
      TextMeasure.width($0, size: 11)
    }
  }

  private func curve(_ points: [LayeredLayout.Point]) -> String {
    var text = "M\(number(points[0].x)) \(number(points[0].y))"
    for (from, to) in zip(points, points.dropFirst()) {
      if abs(from.x - to.x) < 0.5 {
        text += "L\(number(to.x)) \(number(to.y))"
      } else {
        let middle = (from.y + to.y) / 2
        text += "C\(number(from.x)) \(number(middle)) \(number(to.x)) \(number(middle)) "
        text += "\(number(to.x)) \(number(to.y))"
      }
    }
    return text
  }

  private func arrow(at point: LayeredLayout.Point, up: Bool) -> String {
    let back = up ? 7.0 : -7.0
    return "<path class=\"tip\" d=\"M\(number(point.x)) \(number(point.y))"
      + "l-4 \(number(back))h8z\"/>"
  }

  private func loop(at node: Int) -> String {
    let x = layout.centres[node].x + boxes[node].size.width / 2
    let y = layout.centres[node].y
    return "<path d=\"M\(number(x)) \(number(y + 8))c26 6 26 -22 0 -16\"/>"
      + "<path class=\"tip\" d=\"M\(number(x)) \(number(y - 8))l7 -4v8z\"/>"
  }

  private func loopLabel(_ way: DrawnWorkflow.Way) -> LayeredLayout.Point? {
    guard way.from == way.to else { return nil }
    let centre = layout.centres[way.from]
    return LayeredLayout.Point(
      x: centre.x + boxes[way.from].size.width / 2 + 14, y: centre.y + 16)
  }

  private func box(_ index: Int) -> String {
    let step = drawing.steps[index]
    let sinks = findings.filter { $0.path.sink == index }
    let isSource = findings.contains { $0.path.source == index }
    let isWeak = findings.contains { $0.path.gate == index }
    var classes = ["step", step.kind.rawValue]
    if isSource { classes.append("source") }
    if let worst = sinks.map(\.finding.severity).max() { classes.append("sink \(worst.rawValue)") }
    if isWeak { classes.append("weak") }
    if step.isGate { classes.append("gate") }
    if let isProven = step.isProven { classes.append(isProven ? "proven" : "open") }
    classes += findings.filter { marked in
      [marked.path.source, marked.path.gate, marked.path.sink].contains(index)
        || marked.path.ways.contains { drawing.ways[$0].from == index }
    }.map { "f\($0.number)" }
    let centre = layout.centres[index]
    return boxes[index].svg(
      at: centre, classes: classes, numbers: sinks.map(\.number), isWeakGate: isWeak)
  }

  private func number(_ value: Double) -> String { SVGNumber.text(value) }

  // MARK: Words

  private var summary: String {
    let steps = FindingWords.count(drawing.steps.count, "step")
    let words = findings.prefix(5).map { marked -> String in
      let sink = drawing.steps[marked.path.sink].name
      let source = marked.path.source.map { "from \(drawing.steps[$0].name) " } ?? ""
      return "finding \(marked.number) leads \(source)to \(sink)"
    }
    return HTMLText.line("A graph of \(steps): \(words.joined(separator: "; ")). A list follows.")
  }

  private func legend() -> String {
    var items: [String] = []
    for severity in [Severity.error, .warning, .note]
    where findings.contains(where: { $0.finding.severity == severity && !$0.path.ways.isEmpty }) {
      items.append(
        "<span class=\"key ray \(severity.rawValue)\"></span>the way of "
          + (severity == .error ? "an error" : "a \(severity.rawValue)"))
    }
    if drawing.steps.contains(where: \.isGate) {
      items.append("<span class=\"key gate\"></span>a gate that asks for the proof")
    }
    if findings.contains(where: { $0.path.gate != nil }) {
      items.append("<span class=\"key weak\"></span>a check that does not hold, or is gone round")
    }
    if drawing.steps.contains(where: { $0.isProven == true }) {
      items.append("<span class=\"key proven\"></span>the answer is proven here")
    }
    if drawing.steps.contains(where: { $0.isProven == false }) {
      items.append("<span class=\"key open\"></span>not proven yet")
    }
    if drawing.ways.contains(where: { $0.outcome != .success }) {
      items.append("<span class=\"key dashed\"></span>after a failure or a wait that gave up")
    }
    if drawing.omittedSteps > 0 {
      items.append("\(FindingWords.count(drawing.omittedSteps, "step")) not drawn")
    }
    items += drawing.gaps.prefix(3).map { "not understood: \(HTMLText.inline($0))" }
    return "<p class=\"legend\" aria-hidden=\"true\">"
      + items.map { "<span>\($0)</span>" }.joined(separator: " ") + "</p>\n"
  }

  /// The graph for those who do not see it.
  private func list(links: (Location) -> String) -> String {
    var text = "<details class=\"alt\"><summary>The graph as a list</summary>\n<ol>\n"
    for (index, step) in drawing.steps.enumerated() {
      var words = ["<b>\(HTMLText.line(step.name))</b>"]
      if let detail = step.detail { words.append("<code>\(HTMLText.line(detail))</code>") }
      if !step.roles.isEmpty {
        words.append("(\(HTMLText.line(step.roles.joined(separator: ", "))))")
      }
      if let isProven = step.isProven { words.append(isProven ? "proven;" : "not proven;") }
      words.append(links(step.location))
      let numbers = findings.filter { $0.path.sink == index }.map {
        "<a href=\"#\(HTMLReport.anchor($0.finding))\">finding \($0.number)</a>"
      }
      if !numbers.isEmpty { words.append("— " + numbers.joined(separator: ", ")) }
      let ways = drawing.ways.filter { $0.from == index }.map { way in
        let label = Self.words(way).map { " (\(HTMLText.line($0)))" } ?? ""
        return HTMLText.line(drawing.steps[way.to].name) + label
      }
      if !ways.isEmpty { words.append("→ " + ways.joined(separator: " or ")) }
      text += "<li>\(words.joined(separator: " "))</li>\n"
    }
    return text + "</ol></details>\n"
  }
}

/// Coordinates as SVG takes them, in tenths.
enum SVGNumber {
  static func text(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let whole = "\(abs(tenths) / 10)"
    let part = abs(tenths) % 10
    return (tenths < 0 ? "-" : "") + (part == 0 ? whole : "\(whole).\(part)")
  }
}

extension Severity {
  /// 1 for a note up to 3 for an error; 0 is left for what is none.
  fileprivate var rank: Int {
    switch self {
    case .note: 1
    case .warning: 2
    case .error: 3
    }
  }
}

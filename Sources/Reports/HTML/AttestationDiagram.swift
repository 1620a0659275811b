import Findings

/// An attestation's chain on the page: the picture, and the same in words.
struct AttestationDiagram {
  private let picture: AttestationPicture

  /// More files than this are counted, not drawn.
  private static let mostBoxes = 6

  init(_ picture: AttestationPicture) { self.picture = picture }

  func html(place: String) -> String {
    let title = HTMLText.line(Self.capitalised(picture.title))
    var text =
      "<figure class=\"attestation card\"><h3>\(title) <span class=\"where\">\(place)</span></h3>\n"
    text += ProofDrawing(columns: columns, title: sentence).svg()
    text += "<details class=\"alt\"><summary>The same in words</summary>\n<ol>\n"
    for link in picture.links { text += item(link) }
    text += "</ol>\n"
    if !picture.claims.isEmpty {
      text += "<p>Claims that it speaks of:</p>\n<ul>\n"
      for claim in picture.claims { text += item(claim) }
      text += "</ul>\n"
    }
    return text + "</details></figure>\n"
  }

  private var sentence: String {
    let failing = picture.links.filter { $0.state == .fails }.map { "\($0.kind) \($0.name)" }
    let open = picture.links.filter { $0.state == .open }.map { "\($0.kind) \($0.name)" }
    var words = "What stands behind \(picture.title)"
    if !failing.isEmpty { words += "; it fails at \(failing.joined(separator: ", "))" }
    if !open.isEmpty { words += "; not decided: \(open.joined(separator: ", "))" }
    return words + "."
  }

  private static func capitalised(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }

  private func item(_ link: AttestationPicture.Link) -> String {
    "<li class=\"\(link.state.rawValue)\">\(HTMLText.line(link.kind)) "
      + "<b>\(HTMLText.line(link.name))</b>: \(HTMLText.line(link.words))</li>\n"
  }

  /// What it speaks of, then each further station in a column of its own.
  private var columns: [[ProofDrawing.Box]] {
    var columns: [[ProofDrawing.Box]] = []
    var files: [AttestationPicture.Link] = []
    var stations: [[AttestationPicture.Link]] = []
    for link in picture.links {
      if link.kind == "file" {
        files.append(link)
      } else if let last = stations.last?.first, last.kind == link.kind {
        stations[stations.count - 1].append(link)
      } else {
        stations.append([link])
      }
    }
    let subjects = boxes(files) + boxes(picture.claims)
    if !subjects.isEmpty { columns.append(subjects) }
    return columns + stations.map(boxes)
  }

  private func boxes(_ links: [AttestationPicture.Link]) -> [ProofDrawing.Box] {
    // What fails is seen first.
    let order: [AttestationPicture.State] = [.fails, .open, .holds]
    let sorted = order.flatMap { state in links.filter { $0.state == state } }
    var boxes = sorted.prefix(Self.mostBoxes).map {
      ProofDrawing.Box(kind: $0.kind, name: $0.name, words: $0.words, state: $0.state.rawValue)
    }
    let others = sorted.dropFirst(Self.mostBoxes)
    if let first = others.first {
      boxes.append(
        ProofDrawing.Box(
          kind: first.kind, name: "\(others.count) more", words: "listed below",
          state: first.state.rawValue))
    }
    return boxes
  }
}

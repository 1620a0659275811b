import Findings

/// How an output spread, as a list in which each link stands below the one it comes from.
struct ChainList {
  private let chain: Chain

  init(_ chain: Chain) { self.chain = chain }

  func html(links: (Moment) -> String) -> String {
    var text = "<div class=\"chain\"><h3>How it spread</h3><p>"
    text += "<code>\(HTMLText.line(chain.firstOutput))</code> went first\(live).</p>\n"
    var children: [Int?: [Int]] = [:]
    for (index, link) in chain.links.enumerated() {
      // A link can only come from an earlier one.
      let source = link.source.flatMap { $0 < index && $0 >= 0 ? $0 : nil }
      children[source, default: []].append(index)
    }
    text += list(children[nil] ?? [], children, depth: 0, links)
    if chain.omittedLinks > 0 {
      text += "<p>\(FindingWords.count(chain.omittedLinks, "further link")) not listed.</p>"
    }
    return text + "</div>\n"
  }

  private var live: String {
    guard let milliseconds = chain.liveMilliseconds, milliseconds > 0 else { return "" }
    let time = TimeWords.duration(milliseconds, precision: chain.precisionMilliseconds)
    let end =
      switch chain.end {
      case .certificate: "until its certificate came"
      case .compensation: "until it was held back or taken back"
      case .logEnd: "up to the end of the log"
      }
    return HTMLText.line(" and was live without a proof for \(time), \(end)")
  }

  /// Deeper than this, links follow one another on one level.
  private static let deepest = 12

  private func list(
    _ indices: [Int], _ children: [Int?: [Int]], depth: Int, _ links: (Moment) -> String
  ) -> String {
    guard !indices.isEmpty else { return "" }
    var text = "<ol>\n"
    for index in indices { text += item(index, children, depth, links) }
    return text + "</ol>\n"
  }

  private func item(
    _ index: Int, _ children: [Int?: [Int]], _ depth: Int, _ links: (Moment) -> String
  ) -> String {
    let link = chain.links[index]
    let moment = link.moment
    var text = "<li class=\"\(moment.isEarly ? "early" : "late")\">"
    text += "<b>\(HTMLText.line(moment.name))</b>"
    if let sink = moment.sink { text += " <code>\(HTMLText.line(sink))</code>" }
    if let offset = moment.offsetMilliseconds {
      text += " <span class=\"n\">\(HTMLText.line(TimeWords.offset(offset)))</span>"
    }
    // That the first links come from the output itself is what the list is about.
    if link.source != nil || link.via != .output {
      let shared = link.shared.map { " <code>\(HTMLText.line($0))</code>" } ?? ""
      text += " <span class=\"via\">by the same \(link.via.words)\(shared)</span>"
    }
    if link.output != chain.firstOutput {
      text += " <span class=\"via\">with <code>\(HTMLText.line(link.output))</code></span>"
    }
    text += " \(links(moment))"
    let next = children[index] ?? []
    if depth < Self.deepest {
      return text + list(next, children, depth: depth + 1, links) + "</li>\n"
    }
    return text + "</li>\n" + next.map { item($0, children, depth, links) }.joined()
  }
}

extension Chain.Via {
  fileprivate var words: String {
    switch self {
    case .output: "output"
    case .key: "key"
    case .supersedes: "line of replacements"
    case .request: "request"
    case .trace: "trace"
    case .prompt: "prompt"
    }
  }
}

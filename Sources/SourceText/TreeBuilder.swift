/// Puts nodes together bottom up: finished nodes wait on a stack until their collection closes.
///
/// Recursive readers stay thin this way, and every collection gets an array of its exact size.
struct TreeBuilder {
  private let file: SourceFile
  let nodes = NodeStack()
  var comments: [Comment] = []
  var problems: [SourceProblem] = []

  /// Anchors of the document being read; few documents have any.
  private var anchors = Anchors()
  /// How many nodes the document has so far once aliases are expanded.
  private(set) var expandedCount = 0
  /// How many of them aliases have added.
  private var aliasedCount = 0
  private var aliasesAreTooMany = false

  private enum Anchor {
    case open
    case finished(Node.Shared, size: Int)
  }

  /// A handful is looked through; more of them get a table, which costs more to make than to read a small document.
  private struct Anchors {
    private var few: [Named] = []
    private var table: Table?
    private static let few = 8

    private struct Named {
      var name: [UInt8]
      var anchor: Anchor
    }

    private final class Table {
      var byName: [[UInt8]: Anchor] = [:]
    }

    subscript(name: String) -> Anchor? {
      get {
        if let table { return table.byName[Array(name.utf8)] }
        return few.first { $0.name.elementsEqual(name.utf8) }?.anchor
      }
      set {
        guard let newValue else { return }
        let name = Array(name.utf8)
        if let table {
          table.byName[name] = newValue
        } else if let index = few.firstIndex(where: { $0.name == name }) {
          few[index].anchor = newValue
        } else {
          few.append(Named(name: name, anchor: newValue))
          if few.count > Self.few { tabulate() }
        }
      }
    }

    private mutating func tabulate() {
      let table = Table()
      for named in few { table.byName[named.name] = named.anchor }
      self.table = table
    }
  }

  init(_ file: SourceFile) { self.file = file }

  /// Where the next collection's first child will lie.
  var mark: Int { nodes.count }

  /// Forgets the anchors of the document before.
  mutating func startDocument() {
    anchors = Anchors()
    expandedCount = 0
    aliasedCount = 0
    aliasesAreTooMany = false
  }

  /// Adds a finished node.
  mutating func add(_ node: consuming Node) {
    nodes.append(node)
    expandedCount += 1
  }

  /// Announces an anchor whose node is still being read: an alias to it would be recursive.
  mutating func open(anchor: String) {
    anchors[anchor] = .open
  }

  /// Makes the last node what its anchor stands for.
  ///
  /// - Parameter before: `expandedCount` before the node was begun.
  mutating func finishAnchor(expandedCountBefore before: Int) {
    guard let node = nodes.last, let anchor = node.anchor else { return }
    anchors[anchor] = .finished(Node.Shared(node), size: expandedCount - before)
  }

  /// Adds an alias, with its target where that is known, complete and not too large.
  mutating func addAlias(name: String, range: ByteRange) {
    var target: Node.Shared?
    switch anchors[name] {
    case .finished(let shared, let size):
      if aliasedCount + size > Limits.expandedNodes {
        if !aliasesAreTooMany {
          report(
            .error,
            "The aliases of this document stand for more than \(Limits.expandedNodes) nodes; from here on they are not followed.",
            hint: "Write the content out, or split the file.", at: range)
        }
        aliasesAreTooMany = true
      } else {
        aliasedCount += size
        expandedCount += size
        target = shared
      }
    case .open:
      report(
        .error, "The alias *\(name) stands inside the node that it names.",
        hint: "A node cannot contain itself: write the content out.", at: range)
    case nil:
      report(
        .error, "The alias *\(name) names no anchor.",
        hint: "Set the anchor &\(name) before this line, or quote the value if it is text.",
        at: range)
    }
    add(Node(.alias(name: name, target: target), range: range))
  }

  /// Turns the nodes since `mark` into a sequence.
  mutating func closeSequence(from mark: Int, range: ByteRange, properties: Properties?) {
    let items = nodes.take(from: mark)
    add(
      Node(
        .sequence(items), range: range, tag: properties?.tag, anchor: properties?.anchor))
  }

  /// Turns the nodes since `mark`, keys and values in turn, into a mapping.
  mutating func closeMapping(from mark: Int, range: ByteRange, properties: Properties?) {
    let entries = nodes.takeEntries(from: mark)
    reportDuplicates(in: entries)
    add(
      Node(
        .mapping(entries), range: range, tag: properties?.tag, anchor: properties?.anchor))
  }

  /// Takes the last node off the stack.
  mutating func takeLast() -> Node? { nodes.popLast() }

  /// Changes the last node in place.
  mutating func changeLast(_ change: (inout Node) -> Void) {
    nodes.changeLast(change)
  }

  /// Notes a problem.
  mutating func report(
    _ severity: SourceProblem.Severity, _ message: String, hint: String = "", at range: ByteRange
  ) {
    guard problems.count < Limits.problems else { return }
    problems.append(
      SourceProblem(severity: severity, message: message, hint: hint, range: range))
  }

  /// Warns at each key that an earlier key of the same mapping has taken.
  private mutating func reportDuplicates(in entries: [Node.Entry]) {
    guard Self.mayRepeat(entries) else { return }
    var first: [[UInt8]: Int] = [:]
    first.reserveCapacity(entries.count)
    for (index, entry) in entries.enumerated() {
      guard case .scalar(let scalar) = entry.key.content else { continue }
      let bytes = Array(scalar.text.utf8)
      if let earlier = first[bytes] {
        reportDuplicate(entry.key, of: entries[earlier].key, text: scalar.text)
      } else {
        first[bytes] = index
      }
    }
  }

  /// Whether two of the keys are one, or in a large mapping have one mark; of most mappings no two have.
  private static func mayRepeat(_ entries: [Node.Entry]) -> Bool {
    let entries = entries.span
    if entries.count <= 12 {
      for index in entries.indices {
        for earlier in 0..<index
        where entries[earlier].mark == entries[index].mark
          && entries[earlier].key.text == entries[index].key.text
        {
          return true
        }
      }
      return false
    }
    var marks: [KeyMark] = []
    marks.reserveCapacity(entries.count)
    for index in entries.indices {
      if let mark = entries[index].mark { marks.append(mark) }
    }
    marks.sort()
    return marks.indices.dropFirst().contains { marks[$0 - 1] == marks[$0] }
  }

  private mutating func reportDuplicate(_ key: Node, of first: Node, text: String) {
    // A second `<<` is how people merge two mappings, and every reader we know takes it.
    if text == "<<" { return }
    let line = file.position(at: first.range.start).line
    report(
      .warning, "The key `\(text)` stands twice here, first on line \(line).",
      hint: "Only the last one counts: remove or rename one of them.", at: key.range)
  }

  /// The finished tree, its problems in file order.
  consuming func finish(documents: [Node]) -> SourceTree {
    SourceTree(
      documents: documents, comments: comments,
      problems: problems.sorted { ($0.range.start, $0.range.end) < ($1.range.start, $1.range.end) })
  }
}

/// Anchor and tag of a node, read before the node itself.
struct Properties {
  var tag: String?
  var anchor: String?
  /// Where the first of them starts.
  var start: Int
  /// After the last of them.
  var end: Int
  /// ``TreeBuilder/expandedCount`` before the node.
  var expandedCountBefore: Int
}

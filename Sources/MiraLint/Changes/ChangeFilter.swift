import Findings
import Rules
import SourceText

/// Tells which findings a change has to do with: those whose own step, or a station of whose path, it touches.
final class ChangeFilter {
  private let changes: ChangedLines
  private let sources: [String: KeptSource]
  private let workingDirectory: String
  /// The rules that speak of whole files: those concern every change of the file.
  private let rulesOfFiles: Set<String>
  private var changesByPath: [String: ChangedLines.Change?] = [:]
  private var trees: [String: SourceTree] = [:]

  init(
    changes: ChangedLines, sources: [String: KeptSource], workingDirectory: String,
    rulesOfFiles: Set<String>
  ) {
    self.changes = changes
    self.sources = sources
    self.workingDirectory = workingDirectory
    self.rulesOfFiles = rulesOfFiles
  }

  func concerns(_ finding: Finding) -> Bool {
    let sink = finding.location
    switch change(in: sink.path) {
    case .everything?: return true
    case .lines? where rulesOfFiles.contains(finding.rule): return true
    case .lines(let lines)?:
      if touches(lines, sink) || stepPlaces(of: finding).contains(where: { overlap(lines, $0) }) {
        return true
      }
    case nil: break
    }
    for station in finding.flow where isChanged(station.location) { return true }
    for event in finding.evidence?.events ?? [] {
      let path = event.path ?? sink.path
      switch change(in: path) {
      case .everything?: return true
      case .lines(let lines)? where overlap(lines, event.line...event.line): return true
      case .lines?, nil: break
      }
    }
    return false
  }

  private func isChanged(_ location: Location) -> Bool {
    switch change(in: location.path) {
    case .everything?: true
    case .lines(let lines)?:
      touches(lines, location)
        || node(at: location).map { overlap(lines, $0) } ?? false
    case nil: false
    }
  }

  private func change(in path: String) -> ChangedLines.Change? {
    if let known = changesByPath[path] { return known }
    let absolute = FilePath.absolute(path, from: workingDirectory)
    let change = changes.change(in: FileSystem.absolutePath(absolute) ?? absolute)
    changesByPath[path] = .some(change)
    return change
  }

  private func touches(_ lines: [ClosedRange<Int>], _ location: Location) -> Bool {
    overlap(lines, location.line...max(location.line, location.endLine))
  }

  private func overlap(_ lines: [ClosedRange<Int>], _ place: ClosedRange<Int>) -> Bool {
    lines.contains { $0.overlaps(place) }
  }

  /// The lines of the step itself, and of what the mappings around it say beside it: a job's condition, its needs.
  private func stepPlaces(of finding: Finding) -> [ClosedRange<Int>] {
    guard let tree = tree(of: finding.location.path),
      let file = sources[finding.location.path]?.file
    else { return [] }
    var places: [ClosedRange<Int>] = []
    let way = Self.way(to: finding.location, in: tree)
    let step = Self.step(finding.route, on: way)
    if let step { places.append(file.lines(of: way[step].range)) }
    // The document's own entries (its name, its triggers) belong to no step.
    for node in way.prefix(step ?? way.count).dropFirst() {
      guard case .mapping(let entries) = node.content else { continue }
      for entry in entries where entry.value.isPlain {
        places.append(
          file.lines(
            of: ByteRange(entry.key.range.start, max(entry.key.range.end, entry.value.range.end))))
      }
    }
    return places
  }

  /// The smallest mapping around a place.
  private func node(at location: Location) -> ClosedRange<Int>? {
    guard let tree = tree(of: location.path), let file = sources[location.path]?.file else {
      return nil
    }
    let mapping = Self.way(to: location, in: tree).dropFirst().last { node in
      if case .mapping = node.content { true } else { false }
    }
    return mapping.map { file.lines(of: $0.range) }
  }

  private func tree(of path: String) -> SourceTree? {
    if let known = trees[path] { return known }
    guard let file = sources[path]?.file else { return nil }
    let tree = SourceForm(path: path, bytes: file.bytes).read(file)
    trees[path] = tree
    return tree
  }

  /// The nodes that hold a place, from the document inwards.
  private static func way(to location: Location, in tree: SourceTree) -> [Node] {
    let place = location.startByte
    func holds(_ range: ByteRange) -> Bool {
      range.start <= place && place < max(range.end, range.start + 1)
    }
    var way: [Node] = []
    var next = tree.documents.first { holds($0.range) }
    while let node = next {
      way.append(node)
      switch node.content {
      case .mapping(let entries):
        next = entries.first { holds($0.value.range) }?.value
      case .sequence(let items): next = items.first { holds($0.range) }
      case .scalar, .alias: next = nil
      }
    }
    return way
  }

  /// The step's own node on the way to the sink: the nearest mapping that is an item of a list or stands two levels
  /// under the document, as far in as the symbolic route tells.
  private static func step(_ route: String, on way: [Node]) -> Int? {
    let items = way.indices.dropFirst().filter { index in
      guard case .mapping = way[index].content else { return false }
      if case .sequence = way[index - 1].content { return true }
      return false
    }
    if let item = items.last { return item }
    let mappings = way.indices.dropFirst().filter { index in
      if case .mapping = way[index].content { true } else { false }
    }
    let depth = route.split(separator: ".").count
    return mappings.last { $0 <= max(depth, 2) } ?? mappings.last
  }
}

extension Rule {
  /// Whether its findings are about a file as a whole.
  var speaksOfFiles: Bool {
    linterCheck == .unreadableInput
  }
}

extension Node {
  /// A scalar, or a list of scalars.
  fileprivate var isPlain: Bool {
    switch content {
    case .scalar: true
    case .sequence(let items):
      items.allSatisfy { if case .scalar = $0.content { true } else { false } }
    case .mapping, .alias: false
    }
  }
}

extension SourceFile {
  fileprivate func lines(of range: ByteRange) -> ClosedRange<Int> {
    let start = position(at: range.start).line
    return start...max(start, position(at: max(range.start, range.end - 1)).line)
  }
}

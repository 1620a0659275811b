import Findings
import MiraLint
import Rules
import SourceText

/// A finding with its places as the client counts them.
struct PlacedFinding: Sendable {
  /// A station of the finding's path.
  struct Station: Sendable {
    var path: String
    var range: PositionRange
    var words: String
  }

  var finding: Finding
  let rule: Rule?
  let range: PositionRange
  let stations: [Station]

  init(
    _ finding: Finding, rule: Rule?, base: String, encoding: PositionEncoding,
    texts: inout OpenFiles
  ) {
    self.finding = finding
    self.rule = rule
    func place(_ location: Location) -> (path: String, range: PositionRange) {
      let path = FilePath.absolute(location.path, from: base)
      return (path, encoding.range(of: location, in: texts.file(at: path)))
    }
    range = place(finding.location).range
    var stations: [Station] = []
    for step in finding.flow where finding.flow.count > 1 {
      let (path, range) = place(step.location)
      stations.append(
        Station(
          path: path, range: range, words: step.message.isEmpty ? step.role.rawValue : step.message)
      )
    }
    for event in finding.evidence?.events ?? [] {
      let location = Location(
        path: event.path ?? finding.location.path, line: event.line, column: 1, endLine: event.line,
        endColumn: 1, startByte: 0, endByte: 0)
      let (path, range) = place(location)
      let time = event.time.map { " at \($0)" } ?? ""
      stations.append(Station(path: path, range: range, words: event.name + time))
    }
    self.stations = stations
  }
}

/// Texts by absolute path: the client's where it has them open, else the disk's.
struct OpenFiles {
  private var files: [String: SourceFile]

  init(_ documents: some Sequence<OpenDocument>) {
    files = Dictionary(documents.map { ($0.path, $0.file) }, uniquingKeysWith: { $1 })
  }

  mutating func file(at path: String) -> SourceFile {
    if let file = files[path] { return file }
    let raw = (try? FileSystem.read(path, upTo: Limits.fileBytes)) ?? []
    let file = SourceDecoder.decode(path: path, raw: raw).file
    files[path] = file
    return file
  }
}

import EventLogs
import Findings
import SourceText

/// Quotes the lines that findings speak of, and computes how code scanning knows them.
struct ExcerptMaker {
  /// What reports quote of a line of a log, at most.
  private static let quotedBytes = 1 << 12

  let sources: [String: KeptSource]
  /// The bytes of logs that cannot be read again in place, as far as they were kept.
  let spooled: [String: LogBytes]
  let inputs: [String: InputFile]
  let repositoryPaths: [String: String]
  let workingDirectory: String
  let mask: SecretMask
  /// How many lines before and after each place are quoted too.
  let linesAround: Int
  /// Whether somebody asks how code scanning knows the lines.
  let hashesLines: Bool
  /// Whether somebody shows them.
  let quotesLines: Bool

  func excerpts(for findings: [Finding]) -> [String: Excerpt] {
    var locations: [String: [Location]] = [:]
    var sinks: [String: Set<Int>] = [:]
    // Logs that a state speaks of: only what still stands there has columns.
    var recorded: Set<String> = []
    for finding in findings {
      if finding.evidence != nil, inputs[finding.location.path] == nil {
        recorded.insert(finding.location.path)
      }
      // What counts columns in other units needs the lines that a fix changes, too.
      let changed = finding.fix?.edits.map(\.location) ?? []
      for location in [finding.location] + finding.flow.map(\.location) + changed {
        locations[location.path, default: []].append(location)
      }
      sinks[finding.location.path, default: []].insert(finding.location.line)
    }
    var excerpts: [String: Excerpt] = [:]
    for (path, all) in locations {
      let places =
        recorded.contains(path) ? all.filter { $0.endColumn > 1 || $0.endLine > $0.line } : all
      var excerpt = Excerpt(repositoryPath: repositoryPaths[path] ?? path)
      if !quotesLines {
        excerpts[path] = excerpt
        continue
      }
      // Of a log of lines each can be found where it stands.
      let isOfLines = linesAround == 0 && !hashesLines && places.allSatisfy { $0.column == 1 }
      let most = isOfLines ? Self.smallBytes : Limits.fileBytes
      if let source = sources[path] ?? reread(path, upTo: most) {
        excerpt.lines = source.file.lines(of: places, around: linesAround, mask: mask)
        if hashesLines {
          let mark = source.hasByteOrderMark ? "\u{feff}" : ""
          let text = mark + String(decoding: source.file.bytes, as: UTF8.self)
          excerpt.lineHashes = LineHash(text).hashes(of: sinks[path] ?? [])
        }
      } else {
        excerpt.lines = logLines(path, places)
      }
      excerpts[path] = excerpt
    }
    return excerpts
  }

  /// Lines of a larger file are read one by one, where that is possible.
  private static let smallBytes = 1 << 18

  /// A log is not kept while it is judged; a small one is read again as a whole.
  private func reread(_ path: String, upTo most: Int) -> KeptSource? {
    guard let raw = bytes(of: path, upTo: most) else { return nil }
    let file = SourceDecoder.decode(path: path, raw: raw).file
    return KeptSource(file: file, hasByteOrderMark: raw.starts(with: [0xef, 0xbb, 0xbf]))
  }

  /// All bytes of a file, unpacked; `nil` where they are more than that many.
  private func bytes(of path: String, upTo most: Int) -> [UInt8]? {
    if let log = spooled[path] {
      if log.count > most { return nil }
      var raw = [UInt8](repeating: 0, count: log.count)
      let count = (try? log.read(from: 0, count: log.count, into: &raw)) ?? 0
      return count == log.count ? raw : nil
    }
    let absolute = inputs[path]?.absolutePath ?? FilePath.absolute(path, from: workingDirectory)
    guard FileSystem.kind(of: absolute) == .file,
      let head = try? FileSystem.read(absolute, upTo: 4)
    else { return nil }
    let most = UnpackedBytes.isPlain(head) ? most : Limits.fileBytes
    guard let packed = try? FileSystem.read(absolute, upTo: most + 1), packed.count <= most
    else { return nil }
    let raw = UnpackedBytes.of(packed, upTo: Limits.fileBytes + 1)
    return raw.count <= Limits.fileBytes ? raw : nil
  }

  /// Lines of a large log, by the offsets that its judge noted.
  private func logLines(_ path: String, _ places: [Location]) -> [Int: String] {
    guard let log = spooled[path] ?? plainLog(path) else { return [:] }
    var lines: [Int: String] = [:]
    var seen: Set<Int> = []
    var buffer = [UInt8](repeating: 0, count: Self.quotedBytes)
    for place in places where place.column == 1 && seen.insert(place.line).inserted {
      let length = place.endByte - place.startByte
      let count = length > 0 ? min(length, Self.quotedBytes) : Self.quotedBytes
      guard let got = try? log.read(from: place.startByte, count: count, into: &buffer), got > 0
      else { continue }
      let bytes = buffer[..<got]
      if bytes.contains(0) { continue }
      let line = bytes.prefix { $0 != 0x0a && $0 != 0x0d }
      lines[place.line] = mask.mask(String(decoding: line, as: UTF8.self))
    }
    return lines
  }

  private func plainLog(_ path: String) -> LogBytes? {
    let absolute = inputs[path]?.absolutePath ?? FilePath.absolute(path, from: workingDirectory)
    guard FileSystem.kind(of: absolute) == .file else { return nil }
    let head = try? FileSystem.read(absolute, upTo: 4)
    if !UnpackedBytes.isPlain(head ?? []) { return nil }
    return (try? LogBytes(.file(absolute))) ?? nil
  }
}

import EventLogs

/// The lines of some events as they stand in their logs, read with as few calls as pay.
///
/// A call costs as much as some kilobytes: lines that stand near each other come with what stands between them, which is
/// dropped at once.
struct FetchedLines {
  /// Each line with the byte before it, if there is one, and a line end of ours behind it.
  private(set) var bytes: [UInt8] = []
  /// By place: where its line begins and ends among the bytes; empty where it was not read.
  private var lines: [Range<Int>]

  /// So many bytes between two lines cost less than a call.
  private static let widestGap = 8 << 10
  private static let mostAtOnce = 128 << 10
  /// Longer lines are left alone.
  private static let longestLine = 1 << 16

  /// - Parameters:
  ///   - places: where events stand.
  ///   - order: these by their sources and offsets.
  ///   - logs: by source; `nil` where events cannot be read in place.
  init(
    _ places: [SettledCase.EventPlace], in order: [Int32], of logs: [LogBytes?]
  ) {
    lines = Array(repeating: 0..<0, count: places.count)
    var room = LineReader.slack
    for place in places where place.length <= FetchedLines.longestLine {
      room += Int(place.length) + 2
    }
    bytes.reserveCapacity(room)
    var block: [UInt8] = []
    var next = 0
    while next < order.count {
      let first = next
      let source = places[Int(order[first])].source
      guard let log = logs[Int(source)] else {
        next += 1
        continue
      }
      let start = max(0, Int(places[Int(order[first])].offset) - 1)
      var end = start
      while next < order.count {
        let place = places[Int(order[next])]
        let behind = Int(place.offset) + Int(place.length)
        if place.source != source || place.length > FetchedLines.longestLine { break }
        if next > first {
          if Int(place.offset) > end + FetchedLines.widestGap { break }
          if behind > start + FetchedLines.mostAtOnce { break }
        }
        end = max(end, behind)
        next += 1
      }
      if next == first {
        next += 1
        continue
      }
      if block.count < end - start {
        block.append(contentsOf: repeatElement(0, count: end - start - block.count))
      }
      let got = (try? log.read(from: start, count: end - start, into: &block)) ?? 0
      for index in order[first..<next] {
        let place = places[Int(index)]
        let offset = Int(place.offset) - start
        let before = place.offset > 0 ? 1 : 0
        if offset + Int(place.length) > got { continue }
        let begin = bytes.count
        bytes += block[(offset - before)..<(offset + Int(place.length))]
        lines[Int(index)] = begin..<bytes.count
        bytes.append(0x0A)
      }
    }
    bytes.append(contentsOf: repeatElement(0, count: LineReader.slack))
  }

  /// Where the bytes of a place begin and end, with the one before them; `nil` where they were not read.
  func line(of place: Int) -> Range<Int>? { lines[place].isEmpty ? nil : lines[place] }
}

/// GitHub's `primaryLocationLineHash` of a file's lines, equal to the one that its upload action computes.
///
/// A line's hash covers the 100 UTF-16 code units from its start on, without spaces and tabs and with every line end
/// as LF; a file shorter than that is filled up with one 65535 and then zeros. Equal hashes are counted.
public struct LineHash: Sendable {
  private static let window = 100
  private let units: [UInt16]
  private let lineStarts: [Int]

  /// Reads the text of a file, with its byte-order mark where it has one.
  public init(_ text: String) {
    var units: [UInt16] = []
    var lineStarts = [0]
    var followsReturn = false
    for unit in text.utf16 {
      defer { followsReturn = unit == 0x0d }
      switch unit {
      case 0x20, 0x09: continue
      case 0x0a where followsReturn: continue
      case 0x0a, 0x0d:
        units.append(0x0a)
        lineStarts.append(units.count)
      default: units.append(unit)
      }
    }
    units.append(0xffff)
    self.units = units
    self.lineStarts = lineStarts
  }

  /// The hashes of the lines asked for; a line past the end of the file has none.
  ///
  /// - Parameter lines: line numbers from 1.
  /// - Returns: for each line its hash in hexadecimal, a colon, and how often that hash occurred up to there.
  public func hashes(of lines: Set<Int>) -> [Int: String] {
    guard let last = lines.max() else { return [:] }
    var counts: [UInt64: Int] = [:]
    var result: [Int: String] = [:]
    for (index, start) in lineStarts.prefix(last).enumerated() {
      let hash = hash(from: start)
      let count = counts[hash, default: 0] + 1
      counts[hash] = count
      if lines.contains(index + 1) { result[index + 1] = "\(String(hash, radix: 16)):\(count)" }
    }
    return result
  }

  private func hash(from start: Int) -> UInt64 {
    var hash: UInt64 = 0
    for index in start..<(start + Self.window) {
      hash = hash &* 37 &+ (index < units.count ? UInt64(units[index]) : 0)
    }
    return hash
  }
}

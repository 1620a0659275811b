/// The identity of a finding that survives line moves: what baselines and code scanning compare.
///
/// It hashes the rule, the file's path in its repository, the symbolic route of the sink and the sink's normalised
/// text, each with its length before it so that no two lists of parts run together. Findings that agree in all of
/// these are told apart by an occurrence count.
public enum Fingerprint {
  /// Sets the fingerprints of all findings of a run.
  ///
  /// - Parameters:
  ///   - findings: the findings in report order; the occurrence counts follow it.
  ///   - repositoryPath: the path a file has from its repository's root, for a path as reports show it.
  public static func assign(
    to findings: inout [Finding], repositoryPath: (String) -> String
  ) {
    var occurrences: [String: Int] = [:]
    for index in findings.indices {
      let finding = findings[index]
      let digest = digest(of: finding, at: repositoryPath(finding.location.path))
      let occurrence = occurrences[digest, default: 0] + 1
      occurrences[digest] = occurrence
      findings[index].fingerprint = "\(digest):\(occurrence)"
    }
  }

  /// The fingerprint without its occurrence count, as if the finding stood in the file with this repository path, and
  /// at this route where one is given.
  package static func digest(
    of finding: Finding, at repositoryPath: String, route: String? = nil
  ) -> String {
    var hash = FNV128()
    for part in [finding.rule, repositoryPath, route ?? finding.route] {
      hash.add(part: Array(part.utf8))
    }
    hash.add(part: normalised(finding.subject))
    return hash.hexadecimal
  }

  /// The text without what an editor's reformatting changes: runs of white space become one space.
  private static func normalised(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    // Lines of logs are long, and nearly always ASCII.
    if !bytes.allSatisfy({ $0 < 0x80 }) {
      return Array(text.split(whereSeparator: \.isWhitespace).joined(separator: " ").utf8)
    }
    var kept: [UInt8] = []
    kept.reserveCapacity(bytes.count)
    var isBehindSpace = false
    for byte in bytes {
      if byte == 0x20 || 0x09...0x0D ~= byte {
        isBehindSpace = !kept.isEmpty
      } else {
        if isBehindSpace { kept.append(0x20) }
        isBehindSpace = false
        kept.append(byte)
      }
    }
    return kept
  }
}

/// The FNV-1a hash with 128 bits (Fowler, Noll, Vo; RFC 9923): an identity, not a protection against forgery.
struct FNV128 {
  private var state: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d

  /// Adds a part with its length before it.
  mutating func add(part: [UInt8]) {
    for shift in stride(from: 56, through: 0, by: -8) {
      add(UInt8(truncatingIfNeeded: part.count >> shift))
    }
    for byte in part { add(byte) }
  }

  mutating func add(_ byte: UInt8) {
    state ^= UInt128(byte)
    state &*= 0x0000_0000_0100_0000_0000_0000_0000_013b
  }

  /// 32 digits.
  var hexadecimal: String {
    var digits: [UInt8] = []
    digits.reserveCapacity(32)
    for half in [UInt64(truncatingIfNeeded: state >> 64), UInt64(truncatingIfNeeded: state)] {
      for shift in stride(from: 60, through: 0, by: -4) {
        let digit = UInt8(truncatingIfNeeded: half >> UInt64(shift)) & 15
        digits.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
      }
    }
    return String(decoding: digits, as: UTF8.self)
  }
}

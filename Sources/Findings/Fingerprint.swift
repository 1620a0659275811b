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
    digest(of: [finding.rule, repositoryPath, route ?? finding.route, normalised(finding.subject)])
  }

  /// FNV-1a in 128 bits over the length-prefixed parts, as 32 hexadecimal digits.
  static func digest(of parts: [String]) -> String {
    var hash = FNV128()
    for part in parts {
      let bytes = Array(part.utf8)
      for shift in stride(from: 56, through: 0, by: -8) {
        hash.add(UInt8(truncatingIfNeeded: bytes.count >> shift))
      }
      for byte in bytes { hash.add(byte) }
    }
    return hash.hexadecimal
  }

  /// The text without what an editor's reformatting changes: runs of white space become one space.
  static func normalised(_ text: String) -> String {
    // Lines of logs are long, and nearly always ASCII.
    if !text.utf8.allSatisfy({ $0 < 0x80 }) {
      return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var isBehindSpace = false
    for byte in text.utf8 {
      if byte == 0x20 || 0x09...0x0D ~= byte {
        isBehindSpace = !bytes.isEmpty
      } else {
        if isBehindSpace { bytes.append(0x20) }
        isBehindSpace = false
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The FNV-1a hash with 128 bits (Fowler, Noll, Vo; RFC 9923): an identity, not a protection against forgery.
struct FNV128 {
  private var state: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d

  mutating func add(_ byte: UInt8) {
    state ^= UInt128(byte)
    state &*= 0x0000_0000_0100_0000_0000_0000_0000_013b
  }

  var hexadecimal: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 32 - digits.utf8.count) + digits
  }
}

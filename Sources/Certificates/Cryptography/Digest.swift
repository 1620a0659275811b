#if Certificates
  /// A hash of bytes, with the algorithm that made it.
  package struct Digest: Sendable, Hashable {
    package let algorithm: Algorithm
    package let bytes: [UInt8]

    /// The hash functions that bind bytes today; others are unsupported, never taken for equal.
    package enum Algorithm: String, Sendable, CaseIterable {
      case sha256, sha384, sha512

      package var byteCount: Int {
        switch self {
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
      }

      /// The algorithm that a text calls `sha256`, `SHA-256`, `sha2-256` or `sha_256`.
      package init?(named name: some StringProtocol) {
        let plain = name.utf8.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }.filter {
          $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_")
        }
        switch String(decoding: plain, as: UTF8.self) {
        case "sha256", "sha2256": self = .sha256
        case "sha384", "sha2384": self = .sha384
        case "sha512", "sha2512": self = .sha512
        default: return nil
        }
      }
    }

    /// Takes bytes that are a hash already; `nil` where they have another length.
    package init?(_ algorithm: Algorithm, bytes: [UInt8]) {
      guard bytes.count == algorithm.byteCount else { return nil }
      self.algorithm = algorithm
      self.bytes = bytes
    }

    /// Hashes bytes that are at hand; a ``DigestStream`` takes those that come piece by piece.
    package init(of bytes: [UInt8], _ algorithm: Algorithm = .sha256) {
      var stream = DigestStream(algorithm)
      stream.update(bytes)
      self = stream.digest
    }

    /// A hash as people write it: hexadecimal or Base64, `sha256:` or `sha256-` before it or not.
    ///
    /// Without a prefix the length decides, which must be that of `expected` where it is given.
    package init?(text: some StringProtocol, expected: Algorithm? = nil) {
      var rest = Substring(text)
      var named: Algorithm?
      if let mark = rest.firstIndex(where: { $0 == ":" || $0 == "-" }) {
        // `sha-256:…` has the mark in its name.
        let end = rest.firstIndex(of: ":") ?? mark
        let full = rest[..<end]
        if let algorithm = Algorithm(named: full) {
          named = algorithm
          rest = rest[end...].dropFirst()
        }
      }
      if rest.hasPrefix("0x") || rest.hasPrefix("0X") { rest = rest.dropFirst(2) }
      let bytes: [UInt8]
      let wanted = named ?? expected
      if let hex = Hexadecimal.decode(rest), wanted.map({ $0.byteCount == hex.count }) ?? true {
        bytes = hex
      } else if let base64 = Base64Text.decode(rest) {
        bytes = base64
      } else {
        return nil
      }
      let algorithm = wanted ?? Algorithm.allCases.first { $0.byteCount == bytes.count }
      guard let algorithm, algorithm.byteCount == bytes.count else { return nil }
      self.algorithm = algorithm
      self.bytes = bytes
    }

    /// The hash in lower-case hexadecimal.
    package var hex: String { Hexadecimal.encode(bytes) }
  }

  extension Digest: CustomStringConvertible {
    /// `sha256:` and the hash in hexadecimal.
    package var description: String { "\(algorithm.rawValue):\(hex)" }
  }
#endif

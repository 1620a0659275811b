#if Certificates
  import Crypto

  /// Hashes bytes as they come, in constant memory.
  package struct DigestStream: Sendable {
    package let algorithm: Digest.Algorithm
    private var state: State

    private enum State: Sendable {
      case sha256(SHA256)
      case sha384(SHA384)
      case sha512(SHA512)
    }

    package init(_ algorithm: Digest.Algorithm = .sha256) {
      self.algorithm = algorithm
      switch algorithm {
      case .sha256: state = .sha256(SHA256())
      case .sha384: state = .sha384(SHA384())
      case .sha512: state = .sha512(SHA512())
      }
    }

    /// Takes the next bytes.
    package mutating func update(_ bytes: [UInt8]) { update(bytes[...]) }

    /// Takes the next bytes.
    package mutating func update(_ bytes: ArraySlice<UInt8>) {
      switch state {
      case .sha256(var hash):
        hash.update(data: bytes)
        state = .sha256(hash)
      case .sha384(var hash):
        hash.update(data: bytes)
        state = .sha384(hash)
      case .sha512(var hash):
        hash.update(data: bytes)
        state = .sha512(hash)
      }
    }

    /// The hash of all bytes so far.
    package var digest: Digest {
      let bytes: [UInt8]
      switch state {
      case .sha256(let hash): bytes = Array(hash.finalize())
      case .sha384(let hash): bytes = Array(hash.finalize())
      case .sha512(let hash): bytes = Array(hash.finalize())
      }
      guard let digest = Digest(algorithm, bytes: bytes) else {
        preconditionFailure("a hash function gave another number of bytes than it says")
      }
      return digest
    }
  }
#endif

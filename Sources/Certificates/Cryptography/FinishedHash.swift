#if Certificates
  import Crypto
  #if canImport(FoundationEssentials)
    import protocol FoundationEssentials.ContiguousBytes
  #else
    import protocol Foundation.ContiguousBytes
  #endif

  /// A SHA-256 hash that somebody else computed, as the library takes hashes to be signed.
  struct FinishedHash: Crypto.Digest {
    static let byteCount = 32
    let bytes: [UInt8]

    var description: String { Hexadecimal.encode(bytes) }

    // The library's protocol asks for a pointer; it lives as long as the closure runs.
    func withUnsafeBytes<Result>(
      _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
      unsafe try bytes.withUnsafeBytes(body)
    }
  }
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Looks for single bytes with the C library, which compares sixteen and more at once.
package enum ByteSearch {
  /// The offset of the first such byte from an offset on.
  package static func first(
    _ byte: UInt8, in bytes: [UInt8], from start: Int, upTo end: Int = .max
  ) -> Int? {
    let end = min(end, bytes.count)
    guard start < end else { return nil }
    return unsafe bytes.withUnsafeBytes { buffer in
      // `start` is inside, so the base address exists, and the search ends inside the buffer.
      guard let base = buffer.baseAddress,
        let found = unsafe memchr(base + start, Int32(byte), end - start)
      else { return nil }
      return unsafe UnsafeRawPointer(found) - base
    }
  }
}

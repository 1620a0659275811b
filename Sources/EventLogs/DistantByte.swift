#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension ByteSearch {
  /// Likewise the offset of the first such byte, where it is hardly ever near: by the C library, which compares sixteen
  /// and more at once.
  static func distant(_ byte: UInt8, in bytes: Span<UInt8>, from start: Int = 0) -> Int {
    guard start < bytes.count else { return bytes.count }
    return unsafe bytes.withUnsafeBytes { buffer in
      // `start` is inside, so there is a first byte, and the search ends with the buffer.
      guard let base = buffer.baseAddress,
        let found = unsafe memchr(base + start, Int32(byte), buffer.count - start)
      else { return buffer.count }
      return unsafe UnsafeRawPointer(found) - base
    }
  }
}

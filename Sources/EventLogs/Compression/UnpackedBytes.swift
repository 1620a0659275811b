/// Compressed bytes in memory, unpacked.
package enum UnpackedBytes {
  /// What the bytes hold, at most so much of it; as they are where they are not compressed.
  ///
  /// - Returns: what can be unpacked of them where they are cut off or damaged; nothing without the library.
  package static func of(_ bytes: [UInt8], upTo count: Int) -> [UInt8] {
    guard Decompression.Format(head: bytes.span) != nil else { return bytes }
    return of(.bytes(bytes), upTo: count)
  }

  /// What the input holds, at most so much of it.
  static func of(_ input: LogSource.Input, upTo count: Int) -> [UInt8] {
    guard var input = try? LogInput(input) else { return [] }
    var unpacked: [UInt8] = []
    repeat {
      unpacked += input.buffer[input.start..<input.end]
      input.start = input.end
    } while unpacked.count < count && input.fill()
    return Array(unpacked.prefix(count))
  }

  /// Whether these are the first bytes of something compressed.
  package static func isCompressed(_ head: [UInt8]) -> Bool {
    Decompression.Format(head: head.span) != nil
  }
}

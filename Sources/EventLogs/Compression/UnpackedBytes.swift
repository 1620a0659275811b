/// Compressed bytes in memory, unpacked; those in UTF-16 made UTF-8.
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

  /// Why nothing in a compressed file can be judged, where these are all its bytes; `nil` where it holds nothing but
  /// blanks.
  package static func complaint(of bytes: [UInt8]) -> String? {
    guard var input = try? LogInput(.bytes(bytes)) else { return nothingFound }
    var isBlank = true
    repeat {
      for place in input.start..<input.end where isBlank {
        isBlank = [0x09, 0x0A, 0x0D, 0x20, 0xEF, 0xBB, 0xBF].contains(input.buffer[place])
      }
      input.start = input.end
    } while isBlank && input.fill()
    if isBlank, let failure = input.failure { return failure.message }
    return isBlank ? nil : nothingFound
  }

  package static let nothingFound = "the file is compressed, and nothing in it is an event"

  /// Whether these are the first bytes of something compressed.
  package static func isCompressed(_ head: [UInt8]) -> Bool {
    Decompression.Format(head: head.span)?.isCompressed ?? false
  }

  /// Whether a log that begins so is read as it is stored.
  package static func isPlain(_ head: [UInt8]) -> Bool {
    Decompression.Format(head: head.span) == nil
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A log that can be read at any place, and again.
package final class LogBytes: Sendable {
  /// As far as it goes now; what is written behind while it is read is left for the next time.
  package let count: Int
  private let bytes: [UInt8]
  private let descriptor: Int32
  private let isOwner: Bool
  /// What the descriptor belongs to, where it is nobody else's.
  private let scratch: ScratchFile?

  /// So many bytes of a file without a name.
  init(_ scratch: ScratchFile, count: Int) {
    self.scratch = scratch
    self.count = count
    bytes = []
    descriptor = scratch.descriptor
    isOwner = false
  }

  /// `nil` for a pipe or a terminal, which can be read only once.
  package init?(_ input: LogSource.Input) throws(LogInputError) {
    scratch = nil
    switch input {
    case .bytes(let bytes):
      self.bytes = bytes
      count = bytes.count
      descriptor = -1
      isOwner = false
    case .pipe: return nil
    case .descriptor(let number):
      guard let size = LogBytes.size(of: number) else { return nil }
      // Somebody may have read from it already.
      if lseek(number, 0, SEEK_CUR) != 0 { return nil }
      bytes = []
      count = size
      descriptor = number
      isOwner = false
    case .file(let path):
      // The path is a C string for the call only.
      let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
      if number < 0 { throw LogInputError(code: errno) }
      guard let size = LogBytes.size(of: number) else {
        close(number)
        return nil
      }
      bytes = []
      count = size
      descriptor = number
      isOwner = true
    }
  }

  deinit { if isOwner { close(descriptor) } }

  /// What reads it once from its start, while it is held.
  package var input: LogSource.Input {
    descriptor < 0 ? .bytes(bytes) : .descriptor(descriptor)
  }

  /// The first bytes of a descriptor that can be read only once; fewer only where it ends.
  package static func head(
    of descriptor: Int32, upTo count: Int
  ) throws(LogInputError) -> [UInt8] {
    var head = [UInt8](repeating: 0, count: count)
    var end = 0
    while end < count {
      // The kernel writes into our own buffer.
      let more = unsafe head.withUnsafeMutableBytes { bytes in
        unsafe systemRead(descriptor, bytes.baseAddress.map { unsafe $0 + end }, count - end)
      }
      if more == 0 { break }
      if more < 0 && errno == EINTR { continue }
      if more < 0 { throw LogInputError(code: errno) }
      end += more
    }
    head.removeLast(count - end)
    return head
  }

  /// The size of a regular file.
  private static func size(of descriptor: Int32) -> Int? {
    var status = stat()
    // The kernel fills in our own structure.
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return Int(status.st_size)
  }

  /// Reads into the buffer from its place `at`; returns how many bytes there were.
  package func read(
    from start: Int, count: Int, into buffer: inout [UInt8], at place: Int = 0
  ) throws(LogInputError) -> Int {
    if descriptor < 0 {
      let part = bytes[min(start, bytes.count)..<min(start + count, bytes.count)]
      buffer.replaceSubrange(place..<(place + part.count), with: part)
      return part.count
    }
    var got = 0
    while got < count {
      // The kernel writes into our own buffer.
      let more = unsafe buffer.withUnsafeMutableBytes { target in
        unsafe pread(
          descriptor, target.baseAddress.map { unsafe $0 + place + got }, count - got,
          off_t(start + got))
      }
      if more == 0 { break }
      if more < 0 && errno == EINTR { continue }
      if more < 0 { throw LogInputError(code: errno) }
      got += more
    }
    return got
  }
}

/// `read` by another name than the method's.
private func systemRead(
  _ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int
) -> Int {
  // The caller's buffer has room for so many bytes.
  unsafe read(descriptor, bytes, count)
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A window that moves over a log's bytes in blocks; it grows only for a line longer than itself.
package struct LogInput: ~Copyable {
  /// The window's bytes; those from `start` up to `end` are yet to be read.
  package private(set) var buffer: [UInt8]
  package var start = 0
  package private(set) var end = 0
  /// Offset in the file of the window's first byte.
  package private(set) var offset = 0
  package private(set) var isAtEnd = false
  /// Why reading stopped before the end, where it did.
  package private(set) var failure: LogInputError?

  private let descriptor: Int32
  private let isOwner: Bool

  /// The largest object that is held in memory; a longer one is damage.
  package static let largestObject = 256 << 20
  private static let block = 256 << 10

  package init(_ input: LogSource.Input) throws(LogInputError) {
    switch input {
    case .bytes(let bytes):
      buffer = bytes
      end = bytes.count
      descriptor = -1
      isOwner = false
      isAtEnd = true
    case .descriptor(let number):
      buffer = [UInt8](repeating: 0, count: LogInput.block)
      descriptor = number
      isOwner = false
    case .file(let path):
      // The path is a C string for the call only.
      let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
      if number < 0 { throw LogInputError(code: errno) }
      buffer = [UInt8](repeating: 0, count: LogInput.block)
      descriptor = number
      isOwner = true
    }
  }

  deinit { if isOwner { close(descriptor) } }

  /// Reads on behind what is left in the window; `false` where nothing more comes.
  package mutating func fill() -> Bool {
    if isAtEnd { return false }
    if start > 0 {
      let rest = end - start
      for index in 0..<rest { buffer[index] = buffer[start + index] }
      offset += start
      start = 0
      end = rest
    }
    if end > buffer.count / 2 {
      if buffer.count >= LogInput.largestObject { return false }
      buffer.append(contentsOf: repeatElement(0, count: buffer.count))
    }
    while true {
      let free = end..<buffer.count
      // The kernel writes into the free part of our own buffer.
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe read(descriptor, bytes.baseAddress.map { unsafe $0 + free.lowerBound }, free.count)
      }
      if count > 0 {
        end += count
        return true
      }
      if count < 0 && errno == EINTR { continue }
      if count < 0 { failure = LogInputError(code: errno) }
      isAtEnd = true
      return false
    }
  }
}

/// Why a log could not be read.
package struct LogInputError: Error, Sendable, Hashable {
  /// The system's error number.
  package var code: Int32

  /// The system's words.
  package var message: String {
    // A text of the C library, copied at once.
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
}

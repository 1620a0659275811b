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

  private var descriptor: Int32
  private var isOwner: Bool
  /// What unpacks a compressed log into the descriptor, the last one what the one before it gives.
  private var layers: [Decompression] = []
  private var watch: TelltaleWatch?

  /// The largest object that is held in memory; a longer one is damage.
  package static let largestObject = 256 << 20
  private static let block = 256 << 10
  /// A text in UTF-16 may be compressed; nothing needs more.
  private static let mostLayers = 2

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
    case .pipe(let head, let rest):
      buffer = head + [UInt8](repeating: 0, count: LogInput.block)
      end = head.count
      descriptor = rest
      isOwner = false
    case .file(let path):
      // The path is a C string for the call only.
      let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
      if number < 0 { throw LogInputError(code: errno) }
      buffer = [UInt8](repeating: 0, count: LogInput.block)
      descriptor = number
      isOwner = true
    }
    unpack()
  }

  /// Puts the unpacked bytes in the place of compressed ones.
  private mutating func unpack() {
    while end < 4, fill() {}
    guard let format = Decompression.Format(head: buffer.span.extracting(0..<end)),
      layers.count < LogInput.mostLayers
    else { return }
    let rest: Int32? = descriptor < 0 ? nil : isOwner ? descriptor : dup(descriptor)
    isOwner = false
    let head = Array(buffer[0..<end])
    descriptor = -1
    end = 0
    isAtEnd = true
    do throws(LogInputError) {
      let decompression = try Decompression(head: head, then: rest, format: format)
      descriptor = decompression.descriptor
      layers.append(decompression)
      buffer = [UInt8](repeating: 0, count: LogInput.block)
      isAtEnd = false
    } catch {
      if let rest { close(rest) }
      failure = error
      return
    }
    unpack()
  }

  deinit { if isOwner { close(descriptor) } }

  /// Keeps the lines with telltales from here on; before anything is read past.
  package mutating func keepLines(with telltales: LineTelltales) {
    if telltales.isEmpty || offset + start > 0 { return }
    watch = TelltaleWatch(telltales)
    show(0..<end)
  }

  private mutating func show(_ range: Range<Int>) {
    guard var watch else { return }
    // Not while it is held twice: that would copy what it keeps.
    self.watch = nil
    watch.take(buffer.span.extracting(range))
    self.watch = watch
  }

  /// The lines that were kept, and how many were not for want of room.
  package mutating func takeKeptLines() -> (lines: [TelltaleLine], passed: Int) {
    watch?.finish()
    let taken = (watch?.found ?? [], watch?.passed ?? 0)
    watch = nil
    return taken
  }

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
        show(end..<(end + count))
        end += count
        return true
      }
      if count < 0 && errno == EINTR { continue }
      if count < 0 { failure = LogInputError(code: errno) }
      for layer in layers {
        if let reason = layer.failure { failure = LogInputError(reason) }
      }
      isAtEnd = true
      return false
    }
  }
}

/// Why a log could not be read.
package struct LogInputError: Error, Sendable, Hashable {
  /// What is wrong, in words.
  package var message: String

  /// With the system's error number.
  package init(code: Int32) {
    // A text of the C library, copied at once.
    message = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }

  package init(_ message: String) { self.message = message }
}

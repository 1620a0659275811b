#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import Synchronization

/// A compressed log, unpacked on a thread of its own into a pipe that a log's input reads; one in UTF-16 likewise.
///
/// The libraries are opened when the first such log is met: the program stays one file and needs them for nothing else.
package final class Decompression: Sendable {
  /// The pipe's end to read the unpacked bytes from; closed with this object.
  package let descriptor: Int32
  private let ending: Mutex<String?>

  enum Format: Sendable, Hashable {
    case gzip
    case zstandard
    case utf16(UTF16Stream.Order)

    /// What the first bytes say.
    init?(head: Span<UInt8>) {
      if head.count >= 3, head[0] == 0x1F, head[1] == 0x8B, head[2] == 8 {
        self = .gzip
        return
      }
      if let order = UTF16Stream.order(of: head) {
        self = .utf16(order)
        return
      }
      guard head.count >= 4 else { return nil }
      let magic =
        UInt32(head[0]) | UInt32(head[1]) << 8 | UInt32(head[2]) << 16 | UInt32(head[3]) << 24
      // A frame, or one that is to be skipped.
      guard magic == 0xFD2F_B528 || magic & 0xFFFF_FFF0 == 0x184D_2A50 else { return nil }
      self = .zstandard
    }

    /// Whether bytes were made fewer, and not only written otherwise.
    var isCompressed: Bool {
      switch self {
      case .gzip, .zstandard: true
      case .utf16: false
      }
    }
  }

  /// Begins to unpack.
  ///
  /// - Parameters:
  ///   - head: compressed bytes that were read already.
  ///   - source: where the rest comes from, owned from now on; `nil` where the head is everything.
  ///   - format: how the bytes are compressed.
  /// - Throws: where the format's library is missing, or a thread or pipe cannot be had.
  init(
    head: [UInt8], then source: Int32?, format: Format
  ) throws(LogInputError) {
    let unpacker: any Unpacker =
      switch format {
      case .gzip: try GzipStream()
      case .zstandard: try ZstandardStream()
      case .utf16(let order): UTF16Stream(order)
      }
    var ends: (read: Int32, write: Int32) = (-1, -1)
    // Two numbers written into our own tuple.
    let status = unsafe withUnsafeMutableBytes(of: &ends) { bytes in
      unsafe bytes.assumingMemoryBound(to: Int32.self).baseAddress.map { unsafe pipe($0) } ?? -1
    }
    guard status == 0 else { throw LogInputError(code: errno) }
    Decompression.widen(ends.write)
    descriptor = ends.read
    ending = Mutex(nil)
    let work = UnpackingWork(
      head: head, source: source, output: ends.write, unpacker: unpacker, owner: self)
    guard work.start() else { throw LogInputError(code: errno) }
  }

  deinit { close(descriptor) }

  /// Gives a pipe room for some blocks, see pipe(7): with the usual 64 KiB both ends wait for each other all the time.
  private static func widen(_ pipe: Int32) {
    #if os(Linux)
      let setSize: Int32 = 1031
      _ = fcntl(pipe, setSize, CInt(1 << 20))
    #endif
  }

  /// Why the stream ended early, where it did; known once the pipe is at its end.
  package var failure: String? { ending.withLock { $0 } }

  fileprivate func end(_ failure: String) { ending.withLock { $0 = failure } }
}

/// Unpacks a stream block by block.
protocol Unpacker: AnyObject {
  /// Unpacks what it can; says how much it took of the input and put into the output.
  func step(
    _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
  ) -> UnpackingStep
  /// Whether the input may end here.
  var isComplete: Bool { get }
}

struct UnpackingStep {
  var taken = 0
  var put = 0
  /// What is wrong with the data.
  var failure: String?
}

/// What the thread does: everything it needs, and nothing that others touch.
private final class UnpackingWork {
  private let head: [UInt8]
  private let source: Int32?
  private let output: Int32
  private let unpacker: any Unpacker
  // The other end may be gone: then nobody reads what is written, and the work ends.
  private weak var owner: Decompression?
  private static let block = 256 << 10

  init(
    head: [UInt8], source: Int32?, output: Int32, unpacker: any Unpacker, owner: Decompression
  ) {
    self.head = head
    self.source = source
    self.output = output
    self.unpacker = unpacker
    self.owner = owner
  }

  /// Runs on a thread of its own, which holds this object until it ends.
  func start() -> Bool {
    let context = unsafe Unmanaged.passRetained(self).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = unsafe pthread_create(&thread, nil, { unsafe UnpackingWork.run($0) }, context)
      if status == 0, let thread = unsafe thread { unsafe pthread_detach(thread) }
    #else
      var thread = pthread_t()
      let status = unsafe pthread_create(
        &thread, nil, { context in unsafe context.flatMap { unsafe UnpackingWork.run($0) } },
        context)
      if status == 0 { pthread_detach(thread) }
    #endif
    if status != 0 { unsafe Unmanaged<UnpackingWork>.fromOpaque(context).release() }
    return status == 0
  }

  private static func run(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    // The one reference that `start` made.
    let work = unsafe Unmanaged<UnpackingWork>.fromOpaque(context).takeRetainedValue()
    // A reader that stops early must end this thread, not the program.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    work.unpack()
    close(work.output)
    if let source = work.source { close(source) }
    return nil
  }

  private func unpack() {
    var input = head
    var result = [UInt8](repeating: 0, count: Self.block)
    while true {
      if input.isEmpty {
        input = read()
        if input.isEmpty { break }
      }
      var start = 0
      var isFull = false
      while start < input.count || isFull {
        // Both buffers live for the call only.
        let step = unsafe input.withUnsafeBytes { bytes in
          unsafe result.withUnsafeMutableBytes { space in
            unsafe unpacker.step(UnsafeRawBufferPointer(rebasing: bytes[start...]), space)
          }
        }
        guard write(result, step.put) else { return }
        if let failure = step.failure {
          owner?.end(failure)
          return
        }
        start += step.taken
        isFull = step.put == result.count
        if step.taken == 0 && step.put == 0 { break }
      }
      input = []
    }
    if !unpacker.isComplete { owner?.end("the compressed data is cut off here") }
  }

  private func read() -> [UInt8] {
    guard let source else { return [] }
    var block = [UInt8](repeating: 0, count: Self.block)
    while true {
      // The kernel writes into our own buffer.
      let count = unsafe block.withUnsafeMutableBytes { bytes in
        #if canImport(Glibc)
          unsafe Glibc.read(source, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
          unsafe Musl.read(source, bytes.baseAddress, bytes.count)
        #else
          unsafe Darwin.read(source, bytes.baseAddress, bytes.count)
        #endif
      }
      if count < 0 && errno == EINTR { continue }
      if count < 0 { owner?.end(LogInputError(code: errno).message) }
      block.removeLast(block.count - max(0, count))
      return block
    }
  }

  private func write(_ bytes: [UInt8], _ count: Int) -> Bool {
    var start = 0
    while start < count {
      // The kernel reads from our own buffer.
      let written = unsafe bytes.withUnsafeBytes { bytes in
        let rest = unsafe bytes.baseAddress.map { unsafe $0 + start }
        #if canImport(Glibc)
          return unsafe Glibc.write(output, rest, count - start)
        #elseif canImport(Musl)
          return unsafe Musl.write(output, rest, count - start)
        #else
          return unsafe Darwin.write(output, rest, count - start)
        #endif
      }
      if written < 0 && errno == EINTR { continue }
      if written <= 0 { return false }
      start += written
    }
    return true
  }
}

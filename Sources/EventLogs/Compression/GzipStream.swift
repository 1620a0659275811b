/// Gzip by the system's zlib, with any number of members one after another.
///
/// The structure and the calls are those of zlib.h, unchanged since 1.2: https://zlib.net/manual.html
@safe final class GzipStream: Unpacker {
  private typealias Initialise =
    @convention(c) (
      UnsafeMutableRawPointer, CInt, UnsafePointer<CChar>, CInt
    ) -> CInt
  private typealias Inflate = @convention(c) (UnsafeMutableRawPointer, CInt) -> CInt
  private typealias Plain = @convention(c) (UnsafeMutableRawPointer) -> CInt

  private let stream: UnsafeMutableRawPointer
  private let inflate: Inflate
  private let reset: Plain
  private let finish: Plain
  private var isAtMemberEnd = false
  private(set) var isComplete = false

  /// `z_stream` on machines with 64 bits.
  private enum Layout {
    static let size = 112
    static let nextIn = 0
    static let availableIn = 8
    static let nextOut = 24
    static let availableOut = 32
  }

  init() throws(LogInputError) {
    let missing = LogInputError(
      "it is compressed with gzip, and the library zlib is not installed: "
        + "install zlib (Debian: zlib1g), or unpack the log first")
    guard let library = SharedLibrary(["libz.so.1", "libz.1.dylib", "/usr/lib/libz.1.dylib"]),
      let initialise = unsafe library.function("inflateInit2_", as: Initialise.self),
      let inflate = unsafe library.function("inflate", as: Inflate.self),
      let reset = unsafe library.function("inflateReset", as: Plain.self),
      let finish = unsafe library.function("inflateEnd", as: Plain.self)
    else { throw missing }
    unsafe self.inflate = inflate
    unsafe self.reset = reset
    unsafe self.finish = finish
    // Freed with this object; zlib keeps the address.
    unsafe stream = .allocate(byteCount: Layout.size, alignment: 8)
    unsafe stream.initializeMemory(as: UInt8.self, repeating: 0, count: Layout.size)
    // 31: the largest window, and a gzip header.
    let status = unsafe initialise(stream, 31, "1.2.11", CInt(Layout.size))
    if status != 0 { throw missing }
  }

  deinit {
    _ = unsafe finish(stream)
    unsafe stream.deallocate()
  }

  func step(
    _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
  ) -> UnpackingStep {
    var step = UnpackingStep()
    if isAtMemberEnd {
      // Members are often padded with zeros.
      while step.taken < input.count, unsafe input[step.taken] == 0 { step.taken += 1 }
      if step.taken == input.count { return step }
      guard unsafe input[step.taken] == 0x1F else {
        step.failure = "what stands behind the compressed data is no gzip"
        return step
      }
      _ = unsafe reset(stream)
      isAtMemberEnd = false
      isComplete = false
    }
    let rest = unsafe UnsafeRawBufferPointer(rebasing: input[step.taken...])
    // The fields of our own `z_stream`; zlib does not keep these pointers.
    unsafe stream.storeBytes(
      of: rest.baseAddress, toByteOffset: Layout.nextIn, as: UnsafeRawPointer?.self)
    unsafe stream.storeBytes(
      of: UInt32(rest.count), toByteOffset: Layout.availableIn, as: UInt32.self)
    unsafe stream.storeBytes(
      of: output.baseAddress, toByteOffset: Layout.nextOut, as: UnsafeMutableRawPointer?.self)
    unsafe stream.storeBytes(
      of: UInt32(output.count), toByteOffset: Layout.availableOut, as: UInt32.self)
    let status = unsafe inflate(stream, 0)
    let left = unsafe stream.load(fromByteOffset: Layout.availableIn, as: UInt32.self)
    let free = unsafe stream.load(fromByteOffset: Layout.availableOut, as: UInt32.self)
    step.taken += rest.count - Int(left)
    step.put = output.count - Int(free)
    switch status {
    // Done for now, or nothing to do without more input.
    case 0, -5: break
    case 1:
      isAtMemberEnd = true
      isComplete = true
    default: step.failure = "the compressed data is damaged here"
    }
    return step
  }
}

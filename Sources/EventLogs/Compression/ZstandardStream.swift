/// Zstandard by the system's libzstd, with any number of frames one after another.
///
/// The structures and the calls are those of zstd.h's stable part: https://facebook.github.io/zstd/zstd_manual.html
@safe final class ZstandardStream: Unpacker {
  private typealias Create = @convention(c) () -> UnsafeMutableRawPointer?
  private typealias Free = @convention(c) (UnsafeMutableRawPointer) -> Int
  private typealias Decompress =
    @convention(c) (
      UnsafeMutableRawPointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer
    ) -> Int
  private typealias IsError = @convention(c) (Int) -> UInt32

  private let stream: UnsafeMutableRawPointer
  private let free: Free
  private let decompress: Decompress
  private let isError: IsError
  private(set) var isComplete = false

  /// `ZSTD_inBuffer` and `ZSTD_outBuffer`: where, how many, how far.
  @safe private struct Buffer {
    var start: UnsafeRawPointer?
    var size: Int
    var position = 0
  }

  init() throws(LogInputError) {
    let missing = LogInputError(
      "it is compressed with zstd, and the library libzstd is not installed: "
        + "install libzstd (Debian: libzstd1), or unpack the log first")
    let names = [
      "libzstd.so.1", "libzstd.1.dylib", "/opt/homebrew/lib/libzstd.1.dylib",
      "/usr/local/lib/libzstd.1.dylib",
    ]
    guard let library = SharedLibrary(names),
      let create = unsafe library.function("ZSTD_createDStream", as: Create.self),
      let free = unsafe library.function("ZSTD_freeDStream", as: Free.self),
      let decompress = unsafe library.function("ZSTD_decompressStream", as: Decompress.self),
      let isError = library.function("ZSTD_isError", as: IsError.self), let stream = unsafe create()
    else { throw missing }
    unsafe self.free = free
    unsafe self.decompress = decompress
    self.isError = isError
    unsafe self.stream = stream
  }

  deinit { _ = unsafe free(stream) }

  func step(
    _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
  ) -> UnpackingStep {
    var source = unsafe Buffer(start: input.baseAddress, size: input.count)
    var target = unsafe Buffer(
      start: output.baseAddress.map { UnsafeRawPointer($0) }, size: output.count)
    // Two structures of our own, laid out as in C.
    let status = unsafe withUnsafeMutableBytes(of: &target) { target in
      unsafe withUnsafeMutableBytes(of: &source) { source -> Int in
        guard let to = target.baseAddress, let from = source.baseAddress else { return 0 }
        return unsafe decompress(stream, to, from)
      }
    }
    var step = UnpackingStep(taken: source.position, put: target.position)
    if isError(status) != 0 {
      step.failure =
        isComplete && step.put == 0
        ? "what stands behind the compressed data is no zstd"
        : "the compressed data is damaged here"
    }
    isComplete = status == 0
    return step
  }
}

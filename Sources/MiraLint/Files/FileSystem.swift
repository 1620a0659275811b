import Findings

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The few system calls that reading a tree of files takes; Foundation would cost more than all our work on a file.
package enum FileSystem {
  /// What stands under a name.
  package enum Kind: Sendable { case file, directory, link, other }

  /// Why a call failed, in the system's own words.
  package struct Failure: Error, Sendable {
    package var code: Int32

    /// Whoever read what we write has gone away.
    package var isBrokenPipe: Bool { code == EPIPE }

    /// What the system calls it: `Permission denied`.
    package var words: String {
      // strerror's text is copied before anything else can ask for another.
      unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
  }

  /// The directory that relative paths start from.
  package static var workingDirectory: String { absolutePath(".") ?? "/" }

  /// The path with every link resolved, `nil` where nothing is there.
  package static func absolutePath(_ path: String) -> String? {
    // realpath allocates the text it returns; it is copied and freed here.
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// What is there, `nil` for nothing (or nothing that may be looked at).
  package static func kind(of path: String, followingLinks: Bool = true) -> Kind? {
    var status = stat()
    // The structure outlives the call.
    let result = unsafe followingLinks ? stat(path, &status) : lstat(path, &status)
    guard result == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .directory
    case S_IFLNK: return .link
    default: return .other
    }
  }

  /// What tells one state of a file from the next without reading it.
  package struct Stamp: Sendable, Hashable {
    private var inode: UInt64
    private var size: Int64
    private var seconds: Int64
    private var nanoseconds: Int64

    fileprivate init(_ status: stat) {
      inode = UInt64(status.st_ino)
      size = Int64(status.st_size)
      #if canImport(Darwin)
        let time = status.st_mtimespec
      #else
        let time = status.st_mtim
      #endif
      seconds = Int64(time.tv_sec)
      nanoseconds = Int64(time.tv_nsec)
    }
  }

  /// The state of a file or directory, `nil` where nothing is there.
  package static func stamp(of path: String) -> Stamp? {
    var status = stat()
    // The structure outlives the call.
    guard unsafe stat(path, &status) == 0 else { return nil }
    return Stamp(status)
  }

  /// The names in a directory, ordered by their bytes.
  package static func entries(
    of directory: String
  ) throws(Failure) -> [(name: String, kind: Kind)] {
    // The stream is closed before returning, and each entry is copied before the next is read.
    guard let stream = unsafe opendir(directory) else { throw Failure(code: errno) }
    defer { unsafe closedir(stream) }
    var entries: [(name: String, kind: Kind)] = []
    while let entry = unsafe readdir(stream) {
      let type = unsafe entry.pointee.d_type
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
        unsafe field.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { text in
          unsafe String(cString: text)
        }
      }
      if name == "." || name == ".." { continue }
      let kind: Kind =
        switch Int32(type) {
        case Int32(DT_REG): .file
        case Int32(DT_DIR): .directory
        case Int32(DT_LNK): .link
        case Int32(DT_UNKNOWN):
          self.kind(of: directory + "/" + name, followingLinks: false) ?? .other
        default: .other
        }
      entries.append((name, kind))
    }
    return entries.sorted { FindingOrder.bytesPrecede($0.name, $1.name) }
  }

  /// The first bytes of a file, or all that a pipe gives: a pipe gives its bytes only once.
  package static func head(
    of path: String, upTo limit: Int, ofStreamsUpTo streamLimit: Int
  ) throws(Failure) -> (bytes: [UInt8], isStream: Bool) {
    // A C string for the time of the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(code: errno) }
    defer { close(descriptor) }
    let status = status(of: descriptor)
    let isStream = ![S_IFREG, S_IFDIR, nil].contains(status.map { $0.st_mode & S_IFMT })
    return (try read(descriptor, status, upTo: isStream ? streamLimit : limit), isStream)
  }

  private static func status(of descriptor: Int32) -> stat? {
    var status = stat()
    // The structure outlives the call.
    return unsafe fstat(descriptor, &status) == 0 ? status : nil
  }

  /// The bytes of a file from an offset on, all of them where there are at most `limit`.
  package static func read(
    _ path: String, from offset: Int = 0, upTo limit: Int
  ) throws(Failure) -> [UInt8] {
    // A C string for the time of the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(code: errno) }
    defer { close(descriptor) }
    if offset > 0, lseek(descriptor, off_t(offset), SEEK_SET) < 0 { throw Failure(code: errno) }
    return try read(descriptor, upTo: limit)
  }

  /// Replaces a file's content.
  package static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
    try write(bytes, to: path, O_TRUNC)
  }

  /// Replaces a file's content by what is handed on part by part.
  package static func write(
    to path: String, _ content: (@escaping ([UInt8]) -> Void) -> Void
  ) throws(Failure) {
    // A C string for the time of the call.
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_TRUNC, 0o666)
    guard descriptor >= 0 else { throw Failure(code: errno) }
    defer { close(descriptor) }
    var failure: Failure?
    content { part in
      if failure != nil { return }
      do throws(Failure) { try write(part, to: descriptor) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Writes behind what a file holds.
  package static func append(_ bytes: [UInt8], to path: String) throws(Failure) {
    try write(bytes, to: path, O_APPEND)
  }

  /// Replaces a file as a whole: who reads it sees the old content or the new one, and its permissions stay.
  package static func replace(_ path: String, with bytes: [UInt8]) throws(Failure) {
    var status = stat()
    // The structure outlives the call.
    guard unsafe stat(path, &status) == 0 else { throw Failure(code: errno) }
    let scratch = "\(path).mira-lint-\(getpid())"
    // A C string for the time of the call.
    let descriptor = unsafe open(scratch, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure(code: errno) }
    do throws(Failure) {
      defer { close(descriptor) }
      try write(bytes, to: descriptor)
      guard fchmod(descriptor, status.st_mode & 0o7777) == 0, fsync(descriptor) == 0 else {
        throw Failure(code: errno)
      }
    } catch {
      // C strings for the time of the calls, here and below.
      _ = unsafe unlink(scratch)
      throw error
    }
    guard unsafe rename(scratch, path) == 0 else {
      let failure = Failure(code: errno)
      _ = unsafe unlink(scratch)
      throw failure
    }
  }

  private static func write(
    _ bytes: [UInt8], to path: String, _ mode: Int32
  ) throws(Failure) {
    // A C string for the time of the call.
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC | mode, 0o666)
    guard descriptor >= 0 else { throw Failure(code: errno) }
    defer { close(descriptor) }
    try write(bytes, to: descriptor)
  }

  /// Writes everything to a descriptor.
  package static func write(_ bytes: [UInt8], to descriptor: Int32) throws(Failure) {
    var written = 0
    while written < bytes.count {
      // The array outlives the call, which reads what is left of it.
      let count = unsafe bytes.withUnsafeBytes { all in
        unsafe systemWrite(all.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw Failure(code: errno)
      }
      written += count
    }

    func systemWrite(_ base: UnsafeRawPointer?, _ count: Int) -> Int {
      #if canImport(Glibc)
        unsafe Glibc.write(descriptor, base, count)
      #elseif canImport(Musl)
        unsafe Musl.write(descriptor, base, count)
      #else
        unsafe Darwin.write(descriptor, base, count)
      #endif
    }
  }

  /// What a descriptor has to give just now, waiting for the first byte; empty at its end.
  package static func readAvailable(
    _ descriptor: Int32, upTo limit: Int
  ) throws(Failure) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: limit)
    while true {
      // The buffer holds `limit` bytes and outlives the call.
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe systemRead(descriptor, $0) }
      if count >= 0 { return Array(buffer[..<count]) }
      if errno != EINTR { throw Failure(code: errno) }
    }
  }

  /// What a descriptor gives until its end, or until `limit` bytes.
  package static func read(_ descriptor: Int32, upTo limit: Int) throws(Failure) -> [UInt8] {
    try read(descriptor, status(of: descriptor), upTo: limit)
  }

  private static func read(
    _ descriptor: Int32, _ status: stat?, upTo limit: Int
  ) throws(Failure) -> [UInt8] {
    // One byte more than there should be, so that a file's end is met at once; what the system makes up has no size.
    let size = if let status, status.st_mode & S_IFMT == S_IFREG { Int(status.st_size) } else { 0 }
    let piece = min(limit, size > 0 ? size + 1 : 1 << 16)
    var bytes: [UInt8] = []
    while bytes.count < limit {
      let wanted = min(piece, limit - bytes.count)
      let (part, failure) = readOnce(descriptor, upTo: wanted)
      if let failure {
        if failure == EINTR { continue }
        throw Failure(code: failure)
      }
      if bytes.isEmpty { bytes = part } else { bytes += part }
      if part.isEmpty || (size > 0 && part.count < wanted) { break }
    }
    return bytes
  }

  /// What one call gives, and its error.
  private static func readOnce(_ descriptor: Int32, upTo limit: Int) -> ([UInt8], Int32?) {
    var failure: Int32?
    // The buffer holds `limit` bytes, of which as many count as the call has filled.
    let part = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
      let count = unsafe systemRead(descriptor, UnsafeMutableRawBufferPointer(buffer))
      filled = max(count, 0)
      if count < 0 { failure = errno }
    }
    return (part, failure)
  }

  private static func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawBufferPointer) -> Int
  {
    #if canImport(Glibc)
      unsafe Glibc.read(descriptor, bytes.baseAddress, bytes.count)
    #elseif canImport(Musl)
      unsafe Musl.read(descriptor, bytes.baseAddress, bytes.count)
    #else
      unsafe Darwin.read(descriptor, bytes.baseAddress, bytes.count)
    #endif
  }
}

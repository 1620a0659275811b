#if Certificates
  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #else
    import Darwin
  #endif

  /// Opens the files that attestations name, inside one folder and nowhere else.
  ///
  /// Names come from whoever wrote the attestation: `..`, absolute names, links anywhere on the way and what is no plain
  /// file are refused, each component being opened by itself so that nothing can be put in between.
  package struct ArtifactFinder: Sendable {
    package let root: String

    package init(root: String) { self.root = root }

    /// What a name leads to.
    package enum Found: Sendable {
      case file(ArtifactHandle)
      case missing
      /// A clause: `it lies outside the checked folder`.
      case refused(String)
    }

    /// Why a name is refused before anything is opened; `nil` where it may be looked for.
    package static func refusal(of name: String) -> String? {
      if name.isEmpty { return "it is empty" }
      if name.utf8.contains(0) { return "it holds a zero byte" }
      if name.hasPrefix("/") { return "it is absolute" }
      let parts = name.split(separator: "/", omittingEmptySubsequences: false)
      if parts.contains("..") { return "`..` leads out of the checked folder" }
      if name.utf8.count > 4096 { return "it is longer than any path" }
      return nil
    }

    /// Opens a name below the root.
    package func find(_ name: String) -> Found {
      if let reason = Self.refusal(of: name) { return .refused(reason) }
      // C strings for the time of each call; every descriptor that is opened is closed or handed on.
      var folder = unsafe open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard folder >= 0 else { return .missing }
      let parts = name.split(separator: "/").filter { $0 != "." }
      guard let last = parts.last else {
        close(folder)
        return .refused("it names a folder")
      }
      for (index, part) in parts.dropLast().enumerated() {
        let next = unsafe openat(
          folder, String(part), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        let reason = errno
        close(folder)
        guard next >= 0 else {
          return reason == ELOOP || (reason == ENOTDIR && isLink(parts[...index]))
            ? .refused("a symbolic link stands on the way") : .missing
        }
        folder = next
      }
      defer { close(folder) }
      // Opening a FIFO would wait for its writer.
      let descriptor = unsafe openat(
        folder, String(last), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else {
        switch errno {
        case ELOOP: return .refused("it is a symbolic link")
        case EACCES: return .refused("it may not be read")
        case ENXIO: return .refused("it is no plain file")
        default: return .missing
        }
      }
      var status = stat()
      // The structure outlives the call.
      guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        close(descriptor)
        return .refused(
          status.st_mode & S_IFMT == S_IFDIR ? "it names a folder" : "it is no plain file")
      }
      return .file(
        ArtifactHandle(
          descriptor: descriptor, size: Int(status.st_size),
          modified: Instant(seconds: status.secondsOfChange)))
    }

    private func isLink(_ parts: ArraySlice<Substring>) -> Bool {
      var status = stat()
      // The structure outlives the call.
      return unsafe lstat(root + "/" + parts.joined(separator: "/"), &status) == 0
        && status.st_mode & S_IFMT == S_IFLNK
    }
  }

  /// An open plain file.
  package final class ArtifactHandle: Sendable {
    package let size: Int
    /// When it was last written.
    package let modified: Instant
    private let descriptor: Int32

    init(descriptor: Int32, size: Int, modified: Instant) {
      self.descriptor = descriptor
      self.size = size
      self.modified = modified
    }

    deinit { close(descriptor) }

    /// Everything in it; `nil` where reading fails.
    func content() -> [UInt8]? {
      var bytes = [UInt8](repeating: 0, count: size)
      var done = 0
      var buffer = [UInt8](repeating: 0, count: min(1 << 20, max(size, 1)))
      while done < size {
        guard let count = read(into: &buffer, at: done), count > 0 else { return nil }
        let end = min(size, done + count)
        bytes.replaceSubrange(done..<end, with: buffer[..<(end - done)])
        done = end
      }
      return bytes
    }

    /// Fills a buffer from an offset on; the number of bytes read, 0 at the end, `nil` where reading fails.
    func read(into buffer: inout [UInt8], at offset: Int) -> Int? {
      while true {
        // The kernel writes at most `count` bytes into our own buffer.
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
          unsafe pread(descriptor, bytes.baseAddress, bytes.count, off_t(offset))
        }
        if count >= 0 { return count }
        if errno != EINTR { return nil }
      }
    }
  }

  extension stat {
    fileprivate var secondsOfChange: Int64 {
      #if canImport(Darwin)
        Int64(st_mtimespec.tv_sec)
      #else
        Int64(st_mtim.tv_sec)
      #endif
    }
  }
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file without a name, which is gone once nobody holds it any more.
package final class ScratchFile: Sendable {
  let descriptor: Int32

  /// In the first folder where one can be made; `nil` where it can be in none.
  init?(in folders: [String] = ScratchFile.usualFolders) {
    for folder in folders {
      var template = Array("\(folder)/mira-lint-XXXXXX".utf8CString)
      // The C library writes the name that it chose into our own bytes.
      let made = unsafe template.withUnsafeMutableBufferPointer { name in
        guard let name = name.baseAddress else { return Int32(-1) }
        let made = unsafe mkstemp(name)
        if made >= 0 { _ = unsafe unlink(name) }
        return made
      }
      if made < 0 { continue }
      _ = fcntl(made, F_SETFD, FD_CLOEXEC)
      descriptor = made
      return
    }
    return nil
  }

  deinit { close(descriptor) }

  /// What `TMPDIR` names, else where large files that are soon gone belong: `/tmp` is often memory, see file-hierarchy(7).
  package static var usualFolders: [String] {
    let named = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? ""
    return named.isEmpty ? ["/var/tmp", "/tmp"] : [named]
  }

  /// Writes bytes at a place; `false` where there is no room for all of them.
  func write(_ bytes: [UInt8], at place: Int) -> Bool {
    var done = 0
    while done < bytes.count {
      // The kernel reads from our own bytes.
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe pwrite(
          descriptor, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done,
          off_t(place + done))
      }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return false }
      done += count
    }
    return true
  }
}

import MiraLint

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Waits until something happens in directories: told by the kernel (inotify) where it can be, else by the clock.
final class FileWatcher: Sendable {
  private let descriptor: Int32

  /// - Parameter directories: absolute; what lies deeper is not watched.
  init(directories: [String]) { descriptor = Self.watch(directories) ?? -1 }

  /// A descriptor that the kernel tells of; `nil` where it does not.
  private static func watch(_ directories: [String]) -> Int32? {
    #if os(Linux)
      let descriptor = inotify_init1(Int32(O_CLOEXEC) | Int32(O_NONBLOCK))
      guard descriptor >= 0 else { return nil }
      let events =
        IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF
      for directory in directories {
        // A C string for the time of the call. Where the kernel has no room for more watches, the clock serves.
        if unsafe inotify_add_watch(descriptor, directory, UInt32(events)) < 0, errno == ENOSPC {
          close(descriptor)
          return nil
        }
      }
      return descriptor
    #else
      return nil
    #endif
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Whether the kernel tells; else somebody must look from time to time.
  var isTold: Bool { descriptor >= 0 }

  /// Waits for an event, or for so long; -1 is for ever.
  @discardableResult
  func wait(milliseconds: Int) -> Bool {
    guard isTold else {
      usleep(UInt32(max(0, milliseconds)) * 1000)
      return false
    }
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // The structure outlives the call.
    return unsafe poll(&request, 1, Int32(milliseconds)) > 0
  }

  /// Takes events in until there have been none for so long: programs write files in several steps.
  func settle(milliseconds: Int) {
    guard isTold else { return }
    repeat {
      _ = try? FileSystem.readAvailable(descriptor, upTo: 1 << 16)
    } while wait(milliseconds: milliseconds)
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A library of the system, opened by name while the program runs; it stays open.
@safe struct SharedLibrary {
  private let handle: UnsafeMutableRawPointer

  /// Opens the first of the names that there is; `nil` where there is none.
  init?(_ names: [String]) {
    for name in names {
      // A name of the system's own search path, never one from an input.
      if let handle = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) {
        unsafe self.handle = handle
        return
      }
    }
    return nil
  }

  /// A function; the type must be the one that the library's documentation gives.
  func function<Function>(_ name: String, as type: Function.Type) -> Function? {
    // The caller states the C signature.
    unsafe dlsym(handle, name).map { unsafe unsafeBitCast($0, to: type) }
  }
}

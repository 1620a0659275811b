#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The variables that the program was started with.
enum Environment {
  /// A variable's value; `nil` where it is not set.
  static func value(_ name: String) -> String? {
    // The environment does not change while the text is copied.
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}

import Foundation

/// Where the tests find their files.
public enum Checkout {
  /// The root of this checkout, with a trailing `/`.
  public static let root: String = {
    let components = #filePath.split(separator: "/").dropLast(3)
    return "/" + components.joined(separator: "/") + "/"
  }()

  /// Public test input that lies beside the checkout and may be absent, with a trailing `/`.
  ///
  /// `MIRA_LINT_SHARED` names another place.
  public static let shared: String =
    ProcessInfo.processInfo.environment["MIRA_LINT_SHARED"].map { $0 + "/" } ?? root + "../shared/"
}

/// The bounds that keep reading total; reaching one is a located problem, never a crash.
public enum Limits {
  /// Largest definition file read, in bytes: the largest public workflow known has 900 kB.
  public static let fileBytes = 16 << 20
  /// Deepest nesting.
  ///
  /// Real files reach 28. Optimised readers need 500 bytes of stack a level, unoptimised ones up to
  /// 16 kB, and the threads of macOS have 512 kB.
  public static let nesting = 64
  static let nestingMessage =
    "This is nested deeper than \(nesting) levels; the content is not read."
  static let nestingHint =
    "No definition that people write is this deep: look for brackets that are never closed."
  /// Most problems kept for a file: past that it is another kind of file than its name says.
  public static let problems = 1_000
  /// Most nodes a document may have once every alias is expanded (billion laughs).
  public static let expandedNodes = 1_000_000
}

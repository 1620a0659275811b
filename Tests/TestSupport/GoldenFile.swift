import Foundation

// A release build of the whole package builds this target too, where there is no test library.
#if canImport(Testing)
  public import Testing

  /// A file with the expected output of a test; `MIRA_LINT_RECORD=1` rewrites it instead of comparing.
  public enum GoldenFile {
    /// Compares with a file below `testdata/`.
    public static func expect(
      _ actual: String, equals path: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
      let file = URL(fileURLWithPath: Checkout.root + "testdata/" + path)
      if ProcessInfo.processInfo.environment["MIRA_LINT_RECORD"] == "1" {
        try? FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try? Data(actual.utf8).write(to: file)
        return
      }
      let expected = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
      #expect(
        actual == expected, "testdata/\(path) differs; MIRA_LINT_RECORD=1 rewrites it",
        sourceLocation: sourceLocation)
    }
  }
#endif
